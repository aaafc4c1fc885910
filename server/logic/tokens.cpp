// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/logic/tokens.h"

#include "core/crypto/crypto.h"

#include <jwt.h>

#include <cstdlib>
#include <memory>

namespace kith::server {
namespace {

constexpr std::size_t kMaxToken = 4096; // ours have some 300 bytes
constexpr std::size_t kRefreshBytes = 32;

struct JwtFree {
    void operator()(jwt_t *jwt) const { jwt_free(jwt); }
};
using Jwt = std::unique_ptr<jwt_t, JwtFree>;

struct Free {
    void operator()(char *text) const { std::free(text); } // libjwt's default allocator; 1.10 has no jwt_free_str
};

std::string claim(jwt_t *jwt, const char *name)
{
    const char *text = jwt_get_grant(jwt, name);
    return text ? text : "";
}

} // namespace

Tokens::Tokens(crypto::Secret key, std::chrono::seconds life, const Clock &clock)
    : m_key(std::move(key)), m_life(life), m_clock(clock)
{
}

std::string Tokens::issue(const UserId &user, const DeviceId &device, const std::string &family) const
{
    jwt_t *raw = nullptr;
    if (jwt_new(&raw) != 0)
        return {};
    const Jwt jwt(raw);
    const auto now = std::chrono::floor<std::chrono::seconds>(m_clock.now()).time_since_epoch().count();
    const auto key = m_key.bytes();
    const bool made = jwt_set_alg(jwt.get(), JWT_ALG_HS256, key.data(), static_cast<int>(key.size())) == 0 &&
                      jwt_add_grant(jwt.get(), "sub", user.str().c_str()) == 0 &&
                      jwt_add_grant(jwt.get(), "did", device.str().c_str()) == 0 &&
                      jwt_add_grant(jwt.get(), "fam", family.c_str()) == 0 &&
                      jwt_add_grant(jwt.get(), "jti", crypto::toHex(crypto::randomBytes(16)).c_str()) == 0 &&
                      jwt_add_grant_int(jwt.get(), "iat", static_cast<long>(now)) == 0 &&
                      jwt_add_grant_int(jwt.get(), "exp", static_cast<long>(now + m_life.count())) == 0;
    if (!made)
        return {};
    const std::unique_ptr<char, Free> text(jwt_encode_str(jwt.get()));
    return text ? std::string(text.get()) : std::string();
}

Expected<Claims, TokenError> Tokens::verify(const std::string &token) const
{
    if (token.empty() || token.size() > kMaxToken || token.find('\0') != std::string::npos)
        return Unexpected(TokenError::Invalid);
    jwt_t *raw = nullptr;
    const auto key = m_key.bytes();
    if (jwt_decode(&raw, token.c_str(), key.data(), static_cast<int>(key.size())) != 0)
        return Unexpected(TokenError::Invalid);
    const Jwt jwt(raw);
    // The header chooses the algorithm, so it is compared with the only one that we write: `none` and others end here.
    if (jwt_get_alg(jwt.get()) != JWT_ALG_HS256)
        return Unexpected(TokenError::Invalid);
    Claims claims{UserId(claim(jwt.get(), "sub")), DeviceId(claim(jwt.get(), "did")), claim(jwt.get(), "fam"),
                  fromUnixMs(std::int64_t{jwt_get_grant_int(jwt.get(), "exp")} * 1000)};
    if (!isValidUserId(claims.user.str()) || !isValidUuid(claims.device.str()) || claims.family.empty())
        return Unexpected(TokenError::Invalid);
    if (m_clock.now() >= claims.expires)
        return Unexpected(TokenError::Expired);
    return claims;
}

std::string Tokens::newRefreshToken()
{
    return crypto::toBase64Url(crypto::Secret::random(kRefreshBytes).view());
}

std::string Tokens::newFamily()
{
    return crypto::toHex(crypto::randomBytes(16));
}

std::string Tokens::successor(std::string_view refresh) const
{
    return crypto::toBase64Url(crypto::hmacSha256(m_key, "refresh" + std::string(refresh)));
}

std::string Tokens::hash(std::string_view refresh)
{
    return crypto::toHex(crypto::sha256(refresh));
}

} // namespace kith::server
