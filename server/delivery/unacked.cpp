// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/delivery/unacked.h"

#include <algorithm>

namespace kith::server {

void Unacked::pushed(OutgoingPtr message, Time now)
{
    const auto same = std::find_if(m_entries.begin(), m_entries.end(), [&](const Entry &entry) {
        return entry.message->conversation == message->conversation;
    });
    if (same != m_entries.end()) {
        if (same->message->seq > message->seq)
            return;
        m_entries.erase(same);
    } else if (m_entries.size() >= kMaxConversations) {
        m_entries.erase(m_entries.begin());
    }
    m_entries.push_back({std::move(message), now, 0});
}

void Unacked::acked(const ConversationId &conversation, Seq seq)
{
    std::erase_if(m_entries, [&](const Entry &entry) {
        return entry.message->seq <= seq && entry.message->conversation == conversation;
    });
    if (m_entries.empty())
        m_entries.shrink_to_fit(); // an idle connection costs no memory here
}

std::vector<OutgoingPtr> Unacked::due(Time now)
{
    std::vector<OutgoingPtr> out;
    for (Entry &entry : m_entries) {
        const auto age = now - entry.pushedAt;
        bool send = false;
        // One resend per look, however late the look comes.
        while (entry.resent < kResendAfter.size() && age >= kResendAfter[entry.resent]) {
            ++entry.resent;
            send = true;
        }
        if (send)
            out.push_back(entry.message);
    }
    std::erase_if(m_entries, [](const Entry &entry) { return entry.resent >= kResendAfter.size(); });
    return out;
}

} // namespace kith::server
