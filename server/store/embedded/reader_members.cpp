// SPDX-License-Identifier: GPL-3.0-or-later
// Members of a conversation and how far they have read.
#include "core/base/limits.h"
#include "server/store/embedded/reader.h"
#include "server/store/embedded/rows.h"

#include <algorithm>

namespace kith::server::embedded {

StoreResult<MembersResult> Reader::members(const UserId &reader, const ConversationId &conversation,
                                           const std::optional<UserId> &after, int limit)
{
    KITH_TRY_VALUE(where, place(reader, conversation));
    const std::size_t atMost =
        static_cast<std::size_t>(std::clamp(limit, 1, static_cast<int>(limits::kMaxMembersPerRequest)));
    MembersResult result;
    KITH_TRY(m_engine.each(
        "SELECT m.user, m.role, m.joined_ms, u.username, u.display_name, u.avatar, u.created_ms FROM members m JOIN "
        "users u ON u.id = m.user WHERE m.conversation = ?1 AND m.user > ?2 AND m.removed = 0 ORDER BY m.user LIMIT ?3",
        [&](const sql::Statement &row) {
            const UserId user = userId(row.integer(0));
            result.members.push_back({user, static_cast<Role>(row.integer(1)), fromUnixMs(row.integer(2))});
            result.users.push_back({user, row.text(3), row.text(4), row.text(5), fromUnixMs(row.integer(6))});
        },
        where.key, after ? number(*after) : std::int64_t{0}, static_cast<std::int64_t>(atMost) + 1));
    result.more = result.members.size() > atMost;
    if (result.more) {
        result.members.resize(atMost);
        result.users.resize(atMost);
    }
    return result;
}

StoreResult<std::vector<UserId>> Reader::readMembers(std::int64_t conversation)
{
    std::vector<UserId> users;
    KITH_TRY(m_engine.each(
        "SELECT user FROM members WHERE conversation = ?1 AND removed = 0 ORDER BY user",
        [&](const sql::Statement &row) { users.push_back(userId(row.integer(0))); }, conversation));
    return users;
}

StoreResult<MemberList> Reader::memberList(const ConversationId &conversation)
{
    KITH_TRY_VALUE(found, m_engine.one(
                              "SELECT id, members_version FROM conversations WHERE wire = ?1",
                              [](const sql::Statement &row) { return std::pair(row.integer(0), row.integer(1)); },
                              conversation.str()));
    if (!found)
        return Unexpected(StoreError::NotFound);
    const auto [key, version] = *found;
    if (const auto known = m_lists.find(key); known != m_lists.end() && known->second.version == version)
        return known->second.list;
    KITH_TRY_VALUE(users, readMembers(key));
    auto list = std::make_shared<const std::vector<UserId>>(std::move(users));
    if (m_lists.size() >= kMostLists)
        m_lists.erase(m_lists.begin());
    m_lists[key] = {version, list};
    return MemberList(std::move(list));
}

StoreResult<ReceiptsResult> Reader::receipts(const UserId &reader, const ConversationId &conversation, Seq seq,
                                             const std::optional<UserId> &after, int limit)
{
    KITH_TRY_VALUE(where, place(reader, conversation));
    KITH_TRY_VALUE(sender, m_engine.number("SELECT sender FROM messages WHERE conversation = ?1 AND seq = ?2",
                                           where.key, seq.value()));
    if (!sender)
        return Unexpected(StoreError::NotFound);
    const std::size_t atMost = static_cast<std::size_t>(std::clamp(limit, 1, limits::kMaxPage));
    // Who joined later began at the head: that is not reading.
    constexpr std::string_view kCounts =
        "SELECT coalesce(sum(read_seq >= ?2), 0), coalesce(sum(read_seq < ?2), 0) FROM members WHERE conversation = ?1 "
        "AND delivered_seq >= ?2 AND joined_seq < ?2 AND removed = 0 AND user <> ?3";
    constexpr std::string_view kNames =
        "SELECT user, read_seq >= ?2 FROM members WHERE conversation = ?1 AND user > ?4 AND delivered_seq >= ?2 AND "
        "joined_seq < ?2 AND removed = 0 AND user <> ?3 ORDER BY user LIMIT ?5";
    ReceiptsResult result;
    KITH_TRY(m_engine.each(
        kCounts,
        [&](const sql::Statement &row) {
            result.readCount = row.integer(0);
            result.deliveredCount = row.integer(1);
        },
        where.key, seq.value(), *sender));
    std::size_t rows = 0;
    KITH_TRY(m_engine.each(
        kNames,
        [&](const sql::Statement &row) {
            if (++rows > atMost)
                return false;
            auto &list = row.integer(1) != 0 ? result.readBy : result.deliveredTo;
            list.push_back(userId(row.integer(0)));
            return true;
        },
        where.key, seq.value(), *sender, after ? number(*after) : std::int64_t{0},
        static_cast<std::int64_t>(atMost) + 1));
    result.more = rows > atMost;
    return result;
}

} // namespace kith::server::embedded
