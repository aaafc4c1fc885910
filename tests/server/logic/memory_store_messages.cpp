// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/server/logic/memory_store.h"

#include "core/base/limits.h"

#include <algorithm>

namespace kith::server::test {

void MemoryStore::append(AppendMessage message, Reply<Appended> reply)
{
    answer<Appended>(std::move(reply), [&]() -> StoreResult<Appended> {
        if (const auto known = m_byCid.find({message.sender, message.cid}); known != m_byCid.end()) {
            if (known->second.message.body != message.body)
                return Unexpected(StoreError::CidConflict);
            Appended again = known->second;
            again.duplicate = true;
            again.opened = false;
            return again;
        }
        Appended out;
        if (message.to) {
            if (!m_users.contains(*message.to))
                return Unexpected(StoreError::NotFound);
            if (m_blocks.contains({*message.to, message.sender}))
                return Unexpected(StoreError::Blocked);
            out.conversation = privateConversation(message.sender, *message.to);
            out.opened = !m_conversations.contains(out.conversation);
            Conversation &opened = m_conversations[out.conversation];
            for (const UserId &user : {message.sender, *message.to})
                opened.members[user] = {user, Role::Member, m_clock.now()};
        } else {
            out.conversation = *message.conversation;
        }
        Conversation *conversation = of(message.sender, out.conversation);
        if (!conversation)
            return Unexpected(StoreError::NotMember);
        Message &stored = conversation->messages.emplace_back();
        stored.seq = Seq(static_cast<std::int64_t>(conversation->messages.size()));
        stored.id = MessageId(std::to_string(m_nextId++));
        stored.cid = message.cid;
        stored.sender = message.sender;
        stored.kind = message.kind;
        stored.body = message.body;
        stored.createdAt = m_clock.now();
        out.rev = conversation->rev = conversation->rev.next();
        conversation->changed[out.rev.value()] = stored.seq;
        out.message = stored;
        out.members = list(*conversation);
        out.senderReadBefore = conversation->cursors[message.sender].readSeq;
        m_byCid[{message.sender, message.cid}] = out;
        out.senderCursors = move(message.sender, out.conversation, stored.seq, true)->receipt;
        return out;
    });
}

StoreResult<Changed> MemoryStore::change(const UserId &user, const ConversationId &id, Seq seq,
                                         const std::function<StoreResult<void>(Conversation &, Message &)> &work)
{
    Conversation *conversation = of(user, id);
    if (!conversation)
        return Unexpected(StoreError::NotMember);
    if (seq.value() > static_cast<std::int64_t>(conversation->messages.size()))
        return Unexpected(StoreError::NotFound);
    Message &message = conversation->messages[static_cast<std::size_t>(seq.value() - 1)];
    if (message.recalled)
        return Unexpected(StoreError::Recalled);
    KITH_TRY(work(*conversation, message));
    conversation->rev = conversation->rev.next();
    conversation->changed[conversation->rev.value()] = seq;
    return Changed{id, conversation->rev, message, list(*conversation)};
}

void MemoryStore::edit(UserId user, ConversationId conversation, Seq seq, std::string body, Reply<Changed> reply)
{
    answer<Changed>(std::move(reply), [&] {
        return change(user, conversation, seq, [&](Conversation &, Message &message) -> StoreResult<void> {
            if (message.sender != user)
                return Unexpected(StoreError::Forbidden);
            if (m_clock.now() - message.createdAt > limits::kEditWindow)
                return Unexpected(StoreError::TooOld);
            message.body = body;
            message.editedAt = m_clock.now();
            return {};
        });
    });
}

void MemoryStore::recall(UserId user, ConversationId conversation, Seq seq, Reply<Changed> reply)
{
    answer<Changed>(std::move(reply), [&] {
        return change(user, conversation, seq, [&](Conversation &, Message &message) -> StoreResult<void> {
            if (message.sender != user)
                return Unexpected(StoreError::Forbidden);
            message.recalled = true;
            message.body.clear();
            return {};
        });
    });
}

void MemoryStore::like(UserId user, ConversationId conversation, Seq seq, bool liked, Reply<Changed> reply)
{
    answer<Changed>(std::move(reply), [&] {
        return change(user, conversation, seq, [&](Conversation &c, Message &message) -> StoreResult<void> {
            auto &likes = c.likes[seq.value()];
            if (liked == likes.contains(user))
                return Unexpected(liked ? StoreError::AlreadyLiked : StoreError::NotLiked);
            if (liked)
                likes.insert(user);
            else
                likes.erase(user);
            message.likes = static_cast<std::int64_t>(likes.size());
            return {};
        });
    });
}

void MemoryStore::page(UserId reader, PageQuery query, Reply<Page> reply)
{
    answer<Page>(std::move(reply), [&]() -> StoreResult<Page> {
        Conversation *conversation = of(reader, query.conversation);
        if (!conversation)
            return Unexpected(StoreError::NotMember);
        Page page{{}, Seq(static_cast<std::int64_t>(conversation->messages.size())), conversation->rev, Seq(1)};
        for (auto it = conversation->messages.rbegin(); it != conversation->messages.rend(); ++it)
            if ((!query.before || it->seq < *query.before) && page.messages.size() < std::size_t(query.limit))
                page.messages.push_back(*it);
        return page;
    });
}

void MemoryStore::changes(UserId reader, ConversationId conversation, Rev since, int limit, Reply<ChangesResult> reply)
{
    answer<ChangesResult>(std::move(reply), [&]() -> StoreResult<ChangesResult> {
        Conversation *found = of(reader, conversation);
        if (!found)
            return Unexpected(StoreError::NotMember);
        ChangesResult result{{}, since, false};
        for (auto it = found->changed.upper_bound(since.value()); it != found->changed.end(); ++it) {
            if (result.messages.size() >= static_cast<std::size_t>(limit)) {
                result.more = true;
                break;
            }
            result.messages.push_back(found->messages[static_cast<std::size_t>(it->second.value() - 1)]);
            result.nextRev = Rev(it->first);
        }
        return result;
    });
}

} // namespace kith::server::test
