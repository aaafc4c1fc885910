// SPDX-License-Identifier: GPL-3.0-or-later
// The secrets of second factors: how they are sealed for the store, and what a code that somebody typed is worth.
#pragma once

#include "core/base/clock.h"
#include "core/crypto/secret.h"
#include "server/store/store.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kith::server {

/// Thread-safe.
class SecondFactors final {
public:
    SecondFactors(crypto::Secret key32, const Clock &clock) : m_key(std::move(key32)), m_clock(clock) {}

    /// Sealed for user and place: neither another account's row nor a pending one read as bound can be opened.
    std::string sealPending(const UserId &user, const crypto::Secret &secret) const;
    std::string sealBound(const UserId &user, const crypto::Secret &secret) const;
    /// Empty: not sealed by this server for that user and place.
    crypto::Secret openPending(const UserId &user, std::string_view sealed) const;
    crypto::Secret openBound(const UserId &user, std::string_view sealed) const;

    /// The step of RFC 6238 whose code this is, ±1 around now.
    std::optional<std::int64_t> stepOf(const crypto::Secret &secret, std::string_view code) const;
    /// What the store has to use up for that code: six digits are a one-time password, else it is a recovery code.
    /// Nothing: it cannot be right.
    std::optional<SecondFactor> shown(const UserId &user, std::string_view totpSealed, std::string_view code) const;

    struct RecoveryCodes {
        std::vector<std::string> codes;
        std::vector<std::string> hashes;
    };
    RecoveryCodes newRecoveryCodes(const UserId &user) const;

    /// The answer of a bind, for whoever shows the same secret and code again.
    std::string sealAnswer(const UserId &user, const crypto::Secret &secret, std::string_view code,
                           const std::vector<std::string> &recoveryCodes) const;
    std::optional<std::vector<std::string>> openAnswer(const UserId &user, const crypto::Secret &secret,
                                                       std::string_view code, std::string_view sealed) const;

private:
    std::string recoveryHash(const UserId &user, std::string_view code) const;
    crypto::Secret answerKey(const crypto::Secret &secret, std::string_view code) const;
    std::string seal(const crypto::Secret &secret, const std::string &context) const;
    crypto::Secret open(std::string_view sealed, const std::string &context) const;

    crypto::Secret m_key;
    const Clock &m_clock;
};

} // namespace kith::server
