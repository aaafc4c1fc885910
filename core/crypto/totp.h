// SPDX-License-Identifier: GPL-3.0-or-later
// Time-based one-time passwords (RFC 6238: SHA-1, 6 digits, 30 s) and the codes that replace a lost telephone.
#pragma once

#include "core/crypto/crypto.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kith::crypto {

inline constexpr std::size_t kTotpSecretBytes = 20; // RFC 4226 §4, R6: 160 bits
inline constexpr std::chrono::seconds kTotpStep{30};
inline constexpr std::size_t kTotpDigits = 6;
inline constexpr std::int64_t kTotpWindow = 1; // steps to either side: clocks differ, people type

/// RFC 4648, without padding: 20 bytes give 32 characters.
std::string toBase32(std::string_view bytes);
/// Lower case, spaces and padding are taken as people paste them.
Result<Secret> fromBase32(std::string_view text);

/// The step that a time (seconds since 1970) lies in.
constexpr std::int64_t totpStepAt(std::chrono::seconds sinceEpoch)
{
    return sinceEpoch / kTotpStep;
}
/// `digits` 6 to 8; `secret` raw.
Result<std::string> totpCode(const Secret &secret, std::int64_t step, std::size_t digits = kTotpDigits);
/// The steps of the window around `step` whose code this is, oldest first: nearly always none or one. Compares all of
/// them, in constant time. Spaces in the code are ignored, as people paste them.
Result<std::vector<std::int64_t>> matchingTotpSteps(const Secret &secret, std::string_view code, std::int64_t step);

/// otpauth://totp/Issuer:account?secret=…&issuer=… as authenticator apps read it.
std::string otpauthUri(std::string_view issuer, std::string_view account, std::string_view base32Secret);

/// 80 random bits: "k7qd-2mfx-9w4r-tc8n". No letters that are mistaken for digits.
std::string makeRecoveryCode();
/// As it was made, from whatever case and separators somebody typed; empty if it cannot be one.
std::string normalisedRecoveryCode(std::string_view typed);

} // namespace kith::crypto
