// SPDX-License-Identifier: GPL-3.0-or-later
// The commands that work on the store: all but backup while no server runs. Each returns the exit status.
#pragma once

#include "server/ops/config.h"

#include <string>

namespace kith::server {

int addUser(const Config &config, const std::string &username, const std::string &displayName);
int changePassword(const Config &config, const std::string &username);
/// A disabled account cannot log in; its sessions end.
int setUserDisabled(const Config &config, const std::string &username, bool disabled);
int listUsers(const Config &config);
/// For somebody who lost telephone and recovery codes; the operator has made sure who it is. All sessions end.
int turnOffSecondFactor(const Config &config, const std::string &username);
/// What happened to the account, newest first, a JSON object a line.
int auditUser(const Config &config, const std::string &username);
/// Fills an empty data folder with people and conversations, and prints their logins.
int makeDemo(const Config &config);
/// Reads the whole database: 0 if it is sound.
int checkDatabase(const Config &config);

/// Copies the database into `folder`, which must not hold one; a server may be running.
int backUpTo(const Config &config, const std::string &folder);
/// The copy in `folder` becomes the database; the one that was there is kept beside it.
int restoreFrom(const Config &config, const std::string &folder);

} // namespace kith::server
