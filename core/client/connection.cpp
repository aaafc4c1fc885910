// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/client/connection.h"

#include <algorithm>

namespace kith::client {

namespace {

using Action = ConnectionAction;
using protocol::CloseCode;
using protocol::ErrorCode;

template <class... F>
struct Overloaded : F... {
    using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

template <class T>
concept HasSocket = std::same_as<T, Connecting> || std::same_as<T, Greeting> || std::same_as<T, Online>;

std::optional<CloseCode> knownCloseCode(int code)
{
    for (const CloseCode known :
         {CloseCode::LogInAgain, CloseCode::SilentTooLong, CloseCode::SlowReader, CloseCode::Draining, CloseCode::Rate,
          CloseCode::Protocol, CloseCode::Revoked, CloseCode::TooManyDevices})
        if (static_cast<int>(known) == code)
            return known;
    return std::nullopt;
}

ConnectionStep wait(Backoff backoff, double unit, QString reason, std::chrono::milliseconds atLeast = {},
                    std::optional<CloseCode> closed = {}, std::vector<Action> before = {})
{
    Waiting waiting{backoff, {}, std::move(reason), closed};
    waiting.delay = std::max(waiting.backoff.next(unit), atLeast);
    before.push_back(Action::StartTimer);
    return {std::move(waiting), std::move(before)};
}

/// What must be undone when a state is left for good.
template <class S>
std::vector<Action> leaving()
{
    std::vector<Action> actions;
    if constexpr (HasSocket<S>)
        actions.push_back(Action::CloseSocket);
    if constexpr (std::same_as<S, Online>)
        actions.push_back(Action::EndRequests);
    if constexpr (std::same_as<S, Waiting>)
        actions.push_back(Action::StopTimer);
    return actions;
}

template <class S>
std::vector<Action> leavingThen(Action action)
{
    auto actions = leaving<S>();
    actions.push_back(action);
    return actions;
}

template <class S>
Backoff backoffOf(const S &state)
{
    if constexpr (requires { state.backoff; })
        return state.backoff;
    else
        return freshBackoff();
}

template <class S>
ConnectionStep closedBy(const S &state, const event::SocketClosed &closed, double unit)
{
    const auto code = knownCloseCode(closed.code);
    if (code) {
        switch (*code) {
        case CloseCode::LogInAgain:
            return {Refreshing{backoffOf(state)}, leavingThen<S>(Action::RefreshToken)};
        case CloseCode::Revoked:
            return {LoggedOut{}, leavingThen<S>(Action::TellLoggedOut)};
        case CloseCode::Protocol:
        case CloseCode::TooManyDevices:
            return {Offline{closed.reason, code}, leaving<S>()};
        case CloseCode::SilentTooLong:
        case CloseCode::SlowReader:
        case CloseCode::Draining:
        case CloseCode::Rate:
            break;
        }
    }
    return wait(backoffOf(state), unit, closed.reason, closed.retryAfter, code, leaving<S>());
}

ConnectionStep refused(const Greeting &state, const protocol::WireError &error, double unit)
{
    const auto reason = QString::fromStdString(error.message);
    const bool tokenIsBad = error.code == ErrorCode::TokenExpired || error.code == ErrorCode::Unauthenticated;
    if (tokenIsBad && !state.refreshed)
        return {Refreshing{state.backoff}, {Action::CloseSocket, Action::RefreshToken}};
    return wait(state.backoff, unit, reason, std::chrono::milliseconds(error.retryAfterMs), {}, {Action::CloseSocket});
}

} // namespace

Backoff freshBackoff()
{
    return Backoff(limits::kReconnectFirst, limits::kReconnectCeiling);
}

ConnectionStep reduce(ConnectionState state, const ConnectionEvent &what, double unit)
{
    const auto stay = [&state] { return ConnectionStep{state, {}}; };
    // clang-format off
    return std::visit(Overloaded{
        // Whatever the state: the session begins or ends.
        [&]<class S>(const S &, const event::SessionStarted &) -> ConnectionStep {
            if constexpr (std::same_as<S, LoggedOut>)
                return {Offline{}, {}};
            else
                return stay();
        },
        [&]<class S>(const S &, const event::SessionEnded &) -> ConnectionStep { return {LoggedOut{}, leaving<S>()}; },
        [&]<class S>(const S &, const event::RefreshRefused &) -> ConnectionStep {
            if constexpr (std::same_as<S, LoggedOut>)
                return stay();
            else
                return {LoggedOut{}, leavingThen<S>(Action::TellLoggedOut)};
        },
        // What the user wants.
        [&]<class S>(const S &, const event::ConnectWanted &) -> ConnectionStep {
            if constexpr (std::same_as<S, Offline>)
                return {Connecting{freshBackoff()}, {Action::OpenSocket}};
            else
                return stay();
        },
        [&]<class S>(const S &s, const event::ReconnectWanted &) -> ConnectionStep {
            if constexpr (std::same_as<S, Offline> || std::same_as<S, Waiting>)
                return {Connecting{backoffOf(s)}, leavingThen<S>(Action::OpenSocket)};
            else
                return stay();
        },
        [&]<class S>(const S &, const event::DisconnectWanted &) -> ConnectionStep {
            if constexpr (std::same_as<S, LoggedOut> || std::same_as<S, Offline>)
                return stay();
            else
                return {Offline{}, leaving<S>()};
        },
        [&]<class S>(const S &, const event::Resumed &) -> ConnectionStep {
            if constexpr (HasSocket<S> || std::same_as<S, Waiting>)
                return {Connecting{freshBackoff()}, leavingThen<S>(Action::OpenSocket)};
            else
                return stay();
        },
        // What the socket does.
        [&]<class S>(const S &s, const event::SocketOpened &) -> ConnectionStep {
            if constexpr (std::same_as<S, Connecting>)
                return {Greeting{s.backoff, s.refreshed}, {Action::SendLogin}};
            else
                return stay();
        },
        [&]<class S>(const S &s, const event::SocketFailed &failed) -> ConnectionStep {
            if constexpr (HasSocket<S>)
                return wait(backoffOf(s), unit, failed.reason, {}, {}, leaving<S>());
            else
                return stay();
        },
        [&]<class S>(const S &s, const event::SocketClosed &closed) -> ConnectionStep {
            if constexpr (HasSocket<S>)
                return closedBy(s, closed, unit);
            else
                return stay();
        },
        [&]<class S>(const S &, const event::Welcomed &) -> ConnectionStep {
            if constexpr (std::same_as<S, Greeting>)
                return {Online{}, {Action::StartSync}};
            else
                return stay();
        },
        [&]<class S>(const S &s, const event::LoginRefused &refusal) -> ConnectionStep {
            if constexpr (std::same_as<S, Greeting>)
                return refused(s, refusal.error, unit);
            else
                return stay();
        },
        [&]<class S>(const S &s, const event::TimerFired &) -> ConnectionStep {
            if constexpr (std::same_as<S, Waiting>)
                return {Connecting{s.backoff}, {Action::OpenSocket}};
            else
                return stay();
        },
        // What the account tells about its token.
        [&]<class S>(const S &s, const event::TokenRefreshed &) -> ConnectionStep {
            if constexpr (std::same_as<S, Refreshing>)
                return {Connecting{s.backoff, true}, {Action::OpenSocket}};
            else if constexpr (std::same_as<S, Online>)
                return {s, {Action::RenewToken}};
            else
                return stay();
        },
        [&]<class S>(const S &s, const event::RefreshFailed &failed) -> ConnectionStep {
            if constexpr (std::same_as<S, Refreshing>)
                return wait(s.backoff, unit, failed.reason);
            else
                return stay();
        },
    }, state, what);
    // clang-format on
}

LinkStatus linkStatus(const ConnectionState &state)
{
    LinkStatus status;
    std::visit(Overloaded{
                   [&](const LoggedOut &) { status.phase = LinkPhase::LoggedOut; },
                   [&](const Offline &offline) {
                       status.phase = LinkPhase::Offline;
                       status.reason = offline.reason;
                       status.closed = offline.closed;
                   },
                   [&](const Connecting &) { status.phase = LinkPhase::Connecting; },
                   [&](const Greeting &) { status.phase = LinkPhase::Connecting; },
                   [&](const Refreshing &) { status.phase = LinkPhase::Connecting; },
                   [&](const Online &) { status.phase = LinkPhase::Online; },
                   [&](const Waiting &waiting) {
                       status.phase = LinkPhase::Waiting;
                       status.retryIn = waiting.delay;
                       status.reason = waiting.reason;
                       status.closed = waiting.closed;
                   },
               },
               state);
    return status;
}

} // namespace kith::client
