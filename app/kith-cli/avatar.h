// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures of people and groups: set, taken away, saved to a file.
#pragma once

#include "app/kith-cli/console.h"

namespace kith::cli {

QCoro::Task<Exit> runAvatar(Console &console);

} // namespace kith::cli
