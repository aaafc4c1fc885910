// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/system_scheme.h"

#include <QtGlobal>

#if QT_VERSION >= QT_VERSION_CHECK(6, 5, 0)
#include <QGuiApplication>
#include <QStyleHints>
#elif defined(KITH_HAS_DBUS)
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusVariant>
#endif

namespace kith::ui {

#if QT_VERSION >= QT_VERSION_CHECK(6, 5, 0)

SystemScheme::SystemScheme(bool guess, QObject *parent) : QObject(parent), m_dark(guess)
{
    connect(QGuiApplication::styleHints(), &QStyleHints::colorSchemeChanged, this, &SystemScheme::ask);
    ask();
}

void SystemScheme::ask()
{
    const auto scheme = QGuiApplication::styleHints()->colorScheme();
    if (scheme != Qt::ColorScheme::Unknown)
        set(scheme == Qt::ColorScheme::Dark);
}

#elif defined(KITH_HAS_DBUS)

namespace {

QString service()
{
    return QStringLiteral("org.freedesktop.portal.Desktop");
}

QString path()
{
    return QStringLiteral("/org/freedesktop/portal/desktop");
}

QString settings()
{
    return QStringLiteral("org.freedesktop.portal.Settings");
}

} // namespace

SystemScheme::SystemScheme(bool guess, QObject *parent) : QObject(parent), m_dark(guess)
{
    // Whichever setting changed: it is asked for again.
    QDBusConnection::sessionBus().connect(service(), path(), settings(), QStringLiteral("SettingChanged"), this,
                                          SLOT(ask()));
    ask();
}

void SystemScheme::ask()
{
    auto call = QDBusMessage::createMethodCall(service(), path(), settings(), QStringLiteral("Read"));
    call << QStringLiteral("org.freedesktop.appearance") << QStringLiteral("color-scheme");
    auto *watcher = new QDBusPendingCallWatcher(QDBusConnection::sessionBus().asyncCall(call), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, watcher] {
        watcher->deleteLater();
        const QDBusPendingReply<QDBusVariant> reply = *watcher;
        if (!reply.isValid())
            return;
        QVariant value = reply.value().variant();
        while (value.canConvert<QDBusVariant>()) // wrapped twice by the portal's own mistake
            value = value.value<QDBusVariant>().variant();
        bool isNumber = false;
        const uint number = value.toUInt(&isNumber); // 0: no wish, 1: dark, 2: light
        if (isNumber)
            set(number == 1);
    });
}

#else

SystemScheme::SystemScheme(bool guess, QObject *parent) : QObject(parent), m_dark(guess) {}
void SystemScheme::ask() {}

#endif

void SystemScheme::set(bool dark)
{
    if (m_dark == dark)
        return;
    m_dark = dark;
    emit changed();
}

} // namespace kith::ui
