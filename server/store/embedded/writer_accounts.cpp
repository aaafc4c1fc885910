// SPDX-License-Identifier: GPL-3.0-or-later
// Writes of accounts and block lists.
#include "server/store/embedded/rows.h"
#include "server/store/embedded/writer.h"

namespace kith::server::embedded {

StoreResult<User> Writer::createUser(const NewUser &user)
{
    KITH_TRY_VALUE(taken, m_engine.number("SELECT id FROM users WHERE username = ?1", user.username));
    if (taken)
        return Unexpected(StoreError::UsernameTaken);
    const std::int64_t ms = now();
    const std::int64_t id = m_ids.next(fromUnixMs(ms));
    KITH_TRY(m_engine.run("INSERT INTO users (id, username, display_name, display_folded, password_hash, created_ms) "
                          "VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                          id, user.username, user.displayName, folded(user.displayName), user.passwordHash, ms));
    return User{userId(id), user.username, user.displayName, {}, fromUnixMs(ms)};
}

StoreResult<std::vector<DeviceId>> Writer::changePassword(const UserId &user, const std::string &hash,
                                                          std::optional<std::int64_t> version,
                                                          const std::optional<DeviceId> &keep)
{
    KITH_TRY_VALUE(current, m_engine.number("SELECT credentials_version FROM users WHERE id = ?1", number(user)));
    if (!current)
        return Unexpected(StoreError::NotFound);
    if (version && *version != *current)
        return Unexpected(StoreError::Outdated);
    KITH_TRY(m_engine.run("UPDATE users SET password_hash = ?2 WHERE id = ?1", number(user), hash));
    KITH_TRY(credentialsChanged(number(user)));
    return closeSessions(user, keep);
}

StoreResult<void> Writer::credentialsChanged(std::int64_t user)
{
    return m_engine.run("UPDATE users SET credentials_version = credentials_version + 1 WHERE id = ?1", user);
}

StoreResult<void> Writer::setDisabled(const UserId &user, bool disabled)
{
    KITH_TRY(m_engine.run("UPDATE users SET disabled = ?2 WHERE id = ?1", number(user), disabled));
    if (m_engine.database().changes() == 0)
        return Unexpected(StoreError::NotFound);
    KITH_TRY(credentialsChanged(number(user)));
    m_cache.clear(); // private conversations remember who is disabled; this is rare
    return {};
}

StoreResult<User> Writer::updateProfile(const UserId &user, const std::optional<std::string> &displayName,
                                        const std::optional<std::string> &avatar)
{
    const std::int64_t id = number(user);
    KITH_TRY_VALUE(before, m_engine.one(
                               "SELECT avatar FROM users WHERE id = ?1",
                               [](const sql::Statement &row) { return row.text(0); }, id));
    if (!before)
        return Unexpected(StoreError::NotFound);
    const bool newAvatar = avatar && *avatar != *before;
    if (newAvatar)
        KITH_TRY(checkAvatar(user, *avatar));
    const auto foldedName = displayName ? std::optional(folded(*displayName)) : std::nullopt;
    KITH_TRY(m_engine.run("UPDATE users SET display_name = coalesce(?2, display_name), display_folded = coalesce(?3, "
                          "display_folded), avatar = coalesce(?4, avatar) WHERE id = ?1",
                          id, displayName, foldedName, avatar));
    if (newAvatar)
        KITH_TRY(touchFile(*before));
    KITH_TRY_VALUE(now, m_engine.one("SELECT id, username, display_name, avatar, created_ms FROM users WHERE id = ?1",
                                     userFrom, id));
    if (!now)
        return Unexpected(StoreError::NotFound);
    return std::move(*now);
}

StoreResult<void> Writer::block(const UserId &user, const UserId &other, bool blocked)
{
    const std::int64_t id = number(user), otherId = number(other);
    if (id == otherId)
        return Unexpected(StoreError::Forbidden);
    KITH_TRY_VALUE(both, m_engine.number("SELECT count(*) FROM users WHERE id IN (?1, ?2)", id, otherId));
    if (both != 2)
        return Unexpected(StoreError::NotFound);
    if (blocked) {
        KITH_TRY_VALUE(many, m_engine.number("SELECT count(*) FROM blocks WHERE user = ?1", id));
        if (many && *many >= kMaxBlocked)
            return Unexpected(StoreError::Forbidden);
        KITH_TRY(m_engine.run("INSERT INTO blocks (user, other, created_ms) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
                              id, otherId, now()));
    } else {
        KITH_TRY(m_engine.run("DELETE FROM blocks WHERE user = ?1 AND other = ?2", id, otherId));
    }
    if (auto *state = m_cache.find(privateConversation(user, other)))
        state->blocks[state->members[0].user == id ? 0 : 1] = blocked;
    return {};
}

} // namespace kith::server::embedded
