// SPDX-License-Identifier: GPL-3.0-or-later
// The one who writes: owns the groups, sends before, during and after the kill, and keeps what the server accepted.
#pragma once

#include "bench/reconnect/swarm.h"
#include "bench/socket/bench_server.h"

namespace kith::bench {

class Admin final {
public:
    Admin(const BenchServer &server, BenchServer::Account account);

    /// A group of these members; more than one request takes are invited afterwards.
    ConversationId makeGroup(const std::string &name, const std::vector<UserId> &members);
    /// The private conversation with that user.
    ConversationId with(const std::string &user) const;
    void write(const ConversationId &to, std::string body);
    /// Sends all that was written, and reads until `least` more were accepted; everything that has no answer yet stays
    /// to be sent again, under the same cid.
    void deliver(std::size_t least);
    void deliverAll() { deliver(m_open.size()); }
    /// After a restart, or after a pause: the old connection is given up.
    void reconnect();

    const Goal &goal() const { return m_goal; }
    /// Accepted: conversation, seq → body. Each body is in it once or the run has failed.
    const std::map<ConversationId, std::map<std::int64_t, std::string>> &accepted() const { return m_accepted; }
    std::size_t waiting() const { return m_open.size(); }
    int putOff() const { return m_putOff; }         // refused with a time after which to come again
    int duplicates() const { return m_duplicates; } // sent again, and accepted before already

private:
    struct Open {
        ConversationId conversation;
        std::string body;
    };
    /// Sends everything once, until so many are left or all is answered; how long to wait before the next time.
    std::chrono::milliseconds sendUntil(std::size_t left);
    void accepted(const protocol::Envelope &envelope);
    protocol::Envelope ask(protocol::Op op, const boost::json::object &data);

    const BenchServer &m_server;
    BenchServer::Account m_account;
    test::RawClient m_socket;
    std::map<std::string, Open> m_open; // cid →
    std::map<ConversationId, std::map<std::int64_t, std::string>> m_accepted;
    Goal m_goal;
    int m_numbers = 0, m_duplicates = 0, m_putOff = 0;
};

} // namespace kith::bench
