// SPDX-License-Identifier: GPL-3.0-or-later
// What Client::messageMonth and messageDays do on the history's thread.
#pragma once

#include "core/client/days.h"
#include "core/history/history.h"

namespace kith::client {

/// A few seeks for each day and each hole that meets the month.
sql::Result<MessageMonth> monthOf(history::HistoryStore &store, const ConversationId &id, const QDate &month,
                                  const QDate &today);
/// Every day that is Here, oldest first.
sql::Result<std::vector<MessageDay>> daysOf(history::HistoryStore &store, const ConversationId &id);

} // namespace kith::client
