// SPDX-License-Identifier: GPL-3.0-or-later
// Which of a theme's sender colours somebody has: the same in a window, in an export and after a restart.
#pragma once

#include <cstdint>
#include <string_view>

namespace kith {

inline constexpr int kSenderColourCount = 8; // LOOK, tokens

constexpr int senderColour(std::string_view id)
{
    std::uint32_t hash = 2166136261U; // FNV-1a: stable across runs, unlike std::hash
    for (const char c : id)
        hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
    return static_cast<int>((hash ^ (hash >> 15)) % kSenderColourCount);
}

} // namespace kith
