// SPDX-License-Identifier: GPL-3.0-or-later
// What the command line does to messages that exist.
#pragma once

#include "app/kith-cli/cli.h"
#include "core/client/client.h"

#include <QCoroTask>

#include <chrono>

namespace kith::cli {

/// For the server to confirm what was sent.
inline constexpr auto kDeliverDeadline = std::chrono::seconds{30};

/// `edit`, `recall`, `like` or `unlike` of the message with arguments.seq: ready when the server has confirmed it, or
/// says no.
QCoro::Task<client::Result<history::StoredMessage>> runChange(client::Client &client, const Arguments &arguments,
                                                              ConversationId conversation, std::string text);

} // namespace kith::cli
