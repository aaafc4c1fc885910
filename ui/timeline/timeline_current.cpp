// SPDX-License-Identifier: GPL-3.0-or-later
// The row that the keys are at: how it moves, its ring, and that a screen reader hears of it.
#include "ui/timeline/timeline_view.h"

#include <QAccessible>
#include <QPainter>

#include <algorithm>

namespace kith::ui {

using models::RowKind;

namespace {
constexpr int kEdge = 8;     // kept free above and below the row that the keys went to
constexpr int kOverlap = 48; // of a message longer than the view, when it is read page by page
} // namespace

bool TimelineView::takesKeys(int row) const
{
    const RowKind kind = m_model.row(row).kind;
    return kind == RowKind::Message || kind == RowKind::System || kind == RowKind::Hole;
}

int TimelineView::currentRow() const
{
    return m_current.isEmpty() ? -1 : m_model.indexOfKey(m_current);
}

void TimelineView::setCurrentRow(int row)
{
    const bool good = row >= 0 && row < m_model.rowCount() && takesKeys(row);
    const QString key = good ? m_model.row(row).key : QString();
    if (key == m_current)
        return;
    m_current = key;
    viewport()->update();
    tellCurrent();
}

void TimelineView::tellCurrent()
{
    const int row = currentRow();
    if (row < 0 || !hasFocus())
        return;
    QAccessibleEvent event(this, QAccessible::Focus);
    event.setChild(row);
    QAccessible::updateAccessibility(&event);
}

void TimelineView::onFocusByKeys()
{
    if (const int row = currentRow(); row < 0 || rowRect(row).isEmpty())
        setCurrentRow(rowInSight(true));
    // After the view's own event, which says that it is a list.
    QMetaObject::invokeMethod(this, &TimelineView::tellCurrent, Qt::QueuedConnection);
}

/// The lowest (or highest) one that is in sight as a whole, else in part.
int TimelineView::rowInSight(bool lowest) const
{
    const int height = viewport()->height();
    int best = -1;
    const auto look = [&](const Placed &p) {
        if (p.row >= m_model.rowCount() || !takesKeys(p.row) || p.top + p.height <= 0 || p.top >= height)
            return false;
        const bool whole = p.top >= 0 && p.top + p.height <= height;
        if (best < 0 || whole)
            best = p.row;
        return whole;
    };
    if (lowest)
        static_cast<void>(std::any_of(m_placed.rbegin(), m_placed.rend(), look));
    else
        static_cast<void>(std::any_of(m_placed.begin(), m_placed.end(), look));
    return best;
}

void TimelineView::moveCurrent(int by)
{
    setProperty("keyboardFocus", true);
    viewport()->update();
    const int at = currentRow();
    const QRect rect = at < 0 ? QRect() : rowRect(at);
    if (rect.isEmpty()) { // none yet, or somebody scrolled away from it: what is in sight is meant
        setCurrentRow(rowInSight(by < 0));
        if (currentRow() >= 0)
            showCurrent(by);
        return;
    }
    // A message longer than the view is read to its end before the next one.
    const int height = viewport()->height(), page = height - kOverlap;
    if (rect.height() > height - 2 * kEdge) {
        if (by < 0 && rect.top() < 0)
            return scrollBy(std::max(-page, rect.top() - kEdge));
        if (by > 0 && rect.bottom() >= height)
            return scrollBy(std::min(page, rect.bottom() + kEdge - height));
    }
    int next = at + by;
    while (next >= 0 && next < m_model.rowCount() && !takesKeys(next))
        next += by;
    if (next < 0)
        return scrollBy(-page); // to what stands above the first message
    if (next >= m_model.rowCount())
        return scrollToNewest();
    setCurrentRow(next);
    showCurrent(by);
}

/// As little as needed; of a longer one, that end which is read first.
void TimelineView::showCurrent(int by)
{
    const int row = currentRow();
    if (row < 0 || m_placed.empty())
        return;
    const Placed &first = m_placed.front(), &last = m_placed.back();
    int top = first.top;
    if (const QRect rect = rowRect(row); !rect.isEmpty()) {
        top = rect.top();
    } else if (row < first.row) {
        for (int i = first.row - 1; i >= row; --i)
            top -= heightOf(i);
    } else {
        top = last.top + last.height;
        for (int i = last.row + 1; i < row; ++i)
            top += heightOf(i);
    }
    const int above = top - kEdge, below = top + heightOf(row) + kEdge - viewport()->height();
    if (above < 0 && below > 0)
        scrollBy(by < 0 ? below : above);
    else if (above < 0)
        scrollBy(above);
    else if (below > 0)
        scrollBy(std::min(below, above));
}

void TimelineView::activateCurrent()
{
    setProperty("keyboardFocus", true);
    if (const int row = currentRow(); row < 0 || rowRect(row).isEmpty())
        setCurrentRow(rowInSight(true));
    const int row = currentRow();
    if (row < 0)
        return;
    viewport()->update();
    if (m_model.row(row).kind != RowKind::Hole)
        showKeyMenu();
    else if (!m_readOnly)
        m_model.fillHole(m_model.row(row).hole, true);
}

QRect TimelineView::ringOf(const Placed &placed) const
{
    const RowLayout &layout = layoutOf(placed.row);
    QRectF ring = layout.bubble.isEmpty() ? layout.chip : layout.bubble;
    if (!layout.failure.isEmpty())
        ring.setBottom(layout.failure.bottom());
    return ring.translated(0, placed.top).toAlignedRect().adjusted(-2, -2, 2, 2);
}

void TimelineView::paintFocus(QPainter &painter) const
{
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(m_theme[Token::Focus], 2));
    painter.setBrush(Qt::NoBrush);
    const int row = currentRow();
    for (const Placed &p : m_placed) {
        if (p.row != row || p.top + p.height <= 0 || p.top >= viewport()->height())
            continue;
        const QRect ring = ringOf(p);
        const double radius = std::min(ring.height() / 2.0, timeline::kRadius + 2.0);
        painter.drawRoundedRect(ring, radius, radius);
        return;
    }
    painter.drawRect(viewport()->rect().adjusted(1, 1, -1, -1));
}

} // namespace kith::ui
