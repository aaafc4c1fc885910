// SPDX-License-Identifier: GPL-3.0-or-later
// Access tokens (JWT, HS256) and refresh tokens (PROTOCOL §2).
#pragma once

#include "core/base/clock.h"
#include "core/base/expected.h"
#include "core/base/ids.h"
#include "core/crypto/secret.h"

#include <chrono>
#include <string>
#include <string_view>

namespace kith::server {

enum class TokenError {
    Invalid, // not one of ours: form, algorithm, signature or claims
    Expired, // ours, and over
};

struct Claims {
    UserId user;        // sub
    DeviceId device;    // did
    std::string family; // fam: of the refresh tokens; a token of an earlier login does not match the session
    Timestamp expires{};
};

/// Thread-safe.
class Tokens final {
public:
    /// `key`: 32 bytes.
    Tokens(crypto::Secret key, std::chrono::seconds life, const Clock &clock);

    /// Nothing to go wrong but memory: then it is empty, and no such token is accepted.
    std::string issue(const UserId &user, const DeviceId &device, const std::string &family) const;
    /// A good signature is not enough: the caller also asks the store whether the session still stands.
    Expected<Claims, TokenError> verify(const std::string &token) const;
    std::chrono::seconds life() const { return m_life; }

    static std::string newRefreshToken();
    static std::string newFamily();
    /// The one token that follows `refresh`: derived, so that a lost answer can be given again (PROTOCOL §2).
    std::string successor(std::string_view refresh) const;
    /// What the store keeps instead of a refresh token.
    static std::string hash(std::string_view refresh);

private:
    crypto::Secret m_key;
    std::chrono::seconds m_life;
    const Clock &m_clock;
};

} // namespace kith::server
