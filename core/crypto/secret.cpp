// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/crypto/secret.h"

#include <sodium.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace kith::crypto {

// mlock is best effort: RLIMIT_MEMLOCK may refuse it, and a secret in swap is still better than no start at all.
Secret::Secret(std::size_t size) : m_bytes(size)
{
    if (size > 0)
        (void)sodium_mlock(m_bytes.data(), size);
}

Secret Secret::take(std::string &&text)
{
    Secret out = copyOf(std::string_view(text));
    sodium_memzero(text.data(), text.size());
    text.clear();
    return out;
}

Secret Secret::copyOf(std::span<const std::uint8_t> bytes)
{
    Secret out(bytes.size());
    std::copy(bytes.begin(), bytes.end(), out.m_bytes.begin());
    return out;
}

Secret Secret::copyOf(std::string_view text)
{
    return copyOf(std::span(reinterpret_cast<const std::uint8_t *>(text.data()), text.size()));
}

Secret Secret::random(std::size_t size)
{
    if (sodium_init() < 0)
        std::abort(); // no randomness, no keys
    Secret out(size);
    randombytes_buf(out.m_bytes.data(), size);
    return out;
}

Secret::~Secret()
{
    wipe();
}

Secret::Secret(Secret &&other) noexcept : m_bytes(std::exchange(other.m_bytes, {})) {}

Secret &Secret::operator=(Secret &&other) noexcept
{
    if (this != &other) {
        wipe();
        m_bytes = std::exchange(other.m_bytes, {});
    }
    return *this;
}

Secret Secret::clone() const
{
    return copyOf(bytes());
}

std::string_view Secret::view() const noexcept
{
    return {reinterpret_cast<const char *>(m_bytes.data()), m_bytes.size()};
}

bool Secret::equals(const Secret &other) const noexcept
{
    return size() == other.size() && (empty() || sodium_memcmp(m_bytes.data(), other.m_bytes.data(), size()) == 0);
}

void Secret::wipe() noexcept
{
    if (!m_bytes.empty())
        (void)sodium_munlock(m_bytes.data(), m_bytes.size()); // zeroes first
    m_bytes.clear();
}

} // namespace kith::crypto
