// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/crypto/sha256.h"

#include <sodium.h>

#include <cstring>

namespace kith::crypto {
namespace {

// libsodium's state is public and is what the algorithm says (FIPS 180-4 §6.2): eight words, the length in bits and the
// block that is not full yet. Kept apart from ours so that nobody who includes the header needs libsodium.
crypto_hash_sha256_state loaded(const std::uint32_t *words, std::uint64_t bits, const unsigned char *block)
{
    crypto_hash_sha256_state state{};
    std::memcpy(state.state, words, sizeof state.state);
    state.count = bits;
    std::memcpy(state.buf, block, sizeof state.buf);
    return state;
}

const unsigned char *raw(std::string_view bytes)
{
    return reinterpret_cast<const unsigned char *>(bytes.data());
}

} // namespace

Sha256::Sha256()
{
    crypto_hash_sha256_state state{};
    crypto_hash_sha256_init(&state);
    static_assert(sizeof state.state == sizeof m_words && sizeof state.buf == sizeof m_block);
    std::memcpy(m_words, state.state, sizeof m_words);
    std::memset(m_block, 0, sizeof m_block);
}

std::optional<Sha256> Sha256::restore(std::string_view saved)
{
    if (saved.size() != kSavedBytes)
        return std::nullopt;
    Sha256 hash;
    const unsigned char *at = raw(saved);
    for (auto &word : hash.m_words) {
        word = std::uint32_t{at[0]} << 24 | std::uint32_t{at[1]} << 16 | std::uint32_t{at[2]} << 8 | at[3];
        at += 4;
    }
    for (int i = 0; i < 8; ++i)
        hash.m_bits = hash.m_bits << 8 | *at++;
    std::memcpy(hash.m_block, at, kBlock);
    return hash;
}

void Sha256::add(std::string_view bytes)
{
    auto state = loaded(m_words, m_bits, m_block);
    crypto_hash_sha256_update(&state, raw(bytes), bytes.size());
    std::memcpy(m_words, state.state, sizeof m_words);
    m_bits = state.count;
    std::memcpy(m_block, state.buf, sizeof m_block);
}

std::string Sha256::save() const
{
    std::string out;
    out.reserve(kSavedBytes);
    for (const std::uint32_t word : m_words)
        for (int shift = 24; shift >= 0; shift -= 8)
            out += static_cast<char>(word >> shift & 0xff);
    for (int shift = 56; shift >= 0; shift -= 8)
        out += static_cast<char>(m_bits >> shift & 0xff);
    out.append(reinterpret_cast<const char *>(m_block), kBlock);
    return out;
}

std::string Sha256::digest() const
{
    auto state = loaded(m_words, m_bits, m_block);
    std::string out(crypto_hash_sha256_BYTES, '\0');
    crypto_hash_sha256_final(&state, reinterpret_cast<unsigned char *>(out.data()));
    return out;
}

} // namespace kith::crypto
