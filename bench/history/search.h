// SPDX-License-Identifier: GPL-3.0-or-later
// Search over the history that bench_history has made: words, filters, and what others wait for meanwhile.
#pragma once

#include "core/history/history.h"

namespace kith::bench {

void search(history::HistoryStore &store, const ConversationId &one);

} // namespace kith::bench
