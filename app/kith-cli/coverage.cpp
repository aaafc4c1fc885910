// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/kith-cli/coverage.h"

#include <QDateTime>

#include <boost/json/array.hpp>

#include <iostream>

namespace kith::cli {

namespace {

/// The start of a day; or now, so many days ago.
Timestamp limitOf(const Arguments &arguments)
{
    if (!arguments.from)
        return fromUnixMs(QDateTime::currentDateTime().addDays(-arguments.days).toMSecsSinceEpoch());
    const auto day = QDate::fromString(QString::fromStdString(*arguments.from), Qt::ISODate);
    return fromUnixMs(day.startOfDay().toMSecsSinceEpoch());
}

} // namespace

void Output::coverage(const client::ConversationStorage &one) const
{
    const auto &covered = one.coverage;
    std::int64_t missing = 0;
    for (const auto &hole : covered.holes)
        missing += hole.to.value() - hole.from.value() + 1;
    if (m_json) {
        boost::json::array holes;
        for (const auto &hole : covered.holes)
            holes.push_back(
                {{"from", hole.from.value()}, {"to", hole.to.value()}, {"forgotten", covered.isForgotten(hole)}});
        boost::json::object json{{"conversation", one.conversation.str()},
                                 {"messages_here", covered.messagesHere},
                                 {"messages_missing", missing},
                                 {"estimated_bytes", one.bytes},
                                 {"holes", std::move(holes)}};
        if (one.oldest)
            json["oldest"] = toUnixMs(*one.oldest);
        return line(json);
    }
    std::cout << one.conversation.str() << "  " << covered.messagesHere << " of " << covered.messagesHere + missing
              << " messages here";
    if (one.oldest)
        std::cout << " since "
                  << QDateTime::fromMSecsSinceEpoch(toUnixMs(*one.oldest)).date().toString(Qt::ISODate).toStdString();
    std::cout << ", about " << one.bytes << " bytes" << std::endl;
    for (const auto &missed : covered.holes) {
        if (!covered.isForgotten(missed))
            hole(one.conversation, missed);
        else
            std::cout << one.conversation.str() << "  … " << missed.from.value() << '-' << missed.to.value()
                      << " were forgotten" << std::endl;
    }
}

void Output::storage(const client::StorageReport &report) const
{
    if (m_json)
        return line({{"file_bytes", report.fileBytes},
                     {"empty_bytes", report.emptyBytes},
                     {"picture_bytes", report.pictureBytes}});
    std::cout << report.fileBytes << " bytes on disk, " << report.emptyBytes << " of them empty" << std::endl;
}

void Output::forgotten(const client::Forgotten &done, bool would) const
{
    if (m_json)
        return line({{"conversations", done.what.conversations},
                     {"messages", done.what.messages},
                     {"for_good", done.what.forGood},
                     {"freed_bytes", done.freedBytes},
                     {"dry_run", would}});
    std::cout << done.what.messages << " messages of " << done.what.conversations
              << (would ? " conversations would be forgotten" : " conversations are forgotten");
    if (done.what.forGood > 0)
        std::cout << ", " << done.what.forGood << " of them for good";
    if (!would)
        std::cout << "; the file is " << done.freedBytes << " bytes smaller";
    std::cout << std::endl;
}

QCoro::Task<Exit> runCoverage(Console &console)
{
    std::optional<ConversationId> only;
    if (!console.arguments.target.empty()) {
        auto findTask = console.find(console.arguments.target);
        auto found = co_await findTask;
        if (!found)
            co_return console.fail(found.error());
        only = *found;
    }
    auto task = console.core.storage();
    auto report = co_await task;
    if (!report)
        co_return console.fail(report.error());
    for (const auto &one : report->conversations)
        if (!only || one.conversation == *only)
            console.output.coverage(one);
    if (!only)
        console.output.storage(*report);
    co_return Exit::Done;
}

QCoro::Task<Exit> runForget(Console &console)
{
    const Arguments &asked = console.arguments;
    if (asked.target.empty() != asked.all)
        co_return console.usage("name a conversation, or --all");
    if (asked.from.has_value() == (asked.days > 0))
        co_return console.usage("--older-than DAYS or --before DAY");
    std::vector<ConversationId> of;
    if (!asked.target.empty()) {
        auto findTask = console.find(asked.target);
        auto found = co_await findTask;
        if (!found)
            co_return console.fail(found.error());
        of.push_back(*found);
    }
    const Timestamp before = limitOf(asked);
    if (asked.dryRun) {
        auto surveyTask = console.core.surveyForget(of, before);
        auto survey = co_await surveyTask;
        if (!survey)
            co_return console.fail(survey.error());
        console.output.forgotten({*survey, 0}, true);
        co_return Exit::Done;
    }
    auto task = console.core.forget(of, before);
    auto done = co_await task;
    if (!done)
        co_return console.fail(done.error());
    console.output.forgotten(*done, false);
    co_return Exit::Done;
}

} // namespace kith::cli
