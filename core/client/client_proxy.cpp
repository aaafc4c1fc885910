// SPDX-License-Identifier: GPL-3.0-or-later
// Through which proxy the client goes.
#include "core/client/client_impl.h"

namespace kith::client {

const ProxySettings &Client::proxy() const
{
    return m_impl->proxy;
}

QCoro::Task<Result<void>> Client::Impl::route(QUrl server)
{
    const auto asked = ++routes;
    QNetworkProxy way = toQt(proxy);
    if (proxy.kind == ProxyKind::System && !isLocalServer(server)) {
        auto wayLater = routing.perform([server]() -> Result<QNetworkProxy> { return systemProxy(server); });
        auto found = co_await wayLater;
        if (!found)
            co_return Unexpected(std::move(found).error());
        way = *found;
    }
    if (asked == routes) {
        account.setProxy(way);
        session.setProxy(way);
    }
    co_return Result<void>{};
}

QCoro::Task<> Client::Impl::connectSoon()
{
    const auto asked = ++connects;
    auto routeTask = route(account.server());
    co_await routeTask;
    if (asked == connects && !closed)
        session.handle(event::ConnectWanted{});
}

/// After a change of network the system may say something else of it.
QCoro::Task<> Client::Impl::routeAgain()
{
    auto routeTask = route(account.server());
    auto routed = co_await routeTask;
    if (routed && !closed)
        session.handle(event::Resumed{});
}

QCoro::Task<Result<void>> Client::setProxy(ProxySettings proxy)
{
    auto *impl = m_impl.get();
    auto keptLater = impl->history.run(
        [text = encodeProxy(proxy)](history::HistoryStore &store) { return store.setSetting(kProxySetting, text); });
    auto kept = co_await keptLater;
    if (!kept)
        co_return kept;
    impl->proxy = std::move(proxy);
    auto task = impl->routeAgain();
    co_await task;
    co_return Result<void>{};
}

} // namespace kith::client
