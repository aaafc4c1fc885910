// SPDX-License-Identifier: GPL-3.0-or-later
// `wire` and `diagnostics` on the command line: what testers look at.
#pragma once

#include "app/kith-cli/console.h"

namespace kith::cli {

/// Prints every frame, until `--for` is over, interrupted or logged out. `--send`: that frame goes out as soon as the
/// link is up, and without `--for` it ends when all of it is answered: with the error, if one is.
QCoro::Task<Exit> runWire(Console &console);

/// Writes the report. Whatever comes of the attempt to reach the server is in it.
QCoro::Task<Exit> runDiagnostics(Console &console);

} // namespace kith::cli
