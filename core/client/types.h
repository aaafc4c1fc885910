// SPDX-License-Identifier: GPL-3.0-or-later
// Errors and states that the client core shows to its users: windows, command line, tests.
#pragma once

#include "core/base/expected.h"
#include "core/base/ids.h"
#include "core/export/types.h"
#include "core/protocol/errors.h"
#include "core/sql/sql.h"

#include <QString>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace kith::client {

enum class ClientErrorCode {
    Unreachable, // no answer: refused, timed out, name not found
    Proxy,       // the proxy cannot be reached, or refuses
    Tls,         // certificate or handshake
    NotKith,     // something answered, but not a Kith server
    Server,      // the server said no: see `wire`
    NotLoggedIn,
    Storage,            // see `sql`
    ProfileInUse,       // another process holds the profile
    KeyringLocked,      // there, and locked: unlock it and retry
    KeyringAbsent,      // no keyring service, and a new profile: a passphrase is needed
    KeyringUnavailable, // the key of this history is in a keyring that does not run now: start it and retry
    KeyringSlow,        // there, but it did not answer in time: retry
    KeyMissing,         // history is there, the keyring answers, and the key is not in it: never overwritten
    PassphraseNeeded,
    PassphraseWrong,
    UnlockThrottled, // too many wrong passphrases: see `retryAfter`
    KeyFileBad,      // not there, wrong length, or readable by others
    InsecureRefused, // http:// to something that is not loopback
    File,            // one that the user named: see `file`
    Cancelled,
};

struct ClientError {
    ClientErrorCode code = ClientErrorCode::Unreachable;
    QString detail; // for a tooltip and the log; never a secret
    std::optional<protocol::WireError> wire;
    std::optional<sql::SqlError> sql;
    std::optional<exporting::Error> file{};  // of File
    std::chrono::milliseconds retryAfter{0}; // of UnlockThrottled
};

/// In which ways the key of a profile's history can be had.
struct KeyWays {
    bool keyFile = false; // a file instead of all the others
    bool keyring = false;
    bool passphrase = false;
    bool recoveryKey = false;

    bool operator==(const KeyWays &) const = default;
};

/// What is shown of a second factor at login.
struct SecondFactorCode {
    enum class Kind { Totp, RecoveryCode };
    Kind kind = Kind::Totp;
    std::string text;
};

template <class T>
using Result = Expected<T, ClientError>;

/// What the banner shows.
enum class LinkPhase {
    LoggedOut,
    Offline,    // not trying: no session, or told not to come back
    Connecting, // first attempt, or the server is being greeted
    Online,
    Waiting, // next attempt at `retryAt`
};

struct LinkStatus {
    LinkPhase phase = LinkPhase::LoggedOut;
    std::chrono::milliseconds retryIn{0}; // for Waiting
    QString reason;                       // last error, for a tooltip
    std::optional<protocol::CloseCode> closed;
    bool catchingUp = false;

    bool operator==(const LinkStatus &) const = default;
};

enum class DownloadState {
    Off,     // nobody asked for it
    Running, // asks for pages, or is about to
    Waiting, // no link: goes on by itself when it is back
    Paused,  // by the user; stays so over a restart
    Done,    // nothing that the server gives is lacking; new holes are filled too
    Failed,  // this computer could not keep what came: see `error`; starting again tries again
};

/// A conversation of which something is not to be had, and why.
struct DownloadRefusal {
    ConversationId conversation;
    ClientError error;
};

/// How far the download of everything is. Sums over the conversations it was asked for.
struct DownloadProgress {
    DownloadState state = DownloadState::Off;
    std::int64_t messagesHere = 0;
    std::int64_t messagesTotal = 0;     // here and still to come; what the server does not give is not in it
    std::int64_t messagesRefused = 0;   // not to be had: a group that was left, a page that was refused
    std::int64_t messagesForgotten = 0; // by the user: a download of everything leaves them out
    bool counted = false;               // the sums are known; before, the history is still being looked through
    std::int64_t conversationsDone = 0;
    std::int64_t conversations = 0;
    ConversationId current;               // the one that is asked for, or empty
    std::vector<DownloadRefusal> refused; // by the server
    std::optional<ClientError> error;     // of Failed
};

/// Of one message, as the server knows it. Who read is in both lists.
struct MessageReceipts {
    std::vector<UserId> readBy, deliveredTo;
    std::int64_t readCount = 0, deliveredCount = 0;
};

} // namespace kith::client
