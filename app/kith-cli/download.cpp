// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/kith-cli/download.h"

#include "app/kith-cli/interrupts.h"
#include "core/client/errors.h"
#include "core/client/later.h"

#include <QElapsedTimer>
#include <QTimer>

namespace kith::cli {

using client::Client;
using client::ClientErrorCode;
using client::DownloadProgress;
using client::DownloadState;

namespace {

constexpr qint64 kBetweenLinesMs = 1000;
constexpr auto kAway = std::chrono::seconds{60}; // of the server, then a script hears of it

/// Done, failed, or the link was away for too long.
QCoro::Task<client::Result<DownloadProgress>> untilOver(Client &client, const Output &output)
{
    client::Promise<DownloadProgress> over;
    QObject context;
    QTimer away;
    away.setSingleShot(true);
    away.setInterval(kAway);
    QObject::connect(&away, &QTimer::timeout, &context, [over, &client] {
        over.finish(Unexpected(kith::client::makeError(ClientErrorCode::Unreachable, client.linkStatus().reason)));
    });
    QElapsedTimer last;
    // Queued: the answer may end the client, which is in the middle of its own work when it tells.
    QObject::connect(
        &client, &Client::downloadChanged, &context,
        [&, over](const DownloadProgress &progress) {
            if (progress.state == DownloadState::Off)
                return; // told before it was asked for
            if (progress.state == DownloadState::Done || progress.state == DownloadState::Failed) {
                over.finish(progress);
                return;
            }
            if (progress.state != DownloadState::Waiting)
                away.stop();
            else if (!away.isActive())
                away.start();
            if (progress.conversations > 0 && (!last.isValid() || last.hasExpired(kBetweenLinesMs))) {
                last.start();
                output.download(progress, false);
            }
        },
        Qt::QueuedConnection);
    QObject::connect(
        &client, &Client::loggedOut, &context,
        [over](const client::ClientError &reason) { over.finish(Unexpected(reason)); }, Qt::QueuedConnection);
    onInterrupt(&context, [over] {
        over.finish(Unexpected(kith::client::makeError(ClientErrorCode::Cancelled, QStringLiteral("interrupted"))));
    });
    auto later = over.later();
    co_return co_await later;
}

/// After the catch-up. Ready when no hole is left; else with why one stays: it was refused, could not be kept, or the
/// server was away for long. What is left is named on the way out.
QCoro::Task<client::Result<void>> fillHoles(Client &client, const Output &output, std::optional<ConversationId> only)
{
    client.downloadAll(only);
    auto overTask = untilOver(client, output);
    auto over = co_await overTask;
    client.pauseDownload();
    output.download(over ? *over : client.downloadProgress(), true);
    auto coveragesTask = client.coverages();
    auto coverages = co_await coveragesTask;
    if (!coverages)
        co_return Unexpected(std::move(coverages).error());
    bool whole = true;
    for (const auto &[conversation, covered] : *coverages) {
        if (only && conversation != *only)
            continue;
        for (const auto &hole : covered.holes) {
            if (covered.isForgotten(hole))
                continue; // not asked for: that takes its name
            whole = false;
            output.hole(conversation, hole);
        }
    }
    if (!over)
        co_return Unexpected(std::move(over).error());
    if (whole)
        co_return client::Result<void>{};
    if (over->error)
        co_return Unexpected(std::move(*over->error));
    if (!over->refused.empty())
        co_return Unexpected(std::move(over->refused.front().error));
    co_return Unexpected(client::wireError(
        protocol::makeError(protocol::ErrorCode::NotMember, "a group that was left keeps its holes")));
}

} // namespace

QCoro::Task<Exit> runDownload(Console &console)
{
    std::optional<ConversationId> only;
    if (!console.arguments.target.empty()) {
        auto findTask = console.catchUpAndFind();
        auto found = co_await findTask;
        if (!found)
            co_return console.fail(found.error());
        only = *found;
    } else if (auto reached = co_await console.catchUp(); !reached) {
        co_return console.fail(reached.error());
    }
    auto task = fillHoles(console.core, console.output, only);
    auto done = co_await task;
    co_return done ? Exit::Done : console.fail(done.error());
}

} // namespace kith::cli
