// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/client/suspend_monitor.h"

#ifdef KITH_HAS_DBUS
#include <QDBusConnection>
#endif

namespace kith::client {

SuspendMonitor::SuspendMonitor(QObject *parent) : QObject(parent)
{
#ifdef KITH_HAS_DBUS
    // From whomever: the worst that a stranger's signal does is a lock.
    QDBusConnection::systemBus().connect(QString(), QStringLiteral("/org/freedesktop/login1"),
                                         QStringLiteral("org.freedesktop.login1.Manager"),
                                         QStringLiteral("PrepareForSleep"), this, SLOT(prepareForSleep(bool)));
#endif
}

void SuspendMonitor::prepareForSleep(bool before)
{
    if (before)
        emit aboutToSuspend();
}

} // namespace kith::client
