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

QCoro::Task<client::Result<history::StoredMessage>> runChange(Client &core, const Arguments &arguments,
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

} // namespace kith::cli
