// SPDX-License-Identifier: GPL-3.0-or-later
// The one writer thread of the store: bounded queue in, group commit, replies out after the COMMIT.
#pragma once

#include "server/store/embedded/writer.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace kith::server::embedded {

/// Bulk waits whenever there is anything else to write: pieces of files must not hold messages up. Each is a
/// transaction of its own, and no longer than a message may wait.
enum class Lane { Normal, Bulk };

/// One write: a step for the writer and somebody who waits for its answer.
class WriteJob {
public:
    virtual ~WriteJob() = default;
    /// May be called again after a roll back.
    virtual void run(Writer &writer) = 0;
    /// Once, after COMMIT; or with the reason why nothing of it was kept.
    virtual void finish(std::optional<StoreError> failure) = 0;
    std::size_t bytes = 0; // roughly, for the queue's limit
};

struct WriteQueueRules {
    std::chrono::microseconds window{1000};
    std::size_t maxBatch = 256;        // to wait for
    std::size_t maxTransaction = 2048; // to take from what is queued
    std::size_t maxJobs = 16384;
    std::size_t maxBytes = 64 * 1024 * 1024; // in each lane
    std::function<void(std::size_t rows, double seconds)> onCommit;
    std::size_t maxBulkJobs = 1024;
};

/// post() and close() are thread-safe; jobs of a lane run in the order of their posts.
class WriteQueue final {
public:
    WriteQueue(std::unique_ptr<Writer> writer, WriteQueueRules rules);
    ~WriteQueue();
    WriteQueue(const WriteQueue &) = delete;
    WriteQueue &operator=(const WriteQueue &) = delete;

    /// False, and the job untouched, when the queue is full or closed.
    bool post(std::unique_ptr<WriteJob> &job, Lane lane = Lane::Normal);
    /// Less than half full: room for writes that nobody waits for.
    bool idleEnough() const { return m_jobs.load(std::memory_order_relaxed) < m_rules.maxJobs / 2; }
    /// No piece of a file waits.
    bool bulkIdle();
    /// Transactions committed so far: tells others that there is something new in the log.
    std::uint64_t commits() const { return m_commits.load(std::memory_order_relaxed); }
    std::uint64_t bulkCommits() const { return m_bulkCommits.load(std::memory_order_relaxed); }
    /// Ends the thread after what is queued. Idempotent; not from the writer's own thread.
    void close();
    /// Asks the writer to finish a checkpoint between two transactions.
    void requestCheckpoint() { m_checkpoint.store(true, std::memory_order_relaxed); }

private:
    using Batch = std::vector<std::unique_ptr<WriteJob>>;

    void work();
    bool takeQueued(std::chrono::steady_clock::time_point until);
    void runBatch();
    void fill(Batch &batch);
    void runBulk();
    std::chrono::steady_clock::time_point bulkDue() const;
    bool hasRoom(const WriteJob &job, Lane lane) const;
    /// Runs each job in a transaction of its own: only those that fail again are refused.
    void runOneByOne(Batch &batch, StoreError cause);
    std::optional<StoreError> runAlone(WriteJob &job);
    void finish(Batch &batch, std::optional<StoreError> failure);
    void release(const WriteJob &job);

    std::unique_ptr<Writer> m_writer;
    const WriteQueueRules m_rules;
    std::atomic<std::size_t> m_jobs{0}, m_bytes{0}; // queued or in the running transaction
    std::atomic<std::uint64_t> m_commits{0}, m_bulkCommits{0};
    std::atomic<bool> m_checkpoint{false};

    std::mutex m_mutex; // guards the five below; never held while a job runs
    std::condition_variable m_wake;
    std::deque<std::unique_ptr<WriteJob>> m_queue, m_bulk;
    std::size_t m_bulkBytes = 0; // of m_bulk
    bool m_sleeping = false;
    bool m_closing = false;

    std::deque<std::unique_ptr<WriteJob>> m_taken; // writer's thread only
    std::size_t m_lastBatch = 0;
    std::chrono::steady_clock::time_point m_lastBatchEnd{}, m_bulkAfter{}; // writer's thread only
    std::once_flag m_joined;
    std::thread m_thread; // last: starts when all above is ready
};

} // namespace kith::server::embedded
