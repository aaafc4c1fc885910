// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/kith-cli/arrange.h"

#include "core/base/clock.h"
#include "core/client/errors.h"

namespace kith::cli {

namespace {

Answer<void> arrange(Console &console, ConversationId id, const history::LocalHead &head)
{
    client::Client &core = console.core;
    const std::string &state = console.arguments.state;
    if (state == "pinned" || state == "unpinned")
        return core.setPinned(std::move(id), state == "pinned");
    if (state == "archived" || state == "unarchived")
        return core.setShelved(std::move(id), state == "archived");
    if (state == "muted" || state == "unmuted") {
        // Without --hours until it is switched on again: the far end of what the protocol's clock can say.
        const auto until = state == "unmuted" ? Timestamp{}
                           : console.arguments.hours == 0
                               ? fromUnixMs(4102444800000)
                               : SystemClock().now() + std::chrono::hours{console.arguments.hours};
        return core.setMuted(std::move(id), until);
    }
    if (state == "read")
        core.markRead(id, head.head.headSeq);
    return core.setMarkedUnread(std::move(id), state == "unread");
}

} // namespace

QCoro::Task<Exit> runArrange(Console &console)
{
    auto findTask = console.catchUpAndFind();
    auto conversation = co_await findTask;
    if (!conversation)
        co_return console.fail(conversation.error());
    auto headTask = console.core.head(*conversation);
    auto head = co_await headTask;
    if (!head)
        co_return console.fail(head.error());
    if (!*head)
        co_return console.fail(client::wireError(
            protocol::makeError(protocol::ErrorCode::NotFound, "nothing is here of it", "conversation")));
    auto task = arrange(console, *conversation, **head);
    auto done = co_await task;
    if (!done)
        co_return console.fail(done.error());
    auto afterTask = console.core.head(*conversation);
    auto after = co_await afterTask;
    if (!after || !*after)
        co_return after ? Exit::Failed : console.fail(after.error());
    console.output.conversation(**after);
    co_return Exit::Done;
}

} // namespace kith::cli
