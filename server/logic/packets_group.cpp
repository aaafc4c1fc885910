// SPDX-License-Identifier: GPL-3.0-or-later
// conversation.create, update, invite, join, leave, remove, role, mute, members.
#include "server/logic/broadcast.h"
#include "server/logic/decoded.h"
#include "server/logic/errors.h"
#include "server/logic/packet_table.h"

#include <algorithm>

namespace kith::server::packets {

using protocol::ErrorCode;
using protocol::makeError;
using protocol::Op;

namespace {

/// Answers `ok`, then tells those concerned.
Reply<GroupChanged> groupReply(Socket &socket, const Responder &responder, HeadsTo to)
{
    return [core = socket.core(), responder, actor = socket.user(), from = socket.connection(),
            to](StoreResult<GroupChanged> changed) {
        if (!changed)
            return responder.fail(changed.error());
        responder.ok();
        broadcastGroup(core, *changed, actor, from, to);
    };
}

bool isAboutAvatar(StoreError error)
{
    return error == StoreError::NoSuchFile || error == StoreError::NotAnAvatar;
}

/// Private conversations have no members to change; the answer says so before the store is asked.
bool isGroup(const ConversationId &conversation, const Responder &responder)
{
    if (conversationType(conversation) == ConversationType::Group)
        return true;
    responder.fail(makeError(ErrorCode::Forbidden, "not a group", "d.conversation"));
    return false;
}

} // namespace

void create(Socket &socket, Responder responder, protocol::Envelope envelope)
{
    auto packet = decoded<protocol::CreateConversationPacket>(socket, responder, envelope);
    if (!packet)
        return;
    socket.core()->store.createGroup(
        socket.user(), std::move(packet->name), std::move(packet->members),
        [core = socket.core(), responder, actor = socket.user(),
         from = socket.connection()](StoreResult<GroupChanged> changed) {
            if (!changed)
                return responder.fail(changed.error());
            broadcastGroup(core, *changed, actor, from, HeadsTo::SmallGroup, [responder](StoreResult<Head> head) {
                if (!head)
                    return responder.fail(head.error());
                responder.reply(Op::Conversation, protocol::encode(protocol::ConversationPacket{std::move(*head)}));
            });
        });
}

void update(Socket &socket, Responder responder, protocol::Envelope envelope)
{
    auto packet = decoded<protocol::UpdateConversationPacket>(socket, responder, envelope);
    if (!packet || !isGroup(packet->conversation, responder))
        return;
    // Who may not change the group must not use up what its admins may: the group counts what was done.
    const bool hasAvatar = packet->avatar.has_value();
    if (hasAvatar) {
        RateLimit &limit = socket.core()->avatarChanges;
        auto wait = limit.wait(avatarKey(packet->conversation));
        if (!wait)
            wait = limit.admit(avatarKey(socket.user()));
        if (wait)
            return responder.fail(rateLimited(*wait));
    }
    socket.core()->store.updateGroup(
        socket.user(), packet->conversation,
        GroupUpdate{std::move(packet->name), std::move(packet->about), std::move(packet->avatar)},
        [core = socket.core(), hasAvatar, responder,
         reply = groupReply(socket, responder, HeadsTo::Everybody)](StoreResult<GroupChanged> changed) {
            if (changed && hasAvatar)
                (void)core->avatarChanges.admit(avatarKey(changed->conversation));
            if (changed || !isAboutAvatar(changed.error()))
                return reply(std::move(changed));
            auto error = wireError(changed.error());
            error.field = "d.avatar";
            responder.fail(std::move(error));
        });
}

void invite(Socket &socket, Responder responder, protocol::Envelope envelope)
{
    auto packet = decoded<protocol::ConversationUsersPacket>(socket, responder, envelope);
    if (packet && isGroup(packet->conversation, responder))
        socket.core()->store.addMembers(socket.user(), packet->conversation, std::move(packet->users),
                                        groupReply(socket, responder, HeadsTo::SmallGroup));
}

void join(Socket &socket, Responder responder, protocol::Envelope envelope)
{
    const auto packet = decoded<protocol::JoinConversationPacket>(socket, responder, envelope);
    if (!packet || !isGroup(packet->conversation, responder))
        return;
    // Groups are by invitation; who is in already is not told off for a repeated request.
    socket.core()->store.memberList(
        packet->conversation, [responder, user = socket.user()](StoreResult<MemberList> members) {
            if (members && std::find((*members)->begin(), (*members)->end(), user) != (*members)->end())
                return responder.ok();
            responder.fail(makeError(ErrorCode::Forbidden, "this group is by invitation"));
        });
}

void leave(Socket &socket, Responder responder, protocol::Envelope envelope)
{
    const auto packet = decoded<protocol::ConversationIdPacket>(socket, responder, envelope);
    if (packet && isGroup(packet->conversation, responder))
        socket.core()->store.removeMembers(socket.user(), packet->conversation, {socket.user()},
                                           groupReply(socket, responder, HeadsTo::SmallGroup));
}

void remove(Socket &socket, Responder responder, protocol::Envelope envelope)
{
    auto packet = decoded<protocol::ConversationUsersPacket>(socket, responder, envelope);
    if (packet && isGroup(packet->conversation, responder))
        socket.core()->store.removeMembers(socket.user(), packet->conversation, std::move(packet->users),
                                           groupReply(socket, responder, HeadsTo::SmallGroup));
}

void role(Socket &socket, Responder responder, protocol::Envelope envelope)
{
    const auto packet = decoded<protocol::RolePacket>(socket, responder, envelope);
    if (!packet || !isGroup(packet->conversation, responder))
        return;
    auto reply = groupReply(socket, responder, HeadsTo::SmallGroup);
    socket.core()->store.setRole(
        socket.user(), packet->conversation, packet->user, packet->role,
        [core = socket.core(), reply = std::move(reply), user = packet->user](StoreResult<GroupChanged> changed) {
            const auto conversation = changed ? changed->conversation : ConversationId();
            const bool changedHim = changed.has_value();
            reply(std::move(changed));
            if (changedHim) // in a large group too, his own rights are news to him
                pushHead(core, user, conversation, {});
        });
}

void mute(Socket &socket, Responder responder, protocol::Envelope envelope)
{
    const auto packet = decoded<protocol::MutePacket>(socket, responder, envelope);
    if (!packet)
        return;
    socket.core()->store.mute(socket.user(), packet->conversation, packet->until,
                              [core = socket.core(), responder, from = socket.connection(),
                               conversation = packet->conversation](StoreResult<void> result) {
                                  if (!result)
                                      return responder.fail(result.error());
                                  responder.ok();
                                  pushHead(core, from->user(), conversation, from);
                              });
}

void members(Socket &socket, Responder responder, protocol::Envelope envelope)
{
    if (const auto packet = decoded<protocol::MembersPacket>(socket, responder, envelope))
        socket.core()->store.members(socket.user(), packet->conversation, packet->after, packet->limit,
                                     [responder](StoreResult<MembersResult> found) {
                                         if (!found)
                                             return responder.fail(found.error());
                                         responder.reply(protocol::encode(protocol::MembersReply{
                                             std::move(found->members), found->more, std::move(found->users)}));
                                     });
}

} // namespace kith::server::packets
