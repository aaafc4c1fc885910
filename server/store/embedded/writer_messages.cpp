// SPDX-License-Identifier: GPL-3.0-or-later
// Appends: the hot path of the server. Two statements a message where the conversation is known to the cache.
#include "server/store/embedded/message_insert.h"
#include "server/store/embedded/rows.h"

#include <algorithm>

namespace kith::server::embedded {

/// What an earlier send with this cid was answered; CidConflict if it said something else.
StoreResult<std::optional<Appended>> Writer::repeated(const AppendMessage &message, std::int64_t sender,
                                                      std::string_view cid)
{
    struct Earlier {
        StoredMessage stored;
        std::string digest;
    };
    KITH_TRY_VALUE(earlier, m_engine.one(
                                "SELECT " KITH_MESSAGE_COLUMNS ", digest FROM messages WHERE sender = ?1 AND "
                                "cid = ?2",
                                [](const sql::Statement &row) {
                                    return Earlier{messageFrom(row), row.blob(17)};
                                },
                                sender, Blob{cid}));
    if (!earlier)
        return std::optional<Appended>();
    KITH_TRY_VALUE(wire, m_engine.one(
                             "SELECT wire FROM conversations WHERE id = ?1",
                             [](const sql::Statement &row) { return ConversationId(row.text(0)); },
                             earlier->stored.conversation));
    if (!wire)
        return Unexpected(StoreError::Unavailable); // conversations are never deleted
    const ConversationId wanted = message.conversation ? *message.conversation
                                  : message.to         ? privateConversation(message.sender, *message.to)
                                                       : ConversationId();
    if (*wire != wanted || earlier->digest != digestOf(message))
        return Unexpected(StoreError::CidConflict);
    KITH_TRY_VALUE(state, load(*wire));
    Appended answer;
    answer.conversation = std::move(*wire);
    answer.rev = earlier->stored.bornRev; // what it was answered then
    answer.message = std::move(earlier->stored.message);
    answer.duplicate = true;
    answer.members = state ? state->list : nullptr;
    return std::optional(std::move(answer));
}

/// Where a message may go. Writes nothing unless it opens a private conversation, and then the message will go in.
StoreResult<ConversationState *> Writer::target(const AppendMessage &message, std::int64_t sender)
{
    if (message.kind == MessageKind::System || sender == 0 || (!message.conversation && !message.to))
        return Unexpected(StoreError::Forbidden);
    if (message.to && (!isValidUserId(message.to->str()) || !isValidUserId(message.sender.str())))
        return Unexpected(StoreError::NotFound);
    if (message.to && *message.to == message.sender)
        return Unexpected(StoreError::Forbidden);
    const ConversationId id =
        message.conversation ? *message.conversation : privateConversation(message.sender, *message.to);
    KITH_TRY_VALUE(state, load(id));
    if (!state) {
        const auto peer = privatePeer(id, message.sender);
        if (!peer)
            return Unexpected(conversationType(id) == ConversationType::Private ? StoreError::NotMember
                                                                                : StoreError::NotFound);
        return openPrivate(message, sender, number(*peer));
    }
    if (!state->find(sender))
        return Unexpected(StoreError::NotMember);
    if (state->type == ConversationType::Private) {
        const int peer = state->members[0].user == sender ? 1 : 0;
        if (state->disabled[peer])
            return Unexpected(StoreError::NotFound);
        if (state->blocks[peer])
            return Unexpected(StoreError::Blocked);
    }
    if (message.replyTo && (!*message.replyTo || *message.replyTo > state->headSeq))
        return Unexpected(StoreError::NotFound);
    return state;
}

StoreResult<ConversationState *> Writer::openPrivate(const AppendMessage &message, std::int64_t sender,
                                                     std::int64_t peer)
{
    KITH_TRY_VALUE(senderUsable, usable(sender));
    KITH_TRY_VALUE(peerUsable, usable(peer));
    if (!senderUsable || !peerUsable || message.replyTo)
        return Unexpected(StoreError::NotFound);
    KITH_TRY_VALUE(isBlocked, blocks(peer, sender));
    if (isBlocked)
        return Unexpected(StoreError::Blocked);
    KITH_TRY_VALUE(used, m_engine.number("SELECT 1 FROM messages WHERE sender = ?1 AND cid = ?2", sender,
                                         Blob{packCid(message.cid)}));
    if (used)
        return Unexpected(StoreError::CidConflict); // a repeated send would have found its conversation
    const std::int64_t ms = message.createdAt ? toUnixMs(*message.createdAt) : now();
    ConversationState state;
    state.id = privateConversation(userId(sender), userId(peer));
    state.changedMs = ms;
    const std::int64_t a = std::min(sender, peer), b = std::max(sender, peer);
    KITH_TRY(m_engine.run("INSERT INTO conversations (wire, type, user_a, user_b, changed_ms, members) "
                          "VALUES (?1, 0, ?2, ?3, ?4, 2)",
                          state.id.str(), a, b, ms));
    state.key = m_engine.database().lastInsertId();
    for (const std::int64_t user : {a, b}) {
        KITH_TRY(m_engine.run("INSERT INTO members (conversation, user, joined_ms, changed_ms) VALUES (?1, ?2, ?3, ?3)",
                              state.key, user, ms));
        state.members.push_back({user, Role::Member, ms, 0, 0});
    }
    KITH_TRY_VALUE(blocking, blocks(sender, peer));
    state.blocks[sender == a ? 0 : 1] = blocking;
    state.renewList();
    return m_cache.put(std::move(state));
}

StoreResult<std::optional<Appended>> Writer::insert(ConversationState &conversation, const Insert &row)
{
    const Seq seq = conversation.headSeq.next();
    const Rev rev = conversation.headRev.next();
    const std::int64_t id = m_ids.next(fromUnixMs(now()));
    const auto replyTo = row.replyTo ? std::optional(row.replyTo->value()) : std::nullopt;
    const auto file = row.file ? std::optional(row.file->str()) : std::nullopt;
    KITH_TRY(m_engine.run("INSERT INTO messages (conversation, seq, born_rev, rev, message_id, sender, cid, digest, "
                          "kind, created_ms, reply_to, mentions, file, body) "
                          "VALUES (?1, ?2, ?3, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13) "
                          "ON CONFLICT (sender, cid) DO NOTHING",
                          conversation.key, seq.value(), rev.value(), id, row.senderNumber, Blob{row.packedCid},
                          Blob{row.digest}, static_cast<int>(row.kind), row.createdMs, replyTo, packUsers(row.mentions),
                          file, row.body));
    if (m_engine.database().changes() == 0)
        return std::optional<Appended>();
    conversation.headSeq = seq;
    conversation.headRev = rev;
    conversation.changedMs = std::max(conversation.changedMs, row.createdMs);
    KITH_TRY(saveHead(conversation));

    Appended answer;
    answer.conversation = conversation.id;
    answer.rev = rev;
    Message &message = answer.message;
    message.seq = seq;
    message.id = MessageId(std::to_string(id));
    if (row.kind != MessageKind::System)
        message.cid = row.cid;
    message.sender = row.sender;
    message.kind = row.kind;
    message.body = row.body;
    message.replyTo = row.replyTo;
    message.mentions = row.mentions;
    message.file = row.file;
    message.createdAt = fromUnixMs(row.createdMs);
    answer.opened = seq.value() == 1 && conversation.type == ConversationType::Private;
    answer.members = conversation.list;
    return std::optional(std::move(answer));
}

StoreResult<void> Writer::saveHead(const ConversationState &conversation)
{
    return m_engine.run("UPDATE conversations SET head_seq = ?2, head_rev = ?3, changed_ms = ?4 WHERE id = ?1",
                        conversation.key, conversation.headSeq.value(), conversation.headRev.value(),
                        conversation.changedMs);
}

StoreResult<Appended> Writer::append(const AppendMessage &message)
{
    const std::int64_t sender = number(message.sender);
    const std::string cid = packCid(message.cid);
    const auto where = target(message, sender);
    if (!where) {
        // A send that was accepted once is answered alike for ever, whatever became of the conversation.
        if (m_engine.spoiled())
            return Unexpected(where.error());
        KITH_TRY_VALUE(before, repeated(message, sender, cid));
        if (before)
            return std::move(*before);
        return Unexpected(where.error());
    }
    const std::string digest = digestOf(message);
    const std::int64_t createdMs = message.createdAt ? toUnixMs(*message.createdAt) : now();
    KITH_TRY_VALUE(done, insert(**where, {message.sender, sender, message.cid, cid, digest, message.kind, message.body,
                                          message.replyTo, message.mentions, message.file, createdMs}));
    if (done) {
        // Who answers has seen what he answers.
        MemberState &member = *(*where)->find(sender);
        done->senderReadBefore = Seq(member.readSeq);
        const Seq seq = done->message.seq;
        done->senderCursors = moveTo(**where, member, seq, seq, createdMs).receipt;
        return std::move(*done);
    }
    KITH_TRY_VALUE(before, repeated(message, sender, cid));
    if (!before)
        return Unexpected(StoreError::Unavailable); // the index said that it is there
    return std::move(*before);
}

} // namespace kith::server::embedded
