// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/backoff.h"

#include <algorithm>
#include <cmath>

namespace kith {

Backoff::Duration Backoff::next(double unit)
{
    constexpr int kLargestShift = 20; // 2^20 s is far above any ceiling, and keeps the product from overflowing
    const auto window = std::min(m_ceiling, m_first * (Duration::rep{1} << std::min(m_attempt, kLargestShift)));
    ++m_attempt;
    const auto drawn = static_cast<Duration::rep>(std::ceil(static_cast<double>(window.count()) * unit));
    return Duration(std::clamp<Duration::rep>(drawn, 1, window.count()));
}

} // namespace kith
