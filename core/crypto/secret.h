// SPDX-License-Identifier: GPL-3.0-or-later
// Bytes that must not leak: no copy, no stream, no formatting; wiped when dropped.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kith::crypto {

class Secret final {
public:
    Secret() = default;
    explicit Secret(std::size_t size);
    /// Takes the bytes over and wipes the source.
    static Secret take(std::string &&text);
    static Secret copyOf(std::span<const std::uint8_t> bytes);
    static Secret copyOf(std::string_view text);
    /// `size` bytes of a CSPRNG.
    static Secret random(std::size_t size);

    ~Secret();
    Secret(Secret &&other) noexcept;
    Secret &operator=(Secret &&other) noexcept;
    Secret(const Secret &) = delete;
    Secret &operator=(const Secret &) = delete;

    Secret clone() const;
    bool empty() const noexcept { return m_bytes.empty(); }
    std::size_t size() const noexcept { return m_bytes.size(); }
    std::span<const std::uint8_t> bytes() const noexcept { return m_bytes; }
    std::span<std::uint8_t> bytes() noexcept { return m_bytes; }
    std::string_view view() const noexcept;
    /// In constant time for equal sizes.
    bool equals(const Secret &other) const noexcept;

private:
    void wipe() noexcept;
    std::vector<std::uint8_t> m_bytes;
};

/// Overwrites what calls that have returned left in this thread's vector registers and on its stack, down to 64 KiB
/// below here. memcpy() moves texts through those registers; a new thread inherits them from its maker, and the dynamic
/// linker saves them on the stack when it resolves a function.
void wipeTraces() noexcept;

} // namespace kith::crypto
