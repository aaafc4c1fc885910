// SPDX-License-Identifier: GPL-3.0-or-later
// Keeps the pushes of one conversation in order while something that must come first is still being fetched.
#pragma once

#include "core/base/ids.h"

#include <atomic>
#include <deque>
#include <functional>
#include <mutex>
#include <unordered_map>

namespace kith::server {

/// A head that must precede its first message is read from the store; messages that are committed meanwhile wait here.
/// hold() and run() of one conversation come from the store's replies, in commit order. Thread-safe.
class Sequencer final {
public:
    /// From now on run() queues, until as many release() have come.
    void hold(const ConversationId &conversation);
    void release(const ConversationId &conversation);

    /// Now, or after the release.
    template <class Task>
    void run(const ConversationId &conversation, Task task)
    {
        if (m_holding.load(std::memory_order_acquire) == 0 || !queue(conversation, task))
            task();
    }

private:
    struct Held {
        int holds = 0;
        bool draining = false;
        std::deque<std::function<void()>> tasks;
    };
    bool queue(const ConversationId &conversation, std::function<void()> task);

    std::atomic<std::size_t> m_holding{0}; // size of m_held: the usual case takes no lock
    std::mutex m_mutex;                    // guards m_held; never held while a task runs
    std::unordered_map<ConversationId, Held> m_held;
};

} // namespace kith::server
