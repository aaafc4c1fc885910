// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/store/embedded/read_pool.h"

namespace kith::server::embedded {

ReadPool::ReadPool(std::vector<std::unique_ptr<Reader>> readers, std::size_t maxJobs)
    : m_maxJobs(maxJobs), m_readers(std::move(readers))
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

bool ReadPool::post(ReadJob &job)
{
    {
        const std::lock_guard lock(m_mutex);
        if (m_closing || m_queue.size() >= m_maxJobs)
            return false;
        m_queue.push_back(std::move(job));
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

void ReadPool::work(Reader &reader)
{
    for (;;) {
        ReadJob job;
        {
            std::unique_lock lock(m_mutex);
            m_wake.wait(lock, [this] { return m_closing || !m_queue.empty(); });
            if (m_queue.empty())
                return;
            job = std::move(m_queue.front());
            m_queue.pop_front();
        }
        job(reader);
    }
}

} // namespace kith::server::embedded
