// SPDX-License-Identifier: GPL-3.0-or-later
// Makes the ids of users, groups and messages: 41 bits of milliseconds since 2024, 10 bits of node, 12 bits of counter.
#pragma once

#include "core/base/clock.h"

#include <cstdint>

namespace kith::server::embedded {

/// Strictly increasing, whatever the clock does and across restarts, as long as it is started above all ids in use.
/// Not thread-safe: it lives on the writer's thread.
class IdGenerator final {
public:
    static constexpr std::int64_t kOriginMs = 1'704'067'200'000; // 2024-01-01T00:00:00Z
    static constexpr int kNodeBits = 10;
    static constexpr int kCounterBits = 12;

    explicit IdGenerator(int node, std::int64_t highestUsed = 0);

    /// A positive number of at most 19 digits.
    std::int64_t next(Timestamp now);
    /// The time inside an id.
    static Timestamp timeOf(std::int64_t id);

private:
    std::int64_t m_node;
    std::int64_t m_ms = 0; // since kOriginMs, of the last id
    std::int64_t m_counter = 0;
};

} // namespace kith::server::embedded
