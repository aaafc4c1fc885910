// SPDX-License-Identifier: GPL-3.0-or-later
// What one append to a file comes down to: found out by a reader, carried out by the writer in small transactions.
#pragma once

#include "server/store/store.h"

#include <cstdint>
#include <string>
#include <vector>

namespace kith::server::embedded {

/// Bytes of a row of file_pieces, and of one transaction of an upload: 32 pages. What a message may have to wait for,
/// and what a reader of a file holds in memory.
inline constexpr std::int64_t kPieceBytes = 128 * 1024;
/// Appends smaller than that are put together into one row.
inline constexpr std::int64_t kSmallPiece = kPieceBytes / 2;

struct FileStep {
    std::int64_t start = 0, end = 0; // in the file
    std::string state;               // of the hash at `end`
};

struct FilePlan {
    FileAppended::Outcome outcome = FileAppended::Outcome::Taken; // of the last step, or of the whole without any
    std::int64_t offset = 0;                                      // after it
    std::int64_t from = 0;                                        // where the upload stood when this was planned
    std::int64_t file = 0, content = 0, size = 0, owner = 0;
    std::vector<FileStep> steps;
    // With Complete:
    std::string sha256; // raw, of what is kept
    bool replaced = false;
    std::string kept; // with `replaced`: the whole content, instead of what came
};

} // namespace kith::server::embedded
