// SPDX-License-Identifier: GPL-3.0-or-later
// What is here of each conversation, and taking old messages off this computer.
#pragma once

#include "app/kith-cli/console.h"

namespace kith::cli {

QCoro::Task<Exit> runCoverage(Console &console);
QCoro::Task<Exit> runForget(Console &console);

} // namespace kith::cli
