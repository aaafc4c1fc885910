// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/kith-cli/reading.h"

#include <QDate>
#include <QObject>

#include <algorithm>
#include <limits>

namespace kith::cli {

using client::Client;

namespace {

std::string nameOf(const std::vector<User> &people, const UserId &id)
{
    const auto found = std::find_if(people.begin(), people.end(), [&](const User &user) { return user.id == id; });
    return found == people.end() ? std::string() : found->username;
}

/// From where on a day is read: its first message here, or a place in the hole that it lies in, or what follows it.
Answer<std::optional<Seq>> startOf(Console &console, ConversationId conversation, QDate day)
{
    auto monthTask = console.core.messageMonth(conversation, day);
    auto month = co_await monthTask;
    if (!month)
        co_return Unexpected(std::move(month).error());
    for (const auto &one : month->days)
        if (one.day == day && one.state != client::DayState::None)
            co_return std::optional(one.at);
    auto daysTask = console.core.messageDays(conversation);
    auto days = co_await daysTask;
    if (!days)
        co_return Unexpected(std::move(days).error());
    const auto next = std::find_if(days->begin(), days->end(), [&](const auto &one) { return one.day > day; });
    co_return next == days->end() ? std::nullopt : std::optional(next->at);
}

/// Upwards from a day; a hole is fetched, and where there is no network named.
QCoro::Task<Exit> readFrom(Console &console, ConversationId conversation, QDate day)
{
    const int limit = console.arguments.limit;
    auto startTask = startOf(console, conversation, day);
    auto start = co_await startTask;
    if (!start)
        co_return console.fail(start.error());
    PageQuery query;
    query.conversation = conversation;
    if (*start)
        query.after = (*start)->previous();
    for (int shown = 0, rounds = 0; query.after && shown < limit && rounds < 2 * limit; ++rounds) {
        query.limit = limit - shown;
        auto pageTask = console.core.page(query);
        auto page = co_await pageTask;
        if (!page)
            co_return console.fail(page.error());
        std::vector<UserId> senders;
        for (const auto &one : page->messages)
            senders.push_back(one.message.sender);
        auto namesTask = console.core.users(senders);
        auto names = co_await namesTask;
        for (auto one = page->messages.rbegin(); one != page->messages.rend(); ++one)
            console.output.message(conversation, *one, names ? nameOf(*names, one->message.sender) : std::string());
        shown += static_cast<int>(page->messages.size());
        if (!page->messages.empty())
            query.after = page->messages.front().message.seq;
        if (!page->newerHole) {
            if (page->atHead || page->messages.empty())
                break;
            continue;
        }
        const history::Hole hole = *page->newerHole;
        if (shown >= limit)
            break;
        if (console.arguments.offline) {
            console.output.hole(conversation, hole);
            query.after = hole.to;
            continue;
        }
        auto fillTask = console.core.fillHole(conversation, hole, query.after->next());
        auto filled = co_await fillTask;
        if (!filled)
            co_return console.fail(filled.error());
        // The day may begin earlier in it than was known.
        if (shown == 0) {
            auto againTask = startOf(console, conversation, day);
            auto again = co_await againTask;
            if (again && *again)
                query.after = (*again)->previous();
        }
    }
    co_return Exit::Done;
}

} // namespace

QCoro::Task<Exit> runDays(Console &console)
{
    auto findTask = console.catchUpAndFind();
    auto conversation = co_await findTask;
    if (!conversation)
        co_return console.fail(conversation.error());
    auto task = console.core.messageDays(*conversation);
    auto days = co_await task;
    if (!days)
        co_return console.fail(days.error());
    for (const auto &day : *days)
        console.output.day(*conversation, day);
    co_return Exit::Done;
}

QCoro::Task<Exit> runConversations(Console &console)
{
    if (!console.arguments.offline) {
        auto reached = co_await console.catchUp();
        if (!reached)
            co_return console.fail(reached.error());
    }
    auto task = console.core.heads();
    auto heads = co_await task;
    if (!heads)
        co_return console.fail(heads.error());
    std::stable_sort(heads->begin(), heads->end(),
                     [](const auto &a, const auto &b) { return a.pinnedAt > b.pinnedAt; });
    for (const auto &head : *heads)
        console.output.conversation(head);
    co_return Exit::Done;
}

QCoro::Task<Exit> runHistory(Console &console)
{
    auto findTask = console.catchUpAndFind();
    auto conversation = co_await findTask;
    if (!conversation)
        co_return console.fail(conversation.error());
    if (console.arguments.from) {
        const auto day = QDate::fromString(QString::fromStdString(*console.arguments.from), Qt::ISODate);
        auto readTask = readFrom(console, *conversation, day);
        co_return co_await readTask;
    }
    auto headTask = console.core.head(*conversation);
    auto head = co_await headTask;
    if (!head)
        co_return console.fail(head.error());
    const Seq keptFrom = *head ? (*head)->keptFrom : Seq();
    std::vector<kith::history::StoredMessage> shown;
    std::optional<history::Hole> hole;
    PageQuery query;
    query.conversation = *conversation;
    query.limit = console.arguments.limit;
    if (console.arguments.before)
        query.before = Seq(*console.arguments.before);
    // A page ends at a hole: it is fetched, and reading goes on behind it.
    for (int rounds = 0;
         static_cast<int>(shown.size()) < console.arguments.limit && rounds < 2 * console.arguments.limit; ++rounds) {
        query.limit = console.arguments.limit - static_cast<int>(shown.size());
        auto pageTask = console.core.page(query);
        auto page = co_await pageTask;
        if (!page)
            co_return console.fail(page.error());
        shown.insert(shown.end(), page->messages.begin(), page->messages.end());
        if (!page->messages.empty())
            query.before = page->messages.back().message.seq;
        hole = page->olderHole;
        if (static_cast<int>(shown.size()) >= console.arguments.limit || page->atFloor ||
            (!hole && page->messages.empty()))
            break;
        if (!hole)
            continue;
        if (console.arguments.offline || hole->to < keptFrom) // `download --in` brings what was forgotten back
            break;
        auto fillTask = console.core.fillHole(*conversation, *hole, hole->to);
        auto filled = co_await fillTask;
        if (!filled)
            co_return console.fail(filled.error());
    }
    std::reverse(shown.begin(), shown.end());
    const bool gap = hole && static_cast<int>(shown.size()) < console.arguments.limit;
    if (gap)
        console.output.hole(*conversation, *hole);
    std::vector<UserId> senders;
    for (const auto &one : shown)
        senders.push_back(one.message.sender);
    auto namesTask = console.core.users(senders);
    auto names = co_await namesTask;
    for (const auto &one : shown)
        console.output.message(*conversation, one, names ? nameOf(*names, one.message.sender) : std::string());
    if (!console.arguments.before) {
        auto unsentTask = console.core.unsent(*conversation);
        auto unsent = co_await unsentTask;
        if (unsent)
            for (const auto &one : *unsent)
                console.output.message(*conversation, one, console.core.owner().username);
    }
    co_return Exit::Done;
}

QCoro::Task<Exit> runReceipts(Console &console)
{
    auto findTask = console.catchUpAndFind();
    auto conversation = co_await findTask;
    if (!conversation)
        co_return console.fail(conversation.error());
    auto task = console.core.messageReceipts(*conversation, Seq(console.arguments.seq));
    auto found = co_await task;
    if (!found)
        co_return console.fail(found.error());
    console.output.receipts(*conversation, Seq(console.arguments.seq), *found);
    co_return Exit::Done;
}

QCoro::Task<Exit> runTail(Console &console)
{
    QObject context;
    auto start = fromUnixMs(std::numeric_limits<std::int64_t>::max());
    QObject::connect(&console.core, &Client::messagesChanged, &context,
                     [&](const ConversationId &conversation, const std::vector<history::StoredMessage> &messages) {
                         for (const auto &one : messages)
                             if (one.state == history::SendState::Settled && one.message.createdAt >= start)
                                 console.output.message(conversation, one, {});
                     });
    auto reached = co_await console.catchUp();
    if (!reached)
        co_return console.fail(reached.error());
    start = {};
    co_return co_await console.untilInterrupted();
}

} // namespace kith::cli
