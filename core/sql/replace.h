// SPDX-License-Identifier: GPL-3.0-or-later
// Puts one database in the place of another without a moment at which neither is there.
#pragma once

#include "core/sql/sql.h"

namespace kith::sql {

/// Removes a database and what SQLite keeps beside it. What is not there is no error.
void discardDatabase(const std::string &path);

/// fsync of a file or a folder.
Result<void> syncPath(const std::string &path);

/// `with`, closed and whole, takes the name `path`. What was there keeps its content and its log under the first free
/// of `path` + `suffix` + "1", "2", …, which is returned; empty if there was nothing. Both must be closed by everybody.
Result<std::string> replaceDatabase(const std::string &path, const std::string &with, const std::string &suffix);

} // namespace kith::sql
