// SPDX-License-Identifier: GPL-3.0-or-later
// Passwords, second factors and the audit of the store in memory.
#include "tests/server/logic/memory_store.h"

#include <algorithm>

namespace kith::server::test {

std::vector<DeviceId> MemoryStore::endSessions(const UserId &user, const std::optional<DeviceId> &keep)
{
    std::vector<DeviceId> ended;
    std::erase_if(m_sessions, [&](const auto &one) {
        const bool end = one.first.first == user && one.first.second != keep;
        if (end)
            ended.push_back(one.first.second);
        return end;
    });
    return ended;
}

void MemoryStore::changePassword(UserId user, std::string passwordHash, std::optional<std::int64_t> version,
                                 std::optional<DeviceId> keep, Reply<std::vector<DeviceId>> reply)
{
    answer<std::vector<DeviceId>>(std::move(reply), [&]() -> StoreResult<std::vector<DeviceId>> {
        Credentials &known = m_users[user];
        if (version && *version != known.version)
            return Unexpected(StoreError::Outdated);
        known.passwordHash = passwordHash;
        ++known.version;
        return endSessions(user, keep);
    });
}

bool MemoryStore::use(const UserId &user, const SecondFactor &factor)
{
    Factor &bound = m_factors[user];
    if (!factor.step)
        return bound.recovery.erase(factor.recoveryHash) > 0;
    if (*factor.step <= bound.lastStep)
        return false;
    bound.lastStep = *factor.step;
    return true;
}

void MemoryStore::mfa(UserId user, Reply<MfaState> reply)
{
    answer<MfaState>(std::move(reply), [&]() -> StoreResult<MfaState> {
        MfaState state;
        if (const auto found = m_factors.find(user); found != m_factors.end()) {
            state.bound = true;
            state.boundAt = found->second.boundAt;
            state.recoveryLeft = static_cast<int>(found->second.recovery.size());
            if (found->second.answerExpires > m_clock.now())
                state.bindAnswer = found->second.answer;
        }
        if (const auto found = m_pending.find(user); found != m_pending.end() && found->second.expires > m_clock.now())
            state.pendingSealed = found->second.sealed;
        return state;
    });
}

void MemoryStore::enrolTotp(UserId user, std::string sealed, Timestamp expires, Reply<void> reply)
{
    answer<void>(std::move(reply), [&]() -> StoreResult<void> {
        if (m_factors.contains(user))
            return Unexpected(StoreError::MfaBound);
        m_pending[user] = {sealed, expires};
        return {};
    });
}

void MemoryStore::bindTotp(TotpBinding binding, Reply<void> reply)
{
    answer<void>(std::move(reply), [&]() -> StoreResult<void> {
        if (m_factors.contains(binding.user))
            return Unexpected(StoreError::MfaBound);
        const auto found = m_pending.find(binding.user);
        if (found == m_pending.end() || found->second.sealed != binding.pendingSealed ||
            found->second.expires <= m_clock.now())
            return Unexpected(StoreError::MfaNotPending);
        m_pending.erase(found);
        m_factors[binding.user] = {m_clock.now(),
                                   binding.step,
                                   {binding.recoveryHashes.begin(), binding.recoveryHashes.end()},
                                   binding.answer,
                                   binding.answerExpires};
        m_users[binding.user].totpSealed = binding.sealed;
        ++m_users[binding.user].version;
        return {};
    });
}

void MemoryStore::unbindTotp(UserId user, std::optional<SecondFactor> factor, Reply<void> reply)
{
    answer<void>(std::move(reply), [&]() -> StoreResult<void> {
        if (!m_factors.contains(user))
            return Unexpected(StoreError::MfaNotBound);
        if (factor && factor->credentialsVersion && *factor->credentialsVersion != m_users[user].version)
            return Unexpected(StoreError::Outdated);
        if (factor && !use(user, *factor))
            return Unexpected(StoreError::CodeUsed);
        m_factors.erase(user);
        m_pending.erase(user);
        m_users[user].totpSealed.clear();
        ++m_users[user].version;
        return {};
    });
}

void MemoryStore::replaceRecoveryCodes(UserId user, SecondFactor factor, std::vector<std::string> hashes,
                                       Reply<void> reply)
{
    answer<void>(std::move(reply), [&]() -> StoreResult<void> {
        if (!m_factors.contains(user))
            return Unexpected(StoreError::MfaNotBound);
        if (factor.credentialsVersion && *factor.credentialsVersion != m_users[user].version)
            return Unexpected(StoreError::Outdated);
        if (!use(user, factor))
            return Unexpected(StoreError::CodeUsed);
        m_factors[user].recovery = {hashes.begin(), hashes.end()};
        return {};
    });
}

void MemoryStore::audit(AuditEvent event)
{
    answer<void>([](const StoreResult<void> &) {},
                 [&]() -> StoreResult<void> {
                     event.id = static_cast<std::int64_t>(m_audit.size()) + 1;
                     event.at = m_clock.now();
                     m_audit.push_back(event);
                     return {};
                 });
}

void MemoryStore::auditLog(UserId user, std::optional<std::int64_t> before, int limit,
                           Reply<std::vector<AuditEvent>> reply)
{
    answer<std::vector<AuditEvent>>(std::move(reply), [&]() -> StoreResult<std::vector<AuditEvent>> {
        std::vector<AuditEvent> found;
        for (auto one = m_audit.rbegin(); one != m_audit.rend() && std::ssize(found) < limit; ++one)
            if (one->user == user && (!before || one->id < *before))
                found.push_back(*one);
        return found;
    });
}

} // namespace kith::server::test
