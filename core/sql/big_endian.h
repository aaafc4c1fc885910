// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers as SQLite writes them. Private to core/sql.
#pragma once

#include <cstdint>
#include <string_view>

namespace kith::sql {

/// Of at most 8 bytes.
inline std::uint64_t bigEndian(std::string_view bytes)
{
    std::uint64_t value = 0;
    for (const char c : bytes)
        value = value << 8 | static_cast<unsigned char>(c);
    return value;
}

} // namespace kith::sql
