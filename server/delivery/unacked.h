// SPDX-License-Identifier: GPL-3.0-or-later
// What one connection was sent and has not acked yet: a pure rule over times that are handed in.
#pragma once

#include "core/base/ids.h"
#include "server/delivery/peer.h"

#include <array>
#include <chrono>
#include <memory>
#include <vector>

namespace kith::server {

/// One envelope on its way to many, made once and shared.
struct Outgoing {
    Encoded envelope;
    Weight weight = Weight::Log;
    ConversationId conversation; // with seq: what an ack names
    Seq seq;                     // 0: nothing to ack
};
using OutgoingPtr = std::shared_ptr<const Outgoing>;

/// Keeps the newest un-acked message of each conversation. The newest is enough: a client that gets it and lacks an
/// older one sees the step in `rev` and calls `changes` (PROTOCOL §4). Not thread-safe.
class Unacked final {
public:
    using Time = std::chrono::steady_clock::time_point;
    /// After the first push (PROTOCOL §4); then it is left to `sync`.
    static constexpr std::array kResendAfter{std::chrono::seconds{5}, std::chrono::seconds{10},
                                             std::chrono::seconds{20}};
    /// Conversations tracked per connection; above, the oldest is left to `sync`.
    static constexpr std::size_t kMaxConversations = 64;

    void pushed(OutgoingPtr message, Time now);
    /// Cumulative.
    void acked(const ConversationId &conversation, Seq seq);
    /// What is to be sent again now, oldest first. Forgets what was sent for the last time.
    std::vector<OutgoingPtr> due(Time now);
    bool empty() const { return m_entries.empty(); }
    std::size_t size() const { return m_entries.size(); }

private:
    struct Entry {
        OutgoingPtr message;
        Time pushedAt;
        std::size_t resent = 0;
    };
    std::vector<Entry> m_entries; // oldest push first
};

} // namespace kith::server
