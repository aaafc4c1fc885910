// SPDX-License-Identifier: GPL-3.0-or-later
// login, token, heartbeat, logout, watch_presence, user.block, user.unblock.
#include "server/logic/decoded.h"
#include "server/logic/packet_table.h"

#include <algorithm>
#include <unordered_set>

namespace kith::server::packets {

using protocol::ErrorCode;
using protocol::makeError;
using protocol::Op;

namespace {

/// The last seen of those who are offline, one question to the store after another.
struct Watch {
    CorePtr core;
    ConnectionPtr watcher;
    Responder responder;
    std::vector<Presence> known;
    std::size_t next = 0;
    std::unordered_set<UserId> contacts;
};

void continueWatch(const std::shared_ptr<Watch> &watch)
{
    for (; watch->next < watch->known.size(); ++watch->next) {
        Presence &one = watch->known[watch->next];
        if (!watch->contacts.contains(one.user) || watch->core->registry.online(one.user))
            continue;
        watch->core->store.sessions(one.user, [watch, &one](StoreResult<std::vector<Device>> devices) {
            if (devices)
                for (const Device &device : *devices)
                    one.lastSeen = std::max(one.lastSeen, device.lastSeen);
            ++watch->next;
            continueWatch(watch);
        });
        return;
    }
    // Strangers are offline whatever they do, and are not watched.
    std::vector<Presence> strangers, watched;
    for (Presence &one : watch->known)
        (watch->contacts.contains(one.user) ? watched : strangers).push_back(std::move(one));
    watch->core->presences.watch(watch->watcher, watched, [&](std::vector<Presence> states) {
        states.insert(states.end(), strangers.begin(), strangers.end());
        watch->responder.reply(protocol::encode(protocol::WatchPresenceReply{std::move(states)}));
    });
}

void setBlocked(Socket &socket, const Responder &responder, const protocol::Envelope &envelope, bool blocked)
{
    const auto packet = decoded<protocol::UserPacket>(socket, responder, envelope);
    if (!packet)
        return;
    if (packet->user == socket.user())
        return responder.fail(makeError(ErrorCode::Forbidden, "not yourself", "d.user"));
    socket.core()->store.block(socket.user(), packet->user, blocked, [responder](StoreResult<void> result) {
        if (!result)
            return responder.fail(result.error());
        responder.ok();
    });
}

} // namespace

void login(Socket &socket, Responder responder, protocol::Envelope envelope)
{
    if (auto packet = decoded<protocol::LoginPacket>(socket, responder, envelope))
        socket.login(responder, std::move(packet->token));
}

void token(Socket &socket, Responder responder, protocol::Envelope envelope)
{
    if (auto packet = decoded<protocol::TokenPacket>(socket, responder, envelope))
        socket.renew(responder, std::move(packet->token));
}

void heartbeat(Socket &socket, Responder responder, protocol::Envelope envelope)
{
    if (const auto packet = decoded<protocol::HeartbeatPacket>(socket, responder, envelope))
        responder.reply(Op::HeartbeatReply,
                        protocol::encode(protocol::HeartbeatReply{packet->t, socket.core()->clock.now()}));
}

void logout(Socket &socket, Responder responder, protocol::Envelope)
{
    socket.logout(responder);
}

void watchPresence(Socket &socket, Responder responder, protocol::Envelope envelope)
{
    auto packet = decoded<protocol::WatchPresencePacket>(socket, responder, envelope);
    if (!packet)
        return;
    auto watch = std::make_shared<Watch>(Watch{socket.core(), socket.connection(), responder, {}, 0, {}});
    std::unordered_set<UserId> seen;
    for (UserId &user : packet->users)
        if (seen.insert(user).second)
            watch->known.push_back({std::move(user), PresenceState::Offline, {}});
    socket.core()->store.contacts(socket.user(), [watch](StoreResult<std::vector<UserId>> contacts) {
        if (!contacts)
            return watch->responder.fail(contacts.error());
        watch->contacts.insert(contacts->begin(), contacts->end());
        watch->contacts.insert(watch->watcher->user());
        continueWatch(watch);
    });
}

void block(Socket &socket, Responder responder, protocol::Envelope envelope)
{
    setBlocked(socket, responder, envelope, true);
}

void unblock(Socket &socket, Responder responder, protocol::Envelope envelope)
{
    setBlocked(socket, responder, envelope, false);
}

} // namespace kith::server::packets
