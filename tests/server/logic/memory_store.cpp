// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/server/logic/memory_store.h"

#include "core/base/limits.h"

#include <algorithm>

namespace kith::server::test {

bool MemoryStore::pump()
{
    bool any = false;
    for (;;) {
        std::function<void()> task;
        {
            const std::lock_guard lock(m_mutex);
            if (m_waiting.empty())
                return any;
            task = std::move(m_waiting.front());
            m_waiting.pop_front();
        }
        any = true;
        task();
    }
}

void MemoryStore::holdHeads(bool hold)
{
    const std::lock_guard lock(m_mutex);
    m_holdHeads = hold;
    if (!hold) {
        m_waiting.insert(m_waiting.end(), m_heldHeads.begin(), m_heldHeads.end());
        m_heldHeads.clear();
    }
}

MemoryStore::Conversation *MemoryStore::of(const UserId &member, const ConversationId &id)
{
    const auto found = m_conversations.find(id);
    return found != m_conversations.end() && found->second.members.contains(member) ? &found->second : nullptr;
}

MemberList MemoryStore::list(const Conversation &conversation)
{
    auto users = std::make_shared<std::vector<UserId>>();
    for (const auto &[user, member] : conversation.members)
        users->push_back(user);
    return users;
}

// --- accounts --------------------------------------------------------------------------------------------------------

void MemoryStore::createUser(NewUser user, Reply<User> reply)
{
    answer<User>(std::move(reply), [&]() -> StoreResult<User> {
        for (const auto &[id, known] : m_users)
            if (known.user.username == user.username)
                return Unexpected(StoreError::UsernameTaken);
        const User made{UserId(std::to_string(m_nextId++)), user.username, user.displayName, {}, m_clock.now()};
        m_users[made.id] = {made, user.passwordHash};
        return made;
    });
}

void MemoryStore::credentials(std::string username, Reply<Credentials> reply)
{
    answer<Credentials>(std::move(reply), [&]() -> StoreResult<Credentials> {
        for (const auto &[id, known] : m_users)
            if (known.user.username == username)
                return known;
        return Unexpected(StoreError::NotFound);
    });
}

void MemoryStore::credentialsById(UserId user, Reply<Credentials> reply)
{
    answer<Credentials>(std::move(reply), [&]() -> StoreResult<Credentials> {
        if (!m_users.contains(user))
            return Unexpected(StoreError::NotFound);
        return m_users[user];
    });
}

void MemoryStore::setDisabled(UserId user, bool disabled, Reply<void> reply)
{
    answer<void>(std::move(reply), [&]() -> StoreResult<void> {
        m_users[user].disabled = disabled;
        ++m_users[user].version;
        return {};
    });
}

void MemoryStore::updateProfile(UserId user, std::optional<std::string> displayName, std::optional<std::string> avatar,
                                Reply<User> reply)
{
    answer<User>(std::move(reply), [&]() -> StoreResult<User> {
        User &known = m_users[user].user;
        if (const auto refused = refusedAvatar(user, avatar, known.avatar))
            return Unexpected(*refused);
        known.displayName = displayName.value_or(known.displayName);
        known.avatar = avatar.value_or(known.avatar);
        return known;
    });
}

void MemoryStore::user(UserId user, Reply<User> reply)
{
    answer<User>(std::move(reply), [&]() -> StoreResult<User> {
        if (!m_users.contains(user))
            return Unexpected(StoreError::NotFound);
        return m_users[user].user;
    });
}

void MemoryStore::findUsers(std::string query, std::optional<UserId>, int limit, Reply<std::vector<User>> reply)
{
    answer<std::vector<User>>(std::move(reply), [&]() -> StoreResult<std::vector<User>> {
        std::vector<User> found;
        for (const auto &[id, known] : m_users)
            if (known.user.username.starts_with(query) && found.size() < static_cast<std::size_t>(limit))
                found.push_back(known.user);
        return found;
    });
}

void MemoryStore::block(UserId user, UserId other, bool blocked, Reply<void> reply)
{
    answer<void>(std::move(reply), [&]() -> StoreResult<void> {
        if (blocked)
            m_blocks.insert({user, other});
        else
            m_blocks.erase({user, other});
        return {};
    });
}

void MemoryStore::blocked(UserId user, Reply<std::vector<UserId>> reply)
{
    answer<std::vector<UserId>>(std::move(reply), [&]() -> StoreResult<std::vector<UserId>> {
        std::vector<UserId> found;
        for (const auto &[by, other] : m_blocks)
            if (by == user)
                found.push_back(other);
        return found;
    });
}

void MemoryStore::sharedGroups(UserId user, UserId other, int limit, Reply<std::vector<ConversationId>> reply)
{
    answer<std::vector<ConversationId>>(std::move(reply), [&]() -> StoreResult<std::vector<ConversationId>> {
        std::vector<ConversationId> found;
        for (const auto &[id, conversation] : m_conversations)
            if (conversationType(id) == ConversationType::Group && conversation.members.contains(user) &&
                conversation.members.contains(other) && found.size() < static_cast<std::size_t>(limit))
                found.push_back(id);
        return found;
    });
}

// --- sessions --------------------------------------------------------------------------------------------------------

void MemoryStore::openSession(NewSession session, Reply<void> reply)
{
    answer<void>(std::move(reply), [&]() -> StoreResult<void> {
        if (m_failOpening)
            return Unexpected(*m_failOpening);
        if (session.credentialsVersion && *session.credentialsVersion != m_users[session.user].version)
            return Unexpected(StoreError::Outdated);
        if (session.factor && !use(session.user, *session.factor))
            return Unexpected(StoreError::CodeUsed);
        std::erase_if(m_tokens, [&](const auto &token) {
            return token.second.user == session.user && token.second.device == session.device.id;
        });
        m_sessions[{session.user, session.device.id}] = {session.user, session.device, session.family};
        m_tokens[session.refreshHash] = {session.user, session.device.id, session.family, {}, {}};
        return {};
    });
}

void MemoryStore::session(UserId user, DeviceId device, Reply<Session> reply)
{
    answer<Session>(std::move(reply), [&]() -> StoreResult<Session> {
        const auto found = m_sessions.find({user, device});
        if (found == m_sessions.end())
            return Unexpected(StoreError::NotFound);
        return found->second;
    });
}

void MemoryStore::rotate(Rotation rotation, Reply<Session> reply)
{
    answer<Session>(std::move(reply), [&]() -> StoreResult<Session> {
        const auto found = m_tokens.find(rotation.usedHash);
        if (found == m_tokens.end())
            return Unexpected(StoreError::TokenUnknown);
        Token &token = found->second;
        if (token.successor.empty()) {
            token.successor = rotation.successorHash;
            token.used = m_clock.now();
            m_tokens[rotation.successorHash] = {token.user, token.device, token.family, {}, {}};
        } else if (m_clock.now() - token.used > limits::kRefreshGrace) {
            m_sessions.erase({token.user, token.device});
            const std::string family = token.family;
            std::erase_if(m_tokens, [&](const auto &one) { return one.second.family == family; });
            return Unexpected(StoreError::TokenReused);
        }
        return m_sessions[{token.user, token.device}];
    });
}

void MemoryStore::sessions(UserId user, Reply<std::vector<Device>> reply)
{
    answer<std::vector<Device>>(std::move(reply), [&]() -> StoreResult<std::vector<Device>> {
        std::vector<Device> found;
        for (const auto &[key, session] : m_sessions)
            if (key.first == user)
                found.push_back(session.device);
        return found;
    });
}

void MemoryStore::closeSession(UserId user, DeviceId device, Reply<void> reply)
{
    answer<void>(std::move(reply), [&]() -> StoreResult<void> {
        if (m_sessions.erase({user, device}) == 0)
            return Unexpected(StoreError::NotFound);
        return {};
    });
}

void MemoryStore::closeSessions(UserId user, std::optional<DeviceId> keep, Reply<std::vector<DeviceId>> reply)
{
    answer<std::vector<DeviceId>>(std::move(reply),
                                  [&]() -> StoreResult<std::vector<DeviceId>> { return endSessions(user, keep); });
}

void MemoryStore::touchSession(UserId user, DeviceId device, Timestamp seen)
{
    const std::lock_guard lock(m_mutex);
    if (const auto found = m_sessions.find({user, device}); found != m_sessions.end())
        found->second.device.lastSeen = seen;
}

// --- cursors ---------------------------------------------------------------------------------------------------------

StoreResult<CursorMoved> MemoryStore::move(const UserId &user, const ConversationId &id, Seq seq, bool read)
{
    Conversation *conversation = of(user, id);
    if (!conversation)
        return Unexpected(StoreError::NotMember);
    Receipt &cursor = conversation->cursors[user];
    cursor.conversation = id;
    cursor.user = user;
    const Receipt before = cursor;
    const Seq to = std::min(seq, Seq(static_cast<std::int64_t>(conversation->messages.size())));
    if (read)
        cursor.readSeq = std::max(cursor.readSeq, to);
    cursor.deliveredSeq = std::max(cursor.deliveredSeq, to);
    return CursorMoved{cursor, cursor != before, list(*conversation)};
}

void MemoryStore::moveRead(UserId user, ConversationId conversation, Seq seq, Reply<CursorMoved> reply)
{
    answer<CursorMoved>(std::move(reply), [&] { return move(user, conversation, seq, true); });
}

void MemoryStore::moveDelivered(UserId user, ConversationId conversation, Seq seq, Reply<CursorMoved> reply)
{
    answer<CursorMoved>(std::move(reply), [&] { return move(user, conversation, seq, false); });
}

void MemoryStore::receipts(UserId reader, ConversationId conversation, Seq seq, std::optional<UserId>, int,
                           Reply<ReceiptsResult> reply)
{
    answer<ReceiptsResult>(std::move(reply), [&]() -> StoreResult<ReceiptsResult> {
        Conversation *found = of(reader, conversation);
        if (!found)
            return Unexpected(StoreError::NotMember);
        ReceiptsResult result;
        const auto index = static_cast<std::size_t>(seq.value() - 1);
        for (const auto &[user, cursor] : found->cursors) {
            if (index < found->messages.size() && found->messages[index].sender == user)
                continue; // the sender is not asked
            if (cursor.readSeq >= seq)
                result.readBy.push_back(user);
            else if (cursor.deliveredSeq >= seq)
                result.deliveredTo.push_back(user);
        }
        result.readCount = static_cast<std::int64_t>(result.readBy.size());
        result.deliveredCount = static_cast<std::int64_t>(result.deliveredTo.size());
        return result;
    });
}

// --- conversations ---------------------------------------------------------------------------------------------------

Head MemoryStore::makeHead(const UserId &reader, const ConversationId &id, Conversation &conversation)
{
    Head head;
    head.conversation = id;
    head.type = *conversationType(id);
    head.name = conversation.name;
    if (const auto peer = privatePeer(id, reader))
        head.name = m_users[*peer].user.displayName;
    head.avatar = conversation.avatar;
    head.members = static_cast<std::int64_t>(conversation.members.size());
    head.role = conversation.members[reader].role;
    head.headSeq = Seq(static_cast<std::int64_t>(conversation.messages.size()));
    head.headRev = conversation.rev;
    head.readSeq = conversation.cursors[reader].readSeq;
    head.mutedUntil = conversation.muted[reader];
    return head;
}

void MemoryStore::heads(HeadsQuery query, Reply<HeadsResult> reply)
{
    answer<HeadsResult>(std::move(reply), [&]() -> StoreResult<HeadsResult> {
        HeadsResult result;
        for (auto &[id, conversation] : m_conversations)
            if (conversation.members.contains(query.user))
                result.heads.push_back(makeHead(query.user, id, conversation));
        return result;
    });
}

void MemoryStore::head(UserId reader, ConversationId conversation, Reply<Head> reply)
{
    answer<Head>(
        std::move(reply),
        [&]() -> StoreResult<Head> {
            if (const auto left = m_conversations.find(conversation);
                left != m_conversations.end() && left->second.gone.contains(reader)) {
                Head head;
                head.conversation = conversation;
                head.type = ConversationType::Group;
                head.name = left->second.name;
                head.removed = true;
                return head;
            }
            Conversation *found = of(reader, conversation);
            if (!found)
                return Unexpected(StoreError::NotMember);
            return makeHead(reader, conversation, *found);
        },
        true);
}

Appended MemoryStore::notice(const ConversationId &id, Conversation &conversation, const UserId &by, std::string text)
{
    Message &stored = conversation.messages.emplace_back();
    stored.seq = Seq(static_cast<std::int64_t>(conversation.messages.size()));
    stored.id = MessageId(std::to_string(m_nextId++));
    stored.sender = by;
    stored.kind = MessageKind::System;
    stored.body = std::move(text);
    conversation.rev = conversation.rev.next();
    conversation.changed[conversation.rev.value()] = stored.seq;
    return Appended{id, conversation.rev, stored, false, false, list(conversation), {}, {}};
}

GroupChanged MemoryStore::groupChanged(const ConversationId &id, Conversation &conversation)
{
    return GroupChanged{id, list(conversation), {}, {}, {}};
}

void MemoryStore::createGroup(UserId owner, std::string name, std::vector<UserId> members, Reply<GroupChanged> reply)
{
    answer<GroupChanged>(std::move(reply), [&]() -> StoreResult<GroupChanged> {
        const auto id = groupConversation(std::to_string(m_nextId++));
        Conversation &made = m_conversations[id];
        made.name = name;
        for (const UserId &user : members)
            made.members[user] = {user, Role::Member, m_clock.now()};
        made.members[owner] = {owner, Role::Owner, m_clock.now()};
        const Appended text = notice(id, made, owner, "created");
        GroupChanged changed = groupChanged(id, made);
        changed.added = *changed.members;
        changed.notices = {text};
        return changed;
    });
}

void MemoryStore::updateGroup(UserId by, ConversationId conversation, GroupUpdate update, Reply<GroupChanged> reply)
{
    answer<GroupChanged>(std::move(reply), [&]() -> StoreResult<GroupChanged> {
        Conversation *found = of(by, conversation);
        if (!found)
            return Unexpected(StoreError::NotMember);
        if (found->members[by].role == Role::Member)
            return Unexpected(StoreError::Forbidden);
        if (const auto refused = refusedAvatar(by, update.avatar, found->avatar))
            return Unexpected(*refused);
        found->name = update.name.value_or(found->name);
        found->avatar = update.avatar.value_or(found->avatar);
        GroupChanged changed = groupChanged(conversation, *found);
        if (update.name)
            changed.notices = {notice(conversation, *found, by, "renamed")};
        return changed;
    });
}

void MemoryStore::addMembers(UserId by, ConversationId conversation, std::vector<UserId> users,
                             Reply<GroupChanged> reply)
{
    answer<GroupChanged>(std::move(reply), [&]() -> StoreResult<GroupChanged> {
        Conversation *found = of(by, conversation);
        if (!found)
            return Unexpected(StoreError::NotMember);
        for (const UserId &user : users)
            found->members[user] = {user, Role::Member, m_clock.now()};
        const Appended text = notice(conversation, *found, by, "invited");
        GroupChanged changed = groupChanged(conversation, *found);
        changed.added = users;
        for (const UserId &user : users)
            found->gone.erase(user);
        changed.notices = {text};
        return changed;
    });
}

void MemoryStore::removeMembers(UserId by, ConversationId conversation, std::vector<UserId> users,
                                Reply<GroupChanged> reply)
{
    answer<GroupChanged>(std::move(reply), [&]() -> StoreResult<GroupChanged> {
        Conversation *found = of(by, conversation);
        if (!found)
            return Unexpected(StoreError::NotMember);
        for (const UserId &user : users) {
            found->members.erase(user);
            found->gone.insert(user);
        }
        const Appended text = notice(conversation, *found, by, "removed");
        GroupChanged changed = groupChanged(conversation, *found);
        changed.removed = users;
        changed.notices = {text};
        return changed;
    });
}

void MemoryStore::setRole(UserId by, ConversationId conversation, UserId user, Role role, Reply<GroupChanged> reply)
{
    answer<GroupChanged>(std::move(reply), [&]() -> StoreResult<GroupChanged> {
        Conversation *found = of(by, conversation);
        if (!found)
            return Unexpected(StoreError::NotMember);
        if (found->members[by].role != Role::Owner)
            return Unexpected(StoreError::Forbidden);
        found->members[user].role = role;
        return groupChanged(conversation, *found);
    });
}

void MemoryStore::mute(UserId user, ConversationId conversation, Timestamp until, Reply<void> reply)
{
    answer<void>(std::move(reply), [&]() -> StoreResult<void> {
        Conversation *found = of(user, conversation);
        if (!found)
            return Unexpected(StoreError::NotMember);
        found->muted[user] = until;
        return {};
    });
}

void MemoryStore::members(UserId reader, ConversationId conversation, std::optional<UserId> after, int limit,
                          Reply<MembersResult> reply)
{
    answer<MembersResult>(std::move(reply), [&]() -> StoreResult<MembersResult> {
        Conversation *found = of(reader, conversation);
        if (!found)
            return Unexpected(StoreError::NotMember);
        MembersResult result;
        for (const auto &[user, member] : found->members) {
            if (after && user <= *after)
                continue;
            if (result.members.size() >= static_cast<std::size_t>(limit)) {
                result.more = true;
                break;
            }
            result.members.push_back(member);
            result.users.push_back(m_users.at(user).user);
        }
        return result;
    });
}

void MemoryStore::memberList(ConversationId conversation, Reply<MemberList> reply)
{
    answer<MemberList>(std::move(reply), [&]() -> StoreResult<MemberList> {
        const auto found = m_conversations.find(conversation);
        if (found == m_conversations.end())
            return Unexpected(StoreError::NotFound);
        return list(found->second);
    });
}

void MemoryStore::contacts(UserId user, Reply<std::vector<UserId>> reply)
{
    answer<std::vector<UserId>>(std::move(reply), [&]() -> StoreResult<std::vector<UserId>> {
        std::set<UserId> found;
        for (const auto &[id, conversation] : m_conversations)
            if (conversation.members.contains(user))
                for (const auto &[other, member] : conversation.members)
                    found.insert(other);
        found.erase(user);
        return std::vector<UserId>(found.begin(), found.end());
    });
}

} // namespace kith::server::test
