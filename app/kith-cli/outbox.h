// SPDX-License-Identifier: GPL-3.0-or-later
// What was written and is not on the server: looked at, tried again, taken back.
#pragma once

#include "app/kith-cli/console.h"

namespace kith::cli {

/// What waits and what was refused, oldest first. Asks nobody.
QCoro::Task<Exit> runOutbox(Console &console);
/// Done when the server has the message, or all with `--all`; else with why the first of them stays.
QCoro::Task<Exit> runRetry(Console &console);
QCoro::Task<Exit> runDiscard(Console &console);

} // namespace kith::cli
