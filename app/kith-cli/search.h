// SPDX-License-Identifier: GPL-3.0-or-later
// Search of what is on this computer; never the network.
#pragma once

#include "app/kith-cli/console.h"

namespace kith::cli {

/// Hits newest first, then what could be searched. What could not be used of the query goes to standard error.
QCoro::Task<Exit> runSearch(Console &console);

} // namespace kith::cli
