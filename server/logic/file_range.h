// SPDX-License-Identifier: GPL-3.0-or-later
// The Range header of RFC 9110 §14, as far as it is honoured: one range of bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace kith::server {

struct ByteRange {
    std::int64_t first = 0, last = 0; // both in it
    bool operator==(const ByteRange &) const = default;
};

struct RangeAnswer {
    enum class Kind { Whole, Part, Unsatisfiable };
    Kind kind = Kind::Whole; // also of what cannot be read, and of several ranges: the header is then ignored
    ByteRange part{};
};
/// Of a file of `size` bytes, at least one.
RangeAnswer answerRange(std::string_view header, std::int64_t size);

/// Decimal digits and nothing else, below 2^53.
std::optional<std::int64_t> wholeNumber(std::string_view text);

} // namespace kith::server
