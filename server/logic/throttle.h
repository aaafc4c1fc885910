// SPDX-License-Identifier: GPL-3.0-or-later
// Limits on attempts: login failures that grow more expensive, and a plain rate (PROTOCOL §2). Bounded memory.
#pragma once

#include "core/base/clock.h"

#include <chrono>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace kith::server {

/// What shares a limit with an address: its /24, or its /64 for IPv6. Text that is no address stands for itself.
std::string addressPrefix(std::string_view numeric);

/// Free attempts within `memory` of each other, then each further failure closes the key for twice as long.
/// Thread-safe.
class Throttle final {
public:
    static constexpr std::chrono::seconds kWindow{60};
    /// For codes: of six digits, whoever may try four a minute has found one in a few weeks.
    static constexpr std::chrono::seconds kCodeWindow{24 * 3600};
    static constexpr std::chrono::seconds kFirstPenalty{15};
    static constexpr std::chrono::seconds kLongestPenalty{3600};
    /// Keys remembered; above, the one that was quiet longest and is not closed is forgotten.
    static constexpr std::size_t kMaxKeys = 20'000;

    Throttle(int free, const Clock &clock, std::size_t maxKeys = kMaxKeys, std::chrono::seconds memory = kWindow);

    /// Counts an attempt under all `keys`, or says how long to wait and counts nothing. It is counted before its
    /// outcome is known, so that parallel guesses do not slip through. `shared` keys are only asked: many people may
    /// try behind one address at once.
    std::optional<milliseconds> admit(const std::vector<std::string> &keys,
                                      const std::vector<std::string> &shared = {});
    /// A guess was wrong: counts it under keys that admit() only asked.
    void failed(const std::vector<std::string> &shared);
    /// The attempt was no guess: takes it back from every key.
    void refund(const std::vector<std::string> &keys);
    /// The right password: forgets these keys. Not for addresses, which an attacker with an account of his own shares.
    void clear(const std::vector<std::string> &keys);
    std::size_t size() const;

private:
    using Time = std::chrono::steady_clock::time_point;
    struct Entry {
        std::string key;
        int failures = 0;
        Time windowEnds{};
        Time closedUntil{};
    };
    Entry &entry(const std::string &key);
    void count(const std::string &key, Time now);
    void makeRoom();

    const int m_free;
    const Clock &m_clock;
    const std::size_t m_maxKeys;
    const std::chrono::seconds m_memory;
    mutable std::mutex m_mutex;                                               // guards the two below
    std::list<Entry> m_recent;                                                // most recently used first
    std::unordered_map<std::string_view, std::list<Entry>::iterator> m_byKey; // views into m_recent
};

/// Of somebody's own picture and of groups', by one account; and of one group, by whomever. Each goes to all members.
inline constexpr int kAvatarChangesPerHour = 20;

/// So many in any minute (or what `period` says) from one key, evenly refilled. Thread-safe.
class RateLimit final {
public:
    RateLimit(int perPeriod, const Clock &clock, std::size_t maxKeys = Throttle::kMaxKeys,
              std::chrono::steady_clock::duration period = std::chrono::minutes{1});
    /// Counts one under `key`, or says how long to wait and counts nothing.
    std::optional<milliseconds> admit(const std::string &key);
    /// How long to wait; counts nothing.
    std::optional<milliseconds> wait(const std::string &key);

private:
    using Time = std::chrono::steady_clock::time_point;
    const std::chrono::steady_clock::duration m_period, m_step;
    const Clock &m_clock;
    const std::size_t m_maxKeys;
    std::mutex m_mutex;                           // guards m_full
    std::unordered_map<std::string, Time> m_full; // when the bucket is full again; older ones mean nothing
};

/// Token bucket of one connection; not thread-safe.
class TokenBucket final {
public:
    using Time = std::chrono::steady_clock::time_point;
    TokenBucket(double perSecond, double burst) : m_perSecond(perSecond), m_burst(burst), m_tokens(burst) {}
    /// Nothing: go ahead. Else when to come again.
    std::optional<milliseconds> take(Time now);

private:
    double m_perSecond, m_burst, m_tokens;
    std::optional<Time> m_last;
};

} // namespace kith::server
