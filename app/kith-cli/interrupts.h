// SPDX-License-Identifier: GPL-3.0-or-later
// Ctrl-C and SIGTERM as an event of the loop, so that a command can end in order.
#pragma once

#include <functional>

class QObject;

namespace kith::cli {

/// Calls `told` once, from the event loop, while `context` lives. The next signal ends the program at once.
void onInterrupt(QObject *context, std::function<void()> told);

} // namespace kith::cli
