// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/kith-cli/cli.h"

#include "app/kith-cli/arrange.h"
#include "core/base/limits.h"
#include "core/client/client.h"
#include "core/client/log_ring.h"

#include <QDate>
#include <QDir>
#include <QStandardPaths>

#include <CLI/CLI.hpp>

#include <map>
#include <sstream>

namespace kith::cli {

Parsed parse(int argc, const char *const *argv)
{
    Arguments arguments;
    std::string profile, server, keyFile, proxy;
    CLI::App app{"kith-cli: Kith's client core on the command line", "kith-cli"};
    app.set_version_flag("--version", std::string("kith-cli ") + KITH_VERSION);
    app.require_subcommand(1);
    app.fallthrough();
    app.add_option("--profile", profile, "Folder with all of a client's state");
    app.add_option("--server", server, "Address of the server, https://… (http:// to this computer only)");
    app.add_option("--key-file", keyFile, "64 hexadecimal characters, mode 0600; instead of the keyring");
    app.add_option("--proxy", proxy, "system, none, http://[user@]host[:port] or socks5://…, for this command")
        ->check(CLI::Validator(
            [](const std::string &text) {
                return client::parseProxy(QString::fromStdString(text)) ? std::string() : "not a proxy: " + text;
            },
            "PROXY"));
    app.add_flag("--json", arguments.json, "One JSON object a line");

    const auto command = [&](const char *name, const char *help, Command which) {
        auto *sub = app.add_subcommand(name, help);
        sub->callback([&arguments, which] { arguments.command = which; });
        return sub;
    };
    auto *sub = command("register", "Make an account (password from standard input or a prompt)", Command::Register);
    sub->add_option("username", arguments.username)->required();
    sub->add_option("--name", arguments.displayName, "Display name (default: the username)");
    sub = command("login", "Log in (password, and the code if one is needed, from standard input or a prompt)",
                  Command::Login);
    sub->add_option("username", arguments.username)->required();
    sub->add_flag("--recovery-code", arguments.recovery, "The code is one of the recovery codes");
    sub = command("logout", "End the session; the history stays", Command::Logout);
    sub->add_flag("--forget-history", arguments.all, "Delete the local history too");
    sub->add_flag("--everywhere", arguments.everywhere, "End the sessions of all devices");
    command("whoami", "Who is logged in, and where", Command::Whoami);
    command("conversations", "The conversations, pinned ones and then the most recently changed first",
            Command::Conversations);
    sub = command("arrange", "Pin, archive, mute a conversation or mark it as unread", Command::Arrange);
    sub->add_option("conversation", arguments.target, "Conversation id, username or group name")->required();
    sub->add_option("state", arguments.state, "pinned, unpinned, archived, unarchived, unread, read, muted or unmuted")
        ->required()
        ->check(CLI::IsMember(std::vector<std::string>(std::begin(kArrangements), std::end(kArrangements))));
    sub->add_option("--hours", arguments.hours, "Muted for so long (default: until it is unmuted)")
        ->check(CLI::Range(1, 24 * 366));
    sub->add_flag("--offline", arguments.offline, "Without the network; not for muted and unmuted");
    sub = command("send", "Send a text", Command::Send);
    sub->add_option("to", arguments.target, "Username, conversation id or group name")->required();
    sub->add_option("text", arguments.words, "Words of the text; without any: standard input");
    sub->add_option("--reply-to", arguments.seq, "Sequence number of the message it answers")
        ->check(CLI::PositiveNumber);
    sub->add_option("--mention", arguments.mentions, "Username of somebody it mentions; may be repeated")
        ->allow_extra_args(false);
    const auto change = [&](const char *name, const char *help, Command which) {
        auto *made = command(name, help, which);
        made->add_option("conversation", arguments.target, "Conversation id, username or group name")->required();
        made->add_option("seq", arguments.seq, "Sequence number of the message")
            ->required()
            ->check(CLI::PositiveNumber);
        return made;
    };
    change("edit", "Change an own message, within 48 hours", Command::Edit)
        ->add_option("text", arguments.words, "Words of the new text; without any: standard input");
    change("recall", "Take an own message back, within 2 minutes", Command::Recall);
    change("like", "Like a message", Command::Like);
    change("unlike", "Take the like back", Command::Unlike);
    change("receipts", "Who received and who read a message", Command::Receipts);
    command("outbox", "What waits to be sent or was refused, oldest first", Command::Outbox)
        ->add_option("conversation", arguments.target, "Of this one only: id, username or group name");
    sub = command("retry", "Send again what was refused", Command::Retry);
    auto *cid = sub->add_option("cid", arguments.cid, "The message, as `outbox` names it");
    sub->add_flag("--all", arguments.all, "Everything that is not sent")->excludes(cid);
    command("discard", "Take back what is not sent", Command::Discard)
        ->add_option("cid", arguments.cid, "The message, as `outbox` names it")
        ->required();
    const CLI::Validator isDay(
        [](const std::string &text) {
            return QDate::fromString(QString::fromStdString(text), Qt::ISODate).isValid() ? std::string()
                                                                                          : "not YYYY-MM-DD: " + text;
        },
        "YYYY-MM-DD");
    sub = command("history", "Messages of a conversation, oldest first", Command::History);
    sub->add_option("conversation", arguments.target, "Conversation id, username or group name")->required();
    auto *before = sub->add_option("--before", arguments.before, "Only messages below this sequence number")
                       ->check(CLI::PositiveNumber);
    sub->add_option("--from", arguments.from, "From the first one of this day on")->check(isDay)->excludes(before);
    sub->add_option("--limit", arguments.limit, "How many")->check(CLI::Range(1, limits::kMaxPage));
    sub->add_flag("--offline", arguments.offline, "Only what is on this computer");
    command("days", "The days with messages on this computer; never asks the network", Command::Days)
        ->add_option("conversation", arguments.target, "Conversation id, username or group name")
        ->required();
    sub = command("search", "Messages on this computer that have all words, newest first; never asks the network",
                  Command::Search);
    sub->add_option("query", arguments.words,
                    "Words, \"words side by side\", from:NAME in:NAME before:DATE after:DATE has:link; without any: "
                    "standard input");
    sub->add_option("--in", arguments.target, "In this conversation only: id, username or group name");
    sub->add_option("--limit", arguments.limit, "How many")->check(CLI::Range(1, limits::kMaxPage));
    sub = command("download", "Download everything that is not on this computer yet; 0 when no hole is left",
                  Command::Download);
    sub->add_option("--in", arguments.target, "Of this conversation only: id, username or group name");
    command("coverage", "What is here of each conversation, what is not, and the size on disk; needs no network",
            Command::Coverage)
        ->add_option("conversation", arguments.target, "Of this one only: id, username or group name");
    sub = command("forget", "Take old messages off this computer; needs no network", Command::Forget);
    auto *whose = sub->add_option("conversation", arguments.target, "Conversation id, username or group name");
    sub->add_flag("--all", arguments.all, "Of all conversations")->excludes(whose);
    auto *days = sub->add_option("--older-than", arguments.days, "Days: what is older goes")
                     ->check(CLI::Range(1, 36500))
                     ->option_text("DAYS");
    std::string keepFrom;
    sub->add_option("--before", keepFrom, "The first day that stays")->excludes(days)->check(isDay);
    sub->add_flag("--dry-run", arguments.dryRun, "Only say what would go");
    sub = command("export", "Write what is here of a conversation into a file; needs no network", Command::Export);
    sub->add_option("conversation", arguments.target, "Conversation id, username or group name")->required();
    const std::map<std::string, exporting::Format> formats{
        {"json", exporting::Format::Json}, {"html", exporting::Format::Html}, {"txt", exporting::Format::Text}};
    sub->add_option("--format", arguments.format, "json, html or txt")
        ->required()
        ->transform(CLI::Transformer(formats, CLI::ignore_case))
        ->option_text("FORMAT");
    std::string exportTo;
    sub->add_option("--out", exportTo, "The file; only you may read it")->required();
    sub->add_option("--from", arguments.from, "The first day")->check(isDay);
    sub->add_option("--to", arguments.to, "The last day")->check(isDay);
    sub->add_flag("--force", arguments.force, "Replace a file that is there already");
    sub = command("tail", "Print messages as they come", Command::Tail);
    sub->add_option("--for", arguments.forSeconds, "Stop after that many seconds")->check(CLI::NonNegativeNumber);
    sub = command("status", "Connection, cursors, holes, outbox", Command::Status);
    sub->add_flag("--offline", arguments.offline, "Do not connect");
    command("check", "Read the whole history; a damaged one is repaired, and what is missing fetched later",
            Command::Check)
        ->add_flag("--start-anew", arguments.startAnew,
                   "Where nothing can be read: set the file aside and begin an empty one");
    sub = command("wire", "Every frame as it passes, one JSON line each, tokens hidden", Command::Wire);
    std::string frame, report;
    sub->add_option("--send", frame, "Send this frame first; without --for it ends with the answer");
    sub->add_option("--for", arguments.forSeconds, "Stop after that many seconds")->check(CLI::NonNegativeNumber);

    sub = command("diagnostics", "A report without texts, names and secrets, as a zip", Command::Diagnostics);
    sub->add_option("--out", report, "Write it to this file")->required();
    sub->add_flag("--offline", arguments.offline, "Do not connect");

    const auto group = [&](const char *name, const char *help) {
        auto *made = app.add_subcommand(name, help);
        made->require_subcommand(1);
        return made;
    };
    const auto under = [&](CLI::App *parent, const char *name, const char *help, Command which) {
        auto *made = parent->add_subcommand(name, help);
        made->callback([&arguments, which] { arguments.command = which; });
        return made;
    };
    auto *groups = group("group", "Groups: make one, who is in it, what it is called and about");
    sub = under(groups, "create", "Make a group; prints it", Command::GroupCreate);
    sub->add_option("name", arguments.target)->required();
    sub->add_option("users", arguments.words, "Usernames of its members");
    const auto ofGroup = [&](const char *name, const char *help, Command which) {
        auto *made = under(groups, name, help, which);
        made->add_option("conversation", arguments.target, "Conversation id or group name")->required();
        return made;
    };
    ofGroup("members", "Who is in it, and as what", Command::GroupMembers)
        ->add_option("--find", arguments.find, "Only those whose name fits: words, initials, pinyin");
    ofGroup("invite", "Take people in; admins", Command::GroupInvite)
        ->add_option("users", arguments.words, "Usernames")
        ->required();
    ofGroup("remove", "Take people out; admins", Command::GroupRemove)
        ->add_option("users", arguments.words, "Usernames")
        ->required();
    ofGroup("leave", "Leave it; the history stays", Command::GroupLeave);
    ofGroup("rename", "Give it another name; admins", Command::GroupRename)
        ->add_option("name", arguments.words, "Words of the name; without any: standard input");
    sub = ofGroup("about", "Say what it is for; admins", Command::GroupAbout);
    auto *about = sub->add_option("text", arguments.words, "Words of the text; without any: standard input");
    sub->add_flag("--clear", arguments.clear, "Take the text away")->excludes(about);
    sub = ofGroup("role", "Make somebody member, admin or owner; the owner, who is an admin after the latter",
                  Command::GroupRole);
    sub->add_option("user", arguments.username, "Username")->required();
    sub->add_option("role", arguments.state)->required()->check(CLI::IsMember({"member", "admin", "owner"}));
    sub = command("profile", "Somebody's profile and the groups that you share; without a name your own",
                  Command::Profile);
    auto *other = sub->add_option("user", arguments.username, "Username");
    sub->add_option("--name", arguments.displayName, "Your new display name")->excludes(other);
    command("block", "Take no messages and invitations of somebody any more", Command::Block)
        ->add_option("user", arguments.username, "Username")
        ->required();
    command("unblock", "Take them again", Command::Unblock)
        ->add_option("user", arguments.username, "Username")
        ->required();
    command("blocked", "Whom you have blocked", Command::Blocked)
        ->add_flag("--offline", arguments.offline, "As this computer was told last");

    auto *avatars = group("avatar", "Pictures of people and groups");
    std::string avatar;
    sub = under(avatars, "set", "Set your picture, or a group's: a PNG or JPEG of at most 1 MiB, as it is; admins",
                Command::AvatarSet);
    sub->add_option("file", avatar)->required();
    sub->add_option("--in", arguments.target, "Of this group: conversation id or group name");
    under(avatars, "clear", "Take your picture away, or a group's", Command::AvatarClear)
        ->add_option("--in", arguments.target, "Of this group: conversation id or group name");
    sub = under(avatars, "save", "Write somebody's picture, or a conversation's, into a file", Command::AvatarSave);
    sub->add_option("whose", arguments.target, "Username, conversation id or group name")->required();
    sub->add_option("file", avatar)->required();
    sub->add_flag("--force", arguments.force, "Replace a file that is there already");

    auto *mfa = group("mfa", "Second factor: a code from an authenticator app");
    under(mfa, "status", "Whether it is on, and how many recovery codes are left", Command::MfaStatus);
    std::string picture;
    under(mfa, "enroll", "A new secret; it waits 15 minutes to be bound", Command::MfaEnroll)
        ->add_option("--qr", picture, "Write the QR code as PNG to this file");
    under(mfa, "bind", "Turn it on (standard input: secret, then code); prints the recovery codes, once",
          Command::MfaBind);
    under(mfa, "unbind", "Turn it off (standard input: password, then code or recovery code)", Command::MfaUnbind);
    under(mfa, "recovery-codes", "Ten new ones, the old ones are void (standard input: password, then code)",
          Command::MfaRecoveryCodes);
    auto *devices = command("devices", "The account's devices", Command::Devices);
    devices->require_subcommand(0, 1);
    auto *revoke = devices->add_subcommand("revoke", "End the session of one of them");
    revoke->add_option("id", arguments.device)->required();
    command("password", "Change the password; other devices are logged out (standard input: old, then new)",
            Command::ChangePassword);
    sub = command("audit", "What happened to the account, newest first", Command::Audit);
    sub->add_option("--limit", arguments.limit, "How many")->check(CLI::Range(1, limits::kMaxPage));
    auto *key = group("key", "How the key of this profile's history is kept");
    under(key, "status", "The ways in which it can be had", Command::KeyStatus);
    under(key, "passphrase", "Add or change a passphrase (standard input)", Command::KeyPassphrase);
    under(key, "no-passphrase", "Remove the passphrase", Command::KeyNoPassphrase);
    under(key, "recovery", "A new recovery key, to be written down; an older one is void", Command::KeyRecovery);
    under(key, "keyring", "Keep it in the system's keyring too", Command::KeyKeyring);
    under(key, "no-keyring", "Remove it from the keyring", Command::KeyNoKeyring);

    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError &error) {
        std::ostringstream out, err;
        const bool asked = app.exit(error, out, err) == 0;
        return {std::nullopt, asked ? Exit::Done : Exit::Usage, asked ? out.str() : err.str()};
    }
    if (revoke->parsed())
        arguments.command = Command::RevokeDevice; // callbacks of parents come after those of their subcommands
    if (!keepFrom.empty())
        arguments.from = keepFrom;
    // Of several commands, one of which was given.
    arguments.file =
        QString::fromStdString(arguments.command == Command::Diagnostics ? report : picture + exportTo + avatar);
    arguments.offline = arguments.offline || arguments.command == Command::Search || arguments.command == Command::Days;
    arguments.frame = QByteArray::fromStdString(frame);
    arguments.profileDir = profile.empty() ? QDir(QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation))
                                                 .filePath(QStringLiteral("kith/profile"))
                                           : QString::fromStdString(profile);
    if (!server.empty())
        arguments.server = QString::fromStdString(server);
    if (!proxy.empty())
        arguments.proxy = QString::fromStdString(proxy);
    if (!keyFile.empty())
        arguments.keyFile = QString::fromStdString(keyFile);
    return {arguments, Exit::Done, {}};
}

client::ClientOptions optionsOf(const Arguments &arguments)
{
    client::ClientOptions options;
    options.profileDir = arguments.profileDir;
    if (arguments.server)
        options.server = QUrl(*arguments.server);
    options.keyFile = arguments.keyFile;
    if (arguments.proxy)
        options.proxy = client::parseProxy(*arguments.proxy);
    if (options.proxy && !options.proxy->user.empty())
        options.proxy->password = readPassword("Password of the proxy: ").value_or(std::string());
    options.keepDownloading = false; // a command does what it is told and ends
    if (arguments.command == Command::Diagnostics)
        options.log = std::make_shared<const client::LogRing>();
    return options;
}

} // namespace kith::cli
