// SPDX-License-Identifier: GPL-3.0-or-later
// The one place that reads what somebody types to search: words, "words side by side", and filters such as from:ann.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kith::history {

enum class SearchFilterKind { From, In, Before, After, Has };

struct SearchFilter {
    SearchFilterKind kind = SearchFilterKind::From;
    std::string value; // without its quotes, never empty

    bool operator==(const SearchFilter &) const = default;
};

/// Something typed that could not be used, to be told beside the field.
struct SearchHint {
    enum class Kind {
        UnknownFilter, // `name:` is none
        NoValue,       // `from:` and nothing behind it
        UnknownPerson,
        UnknownConversation,
        BadDate,
        UnknownThing, // has: something other than a link
    };
    Kind kind = Kind::UnknownFilter;
    std::string name;  // of the filter, as typed
    std::string value; // behind the colon

    bool operator==(const SearchHint &) const = default;
};

struct SearchText {
    std::vector<std::string> phrases; // each a word, or what stood in quotes
    bool lastOpen = false;            // it ends in the middle of a word
    std::vector<SearchFilter> filters;
    std::vector<SearchHint> hints;

    bool operator==(const SearchText &) const = default;
};

/// Filters are known by their English and their Chinese names, before `:` or `：`. Addresses (https://…) and times
/// (12:30) are words. What looks like a filter and is none becomes a hint and is not searched for; in quotes it is.
SearchText parseSearch(std::string_view text);

struct SearchDay {
    int year = 0, month = 0, day = 0; // of `2024-05`: month 5, day 0

    bool operator==(const SearchDay &) const = default;
};
/// 2024-05-03, 2024/5/3, 2024.5.3, 2024-05, 2024; only days that exist.
std::optional<SearchDay> parseSearchDay(std::string_view text);

/// The filter's name in English, as it is typed.
std::string_view searchFilterName(SearchFilterKind kind);

} // namespace kith::history
