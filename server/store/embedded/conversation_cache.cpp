// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/store/embedded/conversation_cache.h"

#include "server/store/embedded/rows.h"

#include <algorithm>

namespace kith::server::embedded {

const MemberState *ConversationState::find(std::int64_t user) const
{
    const auto it = std::lower_bound(members.begin(), members.end(), user,
                                     [](const MemberState &m, std::int64_t wanted) { return m.user < wanted; });
    return it != members.end() && it->user == user ? &*it : nullptr;
}

MemberState *ConversationState::find(std::int64_t user)
{
    return const_cast<MemberState *>(std::as_const(*this).find(user));
}

void ConversationState::renewList()
{
    auto users = std::make_shared<std::vector<UserId>>();
    users->reserve(members.size());
    for (const MemberState &member : members)
        users->push_back(userId(member.user));
    list = std::move(users);
}

ConversationState *ConversationCache::find(const ConversationId &id)
{
    const auto it = m_entries.find(id);
    return it == m_entries.end() ? nullptr : it->second.get();
}

ConversationState *ConversationCache::put(ConversationState state)
{
    if (m_entries.size() >= kMost)
        m_entries.erase(m_entries.begin());
    auto entry = std::make_unique<ConversationState>(std::move(state));
    auto *raw = entry.get();
    m_entries[raw->id] = std::move(entry);
    return raw;
}

} // namespace kith::server::embedded
