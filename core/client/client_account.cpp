// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/client/client_impl.h"

#include <array>

namespace kith::client {

QUrl Client::server() const
{
    return m_impl->account.server();
}
bool Client::isLoggedIn() const
{
    return m_impl->account.isLoggedIn();
}
User Client::self() const
{
    return m_impl->account.isLoggedIn() ? m_impl->account.self() : User{};
}
User Client::owner() const
{
    return m_impl->account.self();
}
QString Client::deviceId() const
{
    return QString::fromStdString(m_impl->account.deviceId());
}

QCoro::Task<Result<User>> Client::registerAccount(QUrl server, std::string username, std::string password,
                                                  std::string displayName)
{
    auto *impl = m_impl.get();
    auto routeTask = impl->route(server);
    auto routed = co_await routeTask;
    if (!routed)
        co_return Unexpected(std::move(routed).error());
    auto task = impl->account.registerAccount(std::move(server), std::move(username), std::move(password),
                                              std::move(displayName));
    co_return co_await task;
}

QCoro::Task<Result<void>> Client::login(QUrl server, std::string username, std::string password,
                                        std::optional<SecondFactorCode> code)
{
    auto *impl = m_impl.get();
    if (!impl->opened)
        co_return Unexpected(makeError(ClientErrorCode::Storage, QStringLiteral("the profile is not open")));
    auto routeTask = impl->route(server);
    auto routed = co_await routeTask;
    if (!routed)
        co_return routed;
    auto task = impl->account.login(std::move(server), std::move(username), std::move(password), std::move(code));
    auto done = co_await task;
    if (!done)
        co_return done;
    const User self = impl->account.self();
    impl->sync.setSelf(self.id);
    impl->outbox.setSelf(self.id);
    auto keptLater =
        impl->history.run([self](history::HistoryStore &store) { return store.putUsers(std::span(&self, 1)); });
    auto kept = co_await keptLater;
    if (!kept)
        co_return kept;
    auto blocksLater = impl->blocks.load(self.id);
    co_await blocksLater;
    impl->session.handle(event::SessionStarted{});
    co_return Result<void>{};
}

QCoro::Task<Result<void>> Client::logout(bool forgetHistory)
{
    auto *impl = m_impl.get();
    impl->session.handle(event::SessionEnded{});
    auto task = impl->account.logout();
    auto done = co_await task;
    impl->recorder.forgetWire(); // whoever logs in next has no business in it
    if (!done || !forgetHistory)
        co_return done;
    impl->knownUsers.clear();
    impl->account.disown();
    impl->blocks.forget();
    impl->avatars.forget();
    impl->downloader.cancel();
    auto answerLater = impl->history.run([](history::HistoryStore &store) {
        constexpr std::array keep{std::string_view("device.id"), kProxySetting};
        history::forgetDamaged(store.database().path());
        return store.wipe(keep);
    });
    co_return co_await answerLater;
}

QCoro::Task<Result<std::vector<User>>> Client::findUsers(std::string query)
{
    auto *impl = m_impl.get();
    auto task = impl->account.findUsers(std::move(query));
    auto found = co_await task;
    if (!found || found->empty())
        co_return found;
    // Found once, known offline.
    auto keptLater =
        impl->history.run([users = *found](history::HistoryStore &store) { return store.putUsers(users); });
    auto kept = co_await keptLater;
    if (!kept && kept.error().code == ClientErrorCode::Cancelled)
        co_return Unexpected(std::move(kept).error());
    co_return found;
}

} // namespace kith::client
