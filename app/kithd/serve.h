// SPDX-License-Identifier: GPL-3.0-or-later
// `kithd serve`: from the settings to a server that has drained.
#pragma once

#include "server/ops/config.h"

namespace kith::server {

/// Returns the exit status. Blocks until SIGTERM or SIGINT and the drain after it, at most 30 s; a second signal ends
/// at once.
int serve(const Config &config);

} // namespace kith::server
