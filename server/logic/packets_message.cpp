// SPDX-License-Identifier: GPL-3.0-or-later
// send, edit, recall, like, unlike, typing, ack, read.
#include "core/base/failpoint.h"
#include "core/base/limits.h"
#include "server/logic/broadcast.h"
#include "server/logic/decoded.h"
#include "server/logic/errors.h"
#include "server/logic/packet_table.h"
#include "server/ops/metrics.h"

#include <algorithm>

namespace kith::server::packets {

using protocol::ErrorCode;
using protocol::makeError;
using protocol::Op;

namespace {

/// What the codec lets through and this server does not take.
std::optional<protocol::WireError> refusal(const protocol::SendPacket &packet, const UserId &sender)
{
    if (packet.to == sender)
        return makeError(ErrorCode::Forbidden, "not to yourself", "d.to");
    if (packet.kind == MessageKind::Gift)
        return makeError(ErrorCode::Forbidden, "this server has no gifts", "d.kind");
    if (packet.file || packet.kind == MessageKind::Image || packet.kind == MessageKind::File)
        return makeError(ErrorCode::NotFound, "no such file", "d.file"); // see `features` of hello
    return std::nullopt;
}

/// Answers `ok` with the new rev, then tells everybody.
Reply<Changed> changeReply(Socket &socket, const Responder &responder, std::optional<bool> liked)
{
    return [core = socket.core(), responder, actor = socket.user(), liked](StoreResult<Changed> changed) {
        if (!changed)
            return responder.fail(changed.error());
        KITH_FAILPOINT("logic.change_stored");
        protocol::RevReply reply{changed->rev, {}};
        if (liked)
            reply.count = changed->message.likes;
        responder.ok(protocol::encode(reply));
        KITH_FAILPOINT("logic.change_answered");
        broadcastChange(core, *changed, actor, liked);
    };
}

void setLiked(Socket &socket, const Responder &responder, const protocol::Envelope &envelope, bool liked)
{
    // Videos and comments are targets of the protocol that this server does not hold yet.
    if (const auto *target = envelope.data.if_contains("target"); target && target->is_object()) {
        const auto *kind = target->get_object().if_contains("kind");
        if (kind && kind->is_string() && (kind->get_string() == "video" || kind->get_string() == "comment"))
            return responder.fail(makeError(ErrorCode::NotFound, "no such thing here", "d.target"));
    }
    if (const auto packet = decoded<protocol::LikePacket>(socket, responder, envelope))
        socket.core()->store.like(socket.user(), packet->conversation, packet->seq, liked,
                                  changeReply(socket, responder, liked));
}

} // namespace

void send(Socket &socket, Responder responder, protocol::Envelope envelope)
{
    auto packet = decoded<protocol::SendPacket>(socket, responder, envelope);
    if (!packet)
        return;
    if (const auto wait = socket.takeSend())
        return responder.fail(rateLimited(*wait));
    if (auto error = refusal(*packet, socket.user()))
        return responder.fail(std::move(*error));
    const CorePtr &core = socket.core();
    if (packet->conversation && core->delivery.overloaded() &&
        conversationType(*packet->conversation) != ConversationType::Private)
        return responder.fail(overloaded());

    AppendMessage message;
    message.sender = socket.user();
    message.conversation = std::move(packet->conversation);
    message.to = std::move(packet->to);
    if (message.conversation && conversationType(*message.conversation) == ConversationType::Private) {
        // Named by its id, a private conversation may still have to be opened.
        message.to = privatePeer(*message.conversation, message.sender);
        if (!message.to)
            return responder.fail(StoreError::NotMember);
        message.conversation.reset();
    }
    message.cid = std::move(packet->cid);
    message.kind = packet->kind;
    message.body = std::move(packet->body);
    message.replyTo = packet->replyTo;
    message.mentions = std::move(packet->mentions);
    KITH_FAILPOINT("logic.send_decoded");
    core->store.append(std::move(message), [core, responder, from = socket.connection(),
                                            started = socket.now()](StoreResult<Appended> appended) {
        if (!appended)
            return responder.fail(appended.error());
        KITH_FAILPOINT("logic.send_stored");
        const Message &stored = appended->message;
        responder.reply(Op::Accepted,
                        protocol::encode(protocol::AcceptedPacket{appended->conversation, stored.seq, appended->rev,
                                                                  stored.id, stored.createdAt, appended->duplicate}));
        core->metrics.messageAccepted(std::chrono::duration<double>(core->clock.steady() - started).count());
        KITH_FAILPOINT("logic.send_answered");
        if (appended->duplicate)
            return;
        broadcastMessage(core, *appended, from);
        KITH_FAILPOINT("logic.send_fanned_out");
        broadcastSenderCursors(core, *appended, from);
    });
}

void edit(Socket &socket, Responder responder, protocol::Envelope envelope)
{
    if (auto packet = decoded<protocol::EditPacket>(socket, responder, envelope))
        socket.core()->store.edit(socket.user(), packet->conversation, packet->seq, std::move(packet->body),
                                  changeReply(socket, responder, std::nullopt));
}

void recall(Socket &socket, Responder responder, protocol::Envelope envelope)
{
    if (const auto packet = decoded<protocol::RecallPacket>(socket, responder, envelope))
        socket.core()->store.recall(socket.user(), packet->conversation, packet->seq,
                                    changeReply(socket, responder, std::nullopt));
}

void like(Socket &socket, Responder responder, protocol::Envelope envelope)
{
    setLiked(socket, responder, envelope, true);
}

void unlike(Socket &socket, Responder responder, protocol::Envelope envelope)
{
    setLiked(socket, responder, envelope, false);
}

void typing(Socket &socket, Responder responder, protocol::Envelope envelope)
{
    const auto packet = decoded<protocol::TypingPacket>(socket, responder, envelope);
    if (!packet)
        return;
    if (!socket.takeTyping(packet->conversation))
        return responder.ok();
    socket.core()->store.memberList(
        packet->conversation, [core = socket.core(), responder, user = socket.user(),
                               conversation = packet->conversation](StoreResult<MemberList> members) {
            if (!members)
                return responder.fail(members.error());
            if (std::find((*members)->begin(), (*members)->end(), user) == (*members)->end())
                return responder.fail(StoreError::NotMember);
            responder.ok();
            if ((*members)->size() >= static_cast<std::size_t>(limits::kSmallGroup))
                return; // of a crowd somebody is always typing
            Publication publication;
            publication.conversation = conversation;
            publication.members = *members;
            publication.others = std::make_shared<const Outgoing>(
                Outgoing{encodePush(Op::Typing, protocol::encode(protocol::TypingPacket{conversation, user})),
                         Weight::Ephemeral,
                         conversation,
                         {}});
            publication.own.emplace_back(user, nullptr);
            core->delivery.publish(std::move(publication));
        });
}

void ack(Socket &socket, Responder responder, protocol::Envelope envelope)
{
    auto items = protocol::decodeAck(envelope.list);
    if (!items)
        return socket.malformed(responder, std::move(items).error());
    for (const protocol::AckItem &item : *items) {
        KITH_FAILPOINT("logic.ack_decoded");
        socket.connection()->acked(item.conversation, item.seq);
        // Nobody waits for an answer: what fails here is acked again with the next message.
        socket.core()->store.moveDelivered(
            socket.user(), item.conversation, item.seq,
            [core = socket.core(), from = socket.connection()](StoreResult<CursorMoved> moved) {
                KITH_FAILPOINT("logic.ack_stored");
                if (moved)
                    broadcastReceipt(core, *moved, false, from);
            });
    }
}

void read(Socket &socket, Responder responder, protocol::Envelope envelope)
{
    const auto packet = decoded<protocol::ReadPacket>(socket, responder, envelope);
    if (!packet)
        return;
    socket.core()->store.moveRead(
        socket.user(), packet->conversation, packet->seq,
        [core = socket.core(), responder, from = socket.connection()](StoreResult<CursorMoved> moved) {
            if (!moved)
                return responder.fail(moved.error());
            KITH_FAILPOINT("logic.read_stored");
            responder.ok();
            KITH_FAILPOINT("logic.read_answered");
            broadcastReceipt(core, *moved, true, from);
        });
}

} // namespace kith::server::packets
