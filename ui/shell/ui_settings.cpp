// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/ui_settings.h"

#include <algorithm>

namespace kith::ui {

UiSettings::UiSettings(const QString &profileDir)
    : m_profileDir(profileDir), m_settings(profileDir + QStringLiteral("/window.ini"), QSettings::IniFormat)
{
}

ThemeMode UiSettings::theme() const
{
    const QString name = m_settings.value(QStringLiteral("theme")).toString();
    return name == QLatin1String("dark")    ? ThemeMode::Dark
           : name == QLatin1String("light") ? ThemeMode::Light
                                            : ThemeMode::System;
}

void UiSettings::setTheme(ThemeMode mode)
{
    m_settings.setValue(QStringLiteral("theme"), mode == ThemeMode::Dark    ? QStringLiteral("dark")
                                                 : mode == ThemeMode::Light ? QStringLiteral("light")
                                                                            : QStringLiteral("system"));
}

QString UiSettings::language() const
{
    return m_settings.value(QStringLiteral("language"), QStringLiteral("system")).toString();
}

void UiSettings::setLanguage(const QString &language)
{
    m_settings.setValue(QStringLiteral("language"), language);
}

QByteArray UiSettings::geometry() const
{
    return m_settings.value(QStringLiteral("geometry")).toByteArray();
}

void UiSettings::setGeometry(const QByteArray &geometry)
{
    m_settings.setValue(QStringLiteral("geometry"), geometry);
}

int UiSettings::textSize() const
{
    const int percent = m_settings.value(QStringLiteral("text/size"), 100).toInt();
    return std::find(kTextSizes.begin(), kTextSizes.end(), percent) == kTextSizes.end() ? 100 : percent;
}

void UiSettings::setTextSize(int percent)
{
    m_settings.setValue(QStringLiteral("text/size"), percent);
}

bool UiSettings::sendWithControl() const
{
    return m_settings.value(QStringLiteral("text/sendWithControl"), false).toBool();
}

void UiSettings::setSendWithControl(bool on)
{
    m_settings.setValue(QStringLiteral("text/sendWithControl"), on);
}

int UiSettings::sidebarWidth() const
{
    return std::clamp(m_settings.value(QStringLiteral("sidebar"), 300).toInt(), 220, 420);
}

void UiSettings::setSidebarWidth(int width)
{
    m_settings.setValue(QStringLiteral("sidebar"), width);
}

int UiSettings::lockMinutes() const
{
    return std::clamp(m_settings.value(QStringLiteral("lock/minutes"), 0).toInt(), 0, 24 * 60);
}

void UiSettings::setLockMinutes(int minutes)
{
    m_settings.setValue(QStringLiteral("lock/minutes"), minutes);
}

NotificationMode UiSettings::notifications() const
{
    const QString name = m_settings.value(QStringLiteral("notifications")).toString();
    return name == QLatin1String("hidden") ? NotificationMode::Hidden
           : name == QLatin1String("off")  ? NotificationMode::Off
                                           : NotificationMode::Full;
}

void UiSettings::setNotifications(NotificationMode mode)
{
    m_settings.setValue(QStringLiteral("notifications"), mode == NotificationMode::Hidden ? QStringLiteral("hidden")
                                                         : mode == NotificationMode::Off  ? QStringLiteral("off")
                                                                                          : QStringLiteral("full"));
}

bool UiSettings::trayShown() const
{
    return m_settings.value(QStringLiteral("tray/shown"), true).toBool();
}

void UiSettings::setTrayShown(bool shown)
{
    m_settings.setValue(QStringLiteral("tray/shown"), shown);
}

bool UiSettings::closeToTray() const
{
    return m_settings.value(QStringLiteral("tray/close"), false).toBool();
}

void UiSettings::setCloseToTray(bool close)
{
    m_settings.setValue(QStringLiteral("tray/close"), close);
}

bool UiSettings::startMinimised() const
{
    return m_settings.value(QStringLiteral("tray/start"), false).toBool();
}

void UiSettings::setStartMinimised(bool minimised)
{
    m_settings.setValue(QStringLiteral("tray/start"), minimised);
}

bool UiSettings::lockAtSuspend() const
{
    return m_settings.value(QStringLiteral("lock/suspend"), false).toBool();
}

void UiSettings::setLockAtSuspend(bool lock)
{
    m_settings.setValue(QStringLiteral("lock/suspend"), lock);
}

} // namespace kith::ui
