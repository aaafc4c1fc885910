// SPDX-License-Identifier: GPL-3.0-or-later
// What is asked of the search, and what it answers: hits with the place of the words, and how far back it could look.
#pragma once

#include "core/history/types.h"

namespace kith::history {

/// Where a page of hits ends; the next one begins below it.
struct SearchPlace {
    Timestamp at{};
    std::int64_t localId = 0;

    auto operator<=>(const SearchPlace &) const = default;
};

/// All that is set must hold. Names and dates are resolved already (core/client/search.h does it).
struct SearchQuery {
    std::vector<std::string> phrases; // each: its words side by side, in this order
    bool lastOpen = false;            // the last word is still being typed: it may be the beginning of one
    std::vector<UserId> from;         // any of them
    std::vector<ConversationId> in;   // any of them
    std::optional<Timestamp> notBefore, before;
    bool hasLink = false;
    std::optional<SearchPlace> below;
    int limit = 50;

    /// Nothing is looked for: every message would be a hit.
    bool isEmpty() const { return phrases.empty() && from.empty() && in.empty() && !notBefore && !before && !hasLink; }
};

/// Bytes `from` … `to` (exclusive) of a snippet are what was looked for.
struct SearchMark {
    std::size_t from = 0;
    std::size_t to = 0;

    bool operator==(const SearchMark &) const = default;
};

struct Snippet {
    std::string text; // one line of UTF-8 around the first place
    std::vector<SearchMark> marks;

    bool operator==(const Snippet &) const = default;
};

struct SearchHit {
    StoredMessage message;
    Snippet snippet;

    SearchPlace place() const { return {message.message.createdAt, message.localId}; }
};

struct SearchPage {
    std::vector<SearchHit> hits; // newest first
    bool more = false;
};

/// A search under way. It is done in pieces, so that whatever else wants the store comes in between.
struct SearchRun {
    enum class Phase {
        Probe, // the first hits of the index: of a rare word these are all
        Walk,  // down from the newest message: of a frequent word, or without words, a page is soon full
        Whole, // all hits of the index, where the walk found too few
    };
    SearchQuery query;
    std::vector<SearchPlace> best; // a heap, the oldest on top; one more than the limit tells that there is more
    std::string match;             // for the index; empty: no words
    std::vector<std::int64_t> conversations; // of query.in
    Phase phase = Phase::Walk;
    std::size_t walk = 0;            // which of the conversations is walked through
    std::int64_t inWalk = 0;         // hits in it
    std::optional<SearchPlace> last; // how far it is; in a conversation localId is a seq, in the index the time is none
    int steps = 0;                   // of all walks
    bool over = false;
};

/// What a search could look at. The index holds every message that is here: both are written in one transaction.
struct SearchReach {
    std::int64_t conversations = 0;
    std::int64_t messages = 0;      // on this computer
    std::int64_t missing = 0;       // on the server only
    std::int64_t lost = 0;          // missing, and not to be had: of a group that was left
    std::int64_t holes = 0;         // pieces of which `missing` and `lost` consist
    std::optional<Timestamp> since; // the oldest message here

    bool operator==(const SearchReach &) const = default;
};

/// Where in `body` the phrases are, in order; places may overlap.
std::vector<SearchMark> findWords(std::string_view body, const SearchQuery &query);

/// `body` around the first of the phrases, newlines as spaces, at most `most` characters; its beginning where none is.
Snippet makeSnippet(std::string_view body, const SearchQuery &query, std::size_t most = 120);

} // namespace kith::history
