// SPDX-License-Identifier: GPL-3.0-or-later
// Who is in a group, and as what.
#include "core/base/limits.h"
#include "server/store/embedded/rows.h"
#include "server/store/embedded/writer.h"
#include "server/store/notice.h"

#include <algorithm>
#include <utility>

namespace kith::server::embedded {

/// Those of `users` that are not in yet, each once, after all that could refuse one of them.
StoreResult<std::vector<std::int64_t>> Writer::newcomers(const ConversationState *group, std::int64_t by,
                                                         const std::vector<UserId> &users)
{
    std::vector<std::int64_t> fresh;
    for (const UserId &user : users) {
        const std::int64_t id = number(user);
        if (id != by && !(group && group->find(id)))
            fresh.push_back(id);
    }
    std::sort(fresh.begin(), fresh.end());
    fresh.erase(std::unique(fresh.begin(), fresh.end()), fresh.end());
    const std::size_t present = group ? group->members.size() : 1;
    if (present + fresh.size() > limits::kMaxGroupMembers)
        return Unexpected(StoreError::TooManyMembers);
    for (const std::int64_t user : fresh) {
        KITH_TRY_VALUE(isUsable, usable(user));
        if (!isUsable)
            return Unexpected(StoreError::NotFound);
        KITH_TRY_VALUE(isBlocking, blocks(user, by));
        if (isBlocking)
            return Unexpected(StoreError::Blocked);
    }
    return fresh;
}

/// Into the rows and the state; membersChanged() must follow. Who comes into a running group begins at its head: what
/// was said before is there to read, and is not unread.
StoreResult<void> Writer::admit(ConversationState &group, std::int64_t user, Role role)
{
    const std::int64_t ms = now();
    KITH_TRY(m_engine.run("INSERT INTO members (conversation, user, role, joined_ms, joined_seq, read_seq, "
                          "delivered_seq, changed_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?5, ?4) "
                          "ON CONFLICT (conversation, user) DO UPDATE SET role = excluded.role, joined_ms = "
                          "excluded.joined_ms, joined_seq = excluded.joined_seq, read_seq = excluded.read_seq, "
                          "delivered_seq = excluded.delivered_seq, changed_ms = excluded.changed_ms, removed = 0, "
                          "left_seq = NULL, left_rev = NULL, muted_until_ms = 0",
                          group.key, user, static_cast<int>(role), ms, group.headSeq.value()));
    const auto at = std::lower_bound(group.members.begin(), group.members.end(), user,
                                     [](const MemberState &m, std::int64_t wanted) { return m.user < wanted; });
    group.members.insert(at, {user, role, ms, group.headSeq.value(), group.headSeq.value()});
    return {};
}

StoreResult<void> Writer::dismiss(ConversationState &group, std::int64_t user)
{
    KITH_TRY(m_engine.run("UPDATE members SET removed = 1, role = 0, changed_ms = ?3 WHERE conversation = ?1 AND "
                          "user = ?2",
                          group.key, user, now()));
    std::erase_if(group.members, [&](const MemberState &m) { return m.user == user; });
    return {};
}

StoreResult<void> Writer::giveRole(ConversationState &group, MemberState &member, Role role)
{
    member.role = role;
    return m_engine.run("UPDATE members SET role = ?3, changed_ms = ?4 WHERE conversation = ?1 AND user = ?2",
                        group.key, member.user, static_cast<int>(role), now());
}

StoreResult<void> Writer::membersChanged(ConversationState &group)
{
    group.renewList();
    ++group.membersVersion;
    group.changedMs = std::max(group.changedMs, now());
    return m_engine.run("UPDATE conversations SET members = ?2, members_version = ?3, changed_ms = ?4 WHERE id = ?1",
                        group.key, static_cast<std::int64_t>(group.members.size()), group.membersVersion,
                        group.changedMs);
}

/// Of a group that nobody is in: nobody could ever take it down, and it would keep its file for ever.
StoreResult<void> Writer::takeAvatarDown(ConversationState &group)
{
    const std::string before = std::exchange(group.avatar, std::string());
    if (before.empty())
        return {};
    KITH_TRY(m_engine.run("UPDATE conversations SET avatar = '' WHERE id = ?1", group.key));
    return touchFile(before);
}

StoreResult<GroupChanged> Writer::addMembers(const UserId &by, const ConversationId &conversation,
                                             const std::vector<UserId> &users)
{
    KITH_TRY_VALUE(who, groupActor(by, conversation));
    if (who.member->role == Role::Member)
        return Unexpected(StoreError::Forbidden);
    ConversationState &group = *who.conversation;
    KITH_TRY_VALUE(fresh, newcomers(&group, who.member->user, users));
    GroupChanged changed;
    changed.conversation = group.id;
    changed.members = group.list;
    if (fresh.empty())
        return changed;
    for (const std::int64_t user : fresh) {
        KITH_TRY(admit(group, user, Role::Member));
        changed.added.push_back(userId(user));
    }
    KITH_TRY(membersChanged(group));
    changed.members = group.list;
    KITH_TRY(announce(changed, group, by, encodeNotice({NoticeEvent::Invited, {}, changed.added, Role::Member})));
    return changed;
}

StoreResult<GroupChanged> Writer::removeMembers(const UserId &by, const ConversationId &conversation,
                                                const std::vector<UserId> &users)
{
    KITH_TRY_VALUE(who, groupActor(by, conversation));
    ConversationState &group = *who.conversation;
    const std::int64_t byId = who.member->user;
    const Role byRole = who.member->role;
    bool leaving = false;
    std::vector<std::int64_t> others;
    for (const UserId &user : users) {
        const MemberState *member = group.find(number(user));
        if (!member)
            continue;
        if (member->user == byId) {
            leaving = true;
            continue;
        }
        if (byRole == Role::Member || member->role == Role::Owner ||
            (member->role == Role::Admin && byRole != Role::Owner))
            return Unexpected(StoreError::Forbidden);
        if (std::find(others.begin(), others.end(), member->user) == others.end())
            others.push_back(member->user);
    }
    GroupChanged changed;
    changed.conversation = group.id;
    changed.members = group.list;
    if (others.empty() && !leaving)
        return changed;

    for (const std::int64_t user : others) {
        KITH_TRY(dismiss(group, user));
        changed.removed.push_back(userId(user));
    }
    const std::vector<UserId> named = changed.removed;
    std::optional<UserId> heir;
    if (leaving) {
        KITH_TRY(dismiss(group, byId));
        changed.removed.push_back(by);
        if (byRole == Role::Owner && !group.members.empty()) {
            auto &next = *std::min_element(
                group.members.begin(), group.members.end(), [](const MemberState &a, const MemberState &b) {
                    return a.role != b.role ? a.role > b.role
                                            : std::pair(a.joinedMs, a.user) < std::pair(b.joinedMs, b.user);
                });
            KITH_TRY(giveRole(group, next, Role::Owner));
            heir = userId(next.user);
        }
    }
    KITH_TRY(membersChanged(group));
    if (group.members.empty())
        KITH_TRY(takeAvatarDown(group));
    changed.members = group.list;
    if (!named.empty())
        KITH_TRY(announce(changed, group, by, encodeNotice({NoticeEvent::Removed, {}, named, Role::Member})));
    if (leaving)
        KITH_TRY(announce(changed, group, by, encodeNotice({NoticeEvent::Left, {}, {}, Role::Member})));
    if (heir)
        KITH_TRY(announce(changed, group, by, encodeNotice({NoticeEvent::Role, {}, {*heir}, Role::Owner})));
    // Where the conversation stood when they left: all that their heads will ever say.
    for (const UserId &user : changed.removed)
        KITH_TRY(m_engine.run("UPDATE members SET left_seq = ?3, left_rev = ?4 WHERE conversation = ?1 AND user = ?2",
                              group.key, number(user), group.headSeq.value(), group.headRev.value()));
    return changed;
}

StoreResult<GroupChanged> Writer::setRole(const UserId &by, const ConversationId &conversation, const UserId &user,
                                          Role role)
{
    KITH_TRY_VALUE(who, groupActor(by, conversation));
    ConversationState &group = *who.conversation;
    if (who.member->role != Role::Owner)
        return Unexpected(StoreError::Forbidden);
    MemberState *member = group.find(number(user));
    if (!member)
        return Unexpected(StoreError::NotFound);
    GroupChanged changed;
    changed.conversation = group.id;
    changed.members = group.list;
    if (member->role == role)
        return changed;
    if (member == who.member)
        return Unexpected(StoreError::Forbidden); // a group is never without an owner: hand it on instead
    KITH_TRY(giveRole(group, *member, role));
    if (role == Role::Owner)
        KITH_TRY(giveRole(group, *who.member, Role::Admin));
    group.changedMs = std::max(group.changedMs, now());
    KITH_TRY(announce(changed, group, by, encodeNotice({NoticeEvent::Role, {}, {user}, role})));
    return changed;
}

} // namespace kith::server::embedded
