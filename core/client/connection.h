// SPDX-License-Identifier: GPL-3.0-or-later
// The phases of the live link as a type, and the pure function that moves between them (no I/O, no clock, no chance).
#pragma once

#include "core/base/backoff.h"
#include "core/base/limits.h"
#include "core/client/types.h"

#include <chrono>
#include <optional>
#include <variant>
#include <vector>

namespace kith::client {

/// Nobody is logged in. Left by SessionStarted only.
struct LoggedOut {};

/// Logged in and not trying: nobody asked to connect, somebody asked to stop, or the server said "do not come back"
/// (4500, 4504). Left by ConnectWanted and ReconnectWanted.
struct Offline {
    QString reason;
    std::optional<protocol::CloseCode> closed;
};

/// Host name, TCP, TLS and upgrade are under way.
struct Connecting {
    Backoff backoff;
    bool refreshed = false; // the token is fresh from this round: another refusal waits instead of refreshing again
};

/// The socket is open, `login` is sent, `hello` is awaited.
struct Greeting {
    Backoff backoff;
    bool refreshed = false;
};

/// The access token was refused: the account gets another one, then it goes on to Connecting.
struct Refreshing {
    Backoff backoff;
};

/// Greeted; requests and pushes flow.
struct Online {};

/// The last attempt or connection ended; the next attempt follows after `delay`.
struct Waiting {
    Backoff backoff;
    std::chrono::milliseconds delay{0};
    QString reason;
    std::optional<protocol::CloseCode> closed;
};

using ConnectionState = std::variant<LoggedOut, Offline, Connecting, Greeting, Refreshing, Online, Waiting>;

namespace event {
struct SessionStarted {}; // login succeeded, or a stored session was loaded
struct SessionEnded {};   // the user logged out
struct ConnectWanted {};  // keep at it from now on
struct DisconnectWanted {};
struct ReconnectWanted {}; // now, without waiting for the timer
struct Resumed {};         // the computer slept: whatever socket there is must be taken for dead
struct SocketOpened {};
struct SocketFailed { // no connection, or it broke without a close frame, or a deadline or the silence limit passed
    QString reason;
};
struct SocketClosed { // with a close frame
    int code = 0;
    QString reason;
    std::chrono::milliseconds retryAfter{0};
};
struct Welcomed {};
struct LoginRefused {
    protocol::WireError error;
};
struct TimerFired {};
struct TokenRefreshed {};
struct RefreshRefused {}; // the session is over
struct RefreshFailed {    // the network's fault: never a reason to log out
    QString reason;
};
} // namespace event

using ConnectionEvent =
    std::variant<event::SessionStarted, event::SessionEnded, event::ConnectWanted, event::DisconnectWanted,
                 event::ReconnectWanted, event::Resumed, event::SocketOpened, event::SocketFailed, event::SocketClosed,
                 event::Welcomed, event::LoginRefused, event::TimerFired, event::TokenRefreshed, event::RefreshRefused,
                 event::RefreshFailed>;

/// What the owner of the socket has to do, in this order.
enum class ConnectionAction {
    CloseSocket, // without further events from it
    EndRequests, // those that wait for an answer will not get one
    StopTimer,
    StartTimer, // Waiting::delay
    OpenSocket,
    SendLogin,
    RenewToken, // `token` on the open socket
    RefreshToken,
    StartSync,
    TellLoggedOut,
};

struct ConnectionStep {
    ConnectionState state;
    std::vector<ConnectionAction> actions;
};

/// `unit`: a random number in [0, 1), for the jitter.
ConnectionStep reduce(ConnectionState state, const ConnectionEvent &event, double unit);

Backoff freshBackoff();
/// What the banner shows of it.
LinkStatus linkStatus(const ConnectionState &state);

} // namespace kith::client
