// SPDX-License-Identifier: GPL-3.0-or-later
// Reads of accounts and sessions.
#include "server/store/embedded/reader.h"
#include "server/store/embedded/rows.h"

#include <algorithm>

namespace kith::server::embedded {
namespace {

constexpr int kMostUsers = 200;
constexpr int kMostEvents = 200;

#define KITH_SELECT_CREDENTIALS                                                                                        \
    "SELECT u.id, u.username, u.display_name, u.avatar, u.created_ms, u.password_hash, u.disabled, "                   \
    "u.credentials_version, t.sealed FROM users u LEFT JOIN totp t ON t.user = u.id WHERE "

Credentials credentialsFrom(const sql::Statement &row)
{
    return {userFrom(row), row.text(5), row.integer(6) != 0, row.integer(7),
            row.isNull(8) ? std::string() : row.blob(8)};
}

template <class T>
StoreResult<T> orNotFound(StoreResult<std::optional<T>> found)
{
    if (!found)
        return Unexpected(found.error());
    if (!*found)
        return Unexpected(StoreError::NotFound);
    return std::move(**found);
}

} // namespace

StoreResult<Credentials> Reader::credentials(const std::string &username)
{
    return orNotFound(m_engine.one(KITH_SELECT_CREDENTIALS "u.username = ?1", credentialsFrom, username));
}

StoreResult<Credentials> Reader::credentialsById(const UserId &user)
{
    return orNotFound(m_engine.one(KITH_SELECT_CREDENTIALS "u.id = ?1", credentialsFrom, number(user)));
}

StoreResult<User> Reader::user(const UserId &user)
{
    return orNotFound(m_engine.one("SELECT id, username, display_name, avatar, created_ms FROM users WHERE id = ?1",
                                   userFrom, number(user)));
}

StoreResult<std::vector<User>> Reader::findUsers(const std::string &query, const std::optional<UserId> &after,
                                                 int limit)
{
    std::string from; // the username that the last page ended with
    if (after) {
        KITH_TRY_VALUE(last, user(*after));
        from = last.username;
    }
    const int atMost = std::clamp(limit, 1, kMostUsers);
    std::vector<User> users;
    const auto add = [&](const sql::Statement &row) { users.push_back(userFrom(row)); };
    if (query.empty()) {
        KITH_TRY(m_engine.each("SELECT id, username, display_name, avatar, created_ms FROM users WHERE username > ?1 "
                               "ORDER BY username LIMIT ?2",
                               add, from, atMost));
        return users;
    }
    const std::string prefix = folded(query);
    KITH_TRY(m_engine.each("SELECT id, username, display_name, avatar, created_ms FROM users WHERE id IN "
                           "(SELECT id FROM users WHERE username >= ?1 AND username < ?2 UNION "
                           "SELECT id FROM users WHERE display_folded >= ?1 AND display_folded < ?2) "
                           "AND username > ?3 AND disabled = 0 ORDER BY username LIMIT ?4",
                           add, prefix, afterPrefix(prefix), from, atMost));
    return users;
}

StoreResult<Session> Reader::session(const UserId &user, const DeviceId &device)
{
    return orNotFound(m_engine.one(
        "SELECT family, name, platform, seen_ms FROM sessions WHERE user = ?1 AND "
        "device = ?2 AND expires_ms > ?3",
        [&](const sql::Statement &row) {
            return Session{user, {device, row.text(1), row.text(2), fromUnixMs(row.integer(3))}, row.text(0)};
        },
        number(user), device.str(), m_clock.now()));
}

StoreResult<std::vector<Device>> Reader::sessions(const UserId &user)
{
    std::vector<Device> devices;
    KITH_TRY(m_engine.each(
        "SELECT device, name, platform, seen_ms, address FROM sessions WHERE user = ?1 AND expires_ms > ?2 ORDER BY "
        "seen_ms DESC",
        [&](const sql::Statement &row) {
            devices.push_back(
                {DeviceId(row.text(0)), row.text(1), row.text(2), fromUnixMs(row.integer(3)), row.text(4)});
        },
        number(user), m_clock.now()));
    return devices;
}

StoreResult<MfaState> Reader::mfa(const UserId &user)
{
    return orNotFound(m_engine.one(
        "SELECT t.bound_ms, CASE WHEN t.answer_expires_ms > ?2 THEN t.answer END, p.sealed, (SELECT count(*) FROM "
        "recovery_codes r WHERE r.user = u.id) FROM users u LEFT JOIN totp t ON t.user = u.id LEFT JOIN totp_pending p "
        "ON p.user = u.id AND p.expires_ms > ?2 WHERE u.id = ?1",
        [](const sql::Statement &row) {
            MfaState state;
            state.bound = !row.isNull(0);
            if (state.bound)
                state.boundAt = fromUnixMs(row.integer(0));
            if (!row.isNull(1))
                state.bindAnswer = row.blob(1);
            if (!row.isNull(2))
                state.pendingSealed = row.blob(2);
            state.recoveryLeft = static_cast<int>(row.integer(3));
            return state;
        },
        number(user), m_clock.now()));
}

StoreResult<std::vector<AuditEvent>> Reader::auditLog(const UserId &user, std::optional<std::int64_t> before, int limit)
{
    std::vector<AuditEvent> events;
    KITH_TRY(m_engine.each(
        "SELECT id, at_ms, event, device, address FROM audit WHERE user = ?1 AND (?2 IS NULL OR id < ?2) ORDER BY id "
        "DESC LIMIT ?3",
        [&](const sql::Statement &row) {
            events.push_back({row.integer(0), user, fromUnixMs(row.integer(1)), row.text(2), row.text(3), row.text(4)});
        },
        number(user), before, std::clamp(limit, 1, kMostEvents)));
    return events;
}

StoreResult<std::vector<UserId>> Reader::contacts(const UserId &user)
{
    std::vector<UserId> others;
    KITH_TRY(m_engine.each(
        "SELECT DISTINCT o.user FROM members m JOIN members o ON o.conversation = m.conversation "
        "WHERE m.user = ?1 AND m.removed = 0 AND o.removed = 0 AND o.user <> ?1 ORDER BY o.user",
        [&](const sql::Statement &row) { others.push_back(userId(row.integer(0))); }, number(user)));
    return others;
}

StoreResult<std::vector<UserId>> Reader::blocked(const UserId &user)
{
    std::vector<UserId> others;
    KITH_TRY(m_engine.each(
        "SELECT other FROM blocks WHERE user = ?1 ORDER BY other",
        [&](const sql::Statement &row) { others.push_back(userId(row.integer(0))); }, number(user)));
    return others;
}

StoreResult<std::vector<ConversationId>> Reader::sharedGroups(const UserId &user, const UserId &other, int limit)
{
    std::vector<ConversationId> groups;
    KITH_TRY(m_engine.each(
        "SELECT c.wire FROM members m JOIN members o ON o.conversation = m.conversation AND o.user = ?2 JOIN "
        "conversations c ON c.id = m.conversation WHERE m.user = ?1 AND m.removed = 0 AND o.removed = 0 AND c.type = "
        "?3 ORDER BY c.changed_ms DESC, c.id LIMIT ?4",
        [&](const sql::Statement &row) { groups.emplace_back(row.text(0)); }, number(user), number(other),
        static_cast<int>(ConversationType::Group), limit));
    return groups;
}

} // namespace kith::server::embedded
