// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/client/suspend_monitor.h"

#ifdef KITH_HAS_DBUS
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusUnixFileDescriptor>
#endif

namespace kith::client {

#ifdef KITH_HAS_DBUS

namespace {

QString path()
{
    return QStringLiteral("/org/freedesktop/login1");
}

QString manager()
{
    return QStringLiteral("org.freedesktop.login1.Manager");
}

} // namespace

struct SuspendMonitor::Lock {
    QDBusUnixFileDescriptor descriptor; // logind lets go when it is closed
};

SuspendMonitor::SuspendMonitor(QObject *parent) : QObject(parent)
{
    // From whomever: the worst that a stranger's signal does is a lock.
    QDBusConnection::systemBus().connect(QString(), path(), manager(), QStringLiteral("PrepareForSleep"), this,
                                         SLOT(prepareForSleep(bool)));
}

void SuspendMonitor::inhibit()
{
    if (!m_delaying || m_lock)
        return;
    auto call = QDBusMessage::createMethodCall(QStringLiteral("org.freedesktop.login1"), path(), manager(),
                                               QStringLiteral("Inhibit"));
    call << QStringLiteral("sleep") << QStringLiteral("Kith") << QStringLiteral("locks the history first")
         << QStringLiteral("delay");
    auto *watcher = new QDBusPendingCallWatcher(QDBusConnection::systemBus().asyncCall(call), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, watcher] {
        watcher->deleteLater();
        const QDBusPendingReply<QDBusUnixFileDescriptor> reply = *watcher;
        if (reply.isValid() && m_delaying) // without logind nothing waits: it locks as fast as it can
            m_lock = std::make_unique<Lock>(Lock{reply.value()});
    });
}

#else

struct SuspendMonitor::Lock {};

SuspendMonitor::SuspendMonitor(QObject *parent) : QObject(parent) {}

void SuspendMonitor::inhibit() {}

#endif

SuspendMonitor::~SuspendMonitor() = default;

void SuspendMonitor::setDelaying(bool delaying)
{
    m_delaying = delaying;
    if (delaying)
        inhibit();
    else
        m_lock.reset();
}

void SuspendMonitor::ready()
{
    m_lock.reset();
}

void SuspendMonitor::prepareForSleep(bool before)
{
    if (before)
        emit aboutToSuspend();
    else
        inhibit(); // awake again: for the next time
}

} // namespace kith::client
