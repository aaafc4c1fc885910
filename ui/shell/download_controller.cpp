// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/download_controller.h"

#include "ui/shell/forget_controller.h"
#include "ui/words/words.h"

#include <QDateTime>

#include <unordered_map>
#include <utility>

namespace kith::ui {

using client::Client;
using client::DownloadState;

namespace {
constexpr int kReadEveryMs = 300; // of all conversations: the sums move faster, from the client's own count
}

DownloadController::DownloadController(Client &client, const models::ConversationListModel &list, const Theme &theme,
                                       QWidget *window)
    : m_client(client), m_list(list), m_theme(theme), m_dialog(new DownloadDialog(theme, window))
{
    setParent(m_dialog);
    m_soon.setSingleShot(true);
    m_soon.setInterval(kReadEveryMs);
    connect(&m_soon, &QTimer::timeout, this, [this] { refresh(); });
    connect(m_dialog, &DownloadDialog::startRequested, this, [this] { m_client.downloadAll(); });
    connect(m_dialog, &DownloadDialog::pauseRequested, this, [this] { m_client.pauseDownload(); });
    connect(m_dialog, &DownloadDialog::resumeRequested, this, [this] { m_client.resumeDownload(); });
    connect(m_dialog, &DownloadDialog::stopRequested, this, [this] { m_client.cancelDownload(); });
    connect(m_dialog, &DownloadDialog::downloadRequested, this,
            [this](const ConversationId &id) { m_client.downloadAll(id); });
    connect(m_dialog, &DownloadDialog::forgetRequested, this, &DownloadController::forget);
    connect(&m_client, &Client::forgetChanged, this, &DownloadController::refreshSoon);
    connect(&m_client, &Client::downloadChanged, this, [this] {
        show();
        refreshSoon();
    });
    connect(&m_client, &Client::coverageChanged, this, &DownloadController::refreshSoon);
    connect(&m_client, &Client::headsChanged, this, &DownloadController::refreshSoon);
    show();
    refresh();
}

void DownloadController::refreshSoon()
{
    if (m_reading)
        m_again = true;
    else if (!m_soon.isActive())
        m_soon.start();
}

QCoro::Task<void> DownloadController::refresh()
{
    m_reading = true;
    const QPointer<DownloadController> alive(this);
    auto task = m_client.storage();
    auto report = co_await task;
    if (!alive)
        co_return;
    m_reading = false;
    if (report) {
        m_report = std::move(*report);
        m_counted = true;
        show();
    }
    if (std::exchange(m_again, false))
        m_soon.start();
}

QString DownloadController::nameOf(const ConversationId &id) const
{
    const int at = m_list.indexOf(id);
    return at < 0 ? QString::fromStdString(id.str()) : m_list.row(at).name;
}

void DownloadController::forget(const ConversationId &id)
{
    const int at = id.empty() ? -1 : m_list.indexOf(id);
    const QString name = at < 0 ? QString::fromStdString(id.str()) : Words::name(m_list.row(at));
    (new ForgetController(m_client, id, name, m_theme, m_dialog))->dialog()->open();
}

void DownloadController::show()
{
    client::DownloadProgress progress = m_client.downloadProgress();
    std::unordered_map<ConversationId, int> places;
    for (int i = 0; i < m_list.rowCount(); ++i)
        places.emplace(m_list.row(i).head.head.conversation, i);
    std::unordered_map<ConversationId, const client::ClientError *> refused;
    for (const auto &[id, error] : progress.refused)
        refused.emplace(id, &error);
    client::DownloadProgress sums; // as the client counts, while it does not
    std::vector<DownloadRow> rows;
    for (const auto &stored : m_report.conversations) {
        const ConversationId &id = stored.conversation;
        const history::Coverage &covered = stored.coverage;
        DownloadRow row;
        row.id = id;
        row.name = QString::fromStdString(id.str());
        if (const auto at = places.find(id); at != places.end()) {
            const models::ConversationRow &listed = m_list.row(at->second);
            row.name = listed.name;
            row.colour = listed.colour;
            row.avatar = listed.avatar;
            row.left = listed.head.head.removed && !isArchive(id);
        }
        row.here = covered.messagesHere;
        for (const history::Hole &hole : covered.holes) {
            const bool forgotten = covered.isForgotten(hole);
            (forgotten ? row.forgotten : row.missing) += hole.to.value() - hole.from.value() + 1;
            row.gaps += forgotten ? 0 : 1;
        }
        row.bytes = stored.bytes;
        if (stored.oldest)
            row.oldest = QDateTime::fromMSecsSinceEpoch(toUnixMs(*stored.oldest)).date();
        sums.messagesForgotten += row.forgotten;
        row.current = progress.state == DownloadState::Running && id == progress.current;
        if (const auto why = refused.find(id); why != refused.end())
            row.error = *why->second;
        row.lost = isArchive(id);
        const bool toCome = row.missing > 0 && !row.left && !row.lost;
        sums.messagesHere += row.here;
        sums.messagesTotal += row.here + (toCome ? row.missing : 0);
        sums.messagesRefused += row.missing > 0 && !toCome ? row.missing : 0;
        if (row.here + row.missing > 0) {
            ++sums.conversations;
            sums.conversationsDone += toCome ? 0 : 1;
        }
        rows.push_back(std::move(row));
    }
    if (progress.state == DownloadState::Off) {
        progress = sums;
        progress.counted = m_counted;
    }
    m_dialog->model().show(rows);
    if (m_counted)
        m_dialog->setSize(m_report.fileBytes, m_report.emptyBytes);
    m_dialog->setProgress(progress, progress.current.empty() ? QString() : nameOf(progress.current));
}

} // namespace kith::ui
