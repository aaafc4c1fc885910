// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/store/embedded/checkpointer.h"

#include <algorithm>
#include <utility>

namespace kith::server::embedded {

Checkpointer::Checkpointer(Engine engine, WriteQueue &writes, std::chrono::milliseconds interval)
    : m_engine(std::move(engine)), m_writes(writes), m_interval(interval), m_thread([this] { work(); })
{
}

Checkpointer::~Checkpointer()
{
    {
        const std::lock_guard lock(m_mutex);
        m_closing = true;
    }
    m_wake.notify_one();
    m_thread.join();
}

void Checkpointer::work()
{
    std::uint64_t seen = 0, seenBulk = 0;
    auto pause = m_interval;
    std::unique_lock lock(m_mutex);
    while (!m_wake.wait_for(lock, pause, [this] { return m_closing; })) {
        const std::uint64_t commits = m_writes.commits(), bulk = m_writes.bulkCommits();
        pause = std::exchange(seenBulk, bulk) != bulk ? std::min(m_interval, kBulkInterval) : m_interval;
        if (commits == seen)
            continue;
        seen = commits;
        lock.unlock();
        checkpoint();
        lock.lock();
    }
}

void Checkpointer::checkpoint()
{
    std::int64_t pages = 0;
    // A failure here (busy, full disk) costs nothing: the log stays, and the next round tries again.
    (void)m_engine.each("PRAGMA wal_checkpoint(PASSIVE)", [&](const sql::Statement &row) { pages = row.integer(1); });
    m_engine.clearSpoiled();
    if (pages > kFinishPages)
        m_writes.requestCheckpoint();
}

} // namespace kith::server::embedded
