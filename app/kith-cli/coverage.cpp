// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/kith-cli/coverage.h"

#include <QDateTime>

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
