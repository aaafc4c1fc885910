// SPDX-License-Identifier: GPL-3.0-or-later
// SHA-256 over bytes that come in pieces, with a state that can be put down between two of them: an upload that goes on
// after a restart needs no second reading.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kith::crypto {

class Sha256 final {
public:
    Sha256();
    /// Nothing for a text that save() did not make.
    static std::optional<Sha256> restore(std::string_view saved);

    void add(std::string_view bytes);
    /// 104 bytes, the same on every machine.
    std::string save() const;
    /// 32 raw bytes of all that was added; the state stays as it is.
    std::string digest() const;

private:
    static constexpr std::size_t kBlock = 64;
    static constexpr std::size_t kWords = 8;
    static constexpr std::size_t kSavedBytes = kWords * 4 + 8 + kBlock;

    std::uint32_t m_words[kWords];
    std::uint64_t m_bits = 0;
    unsigned char m_block[kBlock];
};

} // namespace kith::crypto
