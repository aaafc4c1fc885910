// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/delivery/presence.h"

#include "core/protocol/envelope.h"
#include "core/protocol/packets.h"

namespace kith::server {

void Presences::watch(const ConnectionPtr &watcher, const std::vector<Presence> &known,
                      const std::function<void(std::vector<Presence>)> &answer)
{
    const std::lock_guard lock(m_mutex);
    forgetLocked(watcher);
    std::vector<Presence> states;
    states.reserve(known.size());
    auto &watched = m_watched[watcher];
    for (const Presence &one : known) {
        watched.push_back(one.user);
        m_watchers[one.user].push_back(watcher);
        if (m_registry.online(one.user))
            states.push_back({one.user, PresenceState::Online, {}});
        else
            states.push_back({one.user, PresenceState::Offline, one.lastSeen});
    }
    // Closed while the store was asked: its forget() has been, or will be, but not after this.
    if (!m_registry.contains(watcher))
        forgetLocked(watcher);
    answer(std::move(states));
}

void Presences::forget(const ConnectionPtr &watcher)
{
    const std::lock_guard lock(m_mutex);
    forgetLocked(watcher);
}

void Presences::forgetLocked(const ConnectionPtr &watcher)
{
    const auto found = m_watched.find(watcher);
    if (found == m_watched.end())
        return;
    for (const UserId &user : found->second) {
        const auto watchers = m_watchers.find(user);
        if (watchers == m_watchers.end())
            continue;
        std::erase(watchers->second, watcher);
        if (watchers->second.empty())
            m_watchers.erase(watchers);
    }
    m_watched.erase(found);
}

void Presences::announce(const UserId &user, Timestamp now)
{
    // The state is read under the lock: of two threads that announce a quick change, the later one tells the truth.
    const std::lock_guard lock(m_mutex);
    const auto found = m_watchers.find(user);
    if (found == m_watchers.end())
        return;
    Presence presence{user, PresenceState::Online, {}};
    if (!m_registry.online(user)) {
        presence.state = PresenceState::Offline;
        presence.lastSeen = now;
    }
    const auto envelope = std::make_shared<const std::string>(
        protocol::encodeEnvelope(protocol::Op::Presence, {}, protocol::encode(protocol::PresencePacket{presence})));
    for (const ConnectionPtr &watcher : found->second)
        watcher->push(envelope, Weight::Ephemeral);
}

} // namespace kith::server
