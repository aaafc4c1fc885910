// SPDX-License-Identifier: GPL-3.0-or-later
// Which user is connected where: user to connections, in shards so that threads rarely meet.
//
// Lock order of delivery and logic, outermost first; none is held while a store is called:
//   Socket → Presence → Registry shard → Connection → Peer (gateway)
// Retransmitter, Fanout and Sequencer guard only their own lists: inside their locks no other is taken.
#pragma once

#include "server/delivery/connection.h"

#include <array>
#include <functional>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace kith::server {

class Registry final {
public:
    /// More sockets of one user are refused: 20 devices (limits::kMaxDevices), each reconnecting up to twice within the
    /// silence after which a dead socket is noticed.
    static constexpr std::size_t kMaxPerUser = 60;

    enum class Added { First, Another, TooMany };
    /// `greet` runs under the shard's lock, just before anybody can push to the connection: nothing overtakes it, and
    /// whatever is committed after it is pushed.
    Added add(const ConnectionPtr &connection, const std::function<void()> &greet);
    /// True if the user has no connection left.
    bool remove(const ConnectionPtr &connection);

    bool online(const UserId &user) const;
    bool contains(const ConnectionPtr &connection) const;
    std::vector<ConnectionPtr> of(const UserId &user) const;
    std::vector<ConnectionPtr> all() const;
    std::size_t size() const;

    /// Under the shard's lock: `visit` may push, no more.
    template <class Visit>
    void forEach(const UserId &user, Visit visit) const
    {
        const Shard &shard = shardOf(user);
        const std::lock_guard lock(shard.mutex);
        if (const auto found = shard.users.find(user); found != shard.users.end())
            for (const ConnectionPtr &connection : found->second)
                visit(connection);
    }

private:
    struct alignas(64) Shard {
        mutable std::mutex mutex;
        std::unordered_map<UserId, std::vector<ConnectionPtr>> users;
    };
    Shard &shardOf(const UserId &user) { return m_shards[std::hash<UserId>{}(user) % m_shards.size()]; }
    const Shard &shardOf(const UserId &user) const { return m_shards[std::hash<UserId>{}(user) % m_shards.size()]; }

    std::array<Shard, 64> m_shards;
};

} // namespace kith::server
