// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/crypto/crypto.h"

#include <sodium.h>

#include <cstdlib>

namespace kith::crypto {
namespace {

// libsodium's start is idempotent and thread-safe; without it nothing here may be trusted, so its failure ends us.
void ensureSodium()
{
    static const bool ready = sodium_init() >= 0;
    if (!ready)
        std::abort();
}

const unsigned char *raw(std::string_view text)
{
    return reinterpret_cast<const unsigned char *>(text.data());
}
unsigned char *raw(std::string &text)
{
    return reinterpret_cast<unsigned char *>(text.data());
}

constexpr std::size_t kNonce = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTag = crypto_aead_xchacha20poly1305_ietf_ABYTES;

} // namespace

PasswordCost PasswordCost::cheapest()
{
    return {crypto_pwhash_argon2id_OPSLIMIT_MIN, crypto_pwhash_argon2id_MEMLIMIT_MIN};
}

Result<std::string> hashPassword(std::string_view password, const PasswordCost &cost)
{
    ensureSodium();
    char out[crypto_pwhash_argon2id_STRBYTES] = {};
    if (crypto_pwhash_argon2id_str(out, password.data(), password.size(), cost.operations, cost.memoryBytes) != 0)
        return Unexpected(CryptoError::OutOfMemory);
    return std::string(out);
}

bool verifyPassword(std::string_view encodedHash, std::string_view password)
{
    ensureSodium();
    if (encodedHash.size() >= crypto_pwhash_argon2id_STRBYTES)
        return false;
    const std::string terminated(encodedHash);
    return crypto_pwhash_argon2id_str_verify(terminated.c_str(), password.data(), password.size()) == 0;
}

Result<Secret> deriveKey(std::string_view passphrase, std::span<const std::uint8_t> salt16, const PasswordCost &cost)
{
    ensureSodium();
    if (salt16.size() != crypto_pwhash_argon2id_SALTBYTES)
        return Unexpected(CryptoError::BadInput);
    Secret key(kKeyBytes);
    if (crypto_pwhash_argon2id(key.bytes().data(), kKeyBytes, passphrase.data(), passphrase.size(), salt16.data(),
                               cost.operations, cost.memoryBytes, crypto_pwhash_argon2id_ALG_ARGON2ID13) != 0)
        return Unexpected(CryptoError::OutOfMemory);
    return key;
}

Result<std::string> seal(std::span<const std::uint8_t> plain, const Secret &key32, std::string_view context)
{
    ensureSodium();
    if (key32.size() != kKeyBytes)
        return Unexpected(CryptoError::BadInput);
    std::string out(kNonce + plain.size() + kTag, '\0');
    randombytes_buf(out.data(), kNonce);
    crypto_aead_xchacha20poly1305_ietf_encrypt(raw(out) + kNonce, nullptr, plain.data(), plain.size(), raw(context),
                                               context.size(), nullptr, raw(out), key32.bytes().data());
    return out;
}

Result<Secret> open(std::string_view sealed, const Secret &key32, std::string_view context)
{
    ensureSodium();
    if (key32.size() != kKeyBytes || sealed.size() < kNonce + kTag)
        return Unexpected(CryptoError::BadInput);
    Secret plain(sealed.size() - kNonce - kTag);
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(plain.bytes().data(), nullptr, nullptr, raw(sealed) + kNonce,
                                                   sealed.size() - kNonce, raw(context), context.size(), raw(sealed),
                                                   key32.bytes().data()) != 0)
        return Unexpected(CryptoError::WrongKey);
    return plain;
}

std::string sha256(std::string_view bytes)
{
    std::string out(crypto_hash_sha256_BYTES, '\0');
    crypto_hash_sha256(raw(out), raw(bytes), bytes.size());
    return out;
}

std::string hmacSha256(const Secret &key, std::string_view bytes)
{
    std::string out(crypto_auth_hmacsha256_BYTES, '\0');
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, key.bytes().data(), key.size());
    crypto_auth_hmacsha256_update(&state, raw(bytes), bytes.size());
    crypto_auth_hmacsha256_final(&state, raw(out));
    sodium_memzero(&state, sizeof state);
    return out;
}

Secret subkey(const Secret &key32, std::string_view purpose)
{
    return Secret::take(hmacSha256(key32, purpose));
}

std::string randomBytes(std::size_t size)
{
    ensureSodium();
    std::string out(size, '\0');
    randombytes_buf(out.data(), size);
    return out;
}

double randomUnit()
{
    ensureSodium();
    std::uint64_t bits = 0;
    randombytes_buf(&bits, sizeof bits);
    return static_cast<double>(bits >> 11) * 0x1.0p-53; // the 53 bits that a double holds exactly
}

std::string makeUuid()
{
    std::string bytes = randomBytes(16);
    bytes[6] = static_cast<char>((bytes[6] & 0x0F) | 0x40);
    bytes[8] = static_cast<char>((bytes[8] & 0x3F) | 0x80);
    std::string out = toHex(bytes);
    for (const std::size_t at : {8U, 13U, 18U, 23U})
        out.insert(at, 1, '-');
    return out;
}

std::string toHex(std::string_view bytes)
{
    std::string out(bytes.size() * 2 + 1, '\0');
    sodium_bin2hex(out.data(), out.size(), raw(bytes), bytes.size());
    out.pop_back();
    return out;
}

std::optional<std::string> fromHex(std::string_view text)
{
    std::string out(text.size() / 2, '\0');
    std::size_t size = 0;
    if (text.size() % 2 != 0 ||
        (!text.empty() &&
         sodium_hex2bin(raw(out), out.size(), text.data(), text.size(), nullptr, &size, nullptr) != 0) ||
        size != out.size())
        return std::nullopt;
    return out;
}

void wipe(std::string &text) noexcept
{
    sodium_memzero(text.data(), text.capacity());
    text.clear();
}

std::string toBase64(std::string_view bytes)
{
    std::string out(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
    sodium_bin2base64(out.data(), out.size(), raw(bytes), bytes.size(), sodium_base64_VARIANT_ORIGINAL);
    out.pop_back();
    return out;
}

std::string toBase64Url(std::string_view bytes)
{
    std::string out(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING), '\0');
    sodium_bin2base64(out.data(), out.size(), raw(bytes), bytes.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    out.pop_back();
    return out;
}

std::optional<std::string> fromBase64Url(std::string_view text)
{
    std::string out(text.size() / 4 * 3 + 3, '\0');
    std::size_t size = 0;
    if (sodium_base642bin(raw(out), out.size(), text.data(), text.size(), nullptr, &size, nullptr,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0)
        return std::nullopt;
    out.resize(size);
    return out;
}

} // namespace kith::crypto
