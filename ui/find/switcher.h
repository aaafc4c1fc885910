// SPDX-License-Identifier: GPL-3.0-or-later
// Ctrl+K: a field over the window that goes to a conversation by a few letters of its name.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/models/switcher.h"
#include "ui/theme/theme.h"
#endif

#include <QPointer>
#include <QStyledItemDelegate>
#include <QWidget>

class QLabel;
class QLineEdit;
class QListView;

namespace kith::ui {

/// Covers its parent, so that a click beside the card closes it and nothing behind it is hit.
class Switcher final : public QWidget {
    Q_OBJECT
public:
    Switcher(const Theme &theme, models::SwitcherModel &model, QWidget *parent);

    void begin();
    void end(); // forgets the names; the focus goes back to where it was
    bool isOpen() const { return isVisible(); }
    /// The model's names have changed: what is typed is looked for again.
    void refresh();

    QLineEdit *edit() const { return m_edit; }
    QListView *list() const { return m_list; }

signals:
    void chosen(const kith::models::SwitcherRow &row);

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void changeEvent(QEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void retranslate();
    void fit();
    void choose(int row);

    const Theme &m_theme;
    models::SwitcherModel &m_model;
    QWidget *m_card;
    QLineEdit *m_edit;
    QAction *m_icon;
    QListView *m_list;
    QLabel *m_none;
    QPointer<QWidget> m_before; // had the focus
};

class SwitcherDelegate final : public QStyledItemDelegate {
    Q_OBJECT
public:
    SwitcherDelegate(const Theme &theme, QObject *parent) : QStyledItemDelegate(parent), m_theme(theme) {}
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    QString detail(const models::SwitcherRow &row) const;

    const Theme &m_theme;
};

} // namespace kith::ui
