// SPDX-License-Identifier: GPL-3.0-or-later
// A new history out of a damaged one: what can be read, without what only the server can tell again.
#pragma once

#include "core/sql/sql.h"

#include <cstdint>
#include <string>

namespace kith::history {

struct Salvage {
    std::int64_t messages = 0;   // that came over
    std::int64_t unsent = 0;     // of them, waiting to be sent
    std::int64_t unreadable = 0; // pages of 4 KiB, of the old file
    std::string aside;           // where the damaged file is now
};

/// Reads every page of the closed history `path` that decrypts and puts what it holds into a new file of that name,
/// whose ranges, search index and heads are made anew; the old one stays beside it, see Salvage::aside. What the server
/// has is then fetched like any other hole. WrongKey where not even the first page can be read: startAnew() is all
/// there is. On an error `path` is as it was. Takes about as long as building the search index: seconds per 100,000
/// messages.
sql::Result<Salvage> salvage(const std::string &path, const crypto::Secret &key);

/// Moves a file that cannot be read at all aside, so that a new one can be made: returns where it is.
sql::Result<std::string> startAnew(const std::string &path, const crypto::Secret &key);

/// Removes the damaged files that lie beside `path`.
void forgetDamaged(const std::string &path);

} // namespace kith::history
