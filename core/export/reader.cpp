// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/reader.h"

#include "core/export/text.h"

#include <algorithm>

namespace kith::exporting {

using history::HistoryStore;
using history::Hole;
using history::Range;

namespace {

constexpr int kPage = 200;
constexpr std::int64_t kCountAtOnce = 20'000; // some 10 ms

std::int64_t sizeOf(Seq from, Seq to)
{
    return to.value() - from.value() + 1;
}

} // namespace

sql::Result<void> Reader::begin(HistoryStore &store)
{
    KITH_TRY_VALUE(head, store.head(m_conversation));
    m_head = std::move(head);
    m_self = store.self();
    if (!m_head)
        return {};
    KITH_TRY_VALUE(coverage, store.coverage(m_conversation));
    m_coverage = std::move(coverage);
    for (const auto &range : m_coverage.ranges)
        m_uncounted.push_back({range, false});
    for (const auto &hole : m_coverage.holes)
        m_uncounted.push_back({{hole.from, hole.to}, true});
    std::sort(m_uncounted.begin(), m_uncounted.end(),
              [](const Segment &a, const Segment &b) { return a.range.from < b.range.from; });
    if (!m_period.whole())
        return {};
    for (const auto &[range, hole] : m_uncounted)
        (hole ? m_missing : m_total) += sizeOf(range.from, range.to);
    m_segments.swap(m_uncounted);
    return {};
}

sql::Result<std::optional<Timestamp>> Reader::timeOf(HistoryStore &store, Seq seq) const
{
    KITH_TRY_VALUE(message, store.message(m_conversation, seq));
    return message ? std::optional(message->message.createdAt) : std::nullopt;
}

void Reader::keep(const Hole &hole, const std::optional<Timestamp> &below, const std::optional<Timestamp> &above)
{
    // What is in it was sent between its neighbours: it is left out only where that is outside for certain.
    if ((below && m_period.until && *below >= *m_period.until) || (above && m_period.from && *above < *m_period.from))
        return;
    m_segments.push_back({{hole.from, hole.to}, true});
    m_missing += sizeOf(hole.from, hole.to);
}

sql::Result<bool> Reader::count(HistoryStore &store)
{
    if (m_uncounted.empty()) {
        if (const auto hole = std::exchange(m_waiting, std::nullopt))
            keep(*hole, m_below, std::nullopt);
        return true;
    }
    const Segment segment = m_uncounted.front();
    if (segment.hole) {
        m_waiting = Hole{segment.range.from, segment.range.to};
        m_uncounted.pop_front();
        return false;
    }
    const bool first = m_counted < segment.range.from;
    if (first) {
        if (const auto hole = std::exchange(m_waiting, std::nullopt)) {
            KITH_TRY_VALUE(above, timeOf(store, segment.range.from));
            keep(*hole, m_below, above);
        }
        m_counted = segment.range.from.previous();
    }
    const Range part{m_counted.next(), std::min(segment.range.to, Seq(m_counted.value() + kCountAtOnce))};
    KITH_TRY_VALUE(span, store.between(m_conversation, part, m_period.from, m_period.until));
    if (span.messages > 0) {
        m_total += span.messages;
        m_segments.push_back({{span.from, span.to}, false});
    }
    m_counted = part.to;
    if (m_counted < segment.range.to)
        return false;
    KITH_TRY_VALUE(last, timeOf(store, segment.range.to));
    m_below = last;
    m_uncounted.pop_front();
    return false;
}

sql::Result<Piece> Reader::next(HistoryStore &store)
{
    if (m_segments.empty())
        return unsent(store);
    const Segment segment = m_segments.front();
    if (segment.hole) {
        m_segments.pop_front();
        return Piece{Hole{segment.range.from, segment.range.to}, {}, false};
    }
    m_next = std::max(m_next, segment.range.from);
    PageQuery query;
    query.conversation = m_conversation;
    query.after = m_next.previous();
    query.limit = kPage;
    KITH_TRY_VALUE(page, store.page(query));
    std::reverse(page.messages.begin(), page.messages.end());
    Piece piece;
    Seq reached = segment.range.to;
    if (page.messages.empty() || page.messages.front().message.seq > m_next) {
        // It was here when it was counted: a damaged history was repaired meanwhile.
        if (!page.messages.empty())
            reached = std::min(reached, page.messages.front().message.seq.previous());
        else if (page.newerHole)
            reached = std::min(reached, page.newerHole->to);
        piece.hole = Hole{m_next, reached};
    } else {
        reached = std::min(reached, page.messages.back().message.seq);
        for (auto &one : page.messages)
            if (one.message.seq <= reached && m_period.holds(one.message.createdAt))
                piece.entries.push_back({std::move(one), {}});
        KITH_TRY(meet(store, piece.entries));
    }
    m_next = reached.next();
    if (reached >= segment.range.to)
        m_segments.pop_front();
    return piece;
}

sql::Result<Piece> Reader::unsent(HistoryStore &store)
{
    KITH_TRY_VALUE(waiting, store.unsent(m_conversation));
    Piece piece;
    piece.last = true;
    for (auto &one : waiting)
        if (m_period.holds(one.message.createdAt))
            piece.entries.push_back({std::move(one), {}});
    KITH_TRY(meet(store, piece.entries));
    return piece;
}

sql::Result<void> Reader::meet(HistoryStore &store, std::vector<Entry> &entries)
{
    std::vector<UserId> unknown;
    const auto want = [&](const UserId &id) {
        if (!id.empty() && m_people.emplace(id, Person()).second)
            unknown.push_back(id);
    };
    for (auto &entry : entries) {
        const auto &message = entry.stored.message;
        want(message.sender);
        for (const auto &user : message.mentions)
            want(user);
        if (message.kind == MessageKind::System)
            for (const auto &user : systemEvent(message).users)
                want(user);
        if (!message.replyTo)
            continue;
        KITH_TRY_VALUE(source, store.message(m_conversation, *message.replyTo));
        entry.quote = Quote{*message.replyTo, {}};
        if (source) {
            want(source->message.sender);
            entry.quote->message = std::move(source->message);
        }
    }
    if (unknown.empty())
        return {};
    KITH_TRY_VALUE(known, store.users(unknown));
    for (const auto &user : known)
        m_people[user.id] = {user.displayName.empty() ? user.username : user.displayName, user.username};
    return {};
}

} // namespace kith::exporting
