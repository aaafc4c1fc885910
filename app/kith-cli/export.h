// SPDX-License-Identifier: GPL-3.0-or-later
// `export` on the command line: what is here of a conversation, into a file.
#pragma once

#include "app/kith-cli/console.h"

namespace kith::cli {

/// Asks nobody. How far it is goes to standard error; Ctrl-C ends it and leaves no file.
QCoro::Task<Exit> runExport(Console &console);

} // namespace kith::cli
