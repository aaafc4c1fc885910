// SPDX-License-Identifier: GPL-3.0-or-later
// `download` on the command line: everything, with a line of progress now and then.
#pragma once

#include "app/kith-cli/console.h"

namespace kith::cli {

/// 0 when no hole is left. Why one stays and which: it was refused, could not be kept, or the server was away for long.
QCoro::Task<Exit> runDownload(Console &console);

} // namespace kith::cli
