// SPDX-License-Identifier: GPL-3.0-or-later
// What the writer remembers of the conversations that are written to, so that an append needs no reading.
#pragma once

#include "core/base/domain.h"
#include "server/store/store.h"

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace kith::server::embedded {

struct MemberState {
    std::int64_t user = 0;
    Role role = Role::Member;
    std::int64_t joinedMs = 0;
    std::int64_t readSeq = 0;
    std::int64_t deliveredSeq = 0; // at least readSeq
};

/// A conversation as the writer's transaction sees it.
struct ConversationState {
    std::int64_t key = 0;
    ConversationId id;
    ConversationType type = ConversationType::Private;
    std::string name, avatar, about;
    Seq headSeq;
    Rev headRev;
    std::int64_t changedMs = 0;
    std::int64_t membersVersion = 1;
    std::vector<MemberState> members; // present ones, by user
    MemberList list;                  // the same, as others get it

    // Of a private conversation, by place in `members`: this one has blocked the other; this one's account is disabled.
    bool blocks[2] = {false, false};
    bool disabled[2] = {false, false};

    const MemberState *find(std::int64_t user) const;
    MemberState *find(std::int64_t user);
    /// After `members` changed.
    void renewList();
};

/// Pointers stay valid until the entry is forgotten. Dropped whole when a transaction is rolled back.
class ConversationCache final {
public:
    /// Entries kept; at some 300 bytes each for private ones that is 20 MB.
    static constexpr std::size_t kMost = 65536;

    ConversationState *find(const ConversationId &id);
    ConversationState *put(ConversationState state);
    void clear() { m_entries.clear(); }

private:
    std::unordered_map<ConversationId, std::unique_ptr<ConversationState>> m_entries;
};

} // namespace kith::server::embedded
