// SPDX-License-Identifier: GPL-3.0-or-later
// Writes of second factors and of the audit.
#include "server/store/embedded/rows.h"
#include "server/store/embedded/writer.h"

namespace kith::server::embedded {
namespace {

/// An account that is attacked for a year must not fill the disk.
constexpr int kEventsPerUser = 500;
constexpr std::int64_t kEventsKeptMs = std::int64_t{365} * 24 * 3600 * 1000;

} // namespace

StoreResult<void> Writer::enrolTotp(const UserId &user, const std::string &sealed, Timestamp expires)
{
    const std::int64_t id = number(user);
    KITH_TRY_VALUE(bound, m_engine.number("SELECT t.user IS NOT NULL FROM users u LEFT JOIN totp t ON t.user = u.id "
                                          "WHERE u.id = ?1",
                                          id));
    if (!bound)
        return Unexpected(StoreError::NotFound);
    if (*bound != 0)
        return Unexpected(StoreError::MfaBound);
    return m_engine.run("INSERT INTO totp_pending (user, sealed, expires_ms) VALUES (?1, ?2, ?3) ON CONFLICT (user) DO "
                        "UPDATE SET sealed = excluded.sealed, expires_ms = excluded.expires_ms",
                        id, Blob{sealed}, expires);
}

StoreResult<void> Writer::bindTotp(const TotpBinding &binding)
{
    const std::int64_t id = number(binding.user), ms = now();
    KITH_TRY_VALUE(bound, m_engine.number("SELECT 1 FROM totp WHERE user = ?1", id));
    if (bound)
        return Unexpected(StoreError::MfaBound);
    KITH_TRY_VALUE(waits, m_engine.number("SELECT 1 FROM totp_pending WHERE user = ?1 AND sealed = ?2 AND expires_ms > "
                                          "?3",
                                          id, Blob{binding.pendingSealed}, ms));
    if (!waits)
        return Unexpected(StoreError::MfaNotPending);
    KITH_TRY(m_engine.run("DELETE FROM totp_pending WHERE user = ?1", id));
    KITH_TRY(m_engine.run("INSERT INTO totp (user, sealed, last_step, bound_ms, answer, answer_expires_ms) VALUES (?1, "
                          "?2, ?3, ?4, ?5, ?6)",
                          id, Blob{binding.sealed}, binding.step, ms, Blob{binding.answer}, binding.answerExpires));
    KITH_TRY(storeRecoveryCodes(id, binding.recoveryHashes));
    return credentialsChanged(id);
}

StoreResult<void> Writer::unbindTotp(const UserId &user, const std::optional<SecondFactor> &factor)
{
    const std::int64_t id = number(user);
    KITH_TRY_VALUE(bound, m_engine.number("SELECT 1 FROM totp WHERE user = ?1", id));
    if (!bound)
        return Unexpected(StoreError::MfaNotBound);
    if (factor)
        KITH_TRY(useFactor(id, *factor));
    KITH_TRY(m_engine.run("DELETE FROM totp WHERE user = ?1", id));
    KITH_TRY(m_engine.run("DELETE FROM totp_pending WHERE user = ?1", id));
    KITH_TRY(m_engine.run("DELETE FROM recovery_codes WHERE user = ?1", id));
    return credentialsChanged(id);
}

StoreResult<void> Writer::replaceRecoveryCodes(const UserId &user, const SecondFactor &factor,
                                               const std::vector<std::string> &hashes)
{
    const std::int64_t id = number(user);
    KITH_TRY_VALUE(bound, m_engine.number("SELECT 1 FROM totp WHERE user = ?1", id));
    if (!bound)
        return Unexpected(StoreError::MfaNotBound);
    KITH_TRY(useFactor(id, factor));
    return storeRecoveryCodes(id, hashes);
}

StoreResult<void> Writer::useFactor(std::int64_t user, const SecondFactor &factor)
{
    if (factor.credentialsVersion) {
        KITH_TRY_VALUE(version, m_engine.number("SELECT credentials_version FROM users WHERE id = ?1", user));
        if (version != factor.credentialsVersion)
            return Unexpected(StoreError::Outdated);
    }
    if (factor.step) {
        KITH_TRY(m_engine.run("UPDATE totp SET last_step = ?2 WHERE user = ?1 AND last_step < ?2", user, *factor.step));
    } else {
        KITH_TRY(
            m_engine.run("DELETE FROM recovery_codes WHERE user = ?1 AND hash = ?2", user, Blob{factor.recoveryHash}));
    }
    if (m_engine.database().changes() == 0)
        return Unexpected(StoreError::CodeUsed);
    return {};
}

StoreResult<void> Writer::storeRecoveryCodes(std::int64_t user, const std::vector<std::string> &hashes)
{
    KITH_TRY(m_engine.run("DELETE FROM recovery_codes WHERE user = ?1", user));
    for (const std::string &hash : hashes)
        KITH_TRY(m_engine.run("INSERT INTO recovery_codes (user, hash) VALUES (?1, ?2) ON CONFLICT DO NOTHING", user,
                              Blob{hash}));
    return {};
}

StoreResult<void> Writer::dropExpiredFactors(std::int64_t nowMs)
{
    KITH_TRY(m_engine.run("DELETE FROM totp_pending WHERE expires_ms <= ?1", nowMs));
    KITH_TRY(m_engine.run("UPDATE totp SET answer = NULL WHERE answer IS NOT NULL AND answer_expires_ms <= ?1", nowMs));
    return m_engine.run("DELETE FROM audit WHERE at_ms < ?1", nowMs - kEventsKeptMs);
}

StoreResult<void> Writer::audit(const AuditEvent &event)
{
    const std::int64_t id = number(event.user);
    KITH_TRY_VALUE(exists, m_engine.number("SELECT 1 FROM users WHERE id = ?1", id));
    if (!exists)
        return Unexpected(StoreError::NotFound);
    KITH_TRY(m_engine.run("INSERT INTO audit (user, at_ms, event, device, address) VALUES (?1, ?2, ?3, ?4, ?5)", id,
                          now(), event.event, event.device, event.addressMasked));
    return m_engine.run("DELETE FROM audit WHERE user = ?1 AND id <= (SELECT id FROM audit WHERE user = ?1 ORDER BY id "
                        "DESC LIMIT 1 OFFSET ?2)",
                        id, kEventsPerUser);
}

} // namespace kith::server::embedded
