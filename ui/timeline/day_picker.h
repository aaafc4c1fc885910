// SPDX-License-Identifier: GPL-3.0-or-later
// A calendar that leads to the days of a conversation: those with messages can be chosen, the others not, and those
// that may have some which are not on this computer are told apart.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/client/days.h"
#include "ui/theme/theme.h"
#endif

#include <QAbstractButton>
#include <QFrame>

class QLabel;
class QToolButton;

namespace kith::ui {

class DayCell final : public QAbstractButton {
    Q_OBJECT
public:
    DayCell(const Theme &theme, QWidget *parent);
    void show(const client::MessageDay &day, bool today);
    const client::MessageDay &day() const { return m_day; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    const Theme &m_theme;
    client::MessageDay m_day;
    bool m_today = false;
};

/// Shows what it is given and says what was asked for: a month, or a place in the history.
class DayPicker final : public QFrame {
    Q_OBJECT
public:
    /// `open`: the day that is read now.
    DayPicker(const Theme &theme, const QDate &open, QWidget *parent);

    /// Above or below `anchor`, on the screen.
    void popup(const QRect &anchor);
    void setMonth(const QDate &month, const client::MessageMonth &days, const QDate &today);
    void setProblem(const QString &words);
    const QDate &month() const { return m_month; }
    DayCell *cellOf(const QDate &day) const; // null: not in this month
    QToolButton *earlierButton() const { return m_earlier; }
    QToolButton *laterButton() const { return m_later; }
    QString note() const;

signals:
    void monthRequested(const QDate &month);
    void chosen(const QDate &day, kith::Seq at);

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void retranslate();
    void step(int by); // to the next day that can be chosen
    void week(int by); // to the one nearest to a week away
    void leaf(int by); // to the next month that has one
    void focusDay(const QDate &day);
    std::vector<DayCell *> choices() const;

    const Theme &m_theme;
    QToolButton *m_earlier, *m_later;
    QLabel *m_title, *m_note;
    std::vector<QLabel *> m_names;
    std::vector<DayCell *> m_cells;
    QDate m_month, m_focus; // first of the month; the day that gets the focus when it is here
    client::MessageMonth m_days;
    bool m_fromEnd = false; // of the month that was asked for the last day gets the focus
};

} // namespace kith::ui
