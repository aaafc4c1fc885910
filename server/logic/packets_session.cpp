// SPDX-License-Identifier: GPL-3.0-or-later
// login, token, heartbeat, logout, watch_presence, user.block, user.unblock, user.blocked, user.shared.
#include "core/base/limits.h"
#include "server/logic/broadcast.h"
#include "server/logic/decoded.h"
#include "server/logic/one_by_one.h"
#include "server/logic/packet_table.h"

#include <algorithm>
#include <unordered_set>

namespace kith::server::packets {

using protocol::ErrorCode;
using protocol::makeError;
using protocol::Op;

namespace {

/// One `watch_presence` on its way through the store.
struct Watch {
    CorePtr core;
    ConnectionPtr watcher;
    Responder responder;
    std::vector<Presence> known;     // contacts, with the last seen that the store knows
    std::vector<Presence> strangers; // offline whatever they do, and not watched
};

void answerWatch(const std::shared_ptr<Watch> &watch)
{
    watch->core->presences.watch(watch->watcher, watch->known, [&](std::vector<Presence> states) {
        states.insert(states.end(), watch->strangers.begin(), watch->strangers.end());
        watch->responder.reply(protocol::encode(protocol::WatchPresenceReply{std::move(states)}));
    });
}

void askLastSeen(const std::shared_ptr<Watch> &watch)
{
    oneByOne(
        watch->known.size(),
        [watch](std::size_t i, std::function<void()> next) {
            if (watch->core->registry.online(watch->known[i].user))
                return next();
            watch->core->store.sessions(watch->known[i].user,
                                        [watch, i, next = std::move(next)](StoreResult<std::vector<Device>> devices) {
                                            Timestamp &seen = watch->known[i].lastSeen;
                                            if (devices)
                                                for (const Device &device : *devices)
                                                    seen = std::max(seen, device.lastSeen);
                                            next();
                                        });
        },
        [watch] { answerWatch(watch); });
}

void setBlocked(Socket &socket, const Responder &responder, const protocol::Envelope &envelope, bool blocked)
{
    const auto packet = decoded<protocol::UserPacket>(socket, responder, envelope);
    if (!packet)
        return;
    if (packet->user == socket.user())
        return responder.fail(makeError(ErrorCode::Forbidden, "not yourself", "d.user"));
    socket.core()->store.block(socket.user(), packet->user, blocked,
                               [core = socket.core(), responder, from = socket.connection()](StoreResult<void> result) {
                                   if (!result)
                                       return responder.fail(result.error());
                                   responder.ok();
                                   // The user's other devices show the same: all of them, so that no order of pushes
                                   // can be wrong.
                                   core->store.blocked(from->user(),
                                                       [core, from](StoreResult<std::vector<UserId>> all) {
                                                           if (all)
                                                               pushBlocked(core, from->user(), std::move(*all), from);
                                                       });
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
    auto watch = std::make_shared<Watch>(Watch{socket.core(), socket.connection(), responder, {}, {}});
    socket.core()->store.contacts(socket.user(), [watch, users = std::move(packet->users)](
                                                     StoreResult<std::vector<UserId>> contacts) {
        if (!contacts)
            return watch->responder.fail(contacts.error());
        std::unordered_set<UserId> known(contacts->begin(), contacts->end()), seen;
        known.insert(watch->watcher->user());
        for (const UserId &user : users)
            if (seen.insert(user).second)
                (known.contains(user) ? watch->known : watch->strangers).push_back({user, PresenceState::Offline, {}});
        askLastSeen(watch);
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

void blocked(Socket &socket, Responder responder, protocol::Envelope)
{
    socket.core()->store.blocked(socket.user(), [responder](StoreResult<std::vector<UserId>> all) {
        if (!all)
            return responder.fail(all.error());
        responder.reply(protocol::encode(protocol::BlockedPacket{std::move(*all)}));
    });
}

void shared(Socket &socket, Responder responder, protocol::Envelope envelope)
{
    const auto packet = decoded<protocol::UserPacket>(socket, responder, envelope);
    if (!packet)
        return;
    socket.core()->store.sharedGroups(socket.user(), packet->user, limits::kMaxPage,
                                      [responder](StoreResult<std::vector<ConversationId>> groups) {
                                          if (!groups)
                                              return responder.fail(groups.error());
                                          responder.reply(protocol::encode(protocol::SharedReply{std::move(*groups)}));
                                      });
}

} // namespace kith::server::packets
