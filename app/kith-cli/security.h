// SPDX-License-Identifier: GPL-3.0-or-later
// Second factor, devices, password and the history's key on the command line. Secrets come from standard input, a line
// each, never from an argument: arguments are seen by everybody on the machine.
#pragma once

#include "app/kith-cli/cli.h"
#include "app/kith-cli/output.h"
#include "core/client/client.h"

#include <QCoroTask>

namespace kith::cli {

/// Works without a session: it is about the profile only.
bool concernsKey(Command command);

/// Cancelled: standard input ended before all secrets were read.
QCoro::Task<client::Result<void>> runSecurity(const Arguments &arguments, client::Client &client, const Output &output);

} // namespace kith::cli
