// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/impl.h"

#include "core/base/failpoint.h"

#include <algorithm>
#include <unordered_map>

namespace kith::history {

Result<std::int64_t> HistoryStore::Impl::key(const ConversationId &id, bool create)
{
    {
        KITH_TRY_VALUE(get, db.cached("SELECT id FROM conversations WHERE name=?"));
        get->bind(1, id.str());
        KITH_TRY_VALUE(row, get->step());
        if (row)
            return get->integer(0);
    }
    if (!create)
        return std::int64_t{0};
    KITH_TRY_VALUE(put, db.cached("INSERT INTO conversations(name) VALUES(?)"));
    KITH_TRY(put->bind(1, id.str()).run());
    return db.lastInsertId();
}

Result<void> HistoryStore::Impl::recountUnread(std::int64_t conversation)
{
    // Exact where all of (read, head] is here; else what is here, and never more than what the server counted.
    KITH_TRY_VALUE(set, db.cached("UPDATE conversations SET unread = CASE WHEN read_seq >= head_seq THEN 0 ELSE "
                                  "(SELECT count(*) FROM messages m WHERE m.conversation=?1 AND m.seq > read_seq "
                                  "AND m.sender <> ?2 AND m.recalled = 0) END WHERE id=?1 AND (read_seq >= head_seq OR "
                                  "EXISTS(SELECT 1 FROM ranges r WHERE r.conversation=?1 AND r.from_seq <= read_seq+1 "
                                  "AND r.to_seq >= head_seq))"));
    return set->bind(1, conversation).bind(2, self.str()).run();
}

Result<void> HistoryStore::applyHeads(std::span<const Head> heads)
{
    auto &db = m_impl->db;
    KITH_TRY_VALUE(transaction, sql::Transaction::begin(db));
    for (const auto &head : heads) {
        KITH_TRY_VALUE(known, m_impl->key(head.conversation, false));
        KITH_TRY_VALUE(key, m_impl->key(head.conversation, true));
        KITH_TRY(m_impl->adoptHead(key, head));
        if (head.unread > 0) {
            KITH_TRY_VALUE(newer, db.cached("SELECT 1 FROM conversations WHERE id=? AND head_seq<?"));
            newer->bind(1, key).bind(2, head.headSeq.value());
            KITH_TRY_VALUE(grown, newer->step());
            if (grown)
                KITH_TRY(m_impl->unshelve(key, head.changedAt));
        }
        // The head of somebody who is out may say no more than that: what was known of the group stays.
        KITH_TRY_VALUE(put,
                       db.cached("UPDATE conversations SET title=CASE WHEN ?13 AND title<>'' THEN title ELSE ?2 END,"
                                 "avatar=CASE WHEN ?13 AND avatar<>'' THEN avatar ELSE ?3 END,"
                                 "about=CASE WHEN ?13 AND about<>'' THEN about ELSE ?4 END,"
                                 "members=CASE WHEN ?13 AND members>0 THEN members ELSE ?5 END,role=?6,"
                                 "unread=CASE WHEN read_seq > ?7 THEN unread ELSE ?8 END, read_seq=max(read_seq,?7),"
                                 "confirmed_read=max(confirmed_read,?7),head_seq=max(head_seq,?9),head_rev=max(head_"
                                 "rev,?10),muted_until=?11,"
                                 "changed_at=max(changed_at,?12),removed=?13,acked_seq=min(acked_seq,?7),"
                                 "known_rev=CASE WHEN ?14 THEN ?10 ELSE known_rev END WHERE id=?1"));
        // acked_seq: acks have no answer and may have been lost, together with the process that sent them. What the
        // server does not show as read is acknowledged once more.
        put->bind(1, key)
            .bind(2, head.name)
            .bind(3, head.avatar)
            .bind(4, head.about)
            .bind(5, head.members)
            .bind(6, static_cast<std::int64_t>(head.role))
            .bind(7, head.readSeq.value())
            .bind(8, head.unread)
            .bind(9, head.headSeq.value())
            .bind(10, head.headRev.value())
            .bind(11, toUnixMs(head.mutedUntil))
            .bind(12, toUnixMs(head.changedAt))
            .bind(13, std::int64_t{head.removed})
            .bind(14, std::int64_t{known == 0});
        KITH_TRY(put->run());
        KITH_TRY(m_impl->avatarOfPeer(head));
        if (head.last)
            KITH_TRY(m_impl->noteHead(key, *head.last, Rev()));
        if (head.peer)
            KITH_TRY(m_impl->noteReceipt(
                key, {head.conversation, head.peer->user, head.peer->deliveredSeq, head.peer->readSeq}));
        KITH_TRY(m_impl->recountUnread(key));
    }
    KITH_FAILPOINT("history.heads.uncommitted");
    KITH_TRY(transaction.commit());
    KITH_FAILPOINT("history.heads.committed");
    return {};
}

namespace {

constexpr std::string_view kHeadColumns =
    "SELECT id,name,title,avatar,about,members,role,head_seq,head_rev,known_rev,read_seq,unread,muted_until,changed_at,"
    "removed,draft,last_seq,last_id,last_sender,last_kind,last_body,last_at,last_recalled,coalesce(pinned_at,0),"
    "coalesce(shelved,0),coalesce(marked_unread,0),coalesce(mention_seq,0),coalesce(below,0) FROM conversations LEFT "
    "JOIN "
    "arrangement a ON a.conversation=id LEFT JOIN forgotten f ON f.conversation=id ";

/// Rows of kHeadColumns, without peers and outbox; the conversations' keys beside them.
Result<std::vector<std::pair<std::int64_t, LocalHead>>> readHeads(sql::Statement &s)
{
    std::vector<std::pair<std::int64_t, LocalHead>> all;
    for (;;) {
        KITH_TRY_VALUE(row, s.step());
        if (!row)
            return all;
        auto &[key, local] = all.emplace_back();
        key = s.integer(0);
        Head &head = local.head;
        head.conversation = ConversationId(s.text(1));
        local.archive = isArchive(head.conversation);
        head.type = conversationType(archivedFrom(head.conversation)).value_or(ConversationType::Group);
        head.name = s.text(2);
        head.avatar = s.text(3);
        head.about = s.text(4);
        head.members = s.integer(5);
        head.role = static_cast<Role>(s.integer(6));
        head.headSeq = Seq(s.integer(7));
        head.headRev = Rev(s.integer(8));
        local.knownRev = Rev(s.integer(9));
        head.readSeq = Seq(s.integer(10));
        head.unread = s.integer(11);
        head.mutedUntil = fromUnixMs(s.integer(12));
        head.changedAt = fromUnixMs(s.integer(13));
        head.removed = s.integer(14) != 0;
        local.draft = s.text(15);
        if (s.integer(16) > 0) {
            Message last;
            last.seq = Seq(s.integer(16));
            last.id = MessageId(s.text(17));
            last.sender = UserId(s.text(18));
            last.kind = static_cast<MessageKind>(s.integer(19));
            last.body = s.text(20);
            last.createdAt = fromUnixMs(s.integer(21));
            last.recalled = s.integer(22) != 0;
            head.last = std::move(last);
        }
        local.pinnedAt = fromUnixMs(s.integer(23));
        local.shelved = s.integer(24) != 0;
        local.markedUnread = s.integer(25) != 0;
        local.mentioned = Seq(s.integer(26)) > head.readSeq;
        local.keptFrom = Seq(s.integer(27));
    }
}

void noteUnsent(LocalHead &local, StoredMessage &&message)
{
    ++local.unsent;
    local.failed += message.state == SendState::Failed ? 1 : 0;
    local.lastUnsent = std::move(message);
}

} // namespace

Result<void> HistoryStore::Impl::fillPeer(std::int64_t conversation, Head &head)
{
    const auto peer = privatePeer(head.conversation, self);
    if (!peer)
        return {};
    KITH_TRY_VALUE(get, db.cached("SELECT delivered_seq,read_seq FROM receipts WHERE conversation=? AND user=?"));
    get->bind(1, conversation).bind(2, peer->str());
    KITH_TRY_VALUE(row, get->step());
    head.peer = row ? PeerCursors{*peer, Seq(get->integer(0)), Seq(get->integer(1))} : PeerCursors{*peer, {}, {}};
    return {};
}

Result<std::vector<LocalHead>> HistoryStore::heads()
{
    KITH_TRY_VALUE(get, m_impl->db.cached(std::string(kHeadColumns) + "ORDER BY max(changed_at, last_at) DESC"));
    KITH_TRY_VALUE(rows, readHeads(*get));
    KITH_TRY_VALUE(outbox, m_impl->db.cached(selectUnsent("ORDER BY m.id")));
    KITH_TRY_VALUE(waiting, m_impl->rows(*outbox));
    std::unordered_map<ConversationId, LocalHead *> byId;
    std::vector<LocalHead> all;
    all.reserve(rows.size());
    for (auto &[key, local] : rows) {
        KITH_TRY(m_impl->fillPeer(key, local.head));
        KITH_TRY(m_impl->overlayLast(key, local.head));
        all.push_back(std::move(local));
    }
    if (!waiting.empty())
        for (auto &local : all)
            byId.emplace(local.head.conversation, &local);
    for (auto &message : waiting)
        if (const auto found = byId.find(message.conversation); found != byId.end())
            noteUnsent(*found->second, std::move(message));
    return all;
}

Result<std::optional<LocalHead>> HistoryStore::head(const ConversationId &id)
{
    KITH_TRY_VALUE(get, m_impl->db.cached(std::string(kHeadColumns) + "WHERE name=?"));
    get->bind(1, id.str());
    KITH_TRY_VALUE(found, readHeads(*get));
    if (found.empty())
        return std::optional<LocalHead>();
    auto &[key, local] = found.front();
    KITH_TRY(m_impl->fillPeer(key, local.head));
    KITH_TRY(m_impl->overlayLast(key, local.head));
    KITH_TRY_VALUE(waiting, unsent(id));
    for (auto &message : waiting)
        noteUnsent(local, std::move(message));
    return std::optional(std::move(local));
}

Result<void> HistoryStore::markRemoved(const ConversationId &id)
{
    KITH_TRY_VALUE(set, m_impl->db.cached("UPDATE conversations SET removed=1 WHERE name=?"));
    return set->bind(1, id.str()).run();
}

Result<void> HistoryStore::applyReceipt(const Receipt &receipt)
{
    KITH_TRY_VALUE(transaction, sql::Transaction::begin(m_impl->db));
    KITH_TRY_VALUE(key, m_impl->key(receipt.conversation, true));
    KITH_TRY(m_impl->noteReceipt(key, receipt));
    KITH_FAILPOINT("history.receipt.uncommitted");
    KITH_TRY(transaction.commit());
    KITH_FAILPOINT("history.receipt.committed");
    return {};
}

Result<void> HistoryStore::Impl::noteReceipt(std::int64_t conversation, const Receipt &receipt)
{
    KITH_TRY_VALUE(put, db.cached("INSERT INTO receipts VALUES(?1,?2,max(?3,?4),?4) ON CONFLICT(conversation,user) "
                                  "DO UPDATE SET delivered_seq=max(delivered_seq,excluded.delivered_seq),"
                                  "read_seq=max(read_seq,excluded.read_seq)"));
    KITH_TRY(put->bind(1, conversation)
                 .bind(2, receipt.user.str())
                 .bind(3, receipt.deliveredSeq.value())
                 .bind(4, receipt.readSeq.value())
                 .run());
    if (self.empty() || receipt.user != self)
        return {};
    // Read on another device, perhaps messages that are not here yet.
    KITH_TRY(moveReadTo(conversation, receipt.readSeq));
    KITH_TRY_VALUE(confirm, db.cached("UPDATE conversations SET confirmed_read=max(confirmed_read,?) WHERE id=?"));
    return confirm->bindAll(receipt.readSeq.value(), conversation).run();
}

namespace {

Result<std::vector<Receipt>> readReceipts(sql::Statement &statement)
{
    std::vector<Receipt> all;
    for (;;) {
        KITH_TRY_VALUE(row, statement.step());
        if (!row)
            return all;
        all.push_back({ConversationId(statement.text(0)), UserId(statement.text(1)), Seq(statement.integer(2)),
                       Seq(statement.integer(3))});
    }
}

} // namespace

Result<std::vector<Receipt>> HistoryStore::receipts(const ConversationId &id)
{
    KITH_TRY_VALUE(
        get, m_impl->db.cached("SELECT c.name,r.user,r.delivered_seq,r.read_seq FROM conversations c JOIN receipts r "
                               "ON r.conversation=c.id WHERE c.name=?"));
    get->bind(1, id.str());
    return readReceipts(*get);
}

Result<bool> HistoryStore::moveRead(const ConversationId &id, Seq seq)
{
    KITH_TRY_VALUE(transaction, sql::Transaction::begin(m_impl->db));
    KITH_TRY_VALUE(key, m_impl->key(id, false));
    // Nobody reads here what is not here: the head bounds the cursor.
    Seq newest;
    {
        KITH_TRY_VALUE(head, m_impl->db.cached("SELECT head_seq FROM conversations WHERE id=?"));
        head->bind(1, key);
        KITH_TRY_VALUE(row, head->step());
        newest = Seq(row ? head->integer(0) : 0);
    }
    KITH_TRY_VALUE(moved, m_impl->moveReadTo(key, std::min(seq, newest)));
    KITH_FAILPOINT("history.read.uncommitted");
    KITH_TRY(transaction.commit());
    KITH_FAILPOINT("history.read.committed");
    return moved;
}

Result<bool> HistoryStore::Impl::moveReadTo(std::int64_t conversation, Seq seq)
{
    KITH_TRY_VALUE(move, db.cached("UPDATE conversations SET unread=max(0, unread-(SELECT count(*) FROM messages m "
                                   "WHERE m.conversation=?1 AND m.seq>read_seq AND m.seq<=?2 AND m.sender<>?3 AND "
                                   "m.recalled=0)), read_seq=?2 WHERE id=?1 AND read_seq<?2"));
    KITH_TRY(move->bind(1, conversation).bind(2, seq.value()).bind(3, self.str()).run());
    const bool moved = db.changes() > 0;
    KITH_TRY(recountUnread(conversation));
    return moved;
}

Result<std::vector<Receipt>> HistoryStore::unconfirmedReads()
{
    KITH_TRY_VALUE(get,
                   m_impl->db.cached("SELECT name,?,read_seq,read_seq FROM conversations WHERE read_seq>confirmed_read "
                                     "AND stale=0 AND removed=0"));
    get->bind(1, m_impl->self.str());
    return readReceipts(*get);
}

Result<void> HistoryStore::confirmRead(const ConversationId &id, Seq seq)
{
    KITH_TRY_VALUE(set,
                   m_impl->db.cached("UPDATE conversations SET confirmed_read=max(confirmed_read,?) WHERE name=?"));
    return set->bind(1, seq.value()).bind(2, id.str()).run();
}

Result<std::vector<Receipt>> HistoryStore::unacked()
{
    KITH_TRY_VALUE(get,
                   m_impl->db.cached("SELECT c.name,?,t.top,c.read_seq FROM conversations c JOIN (SELECT conversation,"
                                     "max(to_seq) AS top FROM (SELECT conversation,to_seq FROM ranges UNION ALL SELECT "
                                     "conversation,below-1 FROM forgotten) GROUP BY conversation) t ON "
                                     "t.conversation=c.id "
                                     "WHERE t.top>c.acked_seq AND c.removed=0 AND c.stale=0 AND NOT EXISTS "
                                     "(SELECT 1 FROM suspects s WHERE s.conversation=c.id)"));
    get->bind(1, m_impl->self.str());
    return readReceipts(*get);
}

Result<void> HistoryStore::forgetAcks()
{
    return m_impl->db.execute("UPDATE conversations SET acked_seq=read_seq WHERE acked_seq>read_seq");
}

Result<void> HistoryStore::forgetAck(const ConversationId &id)
{
    KITH_TRY_VALUE(set, m_impl->db.cached("UPDATE conversations SET acked_seq=read_seq WHERE acked_seq>read_seq AND "
                                          "name=?"));
    return set->bind(1, id.str()).run();
}

Result<void> HistoryStore::markAcked(std::span<const Receipt> acked)
{
    KITH_TRY_VALUE(transaction, sql::Transaction::begin(m_impl->db));
    for (const auto &receipt : acked) {
        KITH_TRY_VALUE(set, m_impl->db.cached("UPDATE conversations SET acked_seq=max(acked_seq,?) WHERE name=?"));
        KITH_TRY(set->bind(1, receipt.deliveredSeq.value()).bind(2, receipt.conversation.str()).run());
    }
    KITH_FAILPOINT("history.acked.uncommitted");
    KITH_TRY(transaction.commit());
    KITH_FAILPOINT("history.acked.committed");
    return {};
}

} // namespace kith::history
