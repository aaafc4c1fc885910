// SPDX-License-Identifier: GPL-3.0-or-later
// A question to the store for each of many, one after another, without crowding its queue and without recursion.
#pragma once

#include <cstddef>
#include <functional>

namespace kith::server {

/// Calls `step(i, next)` for 0 … count-1, each after the `next` of the one before was called once, then `done`. `next`
/// may be called at once (a full queue answers on the caller's thread) or later on another thread.
void oneByOne(std::size_t count, std::function<void(std::size_t, std::function<void()>)> step,
              std::function<void()> done = {});

} // namespace kith::server
