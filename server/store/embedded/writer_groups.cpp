// SPDX-License-Identifier: GPL-3.0-or-later
// Making and renaming groups, and the notices that go with each change.
#include "core/crypto/crypto.h"
#include "server/store/embedded/message_insert.h"
#include "server/store/embedded/rows.h"
#include "server/store/notice.h"

#include <algorithm>

namespace kith::server::embedded {

StoreResult<Writer::Actor> Writer::groupActor(const UserId &user, const ConversationId &conversation)
{
    KITH_TRY_VALUE(who, actor(user, conversation));
    if (who.conversation->type == ConversationType::Private)
        return Unexpected(StoreError::Forbidden);
    return who;
}

/// Appends a system message. The change itself is in the database already.
StoreResult<void> Writer::announce(GroupChanged &changed, ConversationState &group, const UserId &by,
                                   const std::string &body)
{
    const ClientMessageId cid(crypto::makeUuid());
    const std::string packed = packCid(cid), digest = crypto::sha256(body).substr(0, 16);
    const std::vector<UserId> nobody;
    const std::optional<FileId> noFile;
    KITH_TRY_VALUE(done, insert(group, {by, number(by), cid, packed, digest, MessageKind::System, body, std::nullopt,
                                        nobody, noFile, now()}));
    if (!done)
        return Unexpected(StoreError::Unavailable); // two random UUIDs alike
    changed.notices.push_back(std::move(*done));
    return {};
}

StoreResult<GroupChanged> Writer::createGroup(const UserId &owner, const std::string &name,
                                              const std::vector<UserId> &members)
{
    const std::int64_t ownerId = number(owner);
    KITH_TRY_VALUE(ownerUsable, usable(ownerId));
    if (!ownerUsable)
        return Unexpected(StoreError::NotFound);
    KITH_TRY_VALUE(others, newcomers(nullptr, ownerId, members));

    ConversationState fresh;
    fresh.id = groupConversation(std::to_string(m_ids.next(fromUnixMs(now()))));
    fresh.type = ConversationType::Group;
    fresh.name = name;
    fresh.changedMs = now();
    KITH_TRY(m_engine.run("INSERT INTO conversations (wire, type, name, changed_ms) VALUES (?1, 1, ?2, ?3)",
                          fresh.id.str(), name, fresh.changedMs));
    fresh.key = m_engine.database().lastInsertId();
    ConversationState &group = *m_cache.put(std::move(fresh));
    KITH_TRY(admit(group, ownerId, Role::Owner));
    GroupChanged changed;
    changed.conversation = group.id;
    changed.added.push_back(owner);
    Notice notice{NoticeEvent::Created, name, {}, Role::Member};
    for (const std::int64_t user : others) {
        KITH_TRY(admit(group, user, Role::Member));
        notice.users.push_back(userId(user));
    }
    changed.added.insert(changed.added.end(), notice.users.begin(), notice.users.end());
    KITH_TRY(membersChanged(group));
    changed.members = group.list;
    KITH_TRY(announce(changed, group, owner, encodeNotice(notice)));
    return changed;
}

StoreResult<GroupChanged> Writer::updateGroup(const UserId &by, const ConversationId &conversation,
                                              const GroupUpdate &update)
{
    KITH_TRY_VALUE(who, groupActor(by, conversation));
    if (who.member->role == Role::Member)
        return Unexpected(StoreError::Forbidden);
    ConversationState &group = *who.conversation;
    const std::string before = group.avatar;
    const bool newAvatar = update.avatar && *update.avatar != before;
    if (newAvatar)
        KITH_TRY(checkAvatar(by, *update.avatar));
    const bool renamed = update.name && *update.name != group.name;
    group.name = update.name.value_or(group.name);
    group.about = update.about.value_or(group.about);
    group.avatar = update.avatar.value_or(group.avatar);
    group.changedMs = std::max(group.changedMs, now());
    KITH_TRY(m_engine.run("UPDATE conversations SET name = ?2, about = ?3, avatar = ?4, changed_ms = ?5 WHERE id = ?1",
                          group.key, group.name, group.about, group.avatar, group.changedMs));
    if (newAvatar)
        KITH_TRY(touchFile(before));
    GroupChanged changed;
    changed.conversation = group.id;
    changed.members = group.list;
    if (renamed)
        KITH_TRY(announce(changed, group, by, encodeNotice({NoticeEvent::Renamed, group.name, {}, Role::Member})));
    return changed;
}

} // namespace kith::server::embedded
