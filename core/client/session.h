// SPDX-License-Identifier: GPL-3.0-or-later
// Drives the link by the connection reducer, matches answers with requests and hands pushes out.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/client/connection.h"
#include "core/client/link.h"
#include "core/client/rpc.h"
#include "core/client/simulation.h"
#include <map>
#endif

#include <QObject>
#include <QTimer>

namespace kith::client {

class Account;

class Session final : public QObject, public Rpc {
    Q_OBJECT
public:
    Session(Account &account, std::shared_ptr<const Clock> clock, QObject *parent = nullptr);
    ~Session() override;

    /// Feeds the reducer. Safe from any place on the client's thread, also from within its own signals.
    void handle(ConnectionEvent event);

    bool online() const override;
    Later<protocol::Envelope> request(protocol::Op op, boost::json::object data) override;
    void post(std::string envelope) override;

    LinkStatus status() const;
    /// Back from offline it connects at once, as after a change of network.
    void simulate(const Simulation &simulation);
    /// Of every later connection.
    void setProxy(const QNetworkProxy &proxy) { m_link.setProxy(proxy); }
    void cut();
    /// See rawFrame(). Unreachable while not online.
    Result<std::vector<std::string>> sendRaw(std::string_view json);
    /// Ends everything that waits, with Cancelled. Nothing is accepted afterwards.
    void shutdown();

signals:
    void statusChanged();
    void welcomed(const kith::protocol::HelloPacket &hello);
    void left(); // was online, is not any more
    void pushed(const kith::protocol::Envelope &envelope);
    void loggedOut(const kith::client::ClientError &reason);
    void frame(bool outgoing, const QByteArray &json);

private:
    struct Waiting {
        Promise<protocol::Envelope> promise;
        std::chrono::steady_clock::time_point deadline;
    };

    void perform(ConnectionAction action);
    void receive(const QByteArray &frame);
    void dispatch(protocol::Envelope envelope);
    void greet(protocol::Envelope envelope);
    void endRequests(const ClientError &error);
    void expire();
    void refreshForSession();

    Account &m_account;
    std::shared_ptr<const Clock> m_clock;
    ConnectionState m_state = client::LoggedOut{};
    Link m_link;
    QTimer m_retry;
    QTimer m_greeting; // hello must come in time
    QTimer m_expiry;
    std::map<std::string, Waiting> m_waiting;
    std::uint64_t m_lastId = 0;
    QString m_endReason;
    bool m_closed = false;
};

} // namespace kith::client
