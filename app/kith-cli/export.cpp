// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/kith-cli/export.h"

#include "app/kith-cli/interrupts.h"

#include <QDateTime>
#include <QElapsedTimer>
#include <QObject>

namespace kith::cli {

namespace {

constexpr qint64 kBetweenLinesMs = 1000;

std::optional<Timestamp> startOf(const std::optional<std::string> &day, int later)
{
    if (!day)
        return std::nullopt;
    const auto date = QDate::fromString(QString::fromStdString(*day), Qt::ISODate).addDays(later);
    return fromUnixMs(date.startOfDay().toMSecsSinceEpoch());
}

} // namespace

QCoro::Task<Exit> runExport(Console &console)
{
    auto findTask = console.find(console.arguments.target);
    auto conversation = co_await findTask;
    if (!conversation)
        co_return console.fail(conversation.error());
    exporting::Request request;
    request.conversation = *conversation;
    request.format = console.arguments.format;
    request.period = {startOf(console.arguments.from, 0), startOf(console.arguments.to, 1)}; // both days are in it
    request.path = console.arguments.file.toStdString();
    request.replace = console.arguments.force;
    auto control = std::make_shared<client::ExportControl>();
    QElapsedTimer last;
    last.start();
    control->progressed = [&](const exporting::Progress &progress) {
        if (!last.hasExpired(kBetweenLinesMs))
            return;
        last.start();
        console.output.exporting(progress);
    };
    QObject context;
    onInterrupt(&context, [control] { control->cancel(); });
    auto task = console.core.exportConversation(std::move(request), control);
    auto done = co_await task;
    control->progressed = {};
    if (!done)
        co_return console.fail(done.error());
    console.output.exported(*conversation, *done);
    co_return Exit::Done;
}

} // namespace kith::cli
