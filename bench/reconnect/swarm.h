// SPDX-License-Identifier: GPL-3.0-or-later
// Thousands of clients on one thread: each connects, greets, catches up, and comes back by the client's backoff rule
// when its connection ends.
#pragma once

#include "bench/reconnect/member.h"
#include "core/base/backoff.h"
#include "core/base/limits.h"

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <queue>
#include <random>

namespace kith::bench {

/// What has been accepted: how far everybody has to come.
using Goal = std::map<ConversationId, Rev>;

class Swarm final {
public:
    enum class Rule {
        FullJitter, // core/base/backoff.h with a random number: what Kith's client does
        Together,   // the same windows without jitter: everybody at the same moment
    };
    struct Tally {
        int attempts = 0;     // connections tried
        int refused = 0;      // nobody listened
        int broken = 0;       // connected, and ended before it was greeted
        int closed = 0;       // greeted ones that ended
        int mostPer100ms = 0; // attempts that were not refused
    };

    /// `conversations` of each client, by number.
    Swarm(std::string endpoint, const std::vector<std::string> &tokens,
          std::vector<std::vector<ConversationId>> conversations);
    ~Swarm();

    /// On a thread of its own, until stop().
    void run();
    // From any thread.
    void stop() { m_stop = true; }
    void begin(Rule rule); // forgets the tally, within 20 ms
    void aim(Goal goal);   // starts counting who has caught up with it
    Tally tally();
    bool allThere() const { return m_done == static_cast<int>(m_peers.size()); }
    int done() const { return m_done; }
    int greeted() const { return m_greeted; }
    // After allThere() and before the next kill, or after the end of run().
    /// When each came to its last greeting, and to the goal.
    std::vector<SteadyTime> greetings() const;
    std::vector<SteadyTime> arrivals() const;
    const Member &member(std::size_t number) const { return m_peers[number].member; }
    unsigned seed() const { return m_seed; }
    std::size_t size() const { return m_peers.size(); }

private:
    enum class Phase { Waiting, Connecting, Upgrading, Greeting, Online };
    struct Peer {
        Peer(std::string token, std::vector<ConversationId> of) : member(std::move(token)), conversations(std::move(of))
        {
        }

        Member member;
        std::vector<ConversationId> conversations;
        Backoff backoff{limits::kReconnectFirst, limits::kReconnectCeiling};
        Phase phase = Phase::Waiting;
        int descriptor = -1;
        std::uint64_t turn = 0; // timers of an earlier one mean nothing
        std::string in, out;
        SteadyTime greetedAt{}, arrivedAt{};
        bool arrived = false;
    };
    struct Alarm {
        SteadyTime when;
        std::size_t peer;
        std::uint64_t turn;
        bool operator<(const Alarm &other) const { return when > other.when; } // the earliest is the top
    };

    void connect(std::size_t number);
    void ended(std::size_t number, bool refused);
    void ready(std::size_t number, std::uint32_t events);
    bool read(std::size_t number);
    bool frames(std::size_t number);
    void text(std::size_t number, std::string_view payload);
    void send(std::size_t number, std::string_view bytes);
    void flush(std::size_t number);
    void alarm(std::size_t number, std::chrono::milliseconds after);
    void ring(const Alarm &alarm);
    void count();

    std::string m_endpoint;
    std::vector<Peer> m_peers;
    std::priority_queue<Alarm> m_alarms;
    unsigned m_seed = std::random_device{}();
    std::mt19937_64 m_random{m_seed}; // another seed each time: one lucky draw is no result
    int m_epoll;
    std::string m_buffer;
    Tally m_tally;                   // of run()'s thread
    std::deque<SteadyTime> m_recent; // attempts of the last 100 ms
    SteadyTime m_counted{};
    std::atomic<bool> m_stop = false, m_jitter = true, m_forget = false;
    std::atomic<int> m_done = 0, m_greeted = 0;
    std::mutex m_guard; // of the two below; nothing else is locked under it
    std::shared_ptr<const Goal> m_newGoal;
    Tally m_told;
    std::shared_ptr<const Goal> m_goal; // of run()'s thread
};

} // namespace kith::bench
