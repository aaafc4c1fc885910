// SPDX-License-Identifier: GPL-3.0-or-later
// What can be done with a message, a notice or a hole, by right click or from the keyboard.
#include "ui/timeline/timeline_view.h"
#include "ui/words/words.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QDateTime>
#include <QMenu>

#include <utility>

namespace kith::ui {

using models::RowKind;

namespace {
constexpr int kMostLinks = 4; // of one message: the menu stays one
constexpr int kLinkShown = 40;
} // namespace

void TimelineView::contextMenuEvent(QContextMenuEvent *event)
{
    if (event->reason() == QContextMenuEvent::Mouse) {
        if (const Placed *p = placedAt(event->pos().y()))
            showMenu(p->row, event->globalPos());
        return;
    }
    showKeyMenu();
}

void TimelineView::showKeyMenu()
{
    // Where the keys are; where they are nowhere, at the lowest message that wants something, else the lowest in sight.
    int row = currentRow();
    if (row >= 0 && !rowRect(row).isEmpty())
        return showMenu(row, viewport()->mapToGlobal(rowRect(row).center()));
    row = -1;
    bool failed = false;
    for (const Placed &p : m_placed) {
        if (p.row >= m_model.rowCount() || m_model.row(p.row).kind != RowKind::Message)
            continue;
        const bool wants = m_model.row(p.row).delivery == models::Delivery::Failed;
        if (wants || !failed)
            row = p.row;
        failed = failed || wants;
    }
    if (row >= 0)
        showMenu(row, viewport()->mapToGlobal(rowRect(row).center()));
}

void TimelineView::addLinkActions(const std::vector<Link> &links, const AddAction &add)
{
    QStringList urls;
    for (const Link &link : links)
        if (!urls.contains(link.url) && urls.size() < kMostLinks)
            urls << link.url;
    for (const QString &url : std::as_const(urls)) {
        // Which of several is meant is said; & would be a key of the menu.
        QString shown = url.mid(url.indexOf(QStringLiteral("//")) + 2).replace(QLatin1Char('&'), QStringLiteral("&&"));
        if (shown.size() > kLinkShown)
            shown = shown.left(kLinkShown - 1) + QChar(0x2026);
        const bool one = urls.size() == 1;
        add(one ? tr("Open link") : tr("Open %1").arg(shown), [this, url] { emit linkActivated(url); });
        add(one ? tr("Copy link") : tr("Copy %1").arg(shown), [url] { QApplication::clipboard()->setText(url); });
    }
}

QList<QAction *> TimelineView::menuActions(int index, QObject *parent)
{
    const models::TimelineRow row = m_model.row(index); // a copy: the model may change while the menu is open
    QList<QAction *> actions;
    const auto add = [&](const QString &text, auto what) {
        auto *action = new QAction(text, parent);
        connect(action, &QAction::triggered, this, what);
        actions << action;
    };
    if (row.kind == RowKind::Message) {
        // Left, an archive, or logged out: nobody is there to be told.
        const bool over = m_model.head().head.removed || m_readOnly;
        if (row.seq() && !row.stored.message.recalled && !over)
            add(tr("Reply"), [this, row] { emit replyRequested(row.seq(), row.sender, row.text()); });
        if (row.quote)
            add(tr("Go to what it answers"), [this, key = row.key] {
                if (const int now = m_model.indexOfKey(key); now >= 0)
                    goToSource(now);
            });
        const history::StoredMessage &stored = row.stored;
        const Timestamp now = fromUnixMs(QDateTime::currentMSecsSinceEpoch());
        const qint64 local = stored.localId;
        const bool open = !stored.message.recalled && stored.message.kind == MessageKind::Text;
        if (open && row.seq() && !over) {
            const bool liked = stored.message.liked;
            add(liked ? tr("Take the like back") : tr("Like"),
                [this, local, liked] { emit likeRequested(local, !liked); });
        }
        if (models::hasReceipts(row) && !over)
            add(tr("Who has read it"), [this, row] { emit receiptsRequested(row.seq(), row.text()); });
        if (!over && mayEdit(row, now))
            add(tr("Edit"), [this, local, row] { emit editRequested(local, row.text()); });
        if (m_selection.isActive() && !m_selection.isEmpty(m_model))
            add(tr("Copy"), [this] { copySelection(); });
        if (!row.stored.message.recalled)
            add(tr("Copy message"), [row] { QApplication::clipboard()->setText(row.text()); });
        addLinkActions(layoutOf(index).links, add);
        if (!over && mayRecall(row, now))
            add(tr("Recall"), [this, local] { emit recallRequested(local); });
        if (!row.own)
            add(tr("Profile of %1").arg(Words::name(row.sender)),
                [this, row] { emit profileRequested(row.stored.message.sender); });
        if (row.delivery == models::Delivery::Failed) {
            auto *line = new QAction(parent);
            line->setSeparator(true);
            actions << line;
            if (!m_readOnly)
                add(tr("Retry"), [this, row] { emit retryRequested(row.stored.message.cid); });
            add(tr("Discard"), [this, row] { emit discardRequested(row.stored.message.cid); });
        }
    } else if (row.kind == RowKind::Hole && row.holeKind == models::HoleKind::Loadable && !m_readOnly) {
        add(tr("Load"), [this, row] { m_model.fillHole(row.hole, true); });
    }
    return actions;
}

void TimelineView::showMenu(int index, const QPoint &global)
{
    QMenu menu(this);
    menu.addActions(menuActions(index, &menu));
    if (!menu.isEmpty())
        menu.exec(global);
}

} // namespace kith::ui
