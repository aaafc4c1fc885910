// SPDX-License-Identifier: GPL-3.0-or-later
// One socket's state between its packets: who it is, what it may send now, and how often it was wrong.
#pragma once

#include "core/protocol/envelope.h"
#include "server/logic/core.h"
#include "server/logic/responder.h"
#include "server/logic/throttle.h"

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace kith::server {

struct PacketRow;

/// receive() runs on the connection's I/O thread. The login ends on a thread of the store: what came behind it waits
/// and is handled there, and until that is done receive() only queues, so one thread at a time handles packets.
class Socket final : public std::enable_shared_from_this<Socket> {
public:
    using Time = std::chrono::steady_clock::time_point;

    Socket(CorePtr core, std::weak_ptr<Peer> peer, std::string address);

    void receive(std::string_view frame);
    void frameTooLarge();
    void frameBinary();
    bool loggedIn() const { return m_phase == Phase::In; }
    void closed();

    // For the packet handlers.
    const CorePtr &core() const { return m_core; }
    /// Set and fixed while logged in.
    const ConnectionPtr &connection() const { return m_connection; }
    const UserId &user() const { return m_connection->user(); }
    Time now() const { return m_core->clock.steady(); }
    /// Answers and counts; the tenth in a minute closes the socket (PROTOCOL §3).
    void malformed(const Responder &responder, protocol::WireError error);
    void login(const Responder &responder, std::string token);
    void renew(const Responder &responder, std::string token);
    void logout(const Responder &responder);
    void resumePushes();
    /// Nothing: the connection may send now.
    std::optional<milliseconds> takeSend() { return m_sends.take(now()); }
    /// False above one typing packet per interval and conversation.
    bool takeTyping(const ConversationId &conversation);

private:
    /// What a socket may do. Closed from any of them, by closed() or by us.
    enum class Phase {
        New,       // `login` only; → LoggingIn
        LoggingIn, // the store is asked; → In, or back to New when refused
        In,        // logged in
        Closed,    // nothing is answered any more
    };

    void take(protocol::FrameItem item);
    void handle(protocol::Envelope envelope);
    /// True: the login is not done yet, the item waits (or was refused, if too many do).
    bool hold(protocol::FrameItem &item);
    std::uint64_t turn();
    /// Handles what waited for the login of that turn; a later login ends it.
    void release(std::uint64_t turn);
    void close(protocol::CloseCode code, std::string reason);
    bool checkAuthorised(const PacketRow &row, const Responder &responder);
    void refuseLogin(const Responder &responder, protocol::WireError error);
    void finishLogin(const Responder &responder, const Claims &claims, Device device, User user,
                     std::uint64_t revocations);
    void recheckSession();

    const CorePtr m_core;
    const std::weak_ptr<Peer> m_peer;
    const std::string m_address; // masked

    std::mutex m_mutex; // guards the change of phase and m_connection; outermost of all locks (registry.h)
    std::atomic<Phase> m_phase{Phase::New};
    ConnectionPtr m_connection;               // written before m_phase becomes In, not after
    std::atomic<std::int64_t> m_expiresMs{0}; // of the access token

    std::atomic<bool> m_holding{false}; // set by login(), cleared by release() once nothing waits
    std::mutex m_holdMutex;             // innermost; guards the next two and the change of m_holding
    std::deque<protocol::FrameItem> m_waiting;
    std::uint64_t m_turn = 0; // of logins

    // Of the thread that handles packets
    std::vector<Time> m_mistakes; // oldest first; empty on nearly every connection
    TokenBucket m_sends;
    std::unordered_map<ConversationId, Time> m_typed;
};

} // namespace kith::server
