// SPDX-License-Identifier: GPL-3.0-or-later
// Password hashing off the I/O threads: a pool that is bounded in threads and in waiting work, and the list of common
// ones.
#pragma once

#include "core/crypto/crypto.h"

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace kith::server {

/// In the built-in list (resources/common_passwords.txt), compared without regard to ASCII case.
bool isCommonPassword(std::string_view password);

/// Argon2id is slow and large on purpose: so many at once, so many waiting, and no more; of those that wait one party
/// (an address prefix) has at most half, so that it cannot turn away everybody else. Thread-safe.
class PasswordPool final {
public:
    PasswordPool(std::size_t threads, std::size_t queue, crypto::PasswordCost cost);
    ~PasswordPool();
    PasswordPool(const PasswordPool &) = delete;
    PasswordPool &operator=(const PasswordPool &) = delete;

    using Hashed = std::function<void(crypto::Result<std::string>)>;
    using Verified = std::function<void(bool)>;
    /// False: the queue is full and `done` will not be called. Otherwise it is called once, on a thread of the pool, or
    /// dropped uncalled by stop().
    bool hash(const std::string &party, std::string password, Hashed done);
    /// Without a hash (unknown user) a dummy of the same cost is verified, so that the time tells nothing.
    bool verify(const std::string &party, std::string encodedHash, std::string password, Verified done);

    /// Finishes what runs, drops what waits (64 hashes would outlast the drain) and takes no more. Idempotent.
    void stop();

private:
    struct Job {
        std::string party;
        std::function<void()> run;
    };
    bool post(const std::string &party, std::function<void()> run);
    void work();

    const std::size_t m_limit;
    const crypto::PasswordCost m_cost;
    std::once_flag m_dummyOnce;
    std::string m_dummy; // set once by m_dummyOnce

    std::mutex m_mutex; // guards the two below
    std::condition_variable m_changed;
    std::deque<Job> m_queue;
    bool m_stopping = false;
    std::vector<std::thread> m_threads; // last: they use all above
};

} // namespace kith::server
