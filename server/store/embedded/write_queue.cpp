// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/store/embedded/write_queue.h"

#include "core/base/failpoint.h"

#include <algorithm>

namespace kith::server::embedded {
namespace {

using SteadyClock = std::chrono::steady_clock;

/// Batches from this size on are a sign of load: then the next one waits for company.
constexpr std::size_t kBusyBatch = 4;

/// Without a message for so long nobody is held up by bulk.
constexpr auto kQuiet = std::chrono::milliseconds{20};
/// Else it rests so many times as long as it took.
constexpr int kBulkRest = 3;

// For takeQueued(): do not wait, wait for ever.
constexpr auto kNow = SteadyClock::time_point::min();
constexpr auto kWhenever = SteadyClock::time_point::max();

} // namespace

WriteQueue::WriteQueue(std::unique_ptr<Writer> writer, WriteQueueRules rules)
    : m_writer(std::move(writer)), m_rules(std::move(rules)), m_thread([this] { work(); })
{
}

WriteQueue::~WriteQueue()
{
    close();
}

/// With m_mutex held.
bool WriteQueue::hasRoom(const WriteJob &job, Lane lane) const
{
    if (lane == Lane::Bulk)
        return m_bulk.size() < m_rules.maxBulkJobs && m_bulkBytes + job.bytes <= m_rules.maxBytes;
    return m_jobs.load(std::memory_order_relaxed) < m_rules.maxJobs &&
           m_bytes.load(std::memory_order_relaxed) + job.bytes <= m_rules.maxBytes;
}

bool WriteQueue::post(std::unique_ptr<WriteJob> &job, Lane lane)
{
    bool wake = false;
    {
        const std::lock_guard lock(m_mutex);
        if (m_closing || !hasRoom(*job, lane))
            return false;
        if (lane == Lane::Bulk) {
            m_bulkBytes += job->bytes;
            m_bulk.push_back(std::move(job));
        } else {
            m_jobs.fetch_add(1, std::memory_order_relaxed);
            m_bytes.fetch_add(job->bytes, std::memory_order_relaxed);
            m_queue.push_back(std::move(job));
        }
        wake = std::exchange(m_sleeping, false);
    }
    if (wake)
        m_wake.notify_one();
    return true;
}

bool WriteQueue::bulkIdle()
{
    const std::lock_guard lock(m_mutex);
    return m_bulk.empty();
}

void WriteQueue::close()
{
    {
        const std::lock_guard lock(m_mutex);
        m_closing = true;
        m_sleeping = false;
    }
    m_wake.notify_one();
    std::call_once(m_joined, [this] { m_thread.join(); });
}

void WriteQueue::work()
{
    for (;;) {
        if (m_taken.empty() && !takeQueued(kWhenever))
            break;
        if (!m_taken.empty()) {
            runBatch();
            m_lastBatchEnd = SteadyClock::now();
        }
        if (bulkDue() <= SteadyClock::now())
            runBulk();
        if (m_checkpoint.exchange(false, std::memory_order_relaxed))
            (void)m_writer->engine().number("PRAGMA wal_checkpoint(PASSIVE)");
    }
    m_writer.reset(); // the connection closes on its own thread
}

/// Moves what is queued to m_taken; waits for it until then. False if nothing came, or no more will. Who waits for ever
/// also gets true, and nothing in m_taken, when there is bulk to write.
bool WriteQueue::takeQueued(SteadyClock::time_point until)
{
    std::unique_lock lock(m_mutex);
    while (m_queue.empty()) {
        if (until == kWhenever && !m_bulk.empty()) {
            if (bulkDue() <= SteadyClock::now()) {
                m_sleeping = false;
                return true;
            }
            m_sleeping = true;
            m_wake.wait_until(lock, bulkDue());
            continue;
        }
        if (m_closing || until == kNow)
            return false;
        m_sleeping = true;
        if (until == kWhenever) {
            m_wake.wait(lock);
        } else if (m_wake.wait_until(lock, until) == std::cv_status::timeout && m_queue.empty()) {
            m_sleeping = false;
            return false;
        }
    }
    m_sleeping = false;
    m_taken.swap(m_queue);
    return true;
}

/// Runs jobs until the transaction is full or nobody is waiting. Under load (the last batch was not small) it waits up
/// to the window for as many as came last time, because a COMMIT costs the same for one as for hundreds. What is queued
/// already goes along without waiting: two writes that touch the same page of an index share its encryption.
void WriteQueue::fill(Batch &batch)
{
    const auto deadline = SteadyClock::now() + m_rules.window;
    while (batch.size() < m_rules.maxTransaction) {
        if (m_taken.empty() && !takeQueued(kNow)) {
            const bool expectMore = m_lastBatch >= kBusyBatch && batch.size() < std::min(m_lastBatch, m_rules.maxBatch);
            if (!expectMore || !takeQueued(deadline))
                return;
        }
        batch.push_back(std::move(m_taken.front()));
        m_taken.pop_front();
        batch.back()->run(*m_writer);
        if (m_writer->engine().spoiled())
            return;
    }
}

void WriteQueue::runBatch()
{
    const auto started = SteadyClock::now();
    Batch batch;
    batch.reserve(m_rules.maxBatch);
    Engine &engine = m_writer->engine();
    if (m_writer->begin()) {
        fill(batch);
        KITH_FAILPOINT("store.batch_full");
        if (!engine.spoiled() && m_writer->commit()) {
            KITH_FAILPOINT("store.batch_committed");
            m_commits.fetch_add(1, std::memory_order_relaxed);
            m_lastBatch = batch.size();
            if (m_rules.onCommit)
                m_rules.onCommit(batch.size(), std::chrono::duration<double>(SteadyClock::now() - started).count());
            finish(batch, std::nullopt);
            return;
        }
    } else {
        batch.push_back(std::move(m_taken.front()));
        m_taken.pop_front();
    }
    const StoreError cause = engine.spoiledBy();
    m_writer->rollback();
    m_lastBatch = 0;
    runOneByOne(batch, cause);
}

/// While messages come, bulk has only a part of the writer's time, and with it of the disk's: what messages wait for
/// longest is the sync of a checkpoint that has much to write.
SteadyClock::time_point WriteQueue::bulkDue() const
{
    return SteadyClock::now() - m_lastBatchEnd < kQuiet ? m_bulkAfter : SteadyClock::time_point::min();
}

/// The oldest of the bulk lane, then messages have their turn again.
void WriteQueue::runBulk()
{
    std::unique_ptr<WriteJob> job;
    {
        const std::lock_guard lock(m_mutex);
        if (m_bulk.empty())
            return;
        job = std::move(m_bulk.front());
        m_bulk.pop_front();
        m_bulkBytes -= job->bytes;
    }
    const auto started = SteadyClock::now();
    const auto failure = runAlone(*job);
    const auto ended = SteadyClock::now();
    m_bulkAfter = ended + (ended - started) * kBulkRest;
    if (failure) {
        m_writer->rollback();
    } else {
        m_commits.fetch_add(1, std::memory_order_relaxed);
        m_bulkCommits.fetch_add(1, std::memory_order_relaxed);
        if (m_rules.onCommit)
            m_rules.onCommit(1, std::chrono::duration<double>(ended - started).count());
    }
    job->finish(failure);
}

void WriteQueue::runOneByOne(Batch &batch, StoreError cause)
{
    // A full disk fails for all; with one job there is nobody to part it from.
    if (cause == StoreError::DiskFull || batch.size() == 1)
        return finish(batch, cause);
    for (auto &job : batch) {
        const auto failure = runAlone(*job);
        if (failure)
            m_writer->rollback();
        else
            m_commits.fetch_add(1, std::memory_order_relaxed);
        job->finish(failure);
        release(*job);
    }
}

std::optional<StoreError> WriteQueue::runAlone(WriteJob &job)
{
    if (m_writer->begin())
        job.run(*m_writer);
    if (!m_writer->engine().spoiled() && m_writer->commit())
        return std::nullopt;
    return m_writer->engine().spoiledBy();
}

void WriteQueue::finish(Batch &batch, std::optional<StoreError> failure)
{
    for (auto &job : batch) {
        job->finish(failure);
        KITH_FAILPOINT("store.batch_half_answered");
        release(*job);
        job.reset();
    }
}

void WriteQueue::release(const WriteJob &job)
{
    m_jobs.fetch_sub(1, std::memory_order_relaxed);
    m_bytes.fetch_sub(job.bytes, std::memory_order_relaxed);
}

} // namespace kith::server::embedded
