// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/limits.h"
#include "core/client/client_impl.h"

#include <map>

namespace kith::client {

using protocol::Op;

QCoro::Task<Result<ConversationId>> Client::openPrivate(User peer)
{
    auto *impl = m_impl.get();
    const auto self = impl->account.self().id;
    if (self.empty())
        co_return Unexpected(makeError(ClientErrorCode::NotLoggedIn, {}));
    if (!isValidUserId(peer.id.str()) || peer.id == self)
        co_return Unexpected(wireError(protocol::makeError(protocol::ErrorCode::NotFound, "no such user", "user")));
    const auto conversation = privateConversation(self, peer.id);
    Head head;
    head.conversation = conversation;
    head.type = ConversationType::Private;
    head.name = peer.displayName.empty() ? peer.username : peer.displayName;
    head.avatar = peer.avatar;
    head.members = 2;
    head.changedAt = impl->clock->now();
    head.peer = PeerCursors{peer.id, {}, {}};
    auto madeLater = impl->history.run([peer, head](history::HistoryStore &store) -> sql::Result<void> {
        KITH_TRY(store.putUsers(std::span(&peer, 1)));
        KITH_TRY_VALUE(before, store.head(head.conversation));
        if (!before)
            KITH_TRY(store.applyHeads(std::span(&head, 1)));
        return {};
    });
    auto made = co_await madeLater;
    if (!made)
        co_return Unexpected(std::move(made).error());
    impl->touchHead(conversation);
    co_return conversation;
}

QCoro::Task<Result<ConversationId>> Client::createGroup(std::string name, std::vector<UserId> members)
{
    auto *impl = m_impl.get();
    auto replyLater = call<protocol::ConversationPacket>(
        impl->session, Op::ConversationCreate, protocol::CreateConversationPacket{std::move(name), std::move(members)});
    auto reply = co_await replyLater;
    if (!reply)
        co_return Unexpected(std::move(reply).error());
    const auto conversation = reply->head.conversation;
    std::vector<Head> heads;
    heads.push_back(std::move(reply->head));
    auto takenLater = impl->sync.takeHeads(std::move(heads));
    auto taken = co_await takenLater;
    if (!taken)
        co_return Unexpected(std::move(taken).error());
    co_return conversation;
}

QCoro::Task<Result<void>> Client::inviteToGroup(ConversationId conversation, std::vector<UserId> users)
{
    return callForOk(m_impl->session, Op::ConversationInvite,
                     protocol::ConversationUsersPacket{std::move(conversation), std::move(users)});
}

QCoro::Task<Result<void>> Client::removeFromGroup(ConversationId conversation, std::vector<UserId> users)
{
    return callForOk(m_impl->session, Op::ConversationRemove,
                     protocol::ConversationUsersPacket{std::move(conversation), std::move(users)});
}

QCoro::Task<Result<void>> Client::leaveGroup(ConversationId conversation)
{
    auto *impl = m_impl.get();
    auto leftLater = callForOk(impl->session, Op::ConversationLeave, protocol::ConversationIdPacket{conversation});
    auto left = co_await leftLater;
    if (!left)
        co_return left;
    auto markedLater =
        impl->history.run([conversation](history::HistoryStore &store) { return store.markRemoved(conversation); });
    auto marked = co_await markedLater;
    if (marked)
        impl->touchHead(conversation);
    co_return marked;
}

QCoro::Task<Result<void>> Client::renameGroup(ConversationId conversation, std::string name)
{
    protocol::UpdateConversationPacket packet;
    packet.conversation = std::move(conversation);
    packet.name = std::move(name);
    return callForOk(m_impl->session, Op::ConversationUpdate, std::move(packet));
}

QCoro::Task<Result<void>> Client::setMuted(ConversationId conversation, Timestamp until)
{
    auto *impl = m_impl.get();
    auto mutedLater = callForOk(impl->session, Op::ConversationMute, protocol::MutePacket{conversation, until});
    auto muted = co_await mutedLater;
    if (!muted)
        co_return muted;
    auto keptLater = impl->history.run([conversation, until](history::HistoryStore &store) -> sql::Result<void> {
        KITH_TRY_VALUE(local, store.head(conversation));
        if (!local)
            return {};
        local->head.mutedUntil = until;
        return store.applyHeads(std::span(&local->head, 1));
    });
    auto kept = co_await keptLater;
    if (kept)
        impl->touchHead(conversation);
    co_return kept;
}

QCoro::Task<Result<void>> Client::setPinned(ConversationId conversation, bool pinned)
{
    const auto when = pinned ? toUnixMs(m_impl->clock->now()) : 0;
    return m_impl->arrange(std::move(conversation), history::Arrangement::PinnedAt, when);
}

QCoro::Task<Result<void>> Client::setShelved(ConversationId conversation, bool shelved)
{
    return m_impl->arrange(std::move(conversation), history::Arrangement::Shelved, shelved ? 1 : 0);
}

QCoro::Task<Result<void>> Client::setMarkedUnread(ConversationId conversation, bool marked)
{
    return m_impl->arrange(std::move(conversation), history::Arrangement::MarkedUnread, marked ? 1 : 0);
}

QCoro::Task<Result<void>> Client::Impl::arrange(ConversationId conversation, history::Arrangement what,
                                                std::int64_t value)
{
    auto later = history.run(
        [conversation, what, value](history::HistoryStore &store) { return store.arrange(conversation, what, value); });
    auto changed = co_await later;
    if (!changed)
        co_return Unexpected(std::move(changed).error());
    if (*changed)
        touchHead(conversation);
    co_return Result<void>();
}

QCoro::Task<Result<MessageReceipts>> Client::messageReceipts(ConversationId conversation, Seq seq)
{
    auto *impl = m_impl.get();
    MessageReceipts all;
    protocol::ReceiptsPacket ask{conversation, seq, {}, limits::kMaxPage};
    for (bool more = true; more && all.deliveredTo.size() < limits::kMaxGroupMembers;) {
        auto replyLater = call<protocol::ReceiptsReply>(impl->session, Op::Receipts, ask);
        auto reply = co_await replyLater;
        if (!reply)
            co_return Unexpected(std::move(reply).error());
        all.readCount = reply->readCount;
        all.deliveredCount = reply->deliveredCount;
        more = reply->more && !reply->deliveredTo.empty();
        if (more)
            ask.after = reply->deliveredTo.back();
        all.readBy.insert(all.readBy.end(), reply->readBy.begin(), reply->readBy.end());
        all.deliveredTo.insert(all.deliveredTo.end(), reply->deliveredTo.begin(), reply->deliveredTo.end());
    }
    co_return all;
}

QCoro::Task<Result<void>> Client::describeGroup(ConversationId conversation, std::string about)
{
    protocol::UpdateConversationPacket packet;
    packet.conversation = std::move(conversation);
    packet.about = std::move(about);
    return callForOk(m_impl->session, Op::ConversationUpdate, std::move(packet));
}

QCoro::Task<Result<void>> Client::setRole(ConversationId conversation, UserId user, Role role)
{
    return callForOk(m_impl->session, Op::ConversationRole,
                     protocol::RolePacket{std::move(conversation), std::move(user), role});
}

QCoro::Task<Result<Client::MembersPage>> Client::membersPage(ConversationId conversation, std::optional<UserId> after)
{
    auto *impl = m_impl.get();
    protocol::MembersPacket ask{std::move(conversation), std::move(after), limits::kMaxPage};
    auto replyLater = call<protocol::MembersReply>(impl->session, Op::ConversationMembers, std::move(ask));
    auto reply = co_await replyLater;
    if (!reply)
        co_return Unexpected(std::move(reply).error());
    std::vector<UserId> ids;
    for (const auto &member : reply->members)
        ids.push_back(member.user);
    MembersPage page{std::move(reply->members), std::move(reply->users), reply->more && !ids.empty()};
    auto knownLater =
        impl->history.run([ids, told = page.users](history::HistoryStore &store) -> sql::Result<std::vector<User>> {
            KITH_TRY_VALUE(known, store.users(ids));
            if (told.empty())
                return known; // an older server: what this computer knows
            std::vector<User> news;
            std::map<UserId, const User *> here;
            for (const auto &user : known)
                here.emplace(user.id, &user);
            for (const auto &user : told)
                if (const auto found = here.find(user.id); found == here.end() || *found->second != user)
                    news.push_back(user);
            if (!news.empty())
                KITH_TRY(store.putUsers(news));
            return told;
        });
    auto known = co_await knownLater;
    if (known)
        page.users = std::move(*known);
    else if (known.error().code == ClientErrorCode::Cancelled)
        co_return Unexpected(std::move(known).error());
    for (const auto &user : page.users)
        impl->knownUsers.insert(user.id);
    co_return std::move(page);
}

QCoro::Task<Result<std::vector<Member>>> Client::groupMembers(ConversationId conversation)
{
    std::vector<Member> members;
    std::vector<User> users;
    std::optional<UserId> after;
    for (bool more = true; more && members.size() < limits::kMaxGroupMembers;) {
        auto pageLater = membersPage(conversation, after);
        auto page = co_await pageLater;
        if (!page)
            co_return Unexpected(std::move(page).error());
        more = page->more;
        if (more)
            after = page->members.back().user;
        members.insert(members.end(), page->members.begin(), page->members.end());
        users.insert(users.end(), page->users.begin(), page->users.end());
    }
    if (!users.empty())
        emit usersChanged(users);
    std::vector<UserId> ids;
    for (const auto &member : members)
        ids.push_back(member.user);
    m_impl->wantUsers(ids); // those that nobody told of
    co_return std::move(members);
}

} // namespace kith::client
