// SPDX-License-Identifier: GPL-3.0-or-later
// `download` on the command line: everything, with a line of progress now and then.
#pragma once

#include "app/kith-cli/output.h"
#include "core/client/client.h"

#include <QCoroTask>

namespace kith::cli {

/// After the catch-up. Ready when no hole is left; else with why one stays: it was refused, could not be kept, or the
/// server was away for long. What is left is named on the way out.
QCoro::Task<client::Result<void>> runDownload(client::Client &client, const Output &output,
                                              std::optional<ConversationId> only);

} // namespace kith::cli
