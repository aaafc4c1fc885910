// SPDX-License-Identifier: GPL-3.0-or-later
// A profile as a client leaves it behind: logged in, one group of very many messages, some small conversations.
#pragma once

#include "core/history/history.h"

#include <QString>

namespace kith::bench {

inline const ConversationId kBig("g:1");

/// `profile` is an empty folder; its key is written to `profile`.key. Exits where something fails.
void makeWorld(const QString &profile, std::int64_t messages);
crypto::Secret keyOf(const QString &profile);
history::HistoryStore openWorld(const QString &profile);

} // namespace kith::bench
