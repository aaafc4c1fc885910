// SPDX-License-Identifier: GPL-3.0-or-later
// The part of Client about people: profiles, shared groups, blocking.
#include "core/client/client_impl.h"

namespace kith::client {

using protocol::Op;

QCoro::Task<Result<User>> Client::fetchUser(UserId id)
{
    auto *impl = m_impl.get();
    auto fetchedLater = impl->account.fetchUser(id);
    auto fetched = co_await fetchedLater;
    if (!fetched)
        co_return fetched;
    auto keptLater = impl->keepUser(*fetched);
    auto kept = co_await keptLater;
    if (!kept && kept.error().code == ClientErrorCode::Cancelled)
        co_return Unexpected(std::move(kept).error());
    co_return fetched;
}

QCoro::Task<Result<User>> Client::setDisplayName(std::string name)
{
    protocol::ProfilePatch patch;
    patch.displayName = std::move(name);
    return m_impl->changeProfile(std::move(patch));
}

QCoro::Task<Result<User>> Client::Impl::changeProfile(protocol::ProfilePatch patch)
{
    auto changedLater = account.patchProfile(std::move(patch));
    auto changed = co_await changedLater;
    if (!changed)
        co_return changed;
    auto keptLater = keepUser(*changed);
    auto kept = co_await keptLater;
    if (!kept && kept.error().code == ClientErrorCode::Cancelled)
        co_return Unexpected(std::move(kept).error());
    co_return changed;
}

QCoro::Task<Result<void>> Client::Impl::keepUser(User user)
{
    auto keptLater = history.run([user](history::HistoryStore &store) -> sql::Result<bool> {
        KITH_TRY_VALUE(before, store.users(std::span(&user.id, 1)));
        if (!before.empty() && before.front() == user)
            return false;
        KITH_TRY(store.putUsers(std::span(&user, 1)));
        return true;
    });
    auto kept = co_await keptLater;
    if (!kept)
        co_return Unexpected(std::move(kept).error());
    knownUsers.insert(user.id);
    if (*kept) {
        const std::vector<User> news{user};
        emit q->usersChanged(news);
    }
    co_return Result<void>{};
}

QCoro::Task<Result<std::vector<ConversationId>>> Client::sharedGroups(UserId user)
{
    auto replyLater =
        call<protocol::SharedReply>(m_impl->session, Op::UserShared, protocol::UserPacket{std::move(user)});
    auto reply = co_await replyLater;
    if (!reply)
        co_return Unexpected(std::move(reply).error());
    co_return std::move(reply->conversations);
}

QCoro::Task<Result<void>> Client::setBlocked(UserId user, bool blocked)
{
    return m_impl->blocks.set(std::move(user), blocked);
}

bool Client::isBlocked(const UserId &user) const
{
    return m_impl->blocks.contains(user);
}

std::vector<UserId> Client::blocked() const
{
    return m_impl->blocks.all();
}

} // namespace kith::client
