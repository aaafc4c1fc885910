// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/store/embedded/read_pool.h"

#include <algorithm>
#include <utility>

namespace kith::server::embedded {

ReadPool::ReadPool(std::vector<std::unique_ptr<Reader>> readers, std::size_t maxJobs)
    : m_maxJobs(maxJobs), m_maxFileThreads(std::max<std::size_t>(readers.size() / 2, 1)), m_readers(std::move(readers))
{
    m_threads.reserve(m_readers.size());
    for (auto &reader : m_readers)
        m_threads.emplace_back([this, &reader] {
            work(*reader);
            reader.reset(); // the connection closes on its own thread
        });
}

ReadPool::~ReadPool()
{
    close();
}

bool ReadPool::post(ReadJob &job, ReadLane lane)
{
    {
        const std::lock_guard lock(m_mutex);
        auto &queue = lane == ReadLane::Files ? m_files : m_queue;
        if (m_closing || queue.size() >= m_maxJobs)
            return false;
        queue.push_back(std::move(job));
    }
    m_wake.notify_one();
    return true;
}

void ReadPool::close()
{
    {
        const std::lock_guard lock(m_mutex);
        m_closing = true;
    }
    m_wake.notify_all();
    std::call_once(m_joined, [this] {
        for (auto &thread : m_threads)
            thread.join();
    });
}

/// With m_mutex held.
bool ReadPool::mayTakeFile() const
{
    return !m_files.empty() && (m_closing || m_fileThreads < m_maxFileThreads);
}

void ReadPool::work(Reader &reader)
{
    bool ofFile = false;
    for (;;) {
        ReadJob job;
        {
            std::unique_lock lock(m_mutex);
            // This thread may turn to a message now: another one takes the next of the files.
            if (std::exchange(ofFile, false) && --m_fileThreads < m_maxFileThreads && !m_files.empty())
                m_wake.notify_one();
            m_wake.wait(lock, [this] { return m_closing || !m_queue.empty() || mayTakeFile(); });
            if (m_queue.empty() && m_files.empty())
                return;
            ofFile = m_queue.empty();
            auto &queue = ofFile ? m_files : m_queue;
            if (ofFile)
                ++m_fileThreads;
            job = std::move(queue.front());
            queue.pop_front();
        }
        job(reader);
    }
}

} // namespace kith::server::embedded
