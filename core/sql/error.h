// SPDX-License-Identifier: GPL-3.0-or-later
// SQLite's result codes as ours. Private to core/sql.
#pragma once

#include "core/sql/sql.h"

namespace kith::sql {

SqlErrorCode codeOf(int extended);
/// The connection's last error; `what` is the statement or the step, never a bound value.
SqlError lastError(sqlite3 *db, int result, std::string_view what);

} // namespace kith::sql
