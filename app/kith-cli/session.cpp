// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/kith-cli/session.h"

#include <QObject>

namespace kith::cli {

using client::Client;

QCoro::Task<Exit> runRegister(Console &console)
{
    auto password = readPassword("Password: ");
    if (!password || console.server().isEmpty())
        co_return console.usage(password ? "no --server" : "no password");
    const auto name =
        console.arguments.displayName.empty() ? console.arguments.username : console.arguments.displayName;
    auto task = console.core.registerAccount(console.server(), console.arguments.username, *password, name);
    auto user = co_await task;
    if (!user)
        co_return console.fail(user.error());
    console.output.user(*user, console.server().toString().toStdString(), {});
    co_return Exit::Done;
}

QCoro::Task<Exit> runLogin(Console &console)
{
    auto password = readPassword("Password: ");
    if (!password || console.server().isEmpty())
        co_return console.usage(password ? "no --server" : "no password");
    auto task = console.core.login(console.server(), console.arguments.username, *password);
    auto done = co_await task;
    if (!done && done.error().wire && done.error().wire->code == protocol::ErrorCode::MfaRequired) {
        const auto code = readPassword(console.arguments.recovery ? "Recovery code: " : "Code of the authenticator: ");
        if (!code)
            co_return console.fail(done.error());
        using Kind = client::SecondFactorCode::Kind;
        auto again = console.core.login(
            console.server(), console.arguments.username, *password,
            client::SecondFactorCode{console.arguments.recovery ? Kind::RecoveryCode : Kind::Totp, *code});
        done = co_await again;
    }
    if (!done)
        co_return console.fail(done.error());
    console.output.user(console.core.self(), console.core.server().toString().toStdString(),
                        console.core.deviceId().toStdString());
    co_return Exit::Done;
}

QCoro::Task<Exit> runLogout(Console &console)
{
    if (console.arguments.everywhere) {
        auto everywhere = console.core.logoutEverywhere();
        auto ended = co_await everywhere;
        if (!ended)
            co_return console.fail(ended.error());
    }
    auto task = console.core.logout(console.arguments.all);
    auto done = co_await task;
    co_return done ? Exit::Done : console.fail(done.error());
}

QCoro::Task<Exit> runStatus(Console &console)
{
    if (!console.arguments.offline && console.core.isLoggedIn()) {
        auto reached = co_await console.catchUp();
        if (!reached)
            console.output.error(reached.error());
    }
    auto task = console.core.status();
    auto state = co_await task;
    if (!state)
        co_return console.fail(state.error());
    console.output.status(*state, console.core.self(), console.core.server().toString().toStdString());
    if (!console.core.isLoggedIn())
        co_return Exit::NotLoggedIn;
    co_return console.arguments.offline || state->link.phase == client::LinkPhase::Online ? Exit::Done
                                                                                          : Exit::Unreachable;
}

} // namespace kith::cli
