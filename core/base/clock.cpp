// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/clock.h"

namespace kith {

Timestamp SystemClock::now() const
{
    return std::chrono::time_point_cast<milliseconds>(std::chrono::system_clock::now());
}

std::chrono::steady_clock::time_point SystemClock::steady() const
{
    return std::chrono::steady_clock::now();
}

} // namespace kith
