// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/impl.h"

#include "core/base/failpoint.h"

#include <algorithm>
#include <limits>

namespace kith::history {
namespace {

struct Bounds {
    std::int64_t head = 0, floor = 1, knownRev = 0, readSeq = 0, keptFrom = 0;
};

Result<Bounds> boundsOf(sql::Database &db, std::int64_t key)
{
    KITH_TRY_VALUE(get, db.cached("SELECT head_seq,floor_seq,known_rev,read_seq,coalesce(below,0) FROM "
                                  "conversations LEFT JOIN forgotten ON conversation=id WHERE id=?"));
    get->bind(1, key);
    KITH_TRY_VALUE(row, get->step());
    return row ? Bounds{get->integer(0), get->integer(1), get->integer(2), get->integer(3), get->integer(4)} : Bounds{};
}

Result<void> moveKnownRev(sql::Database &db, std::int64_t key, Rev rev)
{
    KITH_TRY_VALUE(
        set, db.cached("UPDATE conversations SET known_rev=max(known_rev,?1),head_rev=max(head_rev,?1) WHERE id=?2"));
    return set->bind(1, rev.value()).bind(2, key).run();
}

} // namespace

Result<bool> HistoryStore::applyPage(const PageQuery &query, const Page &given)
{
    KITH_TRY_VALUE(transaction, sql::Transaction::begin(m_impl->db));
    KITH_TRY_VALUE(key, m_impl->key(query.conversation, true));
    KITH_TRY_VALUE(keptFrom, m_impl->keptFrom(key));
    std::optional<Page> rest;
    if (keptFrom > 0) {
        rest = given;
        std::erase_if(rest->messages, [&](const Message &one) { return one.seq.value() < keptFrom; });
    }
    const Page &page = rest ? *rest : given;
    for (auto message = page.messages.rbegin(); message != page.messages.rend(); ++message)
        KITH_TRY(m_impl->verify(key, *message));
    KITH_TRY_VALUE(before, boundsOf(m_impl->db, key));
    const bool overtaken = page.headRev.value() < before.knownRev; // it was read before changes that are here already
    bool lacking = false;
    for (const auto &message : page.messages) {
        if (overtaken) {
            KITH_TRY_VALUE(kept, m_impl->settledRow(key, message.seq));
            if (kept && kept->id == message.id && kept->sender == message.sender)
                continue;
            lacking = true;
        }
        KITH_TRY(m_impl->put(key, message));
    }
    if (lacking) {
        KITH_TRY_VALUE(back, m_impl->db.cached("UPDATE conversations SET known_rev=? WHERE id=?"));
        KITH_TRY(back->bind(1, page.headRev.value()).bind(2, key).run());
    }
    KITH_TRY_VALUE(set, m_impl->db.cached("UPDATE conversations SET head_seq=max(head_seq,?),head_rev=max(head_rev,?),"
                                          "floor_seq=max(1,?) WHERE id=?"));
    KITH_TRY(set->bind(1, page.headSeq.value())
                 .bind(2, page.headRev.value())
                 .bind(3, page.floorSeq.value())
                 .bind(4, key)
                 .run());
    if (!page.messages.empty()) {
        KITH_TRY(m_impl->noteHead(key, page.messages.front(), page.headRev));
        std::int64_t from = page.messages.back().seq.value();
        std::int64_t to = page.messages.front().seq.value();
        if (query.before)
            to = std::min(query.before->value() - 1, page.headSeq.value());
        else if (query.after)
            from = std::min(from, query.after->value() + 1);
        else if (!query.around)
            to = std::max(to, page.headSeq.value());
        from = std::max(from, keptFrom);
        KITH_TRY(m_impl->claim(key, from, to));
        KITH_TRY(m_impl->trust(key, from, to));
    }
    KITH_TRY(m_impl->recountUnread(key));
    KITH_FAILPOINT("history.page.uncommitted");
    KITH_TRY(transaction.commit());
    KITH_FAILPOINT("history.page.committed");
    return lacking;
}

Result<LiveOutcome> HistoryStore::applyLive(const ConversationId &id, const Message &message, Rev rev)
{
    KITH_TRY_VALUE(transaction, sql::Transaction::begin(m_impl->db));
    KITH_TRY_VALUE(key, m_impl->key(id, true));
    KITH_TRY(m_impl->verify(key, message));
    KITH_TRY_VALUE(before, boundsOf(m_impl->db, key));
    KITH_TRY_VALUE(covered, m_impl->rangeOf(key, message.seq.value()));
    // A push that is sent again is the message as it was then; what is here may have been changed since.
    KITH_TRY_VALUE(kept, m_impl->settledRow(key, message.seq));
    const bool again = kept && kept->id == message.id && kept->sender == message.sender;
    Message newest = again ? std::move(*kept) : message;
    if (newest.cid.empty())
        newest.cid = message.cid;
    const std::int64_t seq = message.seq.value();
    KITH_TRY_VALUE(forgotten, m_impl->isForgotten(key, seq));
    if (forgotten && message.sender == m_impl->self && !message.cid.empty()) {
        // It was never here but as unsent, which nobody forgets.
        KITH_TRY_VALUE(job, m_impl->db.cached("SELECT 1 FROM messages WHERE cid=? AND seq IS NULL"));
        job->bind(1, message.cid.str());
        KITH_TRY_VALUE(waits, job->step());
        forgotten = !waits;
    }
    KITH_TRY_VALUE(below, m_impl->rangeOf(key, seq - 1));
    if (!forgotten) {
        KITH_TRY(m_impl->put(key, newest));
        KITH_TRY(m_impl->claim(key, seq, seq));
        KITH_TRY(m_impl->trust(key, seq, seq));
    }
    KITH_TRY(m_impl->noteHead(key, newest, rev));
    const bool counts =
        seq > before.head && message.sender != m_impl->self && !message.recalled && seq > before.readSeq;
    if (counts) {
        KITH_TRY_VALUE(add, m_impl->db.cached("UPDATE conversations SET unread=unread+1 WHERE id=?"));
        KITH_TRY(add->bind(1, key).run());
        KITH_TRY(m_impl->unshelve(key, message.createdAt));
    }
    // Own sends count as read, here as on the server.
    if (message.sender == m_impl->self && message.kind != MessageKind::System)
        KITH_TRY(m_impl->noteReceipt(key, {id, m_impl->self, message.seq, message.seq}));
    LiveOutcome outcome = covered || forgotten ? LiveOutcome::Known : LiveOutcome::Detached;
    if (!covered && !forgotten && (below || seq == before.floor))
        outcome = LiveOutcome::Extended;
    if (rev.value() == before.knownRev + 1) {
        KITH_TRY(moveKnownRev(m_impl->db, key, rev));
    } else if (rev.value() > before.knownRev + 1) {
        outcome = LiveOutcome::Missed;
    }
    KITH_FAILPOINT("history.live.uncommitted");
    KITH_TRY(transaction.commit());
    KITH_FAILPOINT("history.live.committed");
    return outcome;
}

Result<LiveOutcome> HistoryStore::applyChange(const ConversationId &id, const Message &message, Rev rev)
{
    KITH_TRY_VALUE(transaction, sql::Transaction::begin(m_impl->db));
    KITH_TRY_VALUE(key, m_impl->key(id, true));
    KITH_TRY(m_impl->verify(key, message));
    KITH_TRY_VALUE(before, boundsOf(m_impl->db, key));
    if (rev.value() <= before.knownRev)
        return LiveOutcome::Known; // it overtook nothing: `changes` brought it, and perhaps what came after it
    KITH_TRY_VALUE(covered, m_impl->rangeOf(key, message.seq.value()));
    if (covered)
        KITH_TRY(m_impl->putChanged(key, message));
    KITH_TRY_VALUE(
        last, m_impl->db.cached("UPDATE conversations SET last_body=?3,last_recalled=?4 WHERE id=?1 AND last_seq=?2"));
    KITH_TRY(last->bind(1, key)
                 .bind(2, message.seq.value())
                 .bind(3, message.recalled ? std::string_view() : std::string_view(message.body))
                 .bind(4, std::int64_t{message.recalled})
                 .run());
    KITH_TRY(m_impl->recountUnread(key));
    LiveOutcome outcome = LiveOutcome::Known;
    if (rev.value() == before.knownRev + 1) {
        KITH_TRY(moveKnownRev(m_impl->db, key, rev));
    } else if (rev.value() > before.knownRev + 1) {
        outcome = LiveOutcome::Missed;
    }
    KITH_FAILPOINT("history.push_change.uncommitted");
    KITH_TRY(transaction.commit());
    KITH_FAILPOINT("history.push_change.committed");
    return outcome;
}

Result<void> HistoryStore::applyChanges(const ConversationId &id, std::span<const Message> messages, Rev sinceRev,
                                        Rev nextRev, bool complete)
{
    KITH_TRY_VALUE(transaction, sql::Transaction::begin(m_impl->db));
    KITH_TRY_VALUE(key, m_impl->key(id, true));
    KITH_TRY_VALUE(before, boundsOf(m_impl->db, key));
    std::vector<Message> ordered(messages.begin(), messages.end());
    std::sort(ordered.begin(), ordered.end(), [](const auto &a, const auto &b) { return a.seq < b.seq; });
    for (const auto &message : ordered)
        KITH_TRY(m_impl->verify(key, message));
    for (const auto &message : ordered) {
        // An old message in the middle of a hole stays there: its page brings it in its present form. Oldest first, so
        // what follows the newest known one by one touches what was put before it.
        const std::int64_t seq = message.seq.value();
        KITH_TRY_VALUE(forgotten, m_impl->isForgotten(key, seq));
        if (forgotten)
            continue;
        KITH_TRY_VALUE(top, m_impl->topOf(key));
        bool wanted = seq > top;
        for (const auto beside : {seq, seq - 1, seq + 1}) {
            KITH_TRY_VALUE(range, m_impl->rangeOf(key, beside));
            wanted = wanted || range;
        }
        if (!wanted)
            continue;
        KITH_TRY(m_impl->put(key, message));
        KITH_TRY(m_impl->claim(key, message.seq.value(), message.seq.value()));
        KITH_TRY(m_impl->trust(key, message.seq.value(), message.seq.value()));
        KITH_TRY(m_impl->noteHead(key, message, Rev()));
    }
    if (sinceRev.value() <= before.knownRev) {
        KITH_TRY(moveKnownRev(m_impl->db, key, nextRev));
        if (complete)
            KITH_TRY(m_impl->trustAll(key)); // every message above the floor has a rev and was compared
    }
    KITH_TRY(m_impl->recountUnread(key));
    KITH_FAILPOINT("history.changes.uncommitted");
    KITH_TRY(transaction.commit());
    KITH_FAILPOINT("history.changes.committed");
    return {};
}

Result<LocalPage> HistoryStore::page(const PageQuery &query)
{
    LocalPage page;
    KITH_TRY_VALUE(key, m_impl->key(query.conversation, false));
    KITH_TRY_VALUE(bounds, boundsOf(m_impl->db, key));
    if (key == 0 || bounds.head == 0) {
        page.atFloor = page.atHead = true;
        return page;
    }
    const bool upward = query.after.has_value();
    std::int64_t start = query.before   ? std::min(query.before->value() - 1, bounds.head)
                         : query.after  ? query.after->value() + 1
                         : query.around ? std::min(query.around->value(), bounds.head)
                                        : bounds.head;
    const auto neighbour = [&](std::string_view sql, std::int64_t seq) -> Result<std::optional<std::int64_t>> {
        KITH_TRY_VALUE(get, m_impl->db.cached(sql));
        get->bind(1, key).bind(2, seq);
        KITH_TRY_VALUE(row, get->step());
        return row && !get->isNull(0) ? std::optional(get->integer(0)) : std::nullopt;
    };
    if (start > bounds.head) {
        page.atHead = true;
        return page;
    }
    if (start < bounds.floor && !upward) {
        // The server has nothing here any more; what this computer kept of it is still read.
        KITH_TRY_VALUE(
            kept, neighbour("SELECT max(min(to_seq,?2)) FROM ranges WHERE conversation=?1 AND from_seq<=?2", start));
        if (!kept) {
            page.atFloor = true;
            return page;
        }
        start = *kept;
    }
    KITH_TRY_VALUE(range, m_impl->rangeOf(key, start));
    if (!range && start < bounds.floor) { // upward, from below what exists
        start = bounds.floor;
        KITH_TRY_VALUE(first, m_impl->rangeOf(key, start));
        range = first;
    }
    const auto holeBelow = [&](std::int64_t top) -> Result<std::optional<Hole>> {
        if (top < bounds.floor)
            return std::optional<Hole>();
        KITH_TRY_VALUE(end, neighbour("SELECT max(to_seq) FROM ranges WHERE conversation=? AND to_seq<=?", top));
        const std::int64_t bottom = std::max(end ? *end + 1 : bounds.floor, bounds.floor);
        // What was forgotten is a hole of its own: only by name is it asked for.
        return std::optional(Hole{Seq(top >= bounds.keptFrom ? std::max(bottom, bounds.keptFrom) : bottom), Seq(top)});
    };
    const auto holeAbove = [&](std::int64_t bottom) -> Result<std::optional<Hole>> {
        if (bottom > bounds.head)
            return std::optional<Hole>();
        KITH_TRY_VALUE(begin,
                       neighbour("SELECT min(from_seq) FROM ranges WHERE conversation=? AND from_seq>=?", bottom));
        const std::int64_t top = begin ? *begin - 1 : bounds.head;
        return std::optional(
            Hole{Seq(bottom), Seq(bottom < bounds.keptFrom ? std::min(top, bounds.keptFrom - 1) : top)});
    };
    if (!range) {
        KITH_TRY_VALUE(lower, holeBelow(start));
        KITH_TRY_VALUE(upper, holeAbove(start));
        const Hole hole{lower ? lower->from : Seq(start), upper ? upper->to : Seq(start)};
        (upward ? page.newerHole : page.olderHole) = hole;
        return page;
    }
    std::int64_t from = range->from.value(), to = range->to.value();
    if (query.around)
        to = std::min(to, start + (query.limit - 1) / 2);
    else if (!upward)
        to = std::min(to, start);
    else
        from = std::max(from, start);
    KITH_TRY_VALUE(get, m_impl->db.cached(selectMessages(
                            upward ? "WHERE m.conversation=? AND m.seq BETWEEN ? AND ? ORDER BY m.seq LIMIT ?"
                                   : "WHERE m.conversation=? AND m.seq BETWEEN ? AND ? ORDER BY m.seq DESC LIMIT ?")));
    get->bind(1, key).bind(2, from).bind(3, to).bind(4, std::int64_t{query.limit});
    KITH_TRY_VALUE(messages, m_impl->rows(*get));
    if (upward)
        std::reverse(messages.begin(), messages.end());
    page.messages = std::move(messages);
    const std::int64_t lowest = page.messages.empty() ? from : page.messages.back().message.seq.value();
    const std::int64_t highest = page.messages.empty() ? to : page.messages.front().message.seq.value();
    if (lowest <= bounds.floor) {
        KITH_TRY_VALUE(kept, neighbour("SELECT min(from_seq) FROM ranges WHERE conversation=? AND from_seq<?", lowest));
        page.atFloor = !kept;
    }
    page.atHead = highest >= bounds.head;
    if (lowest <= range->from.value()) {
        KITH_TRY_VALUE(hole, holeBelow(lowest - 1));
        page.olderHole = hole;
    }
    if (highest >= range->to.value()) {
        KITH_TRY_VALUE(hole, holeAbove(highest + 1));
        page.newerHole = hole;
    }
    return page;
}

Result<std::optional<StoredMessage>> HistoryStore::message(const ConversationId &id, Seq seq)
{
    KITH_TRY_VALUE(get, m_impl->db.cached(selectMessages("WHERE c.name=? AND m.seq=?")));
    get->bind(1, id.str()).bind(2, seq.value());
    KITH_TRY_VALUE(found, m_impl->rows(*get));
    return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

Result<Coverage> HistoryStore::coverage(const ConversationId &id)
{
    Coverage coverage;
    KITH_TRY_VALUE(key, m_impl->key(id, false));
    KITH_TRY_VALUE(bounds, boundsOf(m_impl->db, key));
    coverage.floorSeq = Seq(bounds.floor);
    coverage.headSeq = Seq(bounds.head);
    coverage.keptFrom = Seq(bounds.keptFrom);
    const auto hole = [&](std::int64_t from, std::int64_t to) {
        if (from < bounds.keptFrom && to >= bounds.keptFrom) {
            coverage.holes.push_back({Seq(from), Seq(bounds.keptFrom - 1)});
            from = bounds.keptFrom;
        }
        coverage.holes.push_back({Seq(from), Seq(to)});
    };
    KITH_TRY_VALUE(get, m_impl->db.cached("SELECT from_seq,to_seq FROM ranges WHERE conversation=? ORDER BY from_seq"));
    get->bind(1, key);
    std::int64_t next = bounds.floor;
    for (;;) {
        KITH_TRY_VALUE(row, get->step());
        if (!row)
            break;
        const Range range{Seq(get->integer(0)), Seq(get->integer(1))};
        if (range.from.value() > next)
            hole(next, range.from.value() - 1);
        coverage.messagesHere += range.to.value() - range.from.value() + 1;
        next = std::max(next, range.to.value() + 1); // what is kept from below the floor opens no hole up to it
        coverage.ranges.push_back(range);
    }
    if (next <= bounds.head)
        hole(next, bounds.head);
    return coverage;
}

Result<Span> HistoryStore::between(const ConversationId &id, const Range &in, std::optional<Timestamp> from,
                                   std::optional<Timestamp> until)
{
    KITH_TRY_VALUE(key, m_impl->key(id, false));
    KITH_TRY_VALUE(get, m_impl->db.cached("SELECT count(*),min(seq),max(seq) FROM messages WHERE conversation=?1 AND "
                                          "seq BETWEEN ?2 AND ?3 AND created_at>=?4 AND created_at<?5"));
    get->bind(1, key)
        .bind(2, in.from.value())
        .bind(3, in.to.value())
        .bind(4, from ? toUnixMs(*from) : std::numeric_limits<std::int64_t>::min())
        .bind(5, until ? toUnixMs(*until) : std::numeric_limits<std::int64_t>::max());
    KITH_TRY_VALUE(row, get->step());
    return row ? Span{get->integer(0), Seq(get->integer(1)), Seq(get->integer(2))} : Span{};
}

Result<std::int64_t> HistoryStore::messageCount()
{
    return m_impl->db.scalar("SELECT count(*) FROM messages WHERE seq IS NOT NULL");
}

} // namespace kith::history
