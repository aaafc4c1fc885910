// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/impl.h"

#include <algorithm>

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
        KITH_TRY_VALUE(put, db.cached(
            "UPDATE conversations SET title=?2,avatar=?3,about=?4,members=?5,role=?6,"
            "unread=CASE WHEN read_seq > ?7 THEN unread ELSE ?8 END, read_seq=max(read_seq,?7),"
            "confirmed_read=max(confirmed_read,?7),head_seq=max(head_seq,?9),head_rev=max(head_rev,?10),muted_until=?11,"
            "changed_at=max(changed_at,?12),removed=?13,known_rev=CASE WHEN ?14 THEN ?10 ELSE known_rev END WHERE id=?1"));
        put->bind(1, key).bind(2, head.name).bind(3, head.avatar).bind(4, head.about).bind(5, head.members)
            .bind(6, static_cast<std::int64_t>(head.role)).bind(7, head.readSeq.value()).bind(8, head.unread)
            .bind(9, head.headSeq.value()).bind(10, head.headRev.value()).bind(11, toUnixMs(head.mutedUntil))
            .bind(12, toUnixMs(head.changedAt)).bind(13, std::int64_t{head.removed}).bind(14, std::int64_t{known == 0});
        KITH_TRY(put->run());
        if (head.last)
            KITH_TRY(m_impl->noteHead(key, *head.last, Rev()));
        if (head.peer)
            KITH_TRY(m_impl->noteReceipt(key, {head.conversation, head.peer->user, head.peer->deliveredSeq, head.peer->readSeq}));
        KITH_TRY(m_impl->recountUnread(key));
    }
    return transaction.commit();
}

namespace {

constexpr std::string_view kHeadColumns =
    "SELECT id,name,title,avatar,about,members,role,head_seq,head_rev,known_rev,read_seq,unread,muted_until,changed_at,"
    "removed,draft,last_seq,last_id,last_sender,last_kind,last_body,last_at,last_recalled FROM conversations ";

} // namespace

Result<std::vector<LocalHead>> HistoryStore::heads()
{
    std::vector<ConversationId> ids;
    {
        KITH_TRY_VALUE(get, m_impl->db.cached("SELECT name FROM conversations ORDER BY max(changed_at, last_at) DESC"));
        for (;;) {
            KITH_TRY_VALUE(row, get->step());
            if (!row)
                break;
            ids.emplace_back(get->text(0));
        }
    }
    std::vector<LocalHead> all;
    for (const auto &id : ids) {
        KITH_TRY_VALUE(one, head(id));
        if (one)
            all.push_back(std::move(*one));
    }
    return all;
}

Result<std::optional<LocalHead>> HistoryStore::head(const ConversationId &id)
{
    LocalHead local;
    std::int64_t key = 0;
    {
        KITH_TRY_VALUE(get, m_impl->db.cached(std::string(kHeadColumns) + "WHERE name=?"));
        get->bind(1, id.str());
        KITH_TRY_VALUE(row, get->step());
        if (!row)
            return std::optional<LocalHead>();
        key = get->integer(0);
        Head &head = local.head;
        head.conversation = id;
        head.type = conversationType(id).value_or(ConversationType::Group);
        head.name = get->text(2);
        head.avatar = get->text(3);
        head.about = get->text(4);
        head.members = get->integer(5);
        head.role = static_cast<Role>(get->integer(6));
        head.headSeq = Seq(get->integer(7));
        head.headRev = Rev(get->integer(8));
        local.knownRev = Rev(get->integer(9));
        head.readSeq = Seq(get->integer(10));
        head.unread = get->integer(11);
        head.mutedUntil = fromUnixMs(get->integer(12));
        head.changedAt = fromUnixMs(get->integer(13));
        head.removed = get->integer(14) != 0;
        local.draft = get->text(15);
        if (get->integer(16) > 0) {
            Message last;
            last.seq = Seq(get->integer(16));
            last.id = MessageId(get->text(17));
            last.sender = UserId(get->text(18));
            last.kind = static_cast<MessageKind>(get->integer(19));
            last.body = get->text(20);
            last.createdAt = fromUnixMs(get->integer(21));
            last.recalled = get->integer(22) != 0;
            head.last = std::move(last);
        }
    }
    if (const auto peer = privatePeer(id, m_impl->self)) {
        KITH_TRY_VALUE(get, m_impl->db.cached("SELECT delivered_seq,read_seq FROM receipts WHERE conversation=? AND user=?"));
        get->bind(1, key).bind(2, peer->str());
        KITH_TRY_VALUE(row, get->step());
        local.head.peer = row ? PeerCursors{*peer, Seq(get->integer(0)), Seq(get->integer(1))} : PeerCursors{*peer, {}, {}};
    }
    KITH_TRY_VALUE(waiting, unsent(id));
    local.unsent = static_cast<std::int64_t>(waiting.size());
    local.failed = std::count_if(waiting.begin(), waiting.end(), [](const auto &m) { return m.state == SendState::Failed; });
    if (!waiting.empty())
        local.lastUnsent = waiting.back();
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
    return transaction.commit();
}

Result<void> HistoryStore::Impl::noteReceipt(std::int64_t conversation, const Receipt &receipt)
{
    KITH_TRY_VALUE(put, db.cached("INSERT INTO receipts VALUES(?1,?2,max(?3,?4),?4) ON CONFLICT(conversation,user) "
                                          "DO UPDATE SET delivered_seq=max(delivered_seq,excluded.delivered_seq),"
                                          "read_seq=max(read_seq,excluded.read_seq)"));
    KITH_TRY(put->bind(1, conversation).bind(2, receipt.user.str()).bind(3, receipt.deliveredSeq.value())
                 .bind(4, receipt.readSeq.value()).run());
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
    KITH_TRY_VALUE(get, m_impl->db.cached("SELECT c.name,r.user,r.delivered_seq,r.read_seq FROM conversations c JOIN receipts r "
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
    KITH_TRY(transaction.commit());
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
    KITH_TRY_VALUE(get, m_impl->db.cached("SELECT name,?,read_seq,read_seq FROM conversations WHERE read_seq>confirmed_read"));
    get->bind(1, m_impl->self.str());
    return readReceipts(*get);
}

Result<void> HistoryStore::confirmRead(const ConversationId &id, Seq seq)
{
    KITH_TRY_VALUE(set, m_impl->db.cached("UPDATE conversations SET confirmed_read=max(confirmed_read,?) WHERE name=?"));
    return set->bind(1, seq.value()).bind(2, id.str()).run();
}

Result<std::vector<Receipt>> HistoryStore::unacked()
{
    KITH_TRY_VALUE(get, m_impl->db.cached("SELECT c.name,?,t.top,c.read_seq FROM conversations c JOIN (SELECT conversation,"
                                          "max(to_seq) AS top FROM ranges GROUP BY conversation) t ON t.conversation=c.id "
                                          "WHERE t.top>c.acked_seq AND c.removed=0"));
    get->bind(1, m_impl->self.str());
    return readReceipts(*get);
}

Result<void> HistoryStore::markAcked(std::span<const Receipt> acked)
{
    KITH_TRY_VALUE(transaction, sql::Transaction::begin(m_impl->db));
    for (const auto &receipt : acked) {
        KITH_TRY_VALUE(set, m_impl->db.cached("UPDATE conversations SET acked_seq=max(acked_seq,?) WHERE name=?"));
        KITH_TRY(set->bind(1, receipt.deliveredSeq.value()).bind(2, receipt.conversation.str()).run());
    }
    return transaction.commit();
}

} // namespace kith::history
