// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sql/worker.h"

#include "core/crypto/secret.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#ifdef __linux__
#include <pthread.h>
#endif

namespace kith::sql {

struct Worker::Impl {
    std::mutex mutex;
    std::condition_variable wake;
    std::deque<std::function<void()>> tasks;
    bool ending = false;
    std::thread thread; // last: starts when everything else stands

    void loop()
    {
        for (;;) {
            crypto::wipeTraces(); // keys and messages passed over it, and it may wait for long
            std::function<void()> task;
            {
                std::unique_lock lock(mutex);
                wake.wait(lock, [this] { return ending || !tasks.empty(); });
                if (tasks.empty())
                    return;
                task = std::move(tasks.front());
                tasks.pop_front();
            }
            task();
        }
    }
};

Worker::Worker(std::string name) : m_impl(std::make_unique<Impl>())
{
    m_impl->thread = std::thread([impl = m_impl.get(), name = std::move(name)] {
        crypto::wipeTraces(); // registers are inherited
#ifdef __linux__
        pthread_setname_np(pthread_self(), name.substr(0, 15).c_str()); // 15: the kernel's limit
#endif
        impl->loop();
    });
}

Worker::~Worker()
{
    {
        const std::lock_guard lock(m_impl->mutex);
        m_impl->ending = true;
    }
    m_impl->wake.notify_one();
    m_impl->thread.join();
}

void Worker::post(std::function<void()> task)
{
    {
        const std::lock_guard lock(m_impl->mutex);
        m_impl->tasks.push_back(std::move(task));
    }
    m_impl->wake.notify_one();
}

bool Worker::onThread() const
{
    return std::this_thread::get_id() == m_impl->thread.get_id();
}

} // namespace kith::sql
