// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/crypto/totp.h"

#include <liboath/oath.h>
#include <sodium.h>

#include <cstdlib>
#include <memory>

namespace kith::crypto {
namespace {

/// RFC 4648 §6.
constexpr std::string_view kBase32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/// Crockford's: no i, l, o, u.
constexpr std::string_view kRecovery = "0123456789abcdefghjkmnpqrstvwxyz";
constexpr std::size_t kRecoveryChars = 16; // of 5 bits
constexpr std::size_t kRecoveryGroup = 4;

void ensureOath()
{
    static const bool ready = oath_init() == OATH_OK;
    if (!ready)
        std::abort(); // its own self-test failed
}

std::string withoutSpaces(std::string_view text)
{
    std::string out;
    for (const char c : text)
        if (c != ' ' && c != '-' && c != '\t')
            out += c;
    return out;
}

std::string percentEncoded(std::string_view text)
{
    constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";
    constexpr std::string_view kHex = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        if (kPlain.find(c) != std::string_view::npos) {
            out += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out += '%';
        out += kHex[byte >> 4];
        out += kHex[byte & 15];
    }
    return out;
}

std::string grouped(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (i > 0 && i % kRecoveryGroup == 0)
            out += '-';
        out += text[i];
    }
    return out;
}

} // namespace

std::string toBase32(std::string_view bytes)
{
    std::string out;
    std::uint32_t bits = 0;
    int have = 0;
    for (const char c : bytes) {
        bits = (bits << 8) | static_cast<unsigned char>(c);
        for (have += 8; have >= 5; have -= 5)
            out += kBase32[(bits >> (have - 5)) & 31];
    }
    if (have > 0)
        out += kBase32[(bits << (5 - have)) & 31];
    return out;
}

Result<Secret> fromBase32(std::string_view text)
{
    std::string bytes;
    bytes.reserve(text.size() * 5 / 8 + 1); // no reallocation leaves a copy behind
    std::uint32_t bits = 0;
    int have = 0;
    bool padding = false;
    for (const char given : text) {
        if (given == ' ' || given == '-')
            continue;
        if (given == '=') {
            padding = true;
            continue;
        }
        const char c = given >= 'a' && given <= 'z' ? static_cast<char>(given - 'a' + 'A') : given;
        const auto value = kBase32.find(c);
        if (value == std::string_view::npos || padding) {
            sodium_memzero(bytes.data(), bytes.size());
            return Unexpected(CryptoError::BadInput);
        }
        bits = (bits << 5) | static_cast<std::uint32_t>(value);
        have += 5;
        if (have >= 8) {
            bytes += static_cast<char>((bits >> (have - 8)) & 0xFF);
            have -= 8;
        }
    }
    // What is left over must be the zero bits that fill the last character, and less than a character.
    const bool whole = have < 5 && (bits & ((1U << have) - 1)) == 0;
    Secret out = Secret::take(std::move(bytes));
    if (!whole)
        return Unexpected(CryptoError::BadInput);
    return out;
}

Result<std::string> totpCode(const Secret &secret, std::int64_t step, std::size_t digits)
{
    ensureOath();
    if (secret.empty() || step < 0 || digits < 6 || digits > 8)
        return Unexpected(CryptoError::BadInput);
    char out[16] = {};
    if (oath_hotp_generate(reinterpret_cast<const char *>(secret.bytes().data()), secret.size(),
                           static_cast<std::uint64_t>(step), static_cast<unsigned>(digits), false,
                           OATH_HOTP_DYNAMIC_TRUNCATION, out) != OATH_OK)
        return Unexpected(CryptoError::BadInput);
    return std::string(out);
}

Result<std::vector<std::int64_t>> matchingTotpSteps(const Secret &secret, std::string_view code, std::int64_t step)
{
    const std::string typed = withoutSpaces(code);
    const bool possible = typed.size() == kTotpDigits && typed.find_first_not_of("0123456789") == std::string::npos;
    std::vector<std::int64_t> matching;
    for (std::int64_t at = step - kTotpWindow; at <= step + kTotpWindow; ++at) {
        if (at < 0)
            continue;
        KITH_TRY_VALUE(right, totpCode(secret, at));
        if (possible && sodium_memcmp(right.data(), typed.data(), kTotpDigits) == 0)
            matching.push_back(at);
        sodium_memzero(right.data(), right.size());
    }
    return matching;
}

std::string otpauthUri(std::string_view issuer, std::string_view account, std::string_view base32Secret)
{
    const std::string name = percentEncoded(issuer);
    return "otpauth://totp/" + name + ":" + percentEncoded(account) + "?secret=" + std::string(base32Secret) +
           "&issuer=" + name + "&algorithm=SHA1&digits=6&period=30";
}

std::string makeRecoveryCode()
{
    const Secret random = Secret::random(kRecoveryChars);
    std::string out;
    for (const std::uint8_t byte : random.bytes())
        out += kRecovery[byte & 31]; // 256 is a multiple of 32: no character is likelier
    return grouped(out);
}

std::string normalisedRecoveryCode(std::string_view typed)
{
    std::string plain;
    for (char c : withoutSpaces(typed)) {
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
        if (c == 'o')
            c = '0';
        if (c == 'i' || c == 'l')
            c = '1';
        if (kRecovery.find(c) == std::string_view::npos)
            return {};
        plain += c;
    }
    return plain.size() == kRecoveryChars ? grouped(plain) : std::string();
}

} // namespace kith::crypto
