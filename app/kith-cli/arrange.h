// SPDX-License-Identifier: GPL-3.0-or-later
// How a conversation stands in the list: pinned, archived, marked, muted.
#pragma once

#include "app/kith-cli/console.h"

namespace kith::cli {

/// The words of `arrange`; anything else is a wrong usage.
inline constexpr const char *kArrangements[] = {"pinned", "unpinned", "archived", "unarchived",
                                                "unread", "read",     "muted",    "unmuted"};

/// Prints the conversation as it is then. `muted` and `unmuted` are the server's to know; the others are this
/// computer's own.
QCoro::Task<Exit> runArrange(Console &console);

} // namespace kith::cli
