// SPDX-License-Identifier: GPL-3.0-or-later
// The few primitives of libsodium that Kith uses, with errors as values. Thread-safe.
#pragma once

#include "core/base/expected.h"
#include "core/crypto/secret.h"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace kith::crypto {

enum class CryptoError {
    BadInput,    // wrong length or encoding
    WrongKey,    // authentication failed: another key, other associated data, or damaged bytes
    OutOfMemory, // Argon2id could not have its memory
};

template <class T>
using Result = Expected<T, CryptoError>;

inline constexpr std::size_t kKeyBytes = 32;

/// Cost of Argon2id. Interactive: passwords of accounts and profiles. Fast: tests only.
struct PasswordCost {
    unsigned long long operations = 3;
    std::size_t memoryBytes =
        64 * 1024 * 1024;           // libsodium "interactive" is 2 and 64 MiB; RFC 9106 second choice asks 3
    static PasswordCost cheapest(); // libsodium's minimum, for tests
};

/// Encoded Argon2id hash ("$argon2id$…"), with salt and cost inside. Slow on purpose.
Result<std::string> hashPassword(std::string_view password, const PasswordCost &cost);
bool verifyPassword(std::string_view encodedHash, std::string_view password);
/// A key from a passphrase: Argon2id with that 16-byte salt.
Result<Secret> deriveKey(std::string_view passphrase, std::span<const std::uint8_t> salt16, const PasswordCost &cost);

/// XChaCha20-Poly1305: 24-byte nonce, ciphertext and tag in one string. `context` is the associated data.
Result<std::string> seal(std::span<const std::uint8_t> plain, const Secret &key32, std::string_view context);
Result<Secret> open(std::string_view sealed, const Secret &key32, std::string_view context);

std::string sha256(std::string_view bytes);                        // 32 raw bytes
std::string hmacSha256(const Secret &key, std::string_view bytes); // 32 raw bytes
Secret subkey(const Secret &key32, std::string_view purpose);      // HMAC-SHA-256 of the purpose: 32 bytes
std::string randomBytes(std::size_t size);                         // for salts and nonces, not for secrets
double randomUnit();                                               // [0, 1)
std::string makeUuid();                                            // random (version 4)
std::string toHex(std::string_view bytes);
void wipe(std::string &text) noexcept; // overwrites it, then it is empty
std::optional<std::string> fromHex(std::string_view text);
std::string toBase64(std::string_view bytes);    // with padding
std::string toBase64Url(std::string_view bytes); // without padding
std::optional<std::string> fromBase64Url(std::string_view text);

} // namespace kith::crypto
