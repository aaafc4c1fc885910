// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/logic/broadcast.h"

#include "core/base/failpoint.h"
#include "core/base/limits.h"
#include "core/protocol/packets.h"
#include "server/logic/one_by_one.h"
#include "server/logic/responder.h"

#include <algorithm>

namespace kith::server {
namespace {

using protocol::Op;

bool isLarge(const MemberList &members)
{
    return members && members->size() >= static_cast<std::size_t>(limits::kSmallGroup);
}

OutgoingPtr outgoing(Op op, const boost::json::object &data, const ConversationId &conversation, Seq seq = {})
{
    return std::make_shared<const Outgoing>(Outgoing{encodePush(op, data), Weight::Log, conversation, seq});
}

OutgoingPtr messageCopy(Op op, const ConversationId &conversation, const Message &message, Rev rev)
{
    return outgoing(op, protocol::encode(protocol::MessagePacket{conversation, message, rev}), conversation,
                    op == Op::Message ? message.seq : Seq());
}

OutgoingPtr headCopy(const Head &head)
{
    return outgoing(Op::Conversation, protocol::encode(protocol::ConversationPacket{head}), head.conversation);
}

Publication messagePublication(const CorePtr &core, const Appended &appended, const ConnectionPtr &from)
{
    Publication publication;
    publication.conversation = appended.conversation;
    publication.members = appended.members;
    publication.except = from;
    Message stripped = appended.message;
    stripped.cid = {};
    stripped.liked = false;
    publication.others = messageCopy(Op::Message, appended.conversation, stripped, appended.rev);
    // A second encoding only for a sender who listens somewhere else too.
    const auto &sender = appended.message.sender;
    bool elsewhere = false;
    if (!appended.message.cid.empty())
        core->registry.forEach(sender, [&](const ConnectionPtr &one) { elsewhere = elsewhere || one != from; });
    if (elsewhere)
        publication.own.emplace_back(sender,
                                     messageCopy(Op::Message, appended.conversation, appended.message, appended.rev));
    return publication;
}

void publishMessage(const CorePtr &core, const Appended &appended, const ConnectionPtr &from)
{
    core->sequencer.run(appended.conversation,
                        [core, appended, from] { core->delivery.publish(messagePublication(core, appended, from)); });
}

using HeadSink = std::function<void(const UserId &, StoreResult<Head>)>;

/// Reads the heads of those users one after another, so that a large group does not crowd the store's queue.
void fetchHeads(const CorePtr &core, const ConversationId &conversation, std::vector<UserId> users, HeadSink sink,
                std::function<void()> done = {})
{
    const std::size_t count = users.size();
    oneByOne(
        count,
        [core, conversation, users = std::move(users), sink = std::move(sink)](std::size_t i,
                                                                               std::function<void()> next) {
            core->store.head(users[i], conversation,
                             [user = users[i], sink, next = std::move(next)](StoreResult<Head> head) {
                                 sink(user, std::move(head));
                                 next();
                             });
        },
        std::move(done));
}

HeadSink pushingTo(const CorePtr &core, const ConnectionPtr &except)
{
    return [core, except](const UserId &user, StoreResult<Head> head) {
        if (head)
            core->delivery.toUser(user, headCopy(*head), except);
    };
}

/// What somebody who is out may still know: that he is out, and of what. Counters stay those of the last notice, so
/// that nothing of his moves back. The name comes from the store, see tellRemoved().
Head removedHead(const GroupChanged &changed)
{
    Head head;
    head.conversation = changed.conversation;
    head.type = conversationType(changed.conversation).value_or(ConversationType::Group);
    head.members = changed.members ? static_cast<std::int64_t>(changed.members->size()) : 0;
    if (!changed.notices.empty()) {
        head.headSeq = changed.notices.back().message.seq;
        head.headRev = changed.notices.back().rev;
        head.changedAt = changed.notices.back().message.createdAt;
    }
    head.removed = true;
    return head;
}

void tellRemoved(const CorePtr &core, const GroupChanged &changed)
{
    std::vector<UserId> users;
    for (const UserId &user : changed.removed)
        if (core->registry.online(user))
            users.push_back(user);
    fetchHeads(core, changed.conversation, std::move(users),
               [core, gone = removedHead(changed)](const UserId &user, StoreResult<Head> kept) {
                   Head head = gone;
                   if (kept && !kept->removed) {
                       head = std::move(*kept); // taken in again meanwhile
                   } else if (kept) {
                       head.name = kept->name;
                       head.avatar = kept->avatar;
                   }
                   core->delivery.toUser(user, headCopy(head), {});
               });
}

bool contains(const std::vector<UserId> &users, const UserId &user)
{
    return std::find(users.begin(), users.end(), user) != users.end();
}

/// Members that are connected and were not told already.
std::vector<UserId> othersToTell(const CorePtr &core, const GroupChanged &changed, const UserId &actor, HeadsTo to,
                                 bool actorTold)
{
    std::vector<UserId> users;
    if (!changed.members)
        return users;
    const bool all = to == HeadsTo::Everybody || !isLarge(changed.members);
    for (const UserId &user : *changed.members) {
        const bool isActor = user == actor;
        if ((all || isActor) && !(isActor && actorTold) && !contains(changed.added, user) &&
            core->registry.online(user))
            users.push_back(user);
    }
    return users;
}

} // namespace

void broadcastMessage(const CorePtr &core, const Appended &appended, const ConnectionPtr &from)
{
    if (!appended.opened || !appended.members)
        return publishMessage(core, appended, from);
    core->sequencer.hold(appended.conversation);
    publishMessage(core, appended, from);
    std::vector<UserId> users;
    for (const UserId &user : *appended.members)
        if (core->registry.online(user))
            users.push_back(user);
    fetchHeads(core, appended.conversation, std::move(users), pushingTo(core, {}),
               [core, conversation = appended.conversation] { core->sequencer.release(conversation); });
}

void broadcastSenderCursors(const CorePtr &core, const Appended &appended, const ConnectionPtr &from)
{
    if (!appended.senderCursors)
        return;
    const Receipt &receipt = *appended.senderCursors;
    // Behind the message, and behind the heads of a conversation that is new.
    if (appended.senderReadBefore.next() < appended.message.seq) {
        core->sequencer.run(appended.conversation, [core, moved = CursorMoved{receipt, true, appended.members}, from] {
            broadcastReceipt(core, moved, true, from);
        });
        return;
    }
    bool elsewhere = false;
    core->registry.forEach(receipt.user, [&](const ConnectionPtr &one) { elsewhere = elsewhere || one != from; });
    if (elsewhere)
        core->sequencer.run(appended.conversation, [core, receipt, from] {
            core->delivery.toUser(
                receipt.user,
                outgoing(Op::Receipt, protocol::encode(protocol::ReceiptPacket{receipt}), receipt.conversation), from);
        });
}

void broadcastChange(const CorePtr &core, const Changed &changed, const UserId &actor, std::optional<bool> liked)
{
    Publication publication;
    publication.conversation = changed.conversation;
    publication.members = changed.members;
    Message stripped = changed.message;
    stripped.cid = {};
    stripped.liked = false;
    const auto copy = [&](const Message &message) {
        return messageCopy(Op::Change, changed.conversation, message, changed.rev);
    };
    publication.others = copy(stripped);
    const UserId &sender = changed.message.sender;
    if (!changed.message.cid.empty() && sender != actor && core->registry.online(sender)) {
        Message own = stripped;
        own.cid = changed.message.cid;
        publication.own.emplace_back(sender, copy(own));
    }
    if (liked || sender == actor) {
        Message own = stripped;
        if (sender == actor)
            own.cid = changed.message.cid;
        own.liked = liked.value_or(false);
        publication.own.emplace_back(actor, copy(own));
    }
    KITH_FAILPOINT("logic.change_due");
    core->sequencer.run(changed.conversation, [core, publication] { core->delivery.publish(publication); });
}

void broadcastReceipt(const CorePtr &core, const CursorMoved &moved, bool read, const ConnectionPtr &from)
{
    if (!moved.moved)
        return;
    const auto message =
        outgoing(Op::Receipt, protocol::encode(protocol::ReceiptPacket{moved.receipt}), moved.receipt.conversation);
    const UserId &user = moved.receipt.user;
    if (isLarge(moved.members)) {
        if (read)
            core->delivery.toUser(user, message, from);
        return;
    }
    Publication publication;
    publication.conversation = moved.receipt.conversation;
    publication.members = moved.members;
    publication.others = message;
    publication.except = from;
    if (!read)
        publication.own.emplace_back(user, nullptr); // that a device of his received it is news to the others only
    KITH_FAILPOINT("logic.receipt_due");
    core->delivery.publish(std::move(publication));
}

void broadcastGroup(const CorePtr &core, const GroupChanged &changed, const UserId &actor, const ConnectionPtr &from,
                    HeadsTo to, std::function<void(StoreResult<Head>)> actorHead)
{
    const bool actorTold = static_cast<bool>(actorHead);
    core->sequencer.hold(changed.conversation);
    for (const Appended &notice : changed.notices)
        publishMessage(core, notice, {});

    tellRemoved(core, changed);

    std::vector<UserId> first;
    if (actorTold)
        first.push_back(actor);
    for (const UserId &user : changed.added)
        if (user != actor && core->registry.online(user))
            first.push_back(user);
    HeadSink sink = [core, actor, from, actorHead = std::move(actorHead)](const UserId &user, StoreResult<Head> head) {
        const bool isActor = user == actor;
        if (head)
            core->delivery.toUser(user, headCopy(*head), isActor ? from : ConnectionPtr());
        if (isActor && actorHead)
            actorHead(std::move(head));
    };
    auto others = othersToTell(core, changed, actor, to, actorTold);
    fetchHeads(core, changed.conversation, std::move(first), std::move(sink),
               [core, conversation = changed.conversation, others = std::move(others)] {
                   core->sequencer.release(conversation);
                   fetchHeads(core, conversation, others, pushingTo(core, {}));
               });
}

void pushHead(const CorePtr &core, const UserId &user, const ConversationId &conversation, const ConnectionPtr &except)
{
    core->store.head(user, conversation, [core, sink = pushingTo(core, except), user](StoreResult<Head> head) {
        sink(user, std::move(head));
    });
}

void pushBlocked(const CorePtr &core, const UserId &user, std::vector<UserId> blocked, const ConnectionPtr &except)
{
    core->delivery.toUser(
        user, outgoing(Op::UserBlocked, protocol::encode(protocol::BlockedPacket{std::move(blocked)}), {}), except);
}

} // namespace kith::server
