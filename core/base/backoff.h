// SPDX-License-Identifier: GPL-3.0-or-later
// Exponential backoff with full jitter (M. Brooker, "Exponential Backoff And Jitter", AWS 2015).
#pragma once

#include <chrono>

namespace kith {

class Backoff final {
public:
    using Duration = std::chrono::milliseconds;

    constexpr Backoff(Duration first, Duration ceiling) : m_first(first), m_ceiling(ceiling) {}

    /// The delay before the next attempt: uniform in (0, min(ceiling, first * 2^attempt)].
    /// `unit` is a random number in [0, 1) that the caller draws, so that this type knows no randomness.
    Duration next(double unit);
    void reset() { m_attempt = 0; }
    int attempt() const { return m_attempt; }

private:
    Duration m_first;
    Duration m_ceiling;
    int m_attempt = 0;
};

} // namespace kith
