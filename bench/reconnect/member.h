// SPDX-License-Identifier: GPL-3.0-or-later
// What one client knows of its conversations, and what it says to a server: the rules of Kith's client (PROTOCOL §4)
// without its database. No sockets and no clock.
#pragma once

#include "core/protocol/envelope.h"
#include "core/protocol/packets.h"

#include <chrono>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace kith::bench {

using SteadyTime = std::chrono::steady_clock::time_point;

class Member final {
public:
    struct Conversation {
        Rev known, head;
        SteadyTime advanced{};                        // when `known` moved last
        std::map<std::int64_t, std::string> messages; // seq → body
    };

    explicit Member(std::string token) : m_token(std::move(token)) {}

    std::string login() const;
    /// The connection is gone: what was asked will not be answered.
    void left();
    /// One frame of the server's; what is to be sent for it, empty for nothing.
    std::string take(std::string_view frame, SteadyTime now);

    bool greeted() const { return m_greeted; }
    const std::map<ConversationId, Conversation> &conversations() const { return m_conversations; }
    /// Messages that came with another body than before under the same seq, errors, frames that are not Kith's.
    int faults() const { return m_faults; }
    const std::string &fault() const { return m_fault; }
    /// Known copies of messages that came again: allowed, and thrown away.
    int repeated() const { return m_repeated; }

private:
    void answer(const protocol::Envelope &envelope, SteadyTime now);
    void push(const protocol::Envelope &envelope, SteadyTime now);
    void keep(const ConversationId &id, Conversation &conversation, const Message &message);
    void advance(Conversation &conversation, Rev rev, SteadyTime now);
    void want(const ConversationId &id);
    void askChanges();
    void fail(std::string why);

    std::string m_token;
    std::map<ConversationId, Conversation> m_conversations;
    std::map<std::string, ConversationId> m_asked; // request id → conversation
    std::deque<ConversationId> m_queue;
    std::set<ConversationId> m_touched; // to be acked
    std::vector<std::string> m_out;
    std::int64_t m_since = 0; // ms, the server's clock at the last sync
    std::uint64_t m_requests = 0;
    int m_faults = 0, m_repeated = 0;
    bool m_greeted = false;
    std::string m_fault;
};

} // namespace kith::bench
