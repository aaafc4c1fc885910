// SPDX-License-Identifier: GPL-3.0-or-later
// What is asked of an export and what comes of it.
#pragma once

#include "core/base/clock.h"
#include "core/base/expected.h"
#include "core/history/types.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace kith::exporting {

enum class ErrorCode {
    Exists,     // a file of that name is there, and it was not said that it may be replaced
    DiskFull,   // or the user's share of it
    Unwritable, // no such folder, no right to write there, not a file
    Busy,       // another export writes there
    Changed,    // the server's data set was replaced meanwhile: half of it would be of one, half of the other
    Cancelled,
};

struct Error {
    ErrorCode code = ErrorCode::Unwritable;
    std::string detail; // the path and the system's words
};

template <class T>
using Result = Expected<T, Error>;

enum class Format { Json, Html, Text };

/// Of the time at which the server took the messages; `until` is not in it.
struct Period {
    std::optional<Timestamp> from, until;

    bool whole() const { return !from && !until; }
    bool holds(Timestamp at) const { return (!from || at >= *from) && (!until || at < *until); }
};

/// A time on somebody's wall, and how far that wall is from Greenwich.
struct LocalTime {
    int year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0, millisecond = 0;
    int offsetMinutes = 0;

    bool sameDay(const LocalTime &other) const
    {
        return year == other.year && month == other.month && day == other.day;
    }
};
/// By the zone of this computer.
LocalTime systemTime(Timestamp at);

class Phrases;

struct Request {
    ConversationId conversation;
    Format format = Format::Json;
    Period period;
    std::string path;
    bool replace = false;                               // a file that is there already
    std::shared_ptr<const Phrases> phrases;             // null: English
    std::function<LocalTime(Timestamp)> localTime = {}; // empty: systemTime
};

struct Progress {
    std::int64_t done = 0, total = 0; // messages
    bool counted = false;             // `total` is known
};

/// What is in the file and what is not.
struct Summary {
    std::int64_t messages = 0; // on the server
    std::int64_t unsent = 0;
    std::int64_t missing = 0;         // of those on the server
    std::vector<history::Hole> holes; // in which they are missing, oldest first
    std::int64_t bytes = 0;
    std::string path;
};

} // namespace kith::exporting
