// SPDX-License-Identifier: GPL-3.0-or-later
// What every command works with: the arguments, the client and what it prints; and the steps that many have in common.
#pragma once

#include "app/kith-cli/cli.h"
#include "app/kith-cli/output.h"
#include "core/client/client.h"

#include <QCoroTask>

namespace kith::cli {

template <class T>
using Answer = QCoro::Task<client::Result<T>>;

struct Console {
    explicit Console(const Arguments &given) : arguments(given), output(given.json), core(optionsOf(given)) {}

    /// Asks nobody but this computer: works after a log-out too, where the history was kept.
    bool isLocal() const;
    /// Prints the error; what the program ends with.
    Exit fail(const client::ClientError &error) const;
    Exit usage(const char *what) const;
    QUrl server() const;

    /// A script wants to know at once: the first attempt that fails ends it, there is no waiting for the next one.
    Answer<void> firstOf(QCoro::Task<client::Result<void>> task);
    Answer<void> catchUp();
    /// A conversation id, the name of the one group that is called so, or a username. The username is looked for among
    /// the known people first and asked of the server only when there is a link.
    Answer<ConversationId> find(std::string target);
    /// find() after a catch-up, unless it is to be done without the network.
    Answer<ConversationId> catchUpAndFind();
    /// Ends by SIGINT, SIGTERM, `--for`, or because the server ended the session.
    QCoro::Task<Exit> untilInterrupted();

    const Arguments &arguments;
    Output output;
    client::Client core;
};

} // namespace kith::cli
