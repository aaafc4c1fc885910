// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/store/embedded/id_generator.h"

#include <algorithm>

namespace kith::server::embedded {
namespace {

constexpr int kLowBits = IdGenerator::kNodeBits + IdGenerator::kCounterBits;
constexpr std::int64_t kCounterEnd = std::int64_t{1} << IdGenerator::kCounterBits;
constexpr std::int64_t kNodeEnd = std::int64_t{1} << IdGenerator::kNodeBits;

} // namespace

// Another node's counter may have been higher in the same millisecond, so the next id takes a later one.
IdGenerator::IdGenerator(int node, std::int64_t highestUsed)
    : m_node(std::clamp<std::int64_t>(node, 0, kNodeEnd - 1)), m_ms(highestUsed >> kLowBits), m_counter(kCounterEnd - 1)
{
}

std::int64_t IdGenerator::next(Timestamp now)
{
    const std::int64_t ms = std::max<std::int64_t>(toUnixMs(now) - kOriginMs, 1);
    if (ms > m_ms) {
        m_ms = ms;
        m_counter = 0;
    } else if (++m_counter >= kCounterEnd) { // the clock stands, went back, or 4,096 ids were taken within this ms
        ++m_ms;
        m_counter = 0;
    }
    return (m_ms << kLowBits) | (m_node << kCounterBits) | m_counter;
}

Timestamp IdGenerator::timeOf(std::int64_t id)
{
    return fromUnixMs((id >> kLowBits) + kOriginMs);
}

} // namespace kith::server::embedded
