// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/logic/throttle.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cmath>
#include <cstring>
#include <iterator>

namespace kith::server {

std::string addressPrefix(std::string_view numeric)
{
    const std::string text(numeric.substr(0, numeric.find('%')));
    std::array<unsigned char, 16> bytes{};
    if (inet_pton(AF_INET, text.c_str(), bytes.data()) == 1)
        return std::string("4:") + std::string(reinterpret_cast<const char *>(bytes.data()), 3);
    if (inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1) {
        constexpr unsigned char kMapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
        if (std::memcmp(bytes.data(), kMapped, sizeof kMapped) == 0)
            return std::string("4:") + std::string(reinterpret_cast<const char *>(bytes.data()) + 12, 3);
        return std::string("6:") + std::string(reinterpret_cast<const char *>(bytes.data()), 8);
    }
    return "?:" + text.substr(0, 64);
}

Throttle::Throttle(int free, const Clock &clock, std::size_t maxKeys, std::chrono::seconds memory)
    : m_free(free), m_clock(clock), m_maxKeys(maxKeys), m_memory(memory)
{
}

Throttle::Entry &Throttle::entry(const std::string &key)
{
    if (const auto found = m_byKey.find(key); found != m_byKey.end()) {
        m_recent.splice(m_recent.begin(), m_recent, found->second);
        return m_recent.front();
    }
    if (m_recent.size() >= m_maxKeys)
        makeRoom();
    m_recent.push_front({key, 0, {}, {}});
    m_byKey.emplace(m_recent.front().key, m_recent.begin());
    return m_recent.front();
}

void Throttle::makeRoom()
{
    // The one that was quiet longest, but none that is closed: names that somebody makes up must not open it.
    const Time now = m_clock.steady();
    auto place = std::prev(m_recent.end());
    for (auto one = place; place->closedUntil > now && one != m_recent.begin(); --one)
        if (one->closedUntil <= now)
            place = one;
    m_byKey.erase(place->key);
    m_recent.erase(place);
}

void Throttle::count(const std::string &key, Time now)
{
    Entry &e = entry(key);
    if (now >= e.windowEnds)
        e.failures = 0;
    ++e.failures;
    auto penalty = std::chrono::seconds{0};
    if (e.failures >= m_free) {
        const int doublings = std::min(e.failures - m_free, 16);
        penalty = std::min(kFirstPenalty * (1 << doublings), kLongestPenalty);
        e.closedUntil = now + penalty;
    }
    // After a penalty the next failure counts on from here unless it was quiet as long again.
    e.windowEnds = now + std::max(m_memory, 2 * penalty);
}

std::optional<milliseconds> Throttle::admit(const std::vector<std::string> &keys,
                                            const std::vector<std::string> &shared)
{
    const std::lock_guard lock(m_mutex);
    const Time now = m_clock.steady();
    Time open = now;
    for (const auto *list : {&keys, &shared})
        for (const std::string &key : *list)
            if (const auto found = m_byKey.find(key); found != m_byKey.end())
                open = std::max(open, found->second->closedUntil);
    if (open > now)
        return std::chrono::ceil<milliseconds>(open - now);
    for (const std::string &key : keys)
        count(key, now);
    return std::nullopt;
}

void Throttle::failed(const std::vector<std::string> &shared)
{
    const std::lock_guard lock(m_mutex);
    for (const std::string &key : shared)
        count(key, m_clock.steady());
}

void Throttle::refund(const std::vector<std::string> &keys)
{
    const std::lock_guard lock(m_mutex);
    for (const std::string &key : keys) {
        const auto found = m_byKey.find(key);
        if (found == m_byKey.end() || found->second->failures == 0)
            continue;
        if (--found->second->failures < m_free)
            found->second->closedUntil = {};
        if (found->second->failures == 0) {
            const auto place = found->second;
            m_byKey.erase(found);
            m_recent.erase(place);
        }
    }
}

void Throttle::clear(const std::vector<std::string> &keys)
{
    const std::lock_guard lock(m_mutex);
    for (const std::string &key : keys) {
        const auto found = m_byKey.find(key);
        if (found == m_byKey.end())
            continue;
        const auto place = found->second;
        m_byKey.erase(found);
        m_recent.erase(place);
    }
}

std::size_t Throttle::size() const
{
    const std::lock_guard lock(m_mutex);
    return m_recent.size();
}

RateLimit::RateLimit(int perPeriod, const Clock &clock, std::size_t maxKeys, std::chrono::steady_clock::duration period)
    : m_period(period), m_step(period / std::max(perPeriod, 1)), m_clock(clock), m_maxKeys(maxKeys)
{
}

std::optional<milliseconds> RateLimit::admit(const std::string &key)
{
    const std::lock_guard lock(m_mutex);
    const Time now = m_clock.steady();
    if (m_full.size() >= m_maxKeys && !m_full.contains(key)) {
        std::erase_if(m_full, [&](const auto &one) { return one.second <= now; });
        if (m_full.size() >= m_maxKeys)
            m_full.erase(m_full.begin());
    }
    Time &full = m_full[key];
    const Time next = std::max(full, now) + m_step;
    if (next - now > m_period)
        return std::chrono::ceil<milliseconds>(next - now - m_period);
    full = next;
    return std::nullopt;
}

std::optional<milliseconds> RateLimit::wait(const std::string &key)
{
    const std::lock_guard lock(m_mutex);
    const auto known = m_full.find(key);
    const Time now = m_clock.steady();
    if (known == m_full.end() || known->second + m_step - now <= m_period)
        return std::nullopt;
    return std::chrono::ceil<milliseconds>(known->second + m_step - now - m_period);
}

std::optional<milliseconds> TokenBucket::take(Time now)
{
    if (m_last) {
        const double passed = std::chrono::duration<double>(now - *m_last).count();
        m_tokens = std::min(m_burst, m_tokens + passed * m_perSecond);
    }
    m_last = now;
    if (m_tokens >= 1) {
        m_tokens -= 1;
        return std::nullopt;
    }
    return milliseconds(static_cast<std::int64_t>(std::ceil((1 - m_tokens) / m_perSecond * 1000)));
}

} // namespace kith::server
