// SPDX-License-Identifier: GPL-3.0-or-later
// What somebody typed to search, made into a query of the history: names into people and conversations, days into
// times.
#pragma once

#include "core/base/domain.h"
#include "core/history/search.h"
#include "core/history/search_text.h"

#include <QDate>

namespace kith::client {

struct SearchRequest {
    std::string text;
    std::optional<ConversationId> here;        // only in this one, unless the text says in:
    std::optional<history::SearchPlace> below; // the next page: the place of the last hit
    int limit = 50;
};

struct SearchAnswer {
    std::vector<history::SearchHit> hits; // newest first
    bool more = false;
    bool asked = false; // the text said something to look for
    std::vector<history::SearchHint> hints;
    history::SearchReach reach; // of the conversations that were searched; not counted again for a next page
};

struct ResolvedSearch {
    history::SearchQuery query;
    std::vector<history::SearchHint> hints;
    bool possible = true; // false: a name or day is unknown, so nothing can be found
};

/// from: and in: take exact names (of people also user names, of conversations also ids) and only without any the names
/// that contain the value. `me` is oneself; today and yesterday are days. Days are those of this computer's zone;
/// `before` excludes its day, `after` includes it.
ResolvedSearch resolveSearch(const SearchRequest &request, const std::vector<User> &people,
                             const std::vector<history::LocalHead> &heads, const UserId &self, const QDate &today);

} // namespace kith::client
