// SPDX-License-Identifier: GPL-3.0-or-later
// Puts one database in the place of another without a moment at which neither is there.
#pragma once

#include "core/sql/sql.h"

namespace kith::sql {

/// Removes a database and what SQLite keeps beside it. What is not there is no error.
void discardDatabase(const std::string &path);

/// fsync of the file; its name is syncFolderOf()'s.
Result<void> syncFile(const std::string &path);

/// Where replaceDatabase() was interrupted, by a loss of power or a kill, `path` may be the old database without its
/// log, which holds the newest commits: gives it back. To be called, with the same suffix, before `path` is opened and
/// with everybody else kept away.
Result<void> undoReplacement(const std::string &path, const std::string &suffix);

/// `with`, closed and whole, takes the name `path`. What was there keeps its content and its log under the first free
/// of `path` + `suffix` + "1", "2", …, which is returned; empty if there was nothing. Both must be closed by everybody.
Result<std::string> replaceDatabase(const std::string &path, const std::string &with, const std::string &suffix);

} // namespace kith::sql
