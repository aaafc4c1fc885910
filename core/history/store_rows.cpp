// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/impl.h"

#include <sstream>

namespace kith::history {

std::string selectMessages(std::string_view where)
{
    return "SELECT " + std::string(kMessageColumns) + " FROM messages m JOIN conversations c ON c.id=m.conversation " +
           std::string(where);
}

std::string selectUnsent(std::string_view where)
{
    return "SELECT " + std::string(kMessageColumns) +
           " FROM messages m INDEXED BY messages_unsent JOIN conversations c ON c.id=m.conversation WHERE m.state>0 " +
           std::string(where);
}

Result<std::vector<StoredMessage>> HistoryStore::Impl::rows(sql::Statement &s)
{
    KITH_TRY_VALUE(found, bareRows(s));
    KITH_TRY(overlay(found));
    return found;
}

Result<std::vector<StoredMessage>> HistoryStore::Impl::bareRows(sql::Statement &s)
{
    std::vector<StoredMessage> all;
    for (;;) {
        KITH_TRY_VALUE(row, s.step());
        if (!row)
            return all;
        StoredMessage stored;
        stored.localId = s.integer(0);
        stored.conversation = ConversationId(s.text(1));
        Message &m = stored.message;
        m.seq = Seq(s.integer(2));
        m.id = MessageId(s.text(3));
        m.cid = ClientMessageId(s.text(4));
        m.sender = UserId(s.text(5));
        m.kind = static_cast<MessageKind>(s.integer(6));
        m.body = s.text(7);
        if (!s.isNull(8))
            m.replyTo = Seq(s.integer(8));
        std::istringstream mentions(s.text(9));
        for (std::string one; mentions >> one;)
            m.mentions.emplace_back(one);
        if (!s.isNull(10))
            m.file = FileId(s.text(10));
        m.createdAt = fromUnixMs(s.integer(11));
        if (!s.isNull(12))
            m.editedAt = fromUnixMs(s.integer(12));
        m.recalled = s.integer(13) != 0;
        m.likes = s.integer(14);
        m.liked = s.integer(15) != 0;
        stored.state = static_cast<SendState>(s.integer(16));
        stored.failure = s.text(17);
        all.push_back(std::move(stored));
    }
}

Result<std::optional<Message>> HistoryStore::Impl::settledRow(std::int64_t conversation, Seq seq)
{
    KITH_TRY_VALUE(get, db.cached(selectMessages("WHERE m.conversation=? AND m.seq=?")));
    get->bind(1, conversation).bind(2, seq.value());
    KITH_TRY_VALUE(found, bareRows(*get));
    return found.empty() ? std::nullopt : std::optional(std::move(found.front().message));
}

Result<bool> HistoryStore::Impl::put(std::int64_t conversation, const Message &message)
{
    std::int64_t id = 0;
    std::string oldBody;
    bool settled = false;
    // A cid names an own message and nothing else, whoever claims it.
    const std::string cid = message.sender == self ? message.cid.str() : std::string();
    {
        KITH_TRY_VALUE(get, db.cached("SELECT id,body,seq FROM messages WHERE conversation=? AND seq=? UNION ALL "
                                      "SELECT id,body,seq FROM messages WHERE cid<>'' AND cid=? AND sender=? LIMIT 1"));
        get->bind(1, conversation).bind(2, message.seq.value()).bind(3, cid).bind(4, message.sender.str());
        KITH_TRY_VALUE(row, get->step());
        if (row) {
            id = get->integer(0);
            oldBody = get->text(1);
            settled = !get->isNull(2);
        }
    }
    if (settled && !cid.empty()) {
        // Settled under its seq before the outbox heard of it: the job is done, and a cid is there once.
        KITH_TRY_VALUE(move, db.cached("UPDATE changes SET message=?2 WHERE message IN (SELECT id FROM messages WHERE "
                                       "cid<>'' AND cid=?1 AND id<>?2 AND seq IS NULL)"));
        KITH_TRY(move->bindAll(cid, id).run());
        KITH_TRY_VALUE(drop, db.cached("DELETE FROM messages WHERE cid<>'' AND cid=? AND id<>? AND seq IS NULL"));
        KITH_TRY(drop->bindAll(cid, id).run());
    }
    std::string mentions;
    for (const auto &user : message.mentions)
        mentions += user.str() + ' ';
    const auto optionalSeq = message.replyTo ? std::optional(message.replyTo->value()) : std::nullopt;
    const auto optionalFile = message.file ? std::optional(message.file->str()) : std::nullopt;
    const auto optionalEdit = message.editedAt ? std::optional(toUnixMs(*message.editedAt)) : std::nullopt;
    const std::string &body = message.recalled ? std::string() : message.body;
    KITH_TRY_VALUE(
        write,
        db.cached(
            id == 0
                ? "INSERT INTO "
                  "messages(conversation,seq,server_id,cid,sender,kind,body,reply_to,mentions,file,created_at,"
                  "edited_at,recalled,likes,liked,state) VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,0)"
                : "UPDATE messages SET conversation=?1,seq=?2,server_id=?3,cid=CASE WHEN ?4='' THEN cid ELSE ?4 "
                  "END,sender=?5,"
                  "kind=?6,body=?7,reply_to=?8,mentions=?9,file=?10,created_at=?11,edited_at=?12,recalled=?13,likes=?"
                  "14,"
                  "liked=?15,state=0,failure='' WHERE id=?16"));
    write->bind(1, conversation)
        .bind(2, message.seq.value())
        .bind(3, message.id.str())
        .bind(4, cid)
        .bind(5, message.sender.str())
        .bind(6, static_cast<std::int64_t>(message.kind))
        .bind(7, body)
        .bind(8, optionalSeq)
        .bind(9, mentions)
        .bind(10, optionalFile)
        .bind(11, toUnixMs(message.createdAt))
        .bind(12, optionalEdit)
        .bind(13, std::int64_t{message.recalled})
        .bind(14, message.likes)
        .bind(15, std::int64_t{message.liked});
    if (id != 0)
        write->bind(16, id);
    KITH_TRY(write->run());
    const std::int64_t row = id == 0 ? db.lastInsertId() : id;
    KITH_TRY(noteMention(conversation, message));
    if (settled && oldBody == body)
        return false;
    // External content: the index forgets only what it is told word for word. Unsent messages are not indexed.
    if (settled && !oldBody.empty()) {
        KITH_TRY_VALUE(drop, db.cached("INSERT INTO messages_fts(messages_fts,rowid,body) VALUES('delete',?,?)"));
        KITH_TRY(drop->bind(1, row).bind(2, oldBody).run());
    }
    if (!body.empty()) {
        KITH_TRY_VALUE(add, db.cached("INSERT INTO messages_fts(rowid,body) VALUES(?,?)"));
        KITH_TRY(add->bind(1, row).bind(2, body).run());
    }
    return !settled;
}

Result<bool> HistoryStore::Impl::putChanged(std::int64_t conversation, Message message)
{
    if (!message.liked && message.likes > 0) {
        KITH_TRY_VALUE(get, db.cached("SELECT liked FROM messages WHERE conversation=? AND seq=?"));
        get->bind(1, conversation).bind(2, message.seq.value());
        KITH_TRY_VALUE(row, get->step());
        message.liked = row && get->integer(0) != 0;
    }
    return put(conversation, message);
}

Result<std::int64_t> HistoryStore::Impl::topOf(std::int64_t conversation)
{
    KITH_TRY_VALUE(get, db.cached("SELECT to_seq FROM ranges WHERE conversation=? ORDER BY from_seq DESC LIMIT 1"));
    get->bind(1, conversation);
    KITH_TRY_VALUE(row, get->step());
    return row ? get->integer(0) : std::int64_t{0};
}

Result<void> HistoryStore::Impl::claim(std::int64_t conversation, std::int64_t from, std::int64_t to)
{
    if (from > to)
        return {};
    {
        KITH_TRY_VALUE(
            get, db.cached("SELECT min(from_seq),max(to_seq) FROM ranges WHERE conversation=?1 AND from_seq<=?3+1 "
                           "AND to_seq>=?2-1"));
        get->bind(1, conversation).bind(2, from).bind(3, to);
        KITH_TRY_VALUE(row, get->step());
        if (row && !get->isNull(0)) {
            from = std::min(from, get->integer(0));
            to = std::max(to, get->integer(1));
        }
    }
    KITH_TRY_VALUE(drop, db.cached("DELETE FROM ranges WHERE conversation=?1 AND from_seq>=?2 AND to_seq<=?3"));
    KITH_TRY(drop->bind(1, conversation).bind(2, from).bind(3, to).run());
    KITH_TRY_VALUE(add, db.cached("INSERT INTO ranges VALUES(?,?,?)"));
    return add->bind(1, conversation).bind(2, from).bind(3, to).run();
}

Result<std::optional<Range>> HistoryStore::Impl::rangeOf(std::int64_t conversation, std::int64_t seq)
{
    KITH_TRY_VALUE(get, db.cached("SELECT from_seq,to_seq FROM ranges WHERE conversation=?1 AND from_seq<=?2 "
                                  "ORDER BY from_seq DESC LIMIT 1"));
    get->bind(1, conversation).bind(2, seq);
    KITH_TRY_VALUE(row, get->step());
    if (!row || get->integer(1) < seq)
        return std::optional<Range>();
    return std::optional(Range{Seq(get->integer(0)), Seq(get->integer(1))});
}

Result<void> HistoryStore::Impl::noteHead(std::int64_t conversation, const Message &m, Rev rev)
{
    KITH_TRY_VALUE(forgotten, isForgotten(conversation, m.seq.value()));
    if (forgotten) { // its words do not come back as the line of a list
        KITH_TRY_VALUE(note, db.cached("UPDATE conversations SET head_seq=max(head_seq,?2),head_rev=max(head_rev,?3),"
                                       "last_at=CASE WHEN last_seq<=?2 THEN max(last_at,?4) ELSE last_at END "
                                       "WHERE id=?1"));
        return note->bindAll(conversation, m.seq.value(), rev.value(), toUnixMs(m.createdAt)).run();
    }
    KITH_TRY_VALUE(set,
                   db.cached("UPDATE conversations SET last_seq=?2,last_id=?3,last_sender=?4,last_kind=?5,last_body=?6,"
                             "last_at=?7,last_recalled=?8,head_seq=max(head_seq,?2) WHERE id=?1 AND last_seq<=?2"));
    KITH_TRY(set->bind(1, conversation)
                 .bind(2, m.seq.value())
                 .bind(3, m.id.str())
                 .bind(4, m.sender.str())
                 .bind(5, static_cast<std::int64_t>(m.kind))
                 .bind(6, m.recalled ? std::string_view() : std::string_view(m.body))
                 .bind(7, toUnixMs(m.createdAt))
                 .bind(8, std::int64_t{m.recalled})
                 .run());
    KITH_TRY_VALUE(bump, db.cached("UPDATE conversations SET head_rev=max(head_rev,?) WHERE id=?"));
    return bump->bind(1, rev.value()).bind(2, conversation).run();
}

} // namespace kith::history
