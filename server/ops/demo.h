// SPDX-License-Identifier: GPL-3.0-or-later
// A small world to look at: six people, three groups, two years of messages in English and Chinese.
#pragma once

#include "core/base/clock.h"
#include "server/store/store.h"

#include <string>

namespace kith::server {

struct DemoWorld {
    std::vector<User> people;
    std::int64_t messages = 0;
    bool existed = false; // nothing was written
};

/// Blocks on the store; the same world for the same clock. All people get the password behind `passwordHash`.
StoreResult<DemoWorld> makeDemoWorld(Store &store, const Clock &clock, const std::string &passwordHash);

} // namespace kith::server
