// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/kith-cli/console.h"

#include "app/kith-cli/interrupts.h"
#include "core/client/errors.h"
#include "core/client/later.h"

#include <QTimer>

#include <algorithm>
#include <iostream>
#include <map>

namespace kith::cli {

using client::Client;
using client::ClientError;
using client::ClientErrorCode;

namespace {

constexpr auto kReach = std::chrono::seconds{15};

/// The other side of a private conversation; after a log-out, which leaves nobody to be the one side, both.
std::vector<UserId> peersIn(const ConversationId &id, const UserId &self)
{
    if (auto peer = privatePeer(id, self))
        return {std::move(*peer)};
    const auto &text = id.str();
    const auto colon = text.find(':', 2);
    if (!self.empty() || conversationType(id) != ConversationType::Private || colon == std::string::npos)
        return {};
    return {UserId(text.substr(2, colon - 2)), UserId(text.substr(colon + 1))};
}

} // namespace

bool Console::isLocal() const
{
    return arguments.offline || arguments.command == Command::Outbox || arguments.command == Command::Discard ||
           arguments.command == Command::Export || arguments.command == Command::Coverage ||
           arguments.command == Command::Forget;
}

Exit Console::fail(const ClientError &error) const
{
    output.error(error);
    return exitFor(error);
}

Exit Console::usage(const char *what) const
{
    std::cerr << "kith-cli: " << what << '\n';
    return Exit::Usage;
}

QUrl Console::server() const
{
    return arguments.server ? QUrl(*arguments.server) : core.server();
}

Answer<void> Console::firstOf(QCoro::Task<client::Result<void>> task)
{
    client::Promise<void> first;
    QObject context;
    const auto watch = [first](const client::LinkStatus &status) {
        if (status.phase == client::LinkPhase::Waiting || status.phase == client::LinkPhase::Offline)
            first.finish(Unexpected(client::makeError(ClientErrorCode::Unreachable, status.reason)));
        else if (status.phase == client::LinkPhase::LoggedOut)
            first.finish(Unexpected(client::makeError(ClientErrorCode::NotLoggedIn, status.reason)));
    };
    // Queued: the client is in the middle of its own work when it tells.
    QObject::connect(&core, &Client::linkStatusChanged, &context, watch, Qt::QueuedConnection);
    QCoro::connect(std::move(task), &context, [first](client::Result<void> result) { first.finish(result); });
    auto later = first.later();
    co_return co_await later;
}

Answer<void> Console::catchUp()
{
    core.connectToServer();
    auto task = firstOf(core.waitCaughtUp(kReach));
    co_return co_await task;
}

Answer<ConversationId> Console::find(std::string target)
{
    const ConversationId id(target);
    if (conversationType(archivedFrom(id)))
        co_return id;
    auto headsTask = core.heads();
    auto heads = co_await headsTask;
    if (!heads)
        co_return Unexpected(std::move(heads).error());
    std::vector<ConversationId> groups;
    std::vector<UserId> peers;
    std::multimap<UserId, ConversationId> chats; // with whom
    for (const auto &local : *heads) {
        if (local.head.type == ConversationType::Group && local.head.name == target)
            groups.push_back(local.head.conversation);
        for (auto &peer : peersIn(local.head.conversation, core.owner().id)) {
            chats.emplace(peer, local.head.conversation);
            peers.push_back(std::move(peer));
        }
    }
    auto usersTask = core.users(peers);
    auto people = co_await usersTask;
    if (!people)
        co_return Unexpected(std::move(people).error());
    const auto byName = [&](const User &user) { return user.username == target; };
    auto person = std::find_if(people->begin(), people->end(), byName);
    std::optional<User> peer;
    if (person != people->end())
        peer = *person;
    if (isLocal() && peer && groups.empty() && chats.count(peer->id) == 1)
        co_return chats.find(peer->id)->second;
    if (!peer && groups.empty() && !isLocal()) {
        auto findTask = core.findUsers(target);
        auto found = co_await findTask;
        if (!found)
            co_return Unexpected(std::move(found).error());
        person = std::find_if(found->begin(), found->end(), byName);
        if (person != found->end())
            peer = *person;
    }
    if (peer && groups.empty()) {
        auto openTask = core.openPrivate(*peer);
        co_return co_await openTask;
    }
    if (groups.size() == 1 && !peer)
        co_return groups.front();
    const bool several = peer || groups.size() > 1;
    co_return Unexpected(client::wireError(
        protocol::makeError(protocol::ErrorCode::NotFound,
                            several ? "several conversations have that name" : "nobody of that name", "to")));
}

Answer<ConversationId> Console::catchUpAndFind()
{
    if (!arguments.offline) {
        auto reached = co_await catchUp();
        if (!reached)
            co_return Unexpected(std::move(reached).error());
    }
    auto task = find(arguments.target);
    co_return co_await task;
}

QCoro::Task<Exit> Console::untilInterrupted()
{
    client::Promise<void> over;
    QObject context;
    QObject::connect(&core, &Client::loggedOut, &context,
                     [over](const ClientError &error) { over.finish(Unexpected(error)); });
    if (arguments.forSeconds > 0)
        QTimer::singleShot(std::chrono::seconds{arguments.forSeconds}, &context, [over] { over.finish({}); });
    onInterrupt(&context, [over] { over.finish({}); });
    auto ended = co_await over.later();
    co_return ended ? Exit::Done : fail(ended.error());
}

} // namespace kith::cli
