// SPDX-License-Identifier: GPL-3.0-or-later
// The FTS5 tokenizer `cjk`: CJK characters one by one, other words by Unicode, both case-folded (DESIGN §3.7).
#pragma once

#include "core/sql/sql.h"

#include <functional>

namespace kith::sql {

Result<void> registerCjkTokenizer(sqlite3 *db);

/// Calls `token(text, begin, end)` for each token, offsets in bytes of `utf8`. Stops when it returns false.
/// Bytes that are no UTF-8 separate words.
void tokenizeCjk(std::string_view utf8, const std::function<bool(std::string_view, std::size_t, std::size_t)> &token);

} // namespace kith::sql
