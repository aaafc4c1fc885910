// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/impl.h"

#include "core/base/failpoint.h"
#include "core/sql/cjk_tokenizer.h"

namespace kith::history {

Result<std::vector<StoredMessage>> HistoryStore::unsent(const ConversationId &id)
{
    KITH_TRY_VALUE(key, m_impl->key(id, false));
    KITH_TRY_VALUE(get, m_impl->db.cached(selectUnsent("AND m.conversation=? ORDER BY m.id")));
    get->bind(1, key);
    return m_impl->rows(*get);
}

Result<StoredMessage> HistoryStore::enqueue(const ConversationId &id, MessageKind kind, std::string_view body,
                                            std::optional<Seq> replyTo, std::span<const UserId> mentions,
                                            const ClientMessageId &cid, Timestamp now)
{
    KITH_TRY_VALUE(transaction, sql::Transaction::begin(m_impl->db));
    KITH_TRY_VALUE(key, m_impl->key(id, true));
    std::string spelled;
    for (const auto &user : mentions)
        spelled += user.str() + ' ';
    KITH_TRY_VALUE(
        put, m_impl->db.cached("INSERT INTO messages(conversation,server_id,cid,sender,kind,body,reply_to,mentions,"
                               "created_at,recalled,likes,liked,state) VALUES(?,'',?,?,?,?,?,?,?,0,0,0,1)"));
    put->bind(1, key)
        .bind(2, cid.str())
        .bind(3, m_impl->self.str())
        .bind(4, static_cast<std::int64_t>(kind))
        .bind(5, body)
        .bind(6, replyTo ? std::optional(replyTo->value()) : std::nullopt)
        .bind(7, spelled)
        .bind(8, toUnixMs(now));
    KITH_TRY(put->run());
    const auto localId = m_impl->db.lastInsertId();
    KITH_TRY_VALUE(get, m_impl->db.cached(selectMessages("WHERE m.id=?")));
    get->bind(1, localId);
    KITH_TRY_VALUE(found, m_impl->rows(*get));
    KITH_FAILPOINT("history.queue.uncommitted");
    KITH_TRY(transaction.commit());
    KITH_FAILPOINT("history.queue.committed");
    return found.front();
}

Result<std::vector<OutboxItem>> HistoryStore::dueJobs(int limit)
{
    KITH_TRY_VALUE(get, m_impl->db.cached(selectUnsent("AND m.state=1 ORDER BY m.id LIMIT ?")));
    get->bind(1, std::int64_t{limit});
    KITH_TRY_VALUE(found, m_impl->bareRows(*get));
    std::vector<OutboxItem> items;
    for (auto &one : found)
        items.push_back({one.localId, one.conversation, one.message.cid, one.message.kind, std::move(one.message.body),
                         one.message.replyTo, std::move(one.message.mentions)});
    return items;
}

Result<std::vector<OutboxItem>> HistoryStore::jobs(const ConversationId &id)
{
    KITH_TRY_VALUE(key, m_impl->key(id, false));
    KITH_TRY_VALUE(get, m_impl->db.cached(selectUnsent("AND m.conversation=? AND m.state=1 ORDER BY m.id")));
    get->bind(1, key);
    KITH_TRY_VALUE(found, m_impl->bareRows(*get));
    std::vector<OutboxItem> items;
    for (auto &one : found)
        items.push_back({one.localId, one.conversation, one.message.cid, one.message.kind, std::move(one.message.body),
                         one.message.replyTo, std::move(one.message.mentions)});
    return items;
}

Result<StoredMessage> HistoryStore::accept(const ClientMessageId &cid, const ConversationId &conversation, Seq seq,
                                           Rev rev, const MessageId &id, Timestamp createdAt)
{
    const auto byCid = [&]() -> Result<std::vector<StoredMessage>> {
        KITH_TRY_VALUE(get, m_impl->db.cached(selectMessages("WHERE m.cid=?1 AND m.cid<>''")));
        get->bind(1, cid.str());
        return m_impl->bareRows(*get); // what was sent, without what was changed since
    };
    KITH_TRY_VALUE(found, byCid());
    if (found.empty())
        return Unexpected(sql::SqlError{sql::SqlErrorCode::Misuse, "no message with that cid", 0});
    if (found.front().message.seq)
        return found.front(); // its push came first
    Message message = found.front().message;
    message.seq = seq;
    message.id = id;
    message.createdAt = createdAt;
    KITH_TRY(applyLive(conversation, message, rev));
    KITH_TRY_VALUE(settled, byCid());
    KITH_TRY(m_impl->overlay(settled));
    return settled.front();
}

Result<void> HistoryStore::fail(const ClientMessageId &cid, std::string_view errorCode)
{
    KITH_TRY_VALUE(set, m_impl->db.cached("UPDATE messages SET state=2,failure=? WHERE cid=? AND cid<>'' AND state=1"));
    return set->bind(1, errorCode).bind(2, cid.str()).run();
}

Result<void> HistoryStore::retry(const ClientMessageId &cid)
{
    KITH_TRY_VALUE(set,
                   m_impl->db.cached("UPDATE messages SET state=1,failure='' WHERE cid=? AND cid<>'' AND state=2"));
    return set->bind(1, cid.str()).run();
}

Result<void> HistoryStore::discard(const ClientMessageId &cid)
{
    KITH_TRY_VALUE(transaction, sql::Transaction::begin(m_impl->db));
    KITH_TRY_VALUE(changes, m_impl->db.cached("DELETE FROM changes WHERE message IN (SELECT id FROM messages WHERE "
                                              "cid=? AND cid<>'' AND seq IS NULL)"));
    KITH_TRY(changes->bind(1, cid.str()).run());
    KITH_TRY_VALUE(drop, m_impl->db.cached("DELETE FROM messages WHERE cid=? AND cid<>'' AND seq IS NULL"));
    KITH_TRY(drop->bind(1, cid.str()).run());
    return transaction.commit();
}

} // namespace kith::history
