// SPDX-License-Identifier: GPL-3.0-or-later
// Who watches whose presence, and the pushes when it changes (PROTOCOL §3, `presence`).
#pragma once

#include "core/base/domain.h"
#include "server/delivery/registry.h"

#include <functional>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace kith::server {

/// A user is online with at least one logged-in connection. Thread-safe.
class Presences final {
public:
    explicit Presences(const Registry &registry) : m_registry(registry) {}

    /// Replaces what `watcher` watches. `answer` gets the states under the lock, so that no later push overtakes it;
    /// the offline ones carry the `lastSeen` that came in `known`.
    void watch(const ConnectionPtr &watcher, const std::vector<Presence> &known,
               const std::function<void(std::vector<Presence>)> &answer);
    void forget(const ConnectionPtr &watcher);
    /// Tells the watchers the state as it is now; `now` is the last seen of one who has left.
    void announce(const UserId &user, Timestamp now);

private:
    void forgetLocked(const ConnectionPtr &watcher);

    const Registry &m_registry;
    std::mutex m_mutex; // guards the two below; Registry and Peer locks are taken inside
    std::unordered_map<UserId, std::vector<ConnectionPtr>> m_watchers;
    std::unordered_map<ConnectionPtr, std::vector<UserId>> m_watched;
};

} // namespace kith::server
