// SPDX-License-Identifier: GPL-3.0-or-later
// What the window remembers: its place, theme, language. No names, no conversations: this file is not encrypted.
#pragma once

#include "ui/theme/theme.h"

#include <QByteArray>
#include <QSettings>
#include <QString>

namespace kith::ui {

enum class NotificationMode { Full, Hidden, Off }; // Hidden: that something came, not from whom or what

class UiSettings final {
public:
    explicit UiSettings(const QString &profileDir);
    const QString &profileDir() const { return m_profileDir; }

    ThemeMode theme() const;
    void setTheme(ThemeMode mode);
    QString language() const; // "system", "en" or "zh_CN"
    void setLanguage(const QString &language);
    QByteArray geometry() const;
    void setGeometry(const QByteArray &geometry);
    int textSize() const; // of kTextSizes
    void setTextSize(int percent);
    bool sendWithControl() const; // Ctrl+Enter sends, Enter begins a new line
    void setSendWithControl(bool on);
    int sidebarWidth() const;
    void setSidebarWidth(int width);
    int lockMinutes() const; // without a key or click; 0: never by itself
    void setLockMinutes(int minutes);
    bool lockAtSuspend() const;
    void setLockAtSuspend(bool lock);
    NotificationMode notifications() const;
    void setNotifications(NotificationMode mode);
    bool trayShown() const;
    void setTrayShown(bool shown);
    bool closeToTray() const;
    void setCloseToTray(bool close);
    bool startMinimised() const; // in the tray, or minimised where there is none
    void setStartMinimised(bool minimised);

private:
    QString m_profileDir;
    QSettings m_settings;
};

} // namespace kith::ui
