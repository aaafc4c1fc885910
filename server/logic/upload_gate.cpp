// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/logic/upload_gate.h"

namespace kith::server {

UploadGate::Answer UploadGate::enter(const UserId &user)
{
    const std::lock_guard lock(m_mutex);
    if (m_inside >= kMost)
        return Answer::Full;
    const auto known = m_ofUser.find(user);
    if (known != m_ofUser.end() && known->second >= kMostOfUser)
        return Answer::TooManyOfUser;
    ++m_ofUser[user];
    ++m_inside;
    return Answer::Entered;
}

void UploadGate::leave(const UserId &user)
{
    const std::lock_guard lock(m_mutex);
    const auto known = m_ofUser.find(user);
    if (known == m_ofUser.end())
        return;
    --m_inside;
    if (--known->second == 0)
        m_ofUser.erase(known);
}

} // namespace kith::server
