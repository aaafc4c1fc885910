// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/delivery/sequencer.h"

namespace kith::server {

void Sequencer::hold(const ConversationId &conversation)
{
    const std::lock_guard lock(m_mutex);
    ++m_held[conversation].holds;
    m_holding.store(m_held.size(), std::memory_order_release);
}

bool Sequencer::queue(const ConversationId &conversation, std::function<void()> task)
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_held.find(conversation);
    if (found == m_held.end())
        return false;
    found->second.tasks.push_back(std::move(task));
    return true;
}

void Sequencer::release(const ConversationId &conversation)
{
    std::unique_lock lock(m_mutex);
    auto found = m_held.find(conversation);
    if (found == m_held.end() || --found->second.holds > 0 || found->second.draining)
        return;
    found->second.draining = true;
    // The entry stays until its queue is empty, so that nothing overtakes what waits in it.
    while (found->second.holds == 0 && !found->second.tasks.empty()) {
        const auto task = std::move(found->second.tasks.front());
        found->second.tasks.pop_front();
        lock.unlock();
        task();
        lock.lock();
        found = m_held.find(conversation);
    }
    found->second.draining = false;
    if (found->second.holds == 0)
        m_held.erase(found);
    m_holding.store(m_held.size(), std::memory_order_release);
}

} // namespace kith::server
