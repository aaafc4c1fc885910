// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/client/network_watch.h"

#include <QNetworkInterface>

#include <algorithm>
#include <chrono>

namespace kith::client {
namespace {

QStringList addresses()
{
    QStringList all;
    for (const QNetworkInterface &one : QNetworkInterface::allInterfaces()) {
        const auto flags = one.flags();
        if (!flags.testFlag(QNetworkInterface::IsRunning) || flags.testFlag(QNetworkInterface::IsLoopBack))
            continue;
        for (const QNetworkAddressEntry &entry : one.addressEntries()) {
            if (entry.ip().isLinkLocal())
                continue;
            QByteArray address = entry.ip().toString().toLatin1();
            if (entry.ip().protocol() == QAbstractSocket::IPv6Protocol) {
                // The network's half: what IPv6 makes up for privacy comes and goes on the same network.
                const Q_IPV6ADDR whole = entry.ip().toIPv6Address();
                address = QByteArray(reinterpret_cast<const char *>(whole.c), 8).toHex();
            }
            all << one.name() + QLatin1Char(' ') + QString::fromLatin1(address);
        }
    }
    all.sort();
    return all;
}

} // namespace

NetworkWatch::NetworkWatch(QObject *parent) : QObject(parent), m_addresses(addresses())
{
    m_timer.setInterval(std::chrono::seconds{3});
    m_timer.setTimerType(Qt::VeryCoarseTimer);
    connect(&m_timer, &QTimer::timeout, this, &NetworkWatch::look);
    m_timer.start();
}

void NetworkWatch::look()
{
    const QStringList now = addresses();
    // An address that went is noticed by its sockets; one that came opens a way.
    const bool gained =
        std::any_of(now.begin(), now.end(), [this](const QString &one) { return !m_addresses.contains(one); });
    m_addresses = now;
    if (gained)
        emit changed();
}

} // namespace kith::client
