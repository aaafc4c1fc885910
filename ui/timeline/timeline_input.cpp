// SPDX-License-Identifier: GPL-3.0-or-later
// Mouse, wheel, keys, tooltips and the context menu of the timeline.
#include "ui/timeline/timeline_view.h"
#include "ui/words/words.h"

#include <QApplication>
#include <QClipboard>
#include <QHelpEvent>
#include <QMouseEvent>
#include <QScrollBar>
#include <QTextBoundaryFinder>
#include <QToolTip>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace kith::ui {

using models::RowKind;

namespace {
constexpr int kWheelStep = 56;  // pixels per notch of 15°, three times a line
constexpr int kSelectStep = 60; // at most at a time, however far beyond the edge the pointer is held
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
        return event->modifiers() & Qt::ControlModifier ? moveCurrent(-1) : scrollBy(-kWheelStep);
    case Qt::Key_Down:
        return event->modifiers() & Qt::ControlModifier ? moveCurrent(1) : scrollBy(kWheelStep);
    case Qt::Key_Return:
    case Qt::Key_Enter:
        return activateCurrent();
    case Qt::Key_F10:
        if (event->modifiers() & Qt::ShiftModifier) // not a context menu event on every system
            return showKeyMenu();
        break;
    case Qt::Key_PageUp:
        return scrollBy(-page);
    case Qt::Key_PageDown:
    case Qt::Key_Space:
        return scrollBy(page);
    case Qt::Key_Home:
        return m_model.jumpTo(m_model.floorSeq());
    case Qt::Key_End:
        scrollToNewest();
        if (m_stick)
            setCurrentRow(rowInSight(true));
        return;
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
    // Back from a menu or another window it is as it was.
    if (event->reason() != Qt::PopupFocusReason && event->reason() != Qt::ActiveWindowFocusReason)
        setProperty("keyboardFocus", keys);
    viewport()->update();
    QAbstractScrollArea::focusInEvent(event);
    if (property("keyboardFocus").toBool())
        onFocusByKeys();
}

void TimelineView::focusOutEvent(QFocusEvent *event)
{
    m_selectOn.stop();
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
    if (models::hasReceipts(row) && layout.tick.adjusted(-4, -4, 4, 4).contains(at)) {
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
    if (const Placed *p = placedAt(event->pos().y()))
        setCurrentRow(p->row); // the keys go on from there
    if (event->modifiers() & Qt::ShiftModifier && m_selection.isActive())
        m_selection.extend(endAt(event->pos()));
    else
        m_selection.start(endAt(event->pos()));
    viewport()->update();
}

void TimelineView::mouseMoveEvent(QMouseEvent *event)
{
    if (m_selecting && event->buttons() & Qt::LeftButton) {
        m_selectAt = event->pos();
        const bool beyond = m_selectAt.y() < 0 || m_selectAt.y() > viewport()->height();
        if (!beyond)
            m_selectOn.stop();
        else if (!m_selectOn.isActive())
            m_selectOn.start(); // and goes on while the pointer is held still
        selectTo(m_selectAt);
        return;
    }
    m_selectOn.stop(); // the button was let go of where nobody told
    Qt::CursorShape shape = Qt::ArrowCursor;
    if (const Placed *p = placedAt(event->pos().y())) {
        const models::TimelineRow &row = m_model.row(p->row);
        const RowLayout &layout = layoutOf(p->row);
        const QPointF at(event->pos().x(), event->pos().y() - p->top);
        const bool chip = row.kind == RowKind::Day || !layout.action.isEmpty();
        const bool button = (chip && layout.chip.contains(at)) || layout.retry.contains(at) ||
                            (models::hasReceipts(row) && layout.tick.contains(at)) || layout.discard.contains(at) ||
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

void TimelineView::selectTo(const QPoint &point)
{
    const int beyond = point.y() < 0 ? point.y() : std::max(0, point.y() - viewport()->height());
    if (beyond != 0)
        scrollBy(std::clamp(beyond / 2, -kSelectStep, kSelectStep) + (beyond < 0 ? -2 : 2));
    m_selection.extend(endAt(point));
    viewport()->update();
}

void TimelineView::mouseReleaseEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton)
        return;
    m_selecting = false;
    m_selectOn.stop();
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
