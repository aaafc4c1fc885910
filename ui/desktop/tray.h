// SPDX-License-Identifier: GPL-3.0-or-later
// The icon in the desktop's tray, with the number of unread messages on it. Not there where the desktop has none.
#pragma once

#include "ui/theme/theme.h"

#include <QIcon>
#include <QMenu>
#include <QObject>
#include <QSystemTrayIcon>

namespace kith::ui {

/// The program's icon with a number on it; none for 0.
QIcon badgedIcon(qint64 unread, const Theme &theme);

class Tray final : public QObject {
    Q_OBJECT
public:
    explicit Tray(const Theme &theme, QObject *parent = nullptr);

    static bool isAvailable() { return QSystemTrayIcon::isSystemTrayAvailable(); }
    void setShown(bool shown);
    bool isShown() const { return m_icon.isVisible() && isAvailable(); }
    void setUnread(qint64 unread);
    void tell(const QString &title, const QString &text); // where no service shows notifications

signals:
    void openRequested();
    void lockRequested();
    void quitRequested();
    void tellingClicked();

private:
    void retranslate();
    bool eventFilter(QObject *watched, QEvent *event) override;

    const Theme &m_theme;
    QSystemTrayIcon m_icon;
    QMenu m_menu;
    QAction *m_open, *m_lock, *m_quit;
    qint64 m_unread = 0;
};

} // namespace kith::ui
