// SPDX-License-Identifier: GPL-3.0-or-later
// Writes of sessions: login, rotation of refresh tokens, logout.
#include "core/base/limits.h"
#include "server/store/embedded/rows.h"
#include "server/store/embedded/writer.h"

namespace kith::server::embedded {
namespace {

/// Expired rows are looked for at most this often.
constexpr std::int64_t kPurgeEveryMs = 60'000;

struct Token {
    std::int64_t user = 0;
    std::string device, family;
    std::int64_t expiresMs = 0;
    std::optional<std::int64_t> usedMs;
    std::string successor;
};

} // namespace

StoreResult<void> Writer::dropExpired(std::int64_t nowMs)
{
    if (nowMs - m_expiredDroppedMs < kPurgeEveryMs)
        return {};
    KITH_TRY(m_engine.run("DELETE FROM refresh_tokens WHERE expires_ms <= ?1", nowMs));
    KITH_TRY(m_engine.run("DELETE FROM sessions WHERE expires_ms <= ?1", nowMs));
    KITH_TRY(dropExpiredFactors(nowMs));
    m_expiredDroppedMs = nowMs;
    return {};
}

StoreResult<void> Writer::openSession(const NewSession &session)
{
    const std::int64_t user = number(session.user), ms = now();
    const std::string &device = session.device.id.str();
    KITH_TRY_VALUE(version, m_engine.number("SELECT credentials_version FROM users WHERE id = ?1", user));
    if (!version)
        return Unexpected(StoreError::NotFound);
    if (session.credentialsVersion && *session.credentialsVersion != *version)
        return Unexpected(StoreError::Outdated);
    KITH_TRY_VALUE(others, m_engine.number("SELECT count(*) FROM sessions WHERE user = ?1 AND device <> ?2 AND "
                                           "expires_ms > ?3",
                                           user, device, ms));
    if (others.value_or(0) >= limits::kMaxDevices)
        return Unexpected(StoreError::TooManyDevices);
    if (session.factor)
        KITH_TRY(useFactor(user, *session.factor)); // the last that can refuse
    KITH_TRY(dropExpired(ms));
    KITH_TRY(m_engine.run("DELETE FROM refresh_tokens WHERE user = ?1 AND device = ?2", user, device));
    KITH_TRY(m_engine.run("INSERT INTO sessions (user, device, family, name, platform, address, opened_ms, seen_ms, "
                          "expires_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7, ?8) ON CONFLICT (user, device) DO "
                          "UPDATE SET family = excluded.family, name = excluded.name, platform = excluded.platform, "
                          "address = excluded.address, opened_ms = excluded.opened_ms, seen_ms = excluded.seen_ms, "
                          "expires_ms = excluded.expires_ms",
                          user, device, session.family, session.device.name, session.device.platform,
                          session.addressMasked, ms, session.expires));
    return m_engine.run("INSERT INTO refresh_tokens (hash, user, device, family, expires_ms) VALUES (?1, ?2, ?3, ?4, "
                        "?5) ON CONFLICT (hash) DO NOTHING",
                        Blob{session.refreshHash}, user, device, session.family, session.expires);
}

StoreResult<Session> Writer::rotate(const Rotation &rotation)
{
    const std::int64_t ms = now();
    KITH_TRY_VALUE(token, m_engine.one(
                              "SELECT user, device, family, expires_ms, used_ms, successor FROM "
                              "refresh_tokens WHERE hash = ?1",
                              [](const sql::Statement &row) {
                                  Token t;
                                  t.user = row.integer(0);
                                  t.device = row.text(1);
                                  t.family = row.text(2);
                                  t.expiresMs = row.integer(3);
                                  if (!row.isNull(4))
                                      t.usedMs = row.integer(4);
                                  t.successor = row.blob(5);
                                  return t;
                              },
                              Blob{rotation.usedHash}));
    if (!token || token->expiresMs <= ms)
        return Unexpected(StoreError::TokenUnknown);
    KITH_TRY_VALUE(session, m_engine.one(
                                "SELECT s.name, s.platform, s.seen_ms FROM sessions s JOIN users u ON u.id = "
                                "s.user WHERE s.user = ?1 AND s.device = ?2 AND s.family = ?3 AND "
                                "s.expires_ms > ?4 AND u.disabled = 0",
                                [&](const sql::Statement &row) {
                                    return Session{
                                        userId(token->user),
                                        {DeviceId(token->device), row.text(0), row.text(1), fromUnixMs(row.integer(2))},
                                        token->family};
                                },
                                token->user, token->device, token->family, ms));
    if (!session)
        return Unexpected(StoreError::TokenUnknown);
    if (token->usedMs) {
        const std::int64_t graceMs = milliseconds(m_rules.refreshGrace).count();
        if (ms - *token->usedMs <= graceMs && token->successor == rotation.successorHash)
            return std::move(*session);
        // Two hold the same token: one of them stole it.
        KITH_TRY(endFamily(token->user, token->device, token->family));
        return Unexpected(StoreError::TokenReused);
    }
    KITH_TRY(m_engine.run("UPDATE refresh_tokens SET used_ms = ?2, successor = ?3 WHERE hash = ?1",
                          Blob{rotation.usedHash}, ms, Blob{rotation.successorHash}));
    KITH_TRY(m_engine.run("INSERT INTO refresh_tokens (hash, user, device, family, expires_ms) VALUES (?1, ?2, ?3, ?4, "
                          "?5) ON CONFLICT (hash) DO NOTHING",
                          Blob{rotation.successorHash}, token->user, token->device, token->family, rotation.expires));
    KITH_TRY(m_engine.run("UPDATE sessions SET expires_ms = max(expires_ms, ?3), seen_ms = ?4 WHERE user = ?1 AND "
                          "device = ?2",
                          token->user, token->device, rotation.expires, ms));
    KITH_TRY(dropExpired(ms));
    return std::move(*session);
}

StoreResult<void> Writer::endFamily(std::int64_t user, const std::string &device, const std::string &family)
{
    KITH_TRY(m_engine.run("DELETE FROM refresh_tokens WHERE user = ?1 AND device = ?2 AND family = ?3", user, device,
                          family));
    return m_engine.run("DELETE FROM sessions WHERE user = ?1 AND device = ?2 AND family = ?3", user, device, family);
}

StoreResult<void> Writer::closeSession(const UserId &user, const DeviceId &device)
{
    KITH_TRY(m_engine.run("DELETE FROM refresh_tokens WHERE user = ?1 AND device = ?2", number(user), device.str()));
    KITH_TRY(m_engine.run("DELETE FROM sessions WHERE user = ?1 AND device = ?2", number(user), device.str()));
    if (m_engine.database().changes() == 0)
        return Unexpected(StoreError::NotFound);
    return {};
}

StoreResult<std::vector<DeviceId>> Writer::closeSessions(const UserId &user, const std::optional<DeviceId> &keep)
{
    const std::int64_t id = number(user);
    const std::string kept = keep ? keep->str() : std::string(); // no device has an empty id
    std::vector<DeviceId> ended;
    KITH_TRY(m_engine.each(
        "SELECT device FROM sessions WHERE user = ?1 AND device <> ?2 ORDER BY device",
        [&](const sql::Statement &row) { ended.emplace_back(row.text(0)); }, id, kept));
    KITH_TRY(m_engine.run("DELETE FROM refresh_tokens WHERE user = ?1 AND device <> ?2", id, kept));
    KITH_TRY(m_engine.run("DELETE FROM sessions WHERE user = ?1 AND device <> ?2", id, kept));
    return ended;
}

StoreResult<void> Writer::touchSession(const UserId &user, const DeviceId &device, Timestamp seen)
{
    return m_engine.run("UPDATE sessions SET seen_ms = max(seen_ms, ?3) WHERE user = ?1 AND device = ?2", number(user),
                        device.str(), seen);
}

} // namespace kith::server::embedded
