// SPDX-License-Identifier: GPL-3.0-or-later
// A few threads with a read-only connection each. WAL lets them see every answered write and wait for none.
#pragma once

#include "server/store/embedded/reader.h"

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace kith::server::embedded {

/// Reads and replies.
using ReadJob = std::function<void(Reader &)>;

class ReadPool final {
public:
    ReadPool(std::vector<std::unique_ptr<Reader>> readers, std::size_t maxJobs);
    ~ReadPool();
    ReadPool(const ReadPool &) = delete;
    ReadPool &operator=(const ReadPool &) = delete;

    /// False, and the job untouched, when too many wait or the pool is closed. Thread-safe.
    bool post(ReadJob &job);
    /// After what is queued. Idempotent.
    void close();

private:
    void work(Reader &reader);

    const std::size_t m_maxJobs;
    std::vector<std::unique_ptr<Reader>> m_readers;
    std::mutex m_mutex; // guards the two below
    std::condition_variable m_wake;
    std::deque<ReadJob> m_queue;
    bool m_closing = false;
    std::once_flag m_joined;
    std::vector<std::thread> m_threads; // last: they use all above
};

} // namespace kith::server::embedded
