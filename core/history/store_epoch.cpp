// SPDX-License-Identifier: GPL-3.0-or-later
// Another data set of the server: messages stay, and what it has no longer moves into a conversation of its own.
#include "core/history/impl.h"

#include <algorithm>
#include <charconv>

namespace kith::history {
namespace {

constexpr std::string_view kGenerationSetting = "history.generation";

/// What of [from, to] a row of `table` covers, in order.
Result<std::vector<std::pair<std::int64_t, std::int64_t>>>
covered(sql::Database &db, std::string_view table, std::int64_t conversation, std::int64_t from, std::int64_t to)
{
    KITH_TRY_VALUE(get, db.cached("SELECT from_seq,to_seq FROM " + std::string(table) +
                                  " WHERE conversation=?1 AND from_seq<=?3 AND to_seq>=?2 ORDER BY from_seq"));
    get->bind(1, conversation).bind(2, from).bind(3, to);
    std::vector<std::pair<std::int64_t, std::int64_t>> all;
    for (;;) {
        KITH_TRY_VALUE(row, get->step());
        if (!row)
            return all;
        all.emplace_back(get->integer(0), get->integer(1));
    }
}

} // namespace

Result<void> subtract(sql::Database &db, std::string_view table, std::int64_t conversation, std::int64_t from,
                      std::int64_t to)
{
    KITH_TRY_VALUE(hit, covered(db, table, conversation, from, to));
    for (const auto &[low, high] : hit) {
        KITH_TRY_VALUE(drop, db.cached("DELETE FROM " + std::string(table) + " WHERE conversation=? AND from_seq=?"));
        KITH_TRY(drop->bind(1, conversation).bind(2, low).run());
        KITH_TRY_VALUE(add, db.cached("INSERT INTO " + std::string(table) + " VALUES(?,?,?)"));
        if (low < from)
            KITH_TRY(add->bind(1, conversation).bind(2, low).bind(3, from - 1).run());
        if (high > to)
            KITH_TRY(add->bind(1, conversation).bind(2, to + 1).bind(3, high).run());
    }
    return {};
}

Result<void> HistoryStore::dropCursors()
{
    auto &db = m_impl->db;
    KITH_TRY_VALUE(transaction, sql::Transaction::begin(db));
    KITH_TRY_VALUE(generation, m_impl->generation());
    KITH_TRY(setSetting(kGenerationSetting, std::to_string(generation + 1)));
    KITH_TRY(db.execute("DELETE FROM suspects;"
                        "INSERT INTO suspects SELECT r.* FROM ranges r JOIN conversations c ON c.id=r.conversation "
                        "WHERE instr(c.name,'#')=0;"
                        "DELETE FROM receipts;"
                        // The numbers are the old data set's: kept, they would hold back what is new under them.
                        "UPDATE forgotten SET below=0 WHERE conversation IN "
                        "(SELECT id FROM conversations WHERE instr(name,'#')=0);"
                        "DELETE FROM forgotten WHERE below=0 AND todo=0;"
                        "UPDATE arrangement SET mention_seq=0;"
                        "UPDATE conversations SET stale=1,known_rev=0,head_rev=0,acked_seq=0 WHERE instr(name,'#')=0"));
    KITH_TRY(transaction.commit());
    m_impl->noSuspects = false;
    return {};
}

Result<std::vector<ConversationId>> HistoryStore::closeEpoch()
{
    // A private conversation comes back with its next message; nobody can bring back a group that nobody is in.
    KITH_TRY_VALUE(close, m_impl->db.cached("UPDATE conversations SET removed=1 WHERE stale=1 AND removed=0 AND "
                                            "head_seq>0 AND name LIKE 'g:%' RETURNING name"));
    std::vector<ConversationId> gone;
    for (;;) {
        KITH_TRY_VALUE(row, close->step());
        if (!row)
            return gone;
        gone.emplace_back(close->text(0));
    }
}

Result<std::int64_t> HistoryStore::Impl::generation()
{
    KITH_TRY_VALUE(get, db.cached("SELECT value FROM settings WHERE name=?"));
    get->bind(1, kGenerationSetting);
    KITH_TRY_VALUE(row, get->step());
    std::int64_t value = 0;
    const std::string text = row ? get->text(0) : std::string();
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

Result<std::int64_t> HistoryStore::generation()
{
    return m_impl->generation();
}

std::vector<ConversationId> HistoryStore::takeMoved()
{
    return std::exchange(m_impl->archives, {});
}

Result<void> HistoryStore::Impl::verify(std::int64_t conversation, const Message &message)
{
    if (noSuspects)
        return {};
    const std::int64_t seq = message.seq.value();
    {
        KITH_TRY_VALUE(get, db.cached("SELECT m.server_id FROM messages m JOIN suspects s ON s.conversation="
                                      "m.conversation AND s.from_seq<=m.seq AND s.to_seq>=m.seq WHERE "
                                      "m.conversation=? AND m.seq=?"));
        get->bind(1, conversation).bind(2, seq);
        KITH_TRY_VALUE(row, get->step());
        if (!row || get->text(0) == message.id.str())
            return {};
    }
    return displace(conversation, seq);
}

Result<void> HistoryStore::Impl::trust(std::int64_t conversation, std::int64_t from, std::int64_t to)
{
    return noSuspects ? Result<void>() : subtract(db, "suspects", conversation, from, to);
}

Result<void> HistoryStore::Impl::trustAll(std::int64_t conversation)
{
    if (noSuspects)
        return {};
    KITH_TRY_VALUE(drop, db.cached("DELETE FROM suspects WHERE conversation=?"));
    return drop->bind(1, conversation).run();
}

/// A restored data set is the beginning of the old one: where one message differs, all later ones do.
Result<void> HistoryStore::Impl::displace(std::int64_t conversation, std::int64_t from)
{
    constexpr std::int64_t kEnd = std::int64_t{1} << 53;
    KITH_TRY_VALUE(spans, covered(db, "suspects", conversation, from, kEnd));
    if (spans.empty())
        return {};
    std::string name;
    {
        KITH_TRY_VALUE(get, db.cached("SELECT name FROM conversations WHERE id=?"));
        get->bind(1, conversation);
        KITH_TRY_VALUE(row, get->step());
        name = row ? get->text(0) : std::string();
    }
    KITH_TRY_VALUE(number, generation());
    KITH_TRY_VALUE(archive, key(archiveName(ConversationId(name), number), true));
    archives.emplace_back(archiveName(ConversationId(name), number));
    for (const auto &[low, high] : spans) {
        const std::int64_t first = std::max(low, from);
        // What the user meant to change is not there to be changed.
        KITH_TRY_VALUE(drop, db.cached("DELETE FROM changes WHERE message IN (SELECT id FROM messages WHERE "
                                       "conversation=?1 AND seq BETWEEN ?2 AND ?3)"));
        KITH_TRY(drop->bind(1, conversation).bind(2, first).bind(3, high).run());
        // Without its cid: the same message, sent again, is a message of the new data set.
        KITH_TRY_VALUE(move, db.cached("UPDATE messages SET conversation=?4,cid='' WHERE conversation=?1 AND seq "
                                       "BETWEEN ?2 AND ?3"));
        KITH_TRY(move->bind(1, conversation).bind(2, first).bind(3, high).bind(4, archive).run());
        KITH_TRY(subtract(db, "suspects", conversation, first, high));
        KITH_TRY(subtract(db, "ranges", conversation, first, high));
        KITH_TRY(claim(archive, first, high));
    }
    KITH_TRY_VALUE(describe,
                   db.cached("UPDATE conversations SET (title,avatar,members,changed_at)=(SELECT title,avatar,"
                             "members,changed_at FROM conversations o WHERE o.id=?2),removed=1,"
                             "floor_seq=(SELECT min(from_seq) FROM ranges WHERE conversation=?1),"
                             "head_seq=(SELECT max(to_seq) FROM ranges WHERE conversation=?1) WHERE id=?1"));
    KITH_TRY(describe->bind(1, archive).bind(2, conversation).run());
    KITH_TRY_VALUE(settle,
                   db.cached("UPDATE conversations SET read_seq=head_seq,confirmed_read=head_seq,acked_seq=head_seq,"
                             "unread=0,(last_seq,last_id,last_sender,last_kind,last_body,last_at,last_recalled)="
                             "(SELECT m.seq,m.server_id,m.sender,m.kind,m.body,m.created_at,m.recalled FROM messages m "
                             "WHERE m.conversation=?1 AND m.seq=head_seq) WHERE id=?1"));
    KITH_TRY(settle->bind(1, archive).run());
    KITH_TRY_VALUE(line, db.cached("UPDATE conversations SET last_seq=0,last_body='',head_seq=CASE WHEN stale=1 THEN "
                                   "min(head_seq,?2-1) ELSE head_seq END WHERE id=?1 AND (last_seq>=?2 OR stale=1)"));
    return line->bind(1, conversation).bind(2, from).run();
}

Result<void> HistoryStore::Impl::adoptHead(std::int64_t conversation, const Head &head)
{
    {
        KITH_TRY_VALUE(get, db.cached("SELECT stale FROM conversations WHERE id=?"));
        get->bind(1, conversation);
        KITH_TRY_VALUE(row, get->step());
        if (!row || get->integer(0) == 0)
            return {};
    }
    KITH_TRY(displace(conversation, head.headSeq.value() + 1));
    if (head.last)
        KITH_TRY(verify(conversation, *head.last));
    KITH_TRY_VALUE(left, covered(db, "suspects", conversation, 0, head.headSeq.value()));
    // With nothing left to compare, what is fetched from now on is fetched in its present form.
    KITH_TRY_VALUE(set, db.cached("UPDATE conversations SET stale=0,head_seq=?2,head_rev=?3,known_rev=?4,floor_seq=1,"
                                  "read_seq=?5,confirmed_read=?5,acked_seq=0,unread=?6,last_seq=0 WHERE id=?1"));
    return set->bind(1, conversation)
        .bind(2, head.headSeq.value())
        .bind(3, head.headRev.value())
        .bind(4, left.empty() ? head.headRev.value() : 0)
        .bind(5, head.readSeq.value())
        .bind(6, head.unread)
        .run();
}

} // namespace kith::history
