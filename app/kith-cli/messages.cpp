// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/kith-cli/messages.h"

#include "core/client/errors.h"
#include "core/client/later.h"
#include "core/protocol/errors.h"

#include <QTimer>

namespace kith::cli {

using client::Client;
using client::ClientError;
using client::ClientErrorCode;

namespace {

/// The people that `--mention` names.
Answer<std::vector<UserId>> mentioned(Console &console)
{
    std::vector<UserId> users;
    for (const auto &name : console.arguments.mentions) {
        auto findTask = console.find(name);
        auto chat = co_await findTask;
        if (!chat)
            co_return Unexpected(std::move(chat).error());
        if (const auto user = privatePeer(*chat, console.core.self().id))
            users.push_back(*user);
    }
    co_return users;
}

QCoro::Task<client::Result<history::StoredMessage>> settleChange(Client &core, const Arguments &arguments,
                                                                 ConversationId conversation, std::string text)
{
    auto messageTask = core.message(conversation, Seq(arguments.seq));
    auto before = co_await messageTask;
    if (!before)
        co_return Unexpected(std::move(before).error());
    if (!*before)
        co_return Unexpected(client::wireError(
            protocol::makeError(protocol::ErrorCode::NotFound, "no such message on this computer", "seq")));
    client::Promise<history::StoredMessage> over;
    QObject context;
    const auto local = (*before)->localId;
    QObject::connect(
        &core, &Client::messagesChanged, &context,
        [&](const ConversationId &, const std::vector<history::StoredMessage> &messages) {
            for (const auto &one : messages)
                if (one.localId == local && !one.changing)
                    over.finish(one);
        },
        Qt::QueuedConnection);
    QObject::connect(&core, &Client::changeRefused, &context,
                     [&](const ConversationId &, const history::PendingChange &, const ClientError &error) {
                         over.finish(Unexpected(error));
                     });
    QTimer::singleShot(kDeliverDeadline, &context, [over] {
        over.finish(Unexpected(client::makeError(ClientErrorCode::Unreachable, QStringLiteral("still queued"))));
    });
    auto task = arguments.command == Command::Edit ? core.edit(conversation, local, text)
                : arguments.command == Command::Recall
                    ? core.recall(conversation, local)
                    : core.like(conversation, local, arguments.command == Command::Like);
    auto made = co_await task;
    if (!made)
        co_return Unexpected(std::move(made).error());
    auto after = co_await over.later();
    if (!after)
        co_return Unexpected(std::move(after).error());
    co_return std::move(*after);
}

} // namespace

ClientError whyUnsent(const history::StoredMessage &message, const client::Result<void> &flushed)
{
    if (message.state == history::SendState::Failed) {
        const auto code = protocol::errorCodeFromName(message.failure).value_or(protocol::ErrorCode::Internal);
        return client::wireError(protocol::makeError(code, "the server refused the message"));
    }
    // It stays in the outbox: the next connection sends it.
    return flushed ? client::makeError(ClientErrorCode::Unreachable, QStringLiteral("still queued")) : flushed.error();
}

QCoro::Task<Exit> runSend(Console &console)
{
    const std::string text = wordsOrInput(console.arguments.words);
    console.core.connectToServer();
    auto findTask = console.find(console.arguments.target);
    auto conversation = co_await findTask;
    if (!conversation)
        co_return console.fail(conversation.error());
    std::optional<history::StoredMessage> settled;
    ClientMessageId cid;
    QObject context;
    QObject::connect(&console.core, &Client::messageSettled, &context,
                     [&](const ConversationId &, const ClientMessageId &which, const history::StoredMessage &message) {
                         if (which == cid)
                             settled = message;
                     });
    auto mentionTask = mentioned(console);
    auto mentions = co_await mentionTask;
    if (!mentions)
        co_return console.fail(mentions.error());
    const auto replyTo = console.arguments.seq > 0 ? std::optional(Seq(console.arguments.seq)) : std::nullopt;
    auto sendTask = console.core.send(*conversation, text, replyTo, *mentions);
    auto queued = co_await sendTask;
    if (!queued)
        co_return console.fail(queued.error());
    cid = queued->message.cid;
    auto flushTask = console.firstOf(console.core.flushOutbox(kDeliverDeadline));
    auto flushed = co_await flushTask;
    auto unsentTask = console.core.unsent(*conversation);
    auto unsent = co_await unsentTask;
    if (!unsent)
        co_return console.fail(unsent.error());
    for (const auto &one : *unsent) {
        if (one.message.cid == cid)
            co_return console.fail(whyUnsent(one, flushed));
    }
    console.output.message(*conversation, settled ? *settled : *queued, {});
    co_return Exit::Done;
}

QCoro::Task<Exit> runChange(Console &console)
{
    auto findTask = console.catchUpAndFind();
    auto conversation = co_await findTask;
    if (!conversation)
        co_return console.fail(conversation.error());
    auto task = settleChange(console.core, console.arguments, *conversation,
                             console.arguments.command == Command::Edit ? wordsOrInput(console.arguments.words)
                                                                        : std::string());
    auto changed = co_await task;
    if (!changed)
        co_return console.fail(changed.error());
    console.output.message(*conversation, *changed, {});
    co_return Exit::Done;
}

} // namespace kith::cli
