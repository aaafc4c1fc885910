// SPDX-License-Identifier: GPL-3.0-or-later
// What the command line does with messages.
#pragma once

#include "app/kith-cli/console.h"

namespace kith::cli {

/// Done when the server has confirmed the message, or says no.
QCoro::Task<Exit> runSend(Console &console);
/// `edit`, `recall`, `like` or `unlike` of the message with arguments.seq: done when the server has confirmed it, or
/// says no.
QCoro::Task<Exit> runChange(Console &console);

} // namespace kith::cli
