// SPDX-License-Identifier: GPL-3.0-or-later
// Pages and changes of one conversation.
#include "core/base/limits.h"
#include "server/store/embedded/reader.h"
#include "server/store/embedded/rows.h"

#include <algorithm>

namespace kith::server::embedded {

StoreResult<Reader::Place> Reader::place(const UserId &reader, const ConversationId &conversation)
{
    KITH_TRY_VALUE(found, m_engine.one(
                              "SELECT id, head_seq, head_rev FROM conversations WHERE wire = ?1",
                              [](const sql::Statement &row) {
                                  return Place{row.integer(0), Seq(row.integer(1)), Rev(row.integer(2))};
                              },
                              conversation.str()));
    if (!found)
        return Unexpected(StoreError::NotFound);
    KITH_TRY_VALUE(inside,
                   m_engine.number("SELECT 1 FROM members WHERE conversation = ?1 AND user = ?2 AND removed = 0",
                                   found->key, number(reader)));
    if (!inside)
        return Unexpected(StoreError::NotMember);
    return *found;
}

StoreResult<void> Reader::fillLiked(const UserId &reader, std::vector<Message> &messages,
                                    const std::vector<std::int64_t> &rows)
{
    const std::int64_t who = number(reader);
    for (std::size_t i = 0; i < messages.size(); ++i) {
        if (messages[i].likes == 0)
            continue;
        KITH_TRY_VALUE(liked, m_engine.number("SELECT 1 FROM likes WHERE message = ?1 AND user = ?2", rows[i], who));
        messages[i].liked = liked.has_value();
    }
    return {};
}

StoreResult<Page> Reader::page(const UserId &reader, const PageQuery &query)
{
    KITH_TRY_VALUE(where, place(reader, query.conversation));
    const int limit = std::clamp(query.limit, 1, limits::kMaxPage);
    Page page;
    page.headSeq = where.headSeq;
    page.headRev = where.headRev;
    page.floorSeq = Seq(where.headSeq ? 1 : 0); // the embedded store keeps all
    std::vector<std::int64_t> rows;
    const auto add = [&](const sql::Statement &row) {
        StoredMessage stored = messageFrom(row);
        rows.push_back(stored.row);
        page.messages.push_back(visibleTo(reader, std::move(stored)));
    };
    const auto older = [&](std::int64_t below, int atMost) {
        return m_engine.each("SELECT " KITH_MESSAGE_COLUMNS " FROM messages WHERE conversation = ?1 AND seq < ?2 "
                             "ORDER BY seq DESC LIMIT ?3",
                             add, where.key, below, atMost);
    };
    const auto newer = [&](std::int64_t above, int atMost) -> StoreResult<void> {
        KITH_TRY(m_engine.each("SELECT " KITH_MESSAGE_COLUMNS " FROM messages WHERE conversation = ?1 AND seq > ?2 "
                               "ORDER BY seq LIMIT ?3",
                               add, where.key, above, atMost));
        std::reverse(page.messages.begin(), page.messages.end());
        std::reverse(rows.begin(), rows.end());
        return {};
    };
    if (query.before) {
        KITH_TRY(older(query.before->value(), limit));
    } else if (query.after) {
        KITH_TRY(newer(query.after->value(), limit));
    } else if (query.around) {
        KITH_TRY(newer(query.around->value(), limit / 2));
        KITH_TRY(older(query.around->value() + 1, limit - static_cast<int>(page.messages.size())));
    } else {
        KITH_TRY(older(where.headSeq.value() + 1, limit));
    }
    KITH_TRY(fillLiked(reader, page.messages, rows));
    return page;
}

/// The lowest seq whose message was born with a rev above `since`. An append raises seq and rev together and a change
/// only rev, so born_rev grows with seq and is at most as far above it as there were changes: a binary search over that
/// distance finds the place, and appends are spared an index of their own.
StoreResult<std::int64_t> Reader::firstSeqAbove(const Place &place, Rev since)
{
    const std::int64_t distance = place.headRev.value() - place.headSeq.value();
    std::int64_t low = std::max<std::int64_t>(since.value() - distance, 0) + 1;
    std::int64_t high =
        std::min(since.value(), place.headSeq.value()) + 1; // born_rev(high) > since, or no such message
    while (low < high) {
        const std::int64_t middle = low + (high - low) / 2;
        KITH_TRY_VALUE(born, m_engine.number("SELECT born_rev FROM messages WHERE conversation = ?1 AND seq = ?2",
                                             place.key, middle));
        if (born.value_or(0) > since.value())
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

StoreResult<ChangesResult> Reader::changes(const UserId &reader, const ConversationId &conversation, Rev since,
                                           int limit)
{
    KITH_TRY_VALUE(where, place(reader, conversation));
    const std::size_t atMost = static_cast<std::size_t>(std::clamp(limit, 1, limits::kMaxPage));
    ChangesResult result;
    result.nextRev = where.headRev;
    if (since >= where.headRev)
        return result;
    since = std::max(since, Rev());

    std::vector<StoredMessage> found;
    const auto add = [&](const sql::Statement &row) { found.push_back(messageFrom(row)); };
    const std::int64_t oneMore = static_cast<std::int64_t>(atMost) + 1;
    KITH_TRY_VALUE(first, firstSeqAbove(where, since));
    // Those that were never changed, by seq, which is by rev …
    KITH_TRY(m_engine.each("SELECT " KITH_MESSAGE_COLUMNS " FROM messages WHERE conversation = ?1 AND seq >= ?2 AND "
                           "rev = born_rev ORDER BY seq LIMIT ?3",
                           add, where.key, first, oneMore));
    // … and those that were, by the rev of their last change.
    KITH_TRY(m_engine.each("SELECT " KITH_MESSAGE_COLUMNS " FROM messages INDEXED BY messages_changed WHERE "
                           "conversation = ?1 AND rev > ?2 AND rev <> born_rev ORDER BY rev LIMIT ?3",
                           add, where.key, since.value(), oneMore));
    std::sort(found.begin(), found.end(), [](const auto &a, const auto &b) { return a.rev < b.rev; });
    result.more = found.size() > atMost;
    if (result.more) {
        found.resize(atMost);
        result.nextRev = found.back().rev;
    }
    std::vector<std::int64_t> rows;
    for (StoredMessage &stored : found) {
        rows.push_back(stored.row);
        result.messages.push_back(visibleTo(reader, std::move(stored)));
    }
    KITH_TRY(fillLiked(reader, result.messages, rows));
    return result;
}

} // namespace kith::server::embedded
