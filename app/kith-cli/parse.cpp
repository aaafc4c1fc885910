// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/kith-cli/cli.h"

#include "core/base/limits.h"

#include <QDir>
#include <QStandardPaths>

#include <CLI/CLI.hpp>

#include <sstream>

namespace kith::cli {

Parsed parse(int argc, const char *const *argv)
{
    Arguments arguments;
    std::string profile, server, keyFile;
    CLI::App app{"kith-cli: Kith's client core on the command line", "kith-cli"};
    app.set_version_flag("--version", std::string("kith-cli ") + KITH_VERSION);
    app.require_subcommand(1);
    app.fallthrough();
    app.add_option("--profile", profile, "Folder with all of a client's state");
    app.add_option("--server", server, "Address of the server, https://… (http:// to this computer only)");
    app.add_option("--key-file", keyFile, "64 hexadecimal characters, mode 0600; instead of the keyring");
    app.add_flag("--json", arguments.json, "One JSON object a line");

    const auto command = [&](const char *name, const char *help, Command which) {
        auto *sub = app.add_subcommand(name, help);
        sub->callback([&arguments, which] { arguments.command = which; });
        return sub;
    };
    auto *sub = command("register", "Make an account (password from standard input or a prompt)", Command::Register);
    sub->add_option("username", arguments.username)->required();
    sub->add_option("--name", arguments.displayName, "Display name (default: the username)");
    sub = command("login", "Log in (password from standard input or a prompt)", Command::Login);
    sub->add_option("username", arguments.username)->required();
    sub = command("logout", "End the session; the history stays", Command::Logout);
    sub->add_flag("--forget-history", arguments.all, "Delete the local history too");
    command("whoami", "Who is logged in, and where", Command::Whoami);
    command("conversations", "The conversations, most recently changed first", Command::Conversations);
    sub = command("send", "Send a text", Command::Send);
    sub->add_option("to", arguments.target, "Username, conversation id or group name")->required();
    sub->add_option("text", arguments.words, "Words of the text; without any: standard input");
    sub = command("history", "Messages of a conversation, oldest first", Command::History);
    sub->add_option("conversation", arguments.target, "Conversation id, username or group name")->required();
    sub->add_option("--before", arguments.before, "Only messages below this sequence number")
        ->check(CLI::PositiveNumber);
    sub->add_option("--limit", arguments.limit, "How many")->check(CLI::Range(1, limits::kMaxPage));
    sub->add_flag("--offline", arguments.offline, "Only what is on this computer");
    sub = command("tail", "Print messages as they come", Command::Tail);
    sub->add_option("--for", arguments.forSeconds, "Stop after that many seconds")->check(CLI::NonNegativeNumber);
    sub = command("status", "Connection, cursors, holes, outbox", Command::Status);
    sub->add_flag("--offline", arguments.offline, "Do not connect");
    sub = command("wire", "Every frame as it passes, one JSON line each, tokens hidden", Command::Wire);
    sub->add_option("--for", arguments.forSeconds, "Stop after that many seconds")->check(CLI::NonNegativeNumber);

    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError &error) {
        std::ostringstream out, err;
        const bool asked = app.exit(error, out, err) == 0;
        return {std::nullopt, asked ? Exit::Done : Exit::Usage, asked ? out.str() : err.str()};
    }
    arguments.profileDir = profile.empty() ? QDir(QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation))
                                                 .filePath(QStringLiteral("kith/profile"))
                                           : QString::fromStdString(profile);
    if (!server.empty())
        arguments.server = QString::fromStdString(server);
    if (!keyFile.empty())
        arguments.keyFile = QString::fromStdString(keyFile);
    return {arguments, Exit::Done, {}};
}

} // namespace kith::cli
