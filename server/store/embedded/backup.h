// SPDX-License-Identifier: GPL-3.0-or-later
// Copies of the database for the day when the disk is gone.
#pragma once

#include "core/base/clock.h"
#include "core/sql/sql.h"

#include <string>

namespace kith::server {

/// Writes what is committed at this moment to the new file `to`, encrypted with the same key, whole and checked or not
/// at all; a server may be using `path` meanwhile. Busy if `to` exists. Blocks.
sql::Result<void> backUp(const std::string &path, const crypto::Secret &key, const std::string &to);

/// Puts the database `from` in the place of `path` (which no server uses: Busy otherwise) and gives it a new epoch, so
/// that clients compare what they have. What was at `path` is kept beside it: returns its new name, empty if there was
/// nothing. On an error `path` is as it was.
sql::Result<std::string> restore(const std::string &from, const crypto::Secret &key, const std::string &path,
                                 const Clock &clock);

} // namespace kith::server
