// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/client/credential_store.h"

#ifdef KITH_HAS_DBUS
#include <QDBusConnection>
#include <QDBusConnectionInterface>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusVariant>
#include <QElapsedTimer>
#include <QLibrary>
#endif

namespace kith::client {

#ifdef KITH_HAS_DBUS

void forgetKeyringSession()
{
    QLibrary secret(QStringLiteral("secret-1"), 0); // the same copy that QtKeychain loads
    if (const auto disconnect = secret.resolve("secret_service_disconnect"))
        disconnect();
}

namespace {
constexpr int kTimeoutMs = 5000;
}

// The default collection's Locked property (freedesktop.org Secret Service API, draft 0.2, "Collection").
Later<KeyringState> probeKeyring(QObject *context)
{
    Promise<KeyringState> promise;
    auto bus = QDBusConnection::sessionBus();
    if (!bus.isConnected()) {
        promise.finish(KeyringState::Absent);
        return promise.later();
    }
    auto ask = QDBusMessage::createMethodCall(QStringLiteral("org.freedesktop.secrets"),
                                              QStringLiteral("/org/freedesktop/secrets/aliases/default"),
                                              QStringLiteral("org.freedesktop.DBus.Properties"), QStringLiteral("Get"));
    ask << QStringLiteral("org.freedesktop.Secret.Collection") << QStringLiteral("Locked");
    QElapsedTimer asked;
    asked.start();
    auto *watcher = new QDBusPendingCallWatcher(bus.asyncCall(ask, kTimeoutMs), context);
    QObject::connect(watcher, &QDBusPendingCallWatcher::finished, watcher, [watcher, promise, asked] {
        watcher->deleteLater();
        const QDBusPendingReply<QDBusVariant> reply = *watcher;
        if (reply.isError()) {
            const auto type = reply.error().type();
            // Who is there and says nothing may still come round; one that died in the middle gives NoReply as well,
            // but at once.
            if (type == QDBusError::Timeout || type == QDBusError::TimedOut ||
                (type == QDBusError::NoReply && asked.elapsed() >= kTimeoutMs * 9 / 10))
                return promise.finish(KeyringState::Slow);
            const bool nobody = type == QDBusError::ServiceUnknown || type == QDBusError::NoReply ||
                                type == QDBusError::Disconnected || type == QDBusError::NoServer ||
                                reply.error().name().startsWith(QLatin1String("org.freedesktop.DBus.Error.Spawn"));
            // The service is there without a default collection: KWallet, or a keyring that nobody has made yet.
            return promise.finish(nobody ? KeyringState::Absent : KeyringState::Unlocked);
        }
        promise.finish(reply.value().variant().toBool() ? KeyringState::Locked : KeyringState::Unlocked);
    });
    return promise.later();
}

#else

void forgetKeyringSession() {}

Later<KeyringState> probeKeyring(QObject *)
{
    Promise<KeyringState> promise;
    promise.finish(KeyringState::Unlocked);
    return promise.later();
}

#endif

} // namespace kith::client
