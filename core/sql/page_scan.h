// SPDX-License-Identifier: GPL-3.0-or-later
// Reads a damaged database page by page, past its trees: what lies on a page that still decrypts comes out, whatever
// became of the pages that led to it. The format is SQLite's (sqlite.org/fileformat2.html).
#pragma once

#include "core/sql/page_file.h"

#include <functional>
#include <variant>

namespace kith::sql {

struct Blob {
    std::string bytes;
};
using Value = std::variant<std::monostate, std::int64_t, double, std::string, Blob>; // monostate: NULL

/// A row of a table, or an entry of an index or of a table WITHOUT ROWID.
struct Cell {
    std::optional<std::int64_t> rowid; // none in an index
    std::vector<Value> values;         // as stored: a rowid's own column is NULL, trailing columns may be absent
};

struct PageScan {
    std::int64_t pages = 0;
    std::int64_t unreadable = 0; // pages that do not decrypt
    std::int64_t broken = 0;     // cells that make no sense or continue on an unreadable page
};

/// A page by its number from 1: PageFile::kUsableBytes, or nothing if it cannot be read.
using PageSource = std::function<std::optional<std::string>(std::int64_t)>;

/// Every cell of every page, in the order of the pages; `take` may end the scan with an error. Deleted rows do not come
/// back where `secure_delete` was on.
Result<PageScan> scanPages(std::int64_t pages, const PageSource &page,
                           const std::function<Result<void>(const Cell &)> &take);

} // namespace kith::sql
