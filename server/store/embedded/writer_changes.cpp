// SPDX-License-Identifier: GPL-3.0-or-later
// Edits, recalls and likes: each gives the message a new rev.
#include "core/base/limits.h"
#include "server/store/embedded/rows.h"
#include "server/store/embedded/writer.h"

#include <algorithm>

namespace kith::server::embedded {

StoreResult<Writer::Found> Writer::find(const UserId &user, const ConversationId &conversation, Seq seq)
{
    KITH_TRY_VALUE(who, actor(user, conversation));
    KITH_TRY_VALUE(stored, m_engine.one("SELECT " KITH_MESSAGE_COLUMNS " FROM messages WHERE conversation = ?1 AND "
                                        "seq = ?2",
                                        messageFrom, who.conversation->key, seq.value()));
    if (!stored)
        return Unexpected(StoreError::NotFound);
    if (stored->message.recalled)
        return Unexpected(StoreError::Recalled);
    return Found{who, std::make_unique<StoredMessage>(std::move(*stored))};
}

/// Writes the rev, the head and the columns that edits, recalls and likes change.
StoreResult<Changed> Writer::changed(Found &found)
{
    ConversationState &conversation = *found.actor.conversation;
    StoredMessage &stored = *found.message;
    Message &message = stored.message;
    stored.rev = conversation.headRev.next();
    const auto edited = message.editedAt ? std::optional(toUnixMs(*message.editedAt)) : std::nullopt;
    const auto file = message.file ? std::optional(message.file->str()) : std::nullopt;
    KITH_TRY(m_engine.run("UPDATE messages SET rev = ?2, recalled = ?3, likes = ?4, edited_ms = ?5, mentions = ?6, "
                          "file = ?7, body = ?8 WHERE id = ?1",
                          stored.row, stored.rev.value(), message.recalled, message.likes, edited,
                          packUsers(message.mentions), file, message.body));
    conversation.headRev = stored.rev;
    conversation.changedMs = std::max(conversation.changedMs, now());
    KITH_TRY(saveHead(conversation));
    return Changed{conversation.id, stored.rev, message, conversation.list};
}

StoreResult<Changed> Writer::edit(const UserId &user, const ConversationId &conversation, Seq seq,
                                  const std::string &body)
{
    KITH_TRY_VALUE(found, find(user, conversation, seq));
    Message &message = found.message->message;
    if (message.sender != user || message.kind == MessageKind::System || message.kind == MessageKind::Gift)
        return Unexpected(StoreError::Forbidden);
    const Timestamp at = fromUnixMs(now());
    if (at - message.createdAt > limits::kEditWindow)
        return Unexpected(StoreError::TooOld);
    message.body = body;
    message.editedAt = at;
    return changed(found);
}

StoreResult<Changed> Writer::recall(const UserId &user, const ConversationId &conversation, Seq seq)
{
    KITH_TRY_VALUE(found, find(user, conversation, seq));
    Message &message = found.message->message;
    const bool rules =
        found.actor.conversation->type != ConversationType::Private && found.actor.member->role != Role::Member;
    if (message.kind == MessageKind::System || (message.sender != user && !rules))
        return Unexpected(StoreError::Forbidden);
    if (!rules && fromUnixMs(now()) - message.createdAt > limits::kRecallWindow)
        return Unexpected(StoreError::TooOld);
    if (message.likes > 0)
        KITH_TRY(m_engine.run("DELETE FROM likes WHERE message = ?1", found.message->row));
    message.recalled = true;
    message.body.clear(); // secure_delete overwrites what the page held
    message.mentions.clear();
    message.file.reset();
    message.editedAt.reset();
    message.likes = 0;
    return changed(found);
}

StoreResult<Changed> Writer::like(const UserId &user, const ConversationId &conversation, Seq seq, bool liked)
{
    KITH_TRY_VALUE(found, find(user, conversation, seq));
    Message &message = found.message->message;
    if (message.kind == MessageKind::System)
        return Unexpected(StoreError::Forbidden);
    const std::int64_t row = found.message->row, who = number(user);
    KITH_TRY_VALUE(there, m_engine.number("SELECT 1 FROM likes WHERE message = ?1 AND user = ?2", row, who));
    if (there.has_value() == liked)
        return Unexpected(liked ? StoreError::AlreadyLiked : StoreError::NotLiked);
    if (liked) {
        KITH_TRY(m_engine.run("INSERT INTO likes (message, user, created_ms) VALUES (?1, ?2, ?3)", row, who, now()));
    } else {
        KITH_TRY(m_engine.run("DELETE FROM likes WHERE message = ?1 AND user = ?2", row, who));
    }
    message.likes += liked ? 1 : -1;
    return changed(found);
}

} // namespace kith::server::embedded
