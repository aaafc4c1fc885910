// SPDX-License-Identifier: GPL-3.0-or-later
// Time as the protocol counts it, and a clock that is handed in so that rules can be tested without waiting.
#pragma once

#include <chrono>
#include <cstdint>

namespace kith {

using std::chrono::milliseconds;

/// Milliseconds since the Unix epoch, UTC; on the wire always the server's clock. The epoch itself means "not set".
using Timestamp = std::chrono::sys_time<milliseconds>;

constexpr Timestamp fromUnixMs(std::int64_t ms)
{
    return Timestamp(milliseconds(ms));
}
constexpr std::int64_t toUnixMs(Timestamp t)
{
    return t.time_since_epoch().count();
}

class Clock {
public:
    virtual ~Clock() = default;
    virtual Timestamp now() const = 0;
    /// Monotone, for intervals; its origin means nothing.
    virtual std::chrono::steady_clock::time_point steady() const = 0;
};

class SystemClock final : public Clock {
public:
    Timestamp now() const override;
    std::chrono::steady_clock::time_point steady() const override;
};

/// Stands still until told to move.
class ManualClock final : public Clock {
public:
    explicit ManualClock(Timestamp start) : m_now(start) {}
    Timestamp now() const override { return m_now; }
    std::chrono::steady_clock::time_point steady() const override { return m_steady; }
    void advance(milliseconds by)
    {
        m_now += by;
        m_steady += by;
    }

private:
    Timestamp m_now;
    std::chrono::steady_clock::time_point m_steady{};
};

} // namespace kith
