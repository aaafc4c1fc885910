// SPDX-License-Identifier: GPL-3.0-or-later
// Groups and the people in them, profiles, blocking.
#pragma once

#include "app/kith-cli/console.h"

namespace kith::cli {

bool concernsPeople(Command command);
/// By username, or by id: people need no conversation with each other to be named.
Answer<User> findPerson(Console &console, std::string name);
/// All commands of that kind; they print what came of it.
QCoro::Task<Exit> runPeople(Console &console);

} // namespace kith::cli
