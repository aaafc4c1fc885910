// SPDX-License-Identifier: GPL-3.0-or-later
// kith-cli: the client core without a face. The command line, parsed; and what runs it.
#pragma once

#include "core/export/types.h"

#include <QString>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace kith::client {
struct ClientOptions;
}

namespace kith::cli {

/// What scripts look at (DESIGN §8).
enum class Exit { Done = 0, Failed = 1, Usage = 2, Unreachable = 3, NotLoggedIn = 4 };

enum class Command {
    Register,
    Login,
    Logout,
    Whoami,
    Conversations,
    Arrange, // arrange.cpp
    Send,
    Edit,
    Recall,
    Like,
    Unlike,
    Receipts,
    Outbox,
    Retry,
    Discard,
    History,
    Days,
    Search, // search.cpp
    Tail,
    Status,
    Wire,
    Check,
    Download,    // download.cpp
    Diagnostics, // diagnostics.cpp
    Export,      // export.cpp
    Coverage,    // coverage.cpp
    Forget,
    // people.cpp; in this order
    GroupCreate,
    GroupMembers,
    GroupInvite,
    GroupRemove,
    GroupLeave,
    GroupRename,
    GroupAbout,
    GroupRole,
    Profile,
    Block,
    Unblock,
    Blocked,
    // avatar.cpp
    AvatarSet,
    AvatarClear,
    AvatarSave,
    // security.cpp
    MfaStatus,
    MfaEnroll,
    MfaBind,
    MfaUnbind,
    MfaRecoveryCodes,
    Devices,
    RevokeDevice,
    ChangePassword,
    Audit,
    KeyStatus,
    KeyPassphrase,
    KeyNoPassphrase,
    KeyRecovery,
    KeyKeyring,
    KeyNoKeyring,
};

struct Arguments {
    Command command = Command::Status;
    QString profileDir;
    std::optional<QString> server;
    std::optional<QString> keyFile;
    std::optional<QString> proxy;
    bool json = false;

    std::string username, displayName;
    bool all = false;        // logout: forget the history too; retry, forget: everything
    bool everywhere = false; // logout: on all devices
    bool recovery = false;   // login: the second factor is a recovery code
    std::string device;      // devices revoke
    QString file;            // mfa enroll, avatar: the picture; diagnostics: the zip; export
    QByteArray frame;        // wire: what to send
    exporting::Format format = exporting::Format::Json;
    std::optional<std::string> from, to; // export: days, both in it; history: from; forget: the first day that stays
    int days = 0;                        // forget: older than so many
    bool dryRun = false;                 // forget
    bool force = false;                  // export, avatar: over a file that is there
    std::string cid;                     // retry, discard
    std::string state;                   // arrange; group role
    std::string find;                    // group members
    bool clear = false;                  // group about: none any more
    int hours = 0;                       // arrange muted; 0: until it is unmuted
    std::string target;
    std::vector<std::string> words;
    std::optional<std::int64_t> before;
    std::int64_t seq = 0;              // edit, recall, like, unlike, receipts; send: what it answers, 0 nothing
    std::vector<std::string> mentions; // send: usernames
    int limit = 50;
    bool offline = false;
    bool startAnew = false; // check: set a history that cannot be read aside
    int forSeconds = 0;     // tail, wire: 0 = until interrupted
};

struct Parsed {
    std::optional<Arguments> arguments;
    Exit exit = Exit::Done; // where there are none: help was asked, or the usage was wrong
    std::string text;       // help, or what is wrong
};
Parsed parse(int argc, const char *const *argv);

/// Makes control characters, and what turns the direction of text, visible: a message must not move the cursor of the
/// terminal that shows it. Newlines become `⏎`.
std::string escapeForTerminal(std::string_view text);

/// A line from standard input: without echo and with a prompt where it is a terminal.
std::optional<std::string> readPassword(const char *prompt);

/// The words, or all of standard input where there are none.
std::string wordsOrInput(const std::vector<std::string> &words);

/// Runs one command with an event loop of its own.
Exit run(const Arguments &arguments);

/// The client that the arguments ask for.
client::ClientOptions optionsOf(const Arguments &arguments);

} // namespace kith::cli
