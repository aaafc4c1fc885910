// SPDX-License-Identifier: GPL-3.0-or-later
// What the command line does with messages.
#pragma once

#include "app/kith-cli/console.h"

#include <chrono>

namespace kith::cli {

/// For the server to confirm what was sent.
inline constexpr auto kDeliverDeadline = std::chrono::seconds{30};

/// Of a message that is still there after the outbox was `flushed`.
client::ClientError whyUnsent(const history::StoredMessage &message, const client::Result<void> &flushed);

/// Done when the server has confirmed the message, or says no.
QCoro::Task<Exit> runSend(Console &console);
/// `edit`, `recall`, `like` or `unlike` of the message with arguments.seq: done when the server has confirmed it, or
/// says no.
QCoro::Task<Exit> runChange(Console &console);

} // namespace kith::cli
