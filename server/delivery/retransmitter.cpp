// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/delivery/retransmitter.h"

#include "server/delivery/connection.h"

#include <iterator>

namespace kith::server {

void Retransmitter::enrol(std::weak_ptr<Connection> connection)
{
    const std::lock_guard lock(m_mutex);
    m_waiting.push_back(std::move(connection));
}

void Retransmitter::tick()
{
    std::vector<std::weak_ptr<Connection>> looked;
    {
        const std::lock_guard lock(m_mutex);
        looked.swap(m_waiting);
    }
    const auto now = m_clock.steady();
    std::erase_if(looked, [&](const std::weak_ptr<Connection> &weak) {
        const auto connection = weak.lock();
        return !connection || !connection->resend(now);
    });
    if (looked.empty())
        return;
    const std::lock_guard lock(m_mutex);
    m_waiting.insert(m_waiting.end(), std::make_move_iterator(looked.begin()), std::make_move_iterator(looked.end()));
}

std::size_t Retransmitter::waiting() const
{
    const std::lock_guard lock(m_mutex);
    return m_waiting.size();
}

} // namespace kith::server
