// SPDX-License-Identifier: GPL-3.0-or-later
// The command line of kithd (DESIGN §8).
#include "app/kithd/admin.h"
#include "app/kithd/environment.h"
#include "app/kithd/serve.h"

#include <CLI/CLI.hpp>

#include <functional>
#include <iostream>

using namespace kith::server;

namespace {

/// What the command line says over the file.
struct Given {
    std::string config, data, listen, opsListen, readyFile, keyFile, tlsCertificate, tlsKey, store, redis, sql;
    std::string username, displayName, folder;
    bool insecure = false;
};

void override(std::string &setting, const std::string &given)
{
    if (!given.empty())
        setting = given;
}

/// Reads the file, lays the command line over it, and runs the command.
int withConfig(const Given &given, const std::function<int(const Config &)> &command)
{
    Config config;
    if (!given.config.empty()) {
        auto loaded = loadConfig(given.config);
        if (!loaded) {
            std::cerr << "kithd: " << loaded.error() << '\n';
            return kUsage;
        }
        config = std::move(loaded).value();
    }
    override(config.data, given.data);
    override(config.listen, given.listen);
    override(config.opsListen, given.opsListen);
    override(config.readyFile, given.readyFile);
    override(config.keyFile, given.keyFile);
    override(config.tlsCertificate, given.tlsCertificate);
    override(config.tlsKey, given.tlsKey);
    override(config.store, given.store);
    config.insecure = config.insecure || given.insecure;
    if (config.store != "embedded") {
        std::cerr << (config.store == "cluster"
                          ? "kithd: the cluster store is not in this build yet; use --store embedded\n"
                          : "kithd: --store must be embedded or cluster\n");
        return kUsage;
    }
    startLogging(config.logLevel);
    return command(config);
}

void addPlaces(CLI::App &command, Given &given)
{
    command.add_option("--config", given.config, "settings, TOML (docs/operations.md)");
    command.add_option("--data", given.data, "folder of database and key (default: kithd-data)");
    command.add_option("--key-file", given.keyFile, "64 hexadecimal characters, mode 0600 (default: DIR/kithd.key)");
}

} // namespace

int main(int argc, char **argv)
{
    Given given;
    std::function<int()> run;
    CLI::App app("kithd, the server of Kith", "kithd");
    app.require_subcommand(1);

    auto *serveCommand = app.add_subcommand("serve", "serve until SIGTERM");
    addPlaces(*serveCommand, given);
    serveCommand->add_option("--listen", given.listen, "HOST:PORT of HTTPS and the socket; port 0 takes a free one");
    serveCommand->add_option("--ops-listen", given.opsListen,
                             "HOST:PORT of /healthz, /readyz and /metrics, or off (default: 127.0.0.1, the next port)");
    serveCommand->add_option("--ready-file", given.readyFile, "written when the server serves");
    serveCommand->add_option("--tls-cert", given.tlsCertificate, "PEM, leaf first");
    serveCommand->add_option("--tls-key", given.tlsKey, "PEM");
    serveCommand->add_flag("--insecure", given.insecure, "plain HTTP and WS, on loopback addresses only");
    serveCommand->add_option("--store", given.store, "embedded (default) or cluster");
    serveCommand->add_option("--redis", given.redis, "URL, for --store cluster");
    serveCommand->add_option("--sql", given.sql, "URL, for --store cluster");
    serveCommand->callback([&] { run = [&] { return withConfig(given, serve); }; });

    auto *user = app.add_subcommand("user", "accounts; the server must be stopped");
    user->require_subcommand(1);
    const auto commandUnder = [&](CLI::App &parent, const char *name, const char *help,
                                  std::function<int(const Config &)> body) {
        auto *command = parent.add_subcommand(name, help);
        addPlaces(*command, given);
        command->callback([&run, &given, body] { run = [&given, body] { return withConfig(given, body); }; });
        return command;
    };
    const auto userCommand = [&](const char *name, const char *help, std::function<int(const Config &)> body) {
        return commandUnder(*user, name, help, std::move(body));
    };
    auto *add = userCommand("add", "make an account; the password comes from standard input",
                            [&](const Config &c) { return addUser(c, given.username, given.displayName); });
    add->add_option("username", given.username)->required();
    add->add_option("--display-name", given.displayName, "shown to others (default: the username)");
    userCommand("passwd", "set a password, from standard input; all devices are logged out",
                [&](const Config &c) { return changePassword(c, given.username); })
        ->add_option("username", given.username)
        ->required();
    userCommand("disable", "refuse logins; all devices are logged out",
                [&](const Config &c) { return setUserDisabled(c, given.username, true); })
        ->add_option("username", given.username)
        ->required();
    userCommand("enable", "allow logins again",
                [&](const Config &c) { return setUserDisabled(c, given.username, false); })
        ->add_option("username", given.username)
        ->required();
    userCommand("mfa-off", "turn the second factor off; all devices are logged out",
                [&](const Config &c) { return turnOffSecondFactor(c, given.username); })
        ->add_option("username", given.username)
        ->required();
    userCommand("audit", "what happened to the account, newest first, a JSON object a line",
                [&](const Config &c) { return auditUser(c, given.username); })
        ->add_option("username", given.username)
        ->required();
    userCommand("list", "all accounts, one a line", listUsers);

    const auto simple = [&](const char *name, const char *help, std::function<int(const Config &)> body) {
        return commandUnder(app, name, help, std::move(body));
    };
    simple("demo", "fill an empty data folder with a small world", makeDemo);
    simple("check", "read the whole database and say whether it is sound", checkDatabase);
    for (auto *copying : {simple("backup", "copy the database into a folder; the server may be running",
                                 [&](const Config &c) { return backUpTo(c, given.folder); }),
                          simple("restore", "put a copy in the place of the database; the server must be stopped",
                                 [&](const Config &c) { return restoreFrom(c, given.folder); })})
        copying->add_option("folder", given.folder, "where kithd.db of the copy is")->required();
    app.add_subcommand("version", "print the version")->callback([&] {
        run = [] {
            std::cout << "kithd " << KITH_VERSION << '\n';
            return static_cast<int>(kDone);
        };
    });

    try {
        app.parse(argc, argv);
    } catch (const CLI::CallForHelp &help) {
        return app.exit(help);
    } catch (const CLI::ParseError &error) {
        app.exit(error, std::cerr, std::cerr);
        return kUsage;
    }
    try {
        return run();
    } catch (const std::exception &error) {
        std::cerr << "kithd: " << error.what() << '\n';
        return kFailed;
    }
}
