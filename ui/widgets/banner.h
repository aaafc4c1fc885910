// SPDX-License-Identifier: GPL-3.0-or-later
// The strip that says that messages wait: connecting, offline, next attempt with its countdown, storage trouble.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/client/types.h"
#include "ui/theme/theme.h"
#endif

#include <QElapsedTimer>
#include <QTimer>
#include <QWidget>

class QLabel;
class QPushButton;

namespace kith::ui {

class IconLabel;

class Banner final : public QWidget {
    Q_OBJECT
public:
    explicit Banner(const Theme &theme, QWidget *parent = nullptr);
    void setStatus(const client::LinkStatus &status);
    /// A trouble that stays until it is closed; empty hides it.
    void setTrouble(const QString &text, const QString &detail);
    const QString &trouble() const { return m_trouble; }
    QString text() const;

signals:
    void retryClicked();

protected:
    void changeEvent(QEvent *event) override;

private:
    void refresh();

    const Theme &m_theme;
    IconLabel *m_icon;
    QLabel *m_label;
    QPushButton *m_retry;
    QPushButton *m_close;
    client::LinkStatus m_status;
    QString m_trouble, m_troubleDetail;
    QElapsedTimer m_since;
    QTimer m_tick;
    QTimer m_patience; // a short hiccup shows nothing
    bool m_patient = false;
};

} // namespace kith::ui
