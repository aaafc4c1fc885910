// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/kith-cli/outbox.h"

#include "app/kith-cli/messages.h"
#include "core/client/errors.h"

#include <QObject>

#include <algorithm>
#include <map>

namespace kith::cli {

using client::Client;
using client::ClientError;
using Unsent = std::vector<history::StoredMessage>;

namespace {

/// Of one conversation or of all, those with arguments.cid only where it is given.
Answer<Unsent> find(Console &console, std::optional<ConversationId> only)
{
    auto headsTask = console.core.heads();
    auto heads = co_await headsTask;
    if (!heads)
        co_return Unexpected(std::move(heads).error());
    Unsent all;
    for (const auto &head : *heads) {
        if ((head.unsent == 0 && head.failed == 0) || (only && head.head.conversation != *only))
            continue;
        auto task = console.core.unsent(head.head.conversation);
        auto some = co_await task;
        if (!some)
            co_return Unexpected(std::move(some).error());
        for (auto &one : *some)
            if (console.arguments.cid.empty() || one.message.cid.str() == console.arguments.cid)
                all.push_back(std::move(one));
    }
    std::sort(all.begin(), all.end(), [](const auto &a, const auto &b) { return a.localId < b.localId; });
    if (all.empty() && !console.arguments.cid.empty())
        co_return Unexpected(client::wireError(
            protocol::makeError(protocol::ErrorCode::NotFound, "nothing unsent has that cid", "cid")));
    co_return all;
}

} // namespace

QCoro::Task<Exit> runOutbox(Console &console)
{
    std::optional<ConversationId> only;
    if (!console.arguments.target.empty()) {
        auto findTask = console.find(console.arguments.target);
        auto found = co_await findTask;
        if (!found)
            co_return console.fail(found.error());
        only = *found;
    }
    auto task = find(console, only);
    auto unsent = co_await task;
    if (!unsent)
        co_return console.fail(unsent.error());
    for (const auto &one : *unsent)
        console.output.unsent(one);
    co_return Exit::Done;
}

QCoro::Task<Exit> runRetry(Console &console)
{
    if (console.arguments.cid.empty() != console.arguments.all)
        co_return console.usage("either a cid or --all");
    auto beforeTask = find(console, std::nullopt);
    auto before = co_await beforeTask;
    if (!before)
        co_return console.fail(before.error());
    std::map<ClientMessageId, history::StoredMessage> settled;
    QObject context;
    QObject::connect(&console.core, &Client::messageSettled, &context,
                     [&](const ConversationId &, const ClientMessageId &cid, const history::StoredMessage &message) {
                         settled.insert_or_assign(cid, message);
                     });
    for (const auto &one : *before) {
        if (one.state != history::SendState::Failed)
            continue; // it waits for the link only
        auto task = console.core.retrySend(one.message.cid);
        auto queued = co_await task;
        if (!queued)
            co_return console.fail(queued.error());
    }
    console.core.connectToServer();
    auto flushTask = console.firstOf(console.core.flushOutbox(kDeliverDeadline));
    auto flushed = co_await flushTask;
    Exit exit = Exit::Done;
    for (const auto &one : *before) {
        if (const auto there = settled.find(one.message.cid); there != settled.end()) {
            console.output.message(one.conversation, there->second, {});
            continue;
        }
        auto unsentTask = console.core.unsent(one.conversation);
        auto unsent = co_await unsentTask;
        if (!unsent)
            co_return console.fail(unsent.error());
        for (const auto &still : *unsent)
            if (still.message.cid == one.message.cid && exit == Exit::Done)
                exit = console.fail(whyUnsent(still, flushed));
    }
    co_return exit;
}

QCoro::Task<Exit> runDiscard(Console &console)
{
    auto task = find(console, std::nullopt);
    auto unsent = co_await task;
    if (!unsent)
        co_return console.fail(unsent.error());
    auto discardTask = console.core.discardSend(ClientMessageId(console.arguments.cid));
    auto done = co_await discardTask;
    co_return done ? Exit::Done : console.fail(done.error());
}

} // namespace kith::cli
