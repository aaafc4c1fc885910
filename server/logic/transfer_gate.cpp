// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/logic/transfer_gate.h"

namespace kith::server {

TransferGate::Answer TransferGate::enter(const UserId &user)
{
    const std::lock_guard lock(m_mutex);
    if (m_inside >= m_bounds.most)
        return Answer::Full;
    const auto known = m_ofUser.find(user);
    if (known != m_ofUser.end() && known->second >= m_bounds.mostOfUser)
        return Answer::TooManyOfUser;
    ++m_ofUser[user];
    ++m_inside;
    return Answer::Entered;
}

void TransferGate::leave(const UserId &user)
{
    const std::lock_guard lock(m_mutex);
    const auto known = m_ofUser.find(user);
    if (known == m_ofUser.end())
        return;
    --m_inside;
    if (--known->second == 0)
        m_ofUser.erase(known);
}

std::shared_ptr<void> TransferGate::pass(const UserId &user)
{
    return std::shared_ptr<void>(nullptr, [gate = shared_from_this(), user](void *) { gate->leave(user); });
}

} // namespace kith::server
