// SPDX-License-Identifier: GPL-3.0-or-later
// The checks that keep a database from being written in plaintext (DESIGN §3.4).
#pragma once

#include "core/sql/sql.h"

namespace kith::sql {

/// NotSqlCipher where `PRAGMA cipher_version` gave nothing: this library would write plaintext.
Result<void> checkCipherVersion(std::string_view version);

enum class FileState { Absent, Empty, Present };

/// Plaintext for a file that begins as plain SQLite does; Truncated for one that is no whole number of pages and has no
/// write-ahead log to mend it. Reads only.
Result<FileState> checkFile(const std::string &path);

} // namespace kith::sql
