// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sql/error.h"

#include <sqlite3.h>

namespace kith::sql {

SqlErrorCode codeOf(int extended)
{
    switch (extended & 0xff) {
    case SQLITE_NOTADB:
        return SqlErrorCode::WrongKey;
    case SQLITE_CORRUPT:
        return SqlErrorCode::Corrupt;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return SqlErrorCode::Busy;
    case SQLITE_FULL:
        return SqlErrorCode::DiskFull;
    case SQLITE_READONLY:
    case SQLITE_PERM:
        return SqlErrorCode::ReadOnly;
    case SQLITE_CANTOPEN:
        return SqlErrorCode::CannotOpen;
    case SQLITE_INTERRUPT:
        return SqlErrorCode::Interrupted;
    case SQLITE_CONSTRAINT:
        return SqlErrorCode::Constraint;
    case SQLITE_ERROR:
    case SQLITE_MISUSE:
    case SQLITE_RANGE:
    case SQLITE_MISMATCH:
    case SQLITE_SCHEMA:
        return SqlErrorCode::Misuse;
    default: // SQLite's codes are not our enumeration: whatever else it says is about reading and writing
        return SqlErrorCode::Io;
    }
}

SqlError lastError(sqlite3 *db, int result, std::string_view what)
{
    const int extended = db != nullptr ? sqlite3_extended_errcode(db) : result;
    SqlError error;
    error.extended = (extended & 0xff) == (result & 0xff) ? extended : result;
    error.code = codeOf(error.extended);
    // SQLCipher's answer to a page that is not authentic; a statement that is wrong is told what is wrong with it.
    if (error.extended == SQLITE_ERROR && db != nullptr &&
        std::string_view(sqlite3_errmsg(db)) == sqlite3_errstr(SQLITE_ERROR))
        error.code = SqlErrorCode::Corrupt;
    error.detail = db != nullptr ? sqlite3_errmsg(db) : sqlite3_errstr(result);
    error.detail += " in: ";
    error.detail += what.substr(0, 200);
    return error;
}

} // namespace kith::sql
