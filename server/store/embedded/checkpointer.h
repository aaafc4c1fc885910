// SPDX-License-Identifier: GPL-3.0-or-later
// Moves the write-ahead log into the database on a thread of its own, so that no write waits for it.
#pragma once

#include "server/store/embedded/engine.h"
#include "server/store/embedded/write_queue.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace kith::server::embedded {

class Checkpointer final {
public:
    /// Pages in the log above which the writer itself does the rest of a checkpoint: the log can start again only when
    /// all of it has been moved, and under steady load this thread never catches up. 64 MiB.
    static constexpr std::int64_t kFinishPages = 16384;
    /// While files are uploaded. Their pages are written once, so that waiting saves nothing, and the sync of a
    /// second's worth of them is one that messages would wait for.
    static constexpr std::chrono::milliseconds kBulkInterval{200};

    Checkpointer(Engine engine, WriteQueue &writes, std::chrono::milliseconds interval);
    /// Ends the thread.
    ~Checkpointer();
    Checkpointer(const Checkpointer &) = delete;
    Checkpointer &operator=(const Checkpointer &) = delete;

private:
    void work();
    void checkpoint();

    Engine m_engine;
    WriteQueue &m_writes;
    const std::chrono::milliseconds m_interval;
    std::mutex m_mutex; // guards m_closing
    std::condition_variable m_wake;
    bool m_closing = false;
    std::thread m_thread; // last: starts when all above is ready
};

} // namespace kith::server::embedded
