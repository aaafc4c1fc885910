// SPDX-License-Identifier: GPL-3.0-or-later
// Mouse, wheel, keys, tooltips and the context menu of the timeline.
#include "core/base/limits.h"
#include "ui/timeline/timeline_view.h"
#include "ui/words/words.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QDateTime>
#include <QHelpEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QScrollBar>
#include <QTextBoundaryFinder>
#include <QToolTip>
#include <QWheelEvent>

#include <cmath>

namespace kith::ui {

using models::RowKind;

namespace {
/// The ticks of an own message in a group stand for many people: who they are can be asked for.
bool hasReceipts(const models::TimelineRow &row)
{
    return row.kind == RowKind::Message && row.own && row.group && row.seq() && !row.stored.message.recalled;
}

constexpr int kWheelStep = 56; // pixels per notch of 15°, three times a line
} // namespace

const TimelineView::Placed *TimelineView::placedAt(int y) const
{
    for (const Placed &p : m_placed) {
        if (y < p.top + p.height && p.row < m_model.rowCount())
            return &p;
    }
    return m_placed.empty() || m_placed.back().row >= m_model.rowCount() ? nullptr : &m_placed.back();
}

Selection::End TimelineView::endAt(const QPoint &point) const
{
    const Placed *p = placedAt(point.y());
    if (!p)
        return {};
    const RowLayout &layout = layoutOf(p->row);
    return {m_model.row(p->row).key, layout.positionAt(QPointF(point.x(), point.y() - p->top))};
}

void TimelineView::wheelEvent(QWheelEvent *event)
{
    const QPoint exact = event->pixelDelta();
    const int pixels =
        exact.isNull() ? static_cast<int>(std::lround(event->angleDelta().y() / 120.0 * kWheelStep * 2)) : exact.y();
    scrollBy(-pixels);
    event->accept();
}

void TimelineView::keyPressEvent(QKeyEvent *event)
{
    const int page = viewport()->height() - 48;
    if (event->matches(QKeySequence::Copy)) {
        copySelection();
        return;
    }
    switch (event->key()) {
    case Qt::Key_Up:
        return scrollBy(-kWheelStep);
    case Qt::Key_Down:
        return scrollBy(kWheelStep);
    case Qt::Key_PageUp:
        return scrollBy(-page);
    case Qt::Key_PageDown:
    case Qt::Key_Space:
        return scrollBy(page);
    case Qt::Key_Home:
        return m_model.jumpTo(m_model.floorSeq());
    case Qt::Key_End:
        return scrollToNewest();
    case Qt::Key_Escape:
        return leaveFound();
    case Qt::Key_Menu:
        break;
    default:
        if (!event->text().isEmpty() && event->text().at(0).isPrint() &&
            !(event->modifiers() & (Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier))) {
            emit typedIntoView(event->text());
            return;
        }
    }
    QAbstractScrollArea::keyPressEvent(event);
}

void TimelineView::focusInEvent(QFocusEvent *event)
{
    const bool keys = event->reason() == Qt::TabFocusReason || event->reason() == Qt::BacktabFocusReason;
    setProperty("keyboardFocus", keys);
    viewport()->update();
    QAbstractScrollArea::focusInEvent(event);
}

void TimelineView::focusOutEvent(QFocusEvent *event)
{
    viewport()->update();
    QAbstractScrollArea::focusOutEvent(event);
}

bool TimelineView::activateAt(const QPoint &point)
{
    const Placed *p = placedAt(point.y());
    if (!p)
        return false;
    const models::TimelineRow row = m_model.row(p->row); // a copy: the signals below may change the model
    const RowLayout &layout = layoutOf(p->row);
    const QPointF at(point.x(), point.y() - p->top);
    if (row.kind == RowKind::Hole && !layout.action.isEmpty() && layout.chip.contains(at)) {
        m_model.fillHole(row.hole, true);
        return true;
    }
    if (layout.retry.adjusted(-4, -4, 4, 4).contains(at)) {
        emit retryRequested(row.stored.message.cid);
        return true;
    }
    if (layout.discard.adjusted(-4, -4, 4, 4).contains(at)) {
        emit discardRequested(row.stored.message.cid);
        return true;
    }
    if (row.quote && layout.quote.contains(at)) {
        goToSource(p->row);
        return true;
    }
    if (row.kind == RowKind::Day && layout.chip.contains(at)) {
        const QRect chip = layout.chip.toAlignedRect().translated(0, p->top);
        emit dayClicked(row.day, {viewport()->mapToGlobal(chip.topLeft()), chip.size()});
        return true;
    }
    if (layout.avatar.contains(at) || layout.name.contains(at)) {
        emit profileRequested(row.stored.message.sender);
        return true;
    }
    if (hasReceipts(row) && layout.tick.adjusted(-4, -4, 4, 4).contains(at)) {
        emit receiptsRequested(row.seq(), row.text());
        return true;
    }
    if (const Link *link = layout.linkAt(at)) {
        emit linkActivated(link->url);
        return true;
    }
    return false;
}

void TimelineView::mousePressEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton)
        return;
    setProperty("keyboardFocus", false);
    m_pressAt = event->pos();
    m_selecting = true;
    if (event->modifiers() & Qt::ShiftModifier && m_selection.isActive())
        m_selection.extend(endAt(event->pos()));
    else
        m_selection.start(endAt(event->pos()));
    viewport()->update();
}

void TimelineView::mouseMoveEvent(QMouseEvent *event)
{
    if (m_selecting && event->buttons() & Qt::LeftButton) {
        m_selection.extend(endAt(event->pos()));
        if (event->pos().y() < 0)
            scrollBy(-16);
        else if (event->pos().y() > viewport()->height())
            scrollBy(16);
        viewport()->update();
        return;
    }
    Qt::CursorShape shape = Qt::ArrowCursor;
    if (const Placed *p = placedAt(event->pos().y())) {
        const models::TimelineRow &row = m_model.row(p->row);
        const RowLayout &layout = layoutOf(p->row);
        const QPointF at(event->pos().x(), event->pos().y() - p->top);
        const bool chip = row.kind == RowKind::Day || !layout.action.isEmpty();
        const bool button = (chip && layout.chip.contains(at)) || layout.retry.contains(at) ||
                            (hasReceipts(row) && layout.tick.contains(at)) || layout.discard.contains(at) ||
                            (row.quote && layout.quote.contains(at)) || layout.linkAt(at) ||
                            layout.avatar.contains(at) || layout.name.contains(at);
        if (button)
            shape = Qt::PointingHandCursor;
        else if (layout.text && layout.bubble.contains(at))
            shape = Qt::IBeamCursor;
    }
    if (viewport()->cursor().shape() != shape)
        viewport()->setCursor(shape);
}

void TimelineView::mouseReleaseEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton)
        return;
    m_selecting = false;
    const bool click = (event->pos() - m_pressAt).manhattanLength() < QApplication::startDragDistance();
    if (click && m_selection.isEmpty(m_model)) {
        m_selection.clear();
        activateAt(event->pos());
    } else if (QApplication::clipboard()->supportsSelection()) {
        QApplication::clipboard()->setText(selectedText(), QClipboard::Selection);
    }
    viewport()->update();
}

void TimelineView::mouseDoubleClickEvent(QMouseEvent *event)
{
    const Selection::End end = endAt(event->pos());
    const int row = m_model.indexOfKey(end.key);
    if (row < 0 || m_model.row(row).kind != RowKind::Message)
        return;
    const QString words = layoutOf(row).plain();
    QTextBoundaryFinder finder(QTextBoundaryFinder::Word, words);
    finder.setPosition(end.at);
    const int from = finder.isAtBoundary() ? end.at : static_cast<int>(finder.toPreviousBoundary());
    finder.setPosition(end.at);
    const auto next = finder.toNextBoundary();
    m_selection.set({end.key, from}, {end.key, next < 0 ? static_cast<int>(words.size()) : static_cast<int>(next)});
    viewport()->update();
}

void TimelineView::copySelection() const
{
    if (const QString text = selectedText(); !text.isEmpty())
        QApplication::clipboard()->setText(text);
}

void TimelineView::contextMenuEvent(QContextMenuEvent *event)
{
    if (event->reason() == QContextMenuEvent::Mouse) {
        if (const Placed *p = placedAt(event->pos().y()))
            showMenu(p->row, event->globalPos());
        return;
    }
    // From the keyboard: the lowest message that wants something, else the lowest message in sight.
    int row = -1;
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

namespace {

/// The server says the last word; these keep what it would refuse anyway out of the menu.
bool isYounger(const history::StoredMessage &stored, milliseconds than)
{
    return stored.state != history::SendState::Settled ||
           QDateTime::currentMSecsSinceEpoch() - toUnixMs(stored.message.createdAt) < than.count();
}
bool mayEdit(const history::StoredMessage &stored)
{
    return isYounger(stored, limits::kEditWindow);
}
bool mayRecall(const history::StoredMessage &stored)
{
    return isYounger(stored, limits::kRecallWindow);
}

} // namespace

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
        const qint64 local = stored.localId;
        const bool open = !stored.message.recalled && stored.message.kind == MessageKind::Text;
        if (open && row.seq() && !over) {
            const bool liked = stored.message.liked;
            add(liked ? tr("Take the like back") : tr("Like"),
                [this, local, liked] { emit likeRequested(local, !liked); });
        }
        if (hasReceipts(row) && !over)
            add(tr("Who has read it"), [this, row] { emit receiptsRequested(row.seq(), row.text()); });
        if (open && row.own && !over && mayEdit(stored))
            add(tr("Edit"), [this, local, row] { emit editRequested(local, row.text()); });
        if (m_selection.isActive() && !m_selection.isEmpty(m_model))
            add(tr("Copy"), [this] { copySelection(); });
        if (!row.stored.message.recalled)
            add(tr("Copy message"), [row] { QApplication::clipboard()->setText(row.text()); });
        if (open && row.own && !over && mayRecall(stored))
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

bool TimelineView::viewportEvent(QEvent *event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto *help = static_cast<QHelpEvent *>(event);
        return showTip(help->pos(), help->globalPos());
    }
    return QAbstractScrollArea::viewportEvent(event);
}

bool TimelineView::showTip(const QPoint &point, const QPoint &global)
{
    const Placed *p = placedAt(point.y());
    if (p && m_model.row(p->row).kind == RowKind::Day &&
        layoutOf(p->row).chip.contains(QPointF(point.x(), point.y() - p->top))) {
        QToolTip::showText(global, tr("Go to a day (Ctrl+J)"), viewport());
        return true;
    }
    if (!p || m_model.row(p->row).kind != RowKind::Message) {
        QToolTip::hideText();
        return true;
    }
    const models::TimelineRow &row = m_model.row(p->row);
    const RowLayout &layout = layoutOf(p->row);
    const QPointF at(point.x(), point.y() - p->top);
    QStringList lines;
    if (const Link *link = layout.linkAt(at))
        lines << link->url;
    else if (layout.bubble.contains(at)) {
        lines << Words::full(toLocal(row.stored.message.createdAt));
        if (row.own)
            lines << Words::delivery(row);
        if (row.delivery == models::Delivery::Failed && !row.stored.failure.empty())
            lines << QString::fromStdString(row.stored.failure);
    }
    QToolTip::showText(global, lines.join(QLatin1Char('\n')), viewport());
    return true;
}

} // namespace kith::ui
