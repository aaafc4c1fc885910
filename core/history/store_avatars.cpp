// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures of people and groups, kept like everything else: encrypted. Bounded by their bytes.
#include "core/history/impl.h"

namespace kith::history {

namespace {
/// Showing a picture must not be a write each time.
constexpr std::int64_t kUseMs = 24 * 3600 * 1000;
} // namespace

Result<std::vector<Avatar>> HistoryStore::avatars(std::span<const std::string> ids, Timestamp now)
{
    auto &db = m_impl->db;
    std::vector<Avatar> found;
    std::vector<std::int64_t> stale;
    for (const auto &id : ids) {
        KITH_TRY_VALUE(get, db.cached("SELECT number,used,bytes FROM avatars WHERE id=?"));
        get->bind(1, id);
        KITH_TRY_VALUE(row, get->step());
        if (!row)
            continue;
        if (toUnixMs(now) - get->integer(1) >= kUseMs)
            stale.push_back(get->integer(0));
        found.push_back({id, get->blob(2)});
    }
    // Best effort: a full disk is no reason to show no pictures.
    const auto note = [&]() -> Result<void> {
        KITH_TRY_VALUE(transaction, sql::Transaction::begin(db));
        for (const auto number : stale) {
            KITH_TRY_VALUE(set, db.cached("UPDATE avatars SET used=?2 WHERE number=?1"));
            KITH_TRY(set->bind(1, number).bind(2, toUnixMs(now)).run());
        }
        return transaction.commit();
    };
    if (!stale.empty())
        static_cast<void>(note());
    return found;
}

Result<void> HistoryStore::putAvatar(const Avatar &avatar, Timestamp now, std::int64_t most)
{
    auto &db = m_impl->db;
    const auto size = static_cast<std::int64_t>(avatar.bytes.size());
    KITH_TRY_VALUE(transaction, sql::Transaction::begin(db));
    KITH_TRY_VALUE(put, db.cached("INSERT INTO avatars(id,size,used,bytes) VALUES(?,?,?,?) ON CONFLICT(id) DO UPDATE "
                                  "SET size=excluded.size,used=excluded.used,bytes=excluded.bytes"));
    KITH_TRY(put->bind(1, avatar.id).bind(2, size).bind(3, toUnixMs(now)).bindBlob(4, avatar.bytes).run());
    KITH_TRY_VALUE(all, avatarBytes());
    for (auto over = all - most; over > 0;) {
        std::int64_t number = 0;
        {
            KITH_TRY_VALUE(oldest,
                           db.cached("SELECT number,size FROM avatars WHERE id<>? ORDER BY used,number LIMIT 1"));
            oldest->bind(1, avatar.id);
            KITH_TRY_VALUE(row, oldest->step());
            if (!row)
                break;
            number = oldest->integer(0);
            over -= oldest->integer(1);
        }
        KITH_TRY_VALUE(drop, db.cached("DELETE FROM avatars WHERE number=?"));
        KITH_TRY(drop->bind(1, number).run());
    }
    return transaction.commit();
}

Result<std::int64_t> HistoryStore::avatarBytes()
{
    return m_impl->db.scalar("SELECT coalesce(sum(size),0) FROM avatars");
}

std::vector<UserId> HistoryStore::takeRenewedUsers()
{
    return std::exchange(m_impl->renewed, {});
}

/// A private conversation shows its peer: whichever of the two the server told of last holds for both.
Result<void> HistoryStore::Impl::avatarOfUser(const User &user)
{
    if (self.empty() || user.id == self)
        return {};
    KITH_TRY_VALUE(set, db.cached("UPDATE conversations SET avatar=?2 WHERE name=?1 AND avatar<>?2"));
    return set->bind(1, privateConversation(self, user.id).str()).bind(2, user.avatar).run();
}

Result<void> HistoryStore::Impl::avatarOfPeer(const Head &head)
{
    const auto peer = privatePeer(head.conversation, self);
    if (!peer)
        return {};
    KITH_TRY_VALUE(set, db.cached("UPDATE users SET avatar=?2 WHERE id=?1 AND avatar<>?2"));
    KITH_TRY(set->bind(1, peer->str()).bind(2, head.avatar).run());
    if (db.changes() > 0)
        renewed.push_back(*peer);
    return {};
}

} // namespace kith::history
