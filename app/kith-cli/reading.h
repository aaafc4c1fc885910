// SPDX-License-Identifier: GPL-3.0-or-later
// What there is to read on the command line: conversations, messages, receipts.
#pragma once

#include "app/kith-cli/console.h"

namespace kith::cli {

QCoro::Task<Exit> runConversations(Console &console);
QCoro::Task<Exit> runHistory(Console &console);
/// The days that have messages here.
QCoro::Task<Exit> runDays(Console &console);
QCoro::Task<Exit> runReceipts(Console &console);
/// Messages as they come.
QCoro::Task<Exit> runTail(Console &console);

} // namespace kith::cli
