// SPDX-License-Identifier: GPL-3.0-or-later
// Conversations as one of their members sees them.
#include "core/base/limits.h"
#include "server/store/embedded/reader.h"
#include "server/store/embedded/rows.h"

#include <algorithm>
#include <charconv>
#include <limits>

namespace kith::server::embedded {
namespace {

constexpr std::int64_t kFarFuture = std::numeric_limits<std::int64_t>::max();

struct HeadRow {
    Head head;
    std::int64_t peer = 0;
    std::int64_t leftSeq = 0, leftRev = 0;
};

/// Where the next page of heads begins: after this change and conversation.
struct HeadsCursor {
    std::int64_t changedMs = kFarFuture;
    std::int64_t key = kFarFuture;
};

std::string encode(const HeadsCursor &cursor)
{
    return std::to_string(cursor.changedMs) + "." + std::to_string(cursor.key);
}

/// From the beginning for anything that we did not make.
HeadsCursor decode(std::string_view text)
{
    HeadsCursor cursor;
    const char *const end = text.data() + text.size();
    const auto first = std::from_chars(text.data(), end, cursor.changedMs);
    if (first.ec != std::errc() || first.ptr == end || *first.ptr != '.')
        return {};
    const auto second = std::from_chars(first.ptr + 1, end, cursor.key);
    return second.ec == std::errc() && second.ptr == end ? cursor : HeadsCursor();
}

HeadRow headFrom(const sql::Statement &row)
{
    HeadRow r;
    Head &head = r.head;
    head.conversation = ConversationId(row.text(0));
    head.type = static_cast<ConversationType>(row.integer(1));
    head.name = row.text(2);
    head.avatar = row.text(3);
    head.about = row.text(4);
    head.members = row.integer(5);
    head.headSeq = Seq(row.integer(6));
    head.headRev = Rev(row.integer(7));
    head.changedAt = fromUnixMs(row.integer(8));
    head.role = static_cast<Role>(row.integer(9));
    head.readSeq = Seq(row.integer(10));
    head.mutedUntil = fromUnixMs(row.integer(11));
    head.removed = row.integer(12) != 0;
    r.leftSeq = row.integer(13);
    r.leftRev = row.integer(14);
    r.peer = row.integer(15); // 0 for groups
    if (r.peer != 0)
        head.peer = PeerCursors{userId(r.peer), Seq(row.integer(16)), Seq(row.integer(17))};
    return r;
}

} // namespace

StoreResult<std::optional<Message>> Reader::lastOf(const UserId &reader, std::int64_t conversation, Seq seq)
{
    KITH_TRY_VALUE(stored, m_engine.one("SELECT " KITH_MESSAGE_COLUMNS " FROM messages WHERE conversation = ?1 AND "
                                        "seq = ?2",
                                        messageFrom, conversation, seq.value()));
    if (!stored)
        return std::optional<Message>();
    std::vector<std::int64_t> rows{stored->row};
    std::vector<Message> messages{visibleTo(reader, std::move(*stored))};
    KITH_TRY(fillLiked(reader, messages, rows));
    messages[0].body = shortened(messages[0].body, kHeadBodyChars);
    return std::optional(std::move(messages[0]));
}

/// Nothing if the reader was never in it.
StoreResult<std::optional<Head>> Reader::headOf(std::int64_t reader, std::int64_t conversation)
{
    KITH_TRY_VALUE(
        found,
        m_engine.one("SELECT c.wire, c.type, c.name, c.avatar, c.about, c.members, c.head_seq, c.head_rev, "
                     "CASE WHEN m.removed THEN m.changed_ms ELSE max(c.changed_ms, m.changed_ms, "
                     "coalesce(p.changed_ms, 0)) END, m.role, m.read_seq, m.muted_until_ms, m.removed, m.left_seq, "
                     "m.left_rev, coalesce(p.user, 0), p.delivered_seq, p.read_seq FROM members m JOIN conversations c "
                     "ON c.id = m.conversation LEFT JOIN members p ON c.type = 0 AND p.conversation = c.id AND p.user "
                     "= CASE WHEN c.user_a = m.user THEN c.user_b ELSE c.user_a END "
                     "WHERE m.conversation = ?1 AND m.user = ?2",
                     headFrom, conversation, reader));
    if (!found)
        return std::optional<Head>();
    Head &head = found->head;
    if (head.removed) { // what was said since is not theirs to see
        head.headSeq = Seq(found->leftSeq);
        head.headRev = Rev(found->leftRev);
        head.readSeq = std::min(head.readSeq, head.headSeq);
        head.members = 0;
        head.about.clear();
        return std::optional(std::move(head));
    }
    KITH_TRY_VALUE(unread, m_engine.number("SELECT count(*) FROM messages WHERE conversation = ?1 AND seq > ?2 AND "
                                           "sender <> ?3 AND recalled = 0",
                                           conversation, head.readSeq.value(), reader));
    head.unread = unread.value_or(0);
    if (found->peer != 0) {
        KITH_TRY(m_engine.each(
            "SELECT display_name, avatar FROM users WHERE id = ?1",
            [&](const sql::Statement &row) {
                head.name = row.text(0);
                head.avatar = row.text(1);
            },
            found->peer));
    }
    if (head.headSeq) {
        KITH_TRY_VALUE(last, lastOf(userId(reader), conversation, head.headSeq));
        head.last = std::move(last);
    }
    return std::optional(std::move(head));
}

StoreResult<Head> Reader::head(const UserId &reader, const ConversationId &conversation)
{
    KITH_TRY_VALUE(key, m_engine.number("SELECT id FROM conversations WHERE wire = ?1", conversation.str()));
    if (!key)
        return Unexpected(StoreError::NotFound);
    KITH_TRY_VALUE(found, headOf(number(reader), *key));
    if (!found)
        return Unexpected(StoreError::NotMember);
    return std::move(*found);
}

StoreResult<HeadsResult> Reader::heads(const HeadsQuery &query)
{
    const std::int64_t reader = number(query.user);
    const int limit = std::clamp(query.limit, 1, limits::kMaxPage);
    const HeadsCursor from = query.cursor ? decode(*query.cursor) : HeadsCursor();
    const std::int64_t since =
        query.since ? std::max<std::int64_t>(toUnixMs(*query.since - kSyncSlack), 1) : std::int64_t{0};
    std::vector<HeadsCursor> wanted;
    KITH_TRY(m_engine.each(
        "SELECT c.id, CASE WHEN m.removed THEN m.changed_ms ELSE max(c.changed_ms, m.changed_ms, "
        "coalesce(p.changed_ms, 0)) END AS changed FROM members m JOIN conversations c ON c.id = m.conversation "
        "LEFT JOIN members p ON c.type = 0 AND p.conversation = c.id AND p.user = CASE WHEN c.user_a = m.user THEN "
        "c.user_b ELSE c.user_a END WHERE m.user = ?1 AND (m.removed = 0 OR ?2 > 0) AND changed >= ?2 AND "
        "(changed < ?3 OR (changed = ?3 AND c.id < ?4)) ORDER BY changed DESC, c.id DESC LIMIT ?5",
        [&](const sql::Statement &row) {
            wanted.push_back({row.integer(1), row.integer(0)});
        },
        reader, since, from.changedMs, from.key, limit + 1));
    HeadsResult result;
    if (wanted.size() > static_cast<std::size_t>(limit)) {
        wanted.resize(static_cast<std::size_t>(limit));
        result.cursor = encode(wanted.back());
    }
    result.heads.reserve(wanted.size());
    for (const HeadsCursor &one : wanted) {
        KITH_TRY_VALUE(found, headOf(reader, one.key));
        if (found)
            result.heads.push_back(std::move(*found));
    }
    return result;
}

} // namespace kith::server::embedded
