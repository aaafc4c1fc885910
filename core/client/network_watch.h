// SPDX-License-Identifier: GPL-3.0-or-later
// Notices that the computer is on another network than before.
#pragma once

#include <QObject>
#include <QStringList>
#include <QTimer>

namespace kith::client {

/// Compares the computer's addresses every few seconds: Qt's QNetworkInformation 6.4 says nothing where no
/// NetworkManager runs, GLib's backend being deaf to the kernel's own news. Some 50 µs a time; no answer is waited for.
class NetworkWatch final : public QObject {
    Q_OBJECT
public:
    explicit NetworkWatch(QObject *parent = nullptr);

signals:
    /// A socket that was open before may be dead without a word, and an attempt that failed before may succeed.
    void changed();

private:
    void look();

    QStringList m_addresses; // of interfaces that are up, without those that mean nothing beyond the cable
    QTimer m_timer;
};

} // namespace kith::client
