// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/logic/file_range.h"

#include <algorithm>
#include <charconv>

namespace kith::server {
namespace {

constexpr std::int64_t kMostNumber = (std::int64_t{1} << 53) - 1;

bool areDigits(std::string_view text)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// A number that is too large for us is larger than any file.
std::int64_t clamped(std::string_view digits)
{
    return wholeNumber(digits).value_or(kMostNumber);
}

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

bool isBytesUnit(std::string_view text) // range units are case-insensitive (§14.1)
{
    constexpr std::string_view kUnit = "bytes=";
    return text.size() >= kUnit.size() && std::equal(kUnit.begin(), kUnit.end(), text.begin(), [](char a, char b) {
               return a == (b >= 'A' && b <= 'Z' ? static_cast<char>(b - 'A' + 'a') : b);
           });
}

} // namespace

std::optional<std::int64_t> wholeNumber(std::string_view text)
{
    std::int64_t value = 0;
    if (!areDigits(text))
        return std::nullopt;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value > kMostNumber)
        return std::nullopt;
    return value;
}

RangeAnswer answerRange(std::string_view header, std::int64_t size)
{
    using Kind = RangeAnswer::Kind;
    if (!isBytesUnit(header))
        return {};
    const std::string_view spec = trimmed(header.substr(header.find('=') + 1));
    const auto dash = spec.find('-');
    if (dash == std::string_view::npos)
        return {};
    const std::string_view from = spec.substr(0, dash), to = spec.substr(dash + 1);
    if ((!from.empty() && !areDigits(from)) || (!to.empty() && !areDigits(to)) || (from.empty() && to.empty()))
        return {};
    if (from.empty()) { // the last so many
        const std::int64_t count = clamped(to);
        if (count == 0)
            return {Kind::Unsatisfiable, {}};
        return {Kind::Part, {size - std::min(count, size), size - 1}};
    }
    const std::int64_t first = clamped(from);
    const std::int64_t last = to.empty() ? size - 1 : clamped(to);
    if (last < first && !to.empty())
        return {}; // malformed (§14.1.1)
    if (first >= size)
        return {Kind::Unsatisfiable, {}};
    return {Kind::Part, {first, std::min(last, size - 1)}};
}

} // namespace kith::server
