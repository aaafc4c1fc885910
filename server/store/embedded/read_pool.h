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

/// What reads pieces of files waits for everything else, and never has more than half of the threads: a page of
/// messages must not stand behind somebody's download.
enum class ReadLane { Normal, Files };

class ReadPool final {
public:
    ReadPool(std::vector<std::unique_ptr<Reader>> readers, std::size_t maxJobs);
    ~ReadPool();
    ReadPool(const ReadPool &) = delete;
    ReadPool &operator=(const ReadPool &) = delete;

    /// False, and the job untouched, when too many wait or the pool is closed. Thread-safe.
    bool post(ReadJob &job, ReadLane lane = ReadLane::Normal);
    /// After what is queued. Idempotent.
    void close();

private:
    void work(Reader &reader);
    bool mayTakeFile() const;

    const std::size_t m_maxJobs; // in each lane
    const std::size_t m_maxFileThreads;
    std::vector<std::unique_ptr<Reader>> m_readers;
    std::mutex m_mutex; // guards the four below
    std::condition_variable m_wake;
    std::deque<ReadJob> m_queue, m_files;
    std::size_t m_fileThreads = 0; // that run one of m_files
    bool m_closing = false;
    std::once_flag m_joined;
    std::vector<std::thread> m_threads; // last: they use all above
};

} // namespace kith::server::embedded
