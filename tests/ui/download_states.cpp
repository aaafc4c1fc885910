// SPDX-License-Identifier: GPL-3.0-or-later
// The dialog of the download, fed with plain data.
#include "tests/ui/states.h"
#include "ui/dialogs/download_dialog.h"
#include "ui/dialogs/forget_dialog.h"
#include "ui/shell/languages.h"

#include <QApplication>
#include <QPushButton>

using namespace kith;
using client::DownloadProgress;
using client::DownloadState;

namespace kith::test {

namespace {

ui::DownloadRow row(const char *id, const char *name, int colour, qint64 here, qint64 missing, int gaps)
{
    ui::DownloadRow one;
    one.id = ConversationId(id);
    one.name = QString::fromUtf8(name);
    one.colour = colour;
    one.here = here;
    one.missing = missing;
    one.gaps = gaps;
    one.bytes = here * 412;
    if (here > 0)
        one.oldest = QDate(2024, 3, 1).addDays(here % 400);
    return one;
}

client::ClientError notMember()
{
    client::ClientError error;
    error.code = client::ClientErrorCode::Server;
    error.wire = protocol::makeError(protocol::ErrorCode::NotMember, "not a member");
    return error;
}

std::vector<ui::DownloadRow> rowsOf(bool whole, bool refused)
{
    const auto lack = [whole](qint64 count) { return whole ? 0 : count; };
    std::vector<ui::DownloadRow> rows{
        row("g:1", "Riverside walkers", 1, 48'210, 0, 0),
        row("p:1:2", "Toma Rivers", 2, 1'250 + (whole ? 9'150 : 0), lack(9'150), 2),
        row("g:2", "周末爬山小组", 3, 50 + (whole ? 20'431 : 0), lack(20'431), 1),
        row("p:1:3", "A conversation whose name is a good deal longer than the window is wide", 4,
            50 + (whole ? 312 : 0), lack(312), 1),
        row("p:1:4", "Noor", 5, 12, 0, 0),
        row("p:1:5", "林桥", 6, 0, 0, 0),
    };
    rows[1].current = !whole;
    rows[4].forgotten = whole ? 0 : 1'930;
    if (refused) {
        rows.push_back(row("g:3", "Old house", 7, 50, 1'150, 1));
        rows.back().left = true;
        rows.push_back(row("g:4", "Reading circle", 0, 120, 80, 1));
        rows.back().error = notMember();
    }
    return rows;
}

DownloadProgress progressOf(DownloadState state, const std::vector<ui::DownloadRow> &rows)
{
    DownloadProgress progress;
    progress.state = state;
    progress.counted = true;
    for (const auto &one : rows) {
        const bool lost = one.left || one.error;
        progress.messagesHere += one.here;
        progress.messagesTotal += one.here + (lost ? 0 : one.missing);
        progress.messagesRefused += lost ? one.missing : 0;
        progress.conversations += one.here + one.missing > 0 ? 1 : 0;
        progress.conversationsDone += one.here > 0 && (one.missing == 0 || lost) ? 1 : 0;
        if (one.error)
            progress.refused.push_back({one.id, *one.error});
    }
    return progress;
}

} // namespace

void drawDownloadStates(QApplication &app, ui::Theme &theme, ui::Languages &languages, bool few,
                        const std::function<void(QWidget &, const char *)> &shot)
{
    const auto look = [&](bool dark, bool chinese) {
        theme.apply(app, dark ? ui::ThemeMode::Dark : ui::ThemeMode::Light);
        languages.apply(app, theme, chinese ? QStringLiteral("zh_CN") : QStringLiteral("en"));
    };
    const auto dialog = [&](DownloadState state, bool whole, bool refused, const char *name) {
        ui::DownloadDialog made(theme);
        made.setAttribute(Qt::WA_DeleteOnClose, false);
        auto rows = rowsOf(whole, refused);
        if (state != DownloadState::Running)
            rows[1].current = false;
        auto progress = progressOf(state, rows);
        if (state == DownloadState::Failed) {
            progress.error.emplace();
            progress.error->code = client::ClientErrorCode::Storage;
            progress.error->sql = sql::SqlError{sql::SqlErrorCode::DiskFull, "database or disk is full", 0};
        }
        made.model().show(rows);
        made.setProgress(progress, rows[1].name);
        made.setSize(48'731'904, 0);
        made.choose(rows[2].id);
        made.show();
        shot(made, name);
    };
    const auto forget = [&](int step, const char *name) {
        ui::ForgetDialog made(theme, step == 1 ? QStringLiteral("周末爬山小组") : QString());
        made.setAttribute(Qt::WA_DeleteOnClose, false);
        made.setSurvey({3, 12'408, step == 0 ? 311 : 0}, true);
        if (step == 1)
            made.setKeepFrom(QDate(2025, 1, 31));
        if (step == 1)
            made.setSurvey({1, 4'120, 0}, true);
        if (step >= 2)
            made.forgetButton()->click();
        if (step == 2)
            made.setProgress({history::ForgetPhase::Rows, 5'000, 12'408});
        if (step == 3)
            made.setDone({{3, 12'408, 311}, 7'412'000});
        made.show();
        shot(made, name);
    };
    for (const bool dark : {false, true}) {
        for (const bool chinese : {false, true}) {
            look(dark, chinese);
            const std::string tail = std::string(chinese ? "-zh" : "") + (dark ? "-dark" : "");
            const auto named = [&](const char *what) { return "download-" + (what + tail); };
            dialog(DownloadState::Running, false, false, named("running").c_str());
            forget(0, ("forget-all" + tail).c_str());
            if (few)
                continue;
            forget(1, ("forget-one" + tail).c_str());
            forget(2, ("forget-running" + tail).c_str());
            forget(3, ("forget-done" + tail).c_str());
            dialog(DownloadState::Off, false, false, named("off").c_str());
            dialog(DownloadState::Waiting, false, false, named("waiting").c_str());
            dialog(DownloadState::Paused, false, true, named("paused").c_str());
            dialog(DownloadState::Done, true, false, named("done").c_str());
            dialog(DownloadState::Done, true, true, named("refused").c_str());
            dialog(DownloadState::Failed, false, false, named("failed").c_str());
        }
    }
    look(false, false);
}

} // namespace kith::test
