// SPDX-License-Identifier: GPL-3.0-or-later
// The account and the link on the command line.
#pragma once

#include "app/kith-cli/console.h"

namespace kith::cli {

QCoro::Task<Exit> runRegister(Console &console);
QCoro::Task<Exit> runLogin(Console &console);
QCoro::Task<Exit> runLogout(Console &console);
QCoro::Task<Exit> runStatus(Console &console);

} // namespace kith::cli
