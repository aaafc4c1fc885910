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

namespace {

#if defined(__x86_64__) && defined(__GNUC__)

void wipeVectorRegisters() noexcept
{
    asm volatile(".irp n,0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15\n\tpxor %%xmm\\n,%%xmm\\n\n\t.endr" ::
                     : "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11",
                       "xmm12", "xmm13", "xmm14", "xmm15");
    if (__builtin_cpu_supports("avx"))
        asm volatile("vzeroupper"); // the upper halves of those
    if (__builtin_cpu_supports("avx512f"))
        // Nothing that is built without AVX-512 keeps anything of its own in these.
        asm volatile(".irp n,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31\n\t"
                     "vpxorq %zmm\\n,%zmm\\n,%zmm\\n\n\t"
                     ".endr");
}

#else

void wipeVectorRegisters() noexcept {}

#endif

} // namespace

void wipeTraces() noexcept
{
    wipeVectorRegisters(); // first: the next call may be one that is resolved
    sodium_stackzero(64 * 1024);
}

void Secret::wipe() noexcept
{
    if (!m_bytes.empty())
        (void)sodium_munlock(m_bytes.data(), m_bytes.size()); // zeroes first
    m_bytes.clear();
}

} // namespace kith::crypto
