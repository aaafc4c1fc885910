// SPDX-License-Identifier: GPL-3.0-or-later
// A kithd of one's own for a benchmark, its accounts, and figures read from /proc. Loopback only, bounded in time.
#pragma once

#include "tests/server/gateway/raw_client.h"

#include <atomic>
#include <chrono>
#include <string>
#include <sys/types.h>
#include <vector>

namespace kith::bench {

using SteadyClock = std::chrono::steady_clock;

class BenchServer final {
public:
    /// The cheapest password hashes, no limit on sends, wide limits of the gateway.
    static const char *wideSettings();
    /// Starts the kithd that KITHD names with these settings (TOML). Exits the program when it does not come up.
    explicit BenchServer(const std::string &settings = wideSettings());
    ~BenchServer();
    BenchServer(const BenchServer &) = delete;
    BenchServer &operator=(const BenchServer &) = delete;

    /// SIGKILL: no goodbye.
    void kill();
    enum class Door {
        Front, // the port that everybody knows
        Back,  // another one, which only account() and socket() find
    };
    /// After kill(), on the same data; comes back when it serves again. On a thread that outlives the server.
    void start(Door door = Door::Front);

    const std::string &listen() const { return m_listen; }
    pid_t pid() const { return m_pid; }

    struct Account {
        std::string id;
        std::string token;
    };
    Account account(const std::string &name) const;
    /// A socket that has had its hello.
    test::RawClient socket(const Account &account, const std::string &source = {}) const;

private:
    std::string m_folder;
    std::string m_listen, m_reached; // the front door, the one that is open
    pid_t m_pid = -1;
};

/// Resident memory of a process in bytes.
long long residentBytes(pid_t pid);
/// Seconds of CPU that a process has taken since its start, in user and kernel mode.
double cpuSeconds(pid_t pid);
void raiseDescriptorLimit();
double secondsSince(SteadyClock::time_point start);
/// Sorts; `part` from 0 to 1.
double percentile(std::vector<double> &values, double part);
std::string uuidOf(int number);
[[noreturn]] void give_up(const std::string &why);

/// Reads from many descriptors on one thread until each has shown `marker` at the end of what it got. Both sides of a
/// comparison use it, so that reading costs the same.
class Sink final {
public:
    explicit Sink(std::string marker);
    ~Sink();
    void add(int descriptor);
    /// Seconds until the last one, or a negative number after `timeout` seconds.
    double run(double timeout);
    /// From any thread.
    long long bytes() const { return m_bytes.load(std::memory_order_relaxed); }

private:
    struct Peer {
        int descriptor;
        std::string tail;
        bool done = false;
    };
    std::string m_marker;
    int m_epoll;
    std::vector<Peer> m_peers;
    std::atomic<long long> m_bytes = 0;
};

} // namespace kith::bench
