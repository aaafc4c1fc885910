// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/delivery/registry.h"

namespace kith::server {

Registry::Added Registry::add(const ConnectionPtr &connection, const std::function<void()> &greet)
{
    Shard &shard = shardOf(connection->user());
    const std::lock_guard lock(shard.mutex);
    auto &connections = shard.users[connection->user()];
    if (connections.size() >= kMaxPerUser)
        return Added::TooMany;
    greet();
    connections.push_back(connection);
    return connections.size() == 1 ? Added::First : Added::Another;
}

bool Registry::remove(const ConnectionPtr &connection)
{
    Shard &shard = shardOf(connection->user());
    const std::lock_guard lock(shard.mutex);
    const auto found = shard.users.find(connection->user());
    if (found == shard.users.end() || std::erase(found->second, connection) == 0 || !found->second.empty())
        return false;
    shard.users.erase(found);
    return true;
}

bool Registry::online(const UserId &user) const
{
    const Shard &shard = shardOf(user);
    const std::lock_guard lock(shard.mutex);
    return shard.users.contains(user);
}

bool Registry::contains(const ConnectionPtr &connection) const
{
    bool found = false;
    forEach(connection->user(), [&](const ConnectionPtr &one) { found = found || one == connection; });
    return found;
}

std::vector<ConnectionPtr> Registry::of(const UserId &user) const
{
    std::vector<ConnectionPtr> out;
    forEach(user, [&](const ConnectionPtr &connection) { out.push_back(connection); });
    return out;
}

std::vector<ConnectionPtr> Registry::all() const
{
    std::vector<ConnectionPtr> out;
    for (const Shard &shard : m_shards) {
        const std::lock_guard lock(shard.mutex);
        for (const auto &[user, connections] : shard.users)
            out.insert(out.end(), connections.begin(), connections.end());
    }
    return out;
}

std::size_t Registry::size() const
{
    std::size_t count = 0;
    for (const Shard &shard : m_shards) {
        const std::lock_guard lock(shard.mutex);
        for (const auto &[user, connections] : shard.users)
            count += connections.size();
    }
    return count;
}

} // namespace kith::server
