// SPDX-License-Identifier: GPL-3.0-or-later
// Where the rows of the timeline lie: the line that is read stays where it is on the screen.
#include "ui/timeline/timeline_view.h"

#include <QResizeEvent>
#include <QScrollBar>
#include <QTimer>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace kith::ui {

using models::RowKind;

namespace {
constexpr int kPadBottom = 12, kPadTop = 8;
// Pages are asked for before their rows come into sight.
constexpr int kAheadRows = 24;
constexpr int kFlashMs = 1200;

/// Only these keep their key whatever comes in beside them: a day's row is another one when an older part of that day
/// is shown, a hole's when a piece of it is filled.
bool isSteady(const models::TimelineRow &row)
{
    return row.kind == RowKind::Message || row.kind == RowKind::System;
}

int lineTop(const RowLayout &layout, int at)
{
    if (at < 0 || !layout.text || layout.text->lineCount() == 0)
        return 0;
    const QTextLine line = layout.text->lineForTextPosition(std::min(at, static_cast<int>(layout.plain().size())));
    return static_cast<int>(std::lround(layout.textAt.y() + line.y()));
}
} // namespace

void TimelineView::onPositioned(const QString &key)
{
    m_hasTarget = true;
    m_target = key;
    m_flash = key.startsWith(QLatin1Char('m')) || key.startsWith(QLatin1Char('c')) ? key : QString();
    if (!m_flash.isEmpty()) {
        QTimer::singleShot(kFlashMs, this, [this] {
            m_flash.clear();
            viewport()->update();
        });
    }
    place(false);
    if (hasFocus() && property("keyboardFocus").toBool()) { // the keys are where they led to
        const int row = m_model.indexOfKey(key);
        setCurrentRow(row >= 0 && takesKeys(row) ? row : rowInSight(true));
    }
}

bool TimelineView::applyTarget()
{
    if (!m_hasTarget || viewport()->height() < 40 || m_model.rowCount() == 0)
        return false;
    m_hasTarget = false;
    const auto wantedTop = std::exchange(m_targetTop, std::nullopt);
    const int height = viewport()->height();
    const int row = m_model.indexOfKey(m_target);
    if (m_target.isEmpty() || row < 0) {
        m_stick = m_model.atNewest();
        if (!m_stick)
            anchorAt(m_model.rowCount() - 1, height - kPadBottom - heightOf(m_model.rowCount() - 1));
        return true;
    }
    // Where all that follows fits below it, the newest end shows it too.
    int below = 0;
    for (int i = row; i < m_model.rowCount() && below < height; ++i)
        below += heightOf(i);
    if (!wantedTop && m_model.atNewest() && below < height * 3 / 4) {
        m_stick = true;
        return true;
    }
    // A quarter down: what came before is in sight for its context.
    m_stick = false;
    anchorAt(row, wantedTop ? std::clamp(*wantedTop, 0, height * 3 / 4) : height / 4);
    return true;
}

void TimelineView::anchorAt(int row, int top)
{
    m_anchor = {m_model.row(row).key, -1, top};
    m_anchorRow = row;
}

std::pair<int, int> TimelineView::standing()
{
    const int count = m_model.rowCount();
    if (m_stick)
        return {count - 1, viewport()->height() - kPadBottom - heightOf(count - 1)};
    if (const int row = m_model.indexOfKey(m_anchor.key); row >= 0)
        return {row, m_anchor.y - lineTop(layoutOf(row), m_anchor.at)};
    // It is gone: what was in sight below it stays instead, else what was above.
    const auto was =
        std::find_if(m_placed.begin(), m_placed.end(), [this](const Placed &p) { return p.key == m_anchor.key; });
    const auto stays = [this](const Placed &p) {
        const int row = m_model.indexOfKey(p.key);
        return row >= 0 && isSteady(m_model.row(row));
    };
    auto next = std::find_if(was, m_placed.end(), stays);
    if (next == m_placed.end()) {
        const auto before = std::find_if(std::make_reverse_iterator(was), m_placed.rend(), stays);
        next = before == m_placed.rend() ? m_placed.end() : std::prev(before.base());
    }
    if (next != m_placed.end())
        anchorAt(m_model.indexOfKey(next->key), next->top);
    else
        anchorAt(std::clamp(m_anchorRow, 0, count - 1), m_anchor.y);
    return {m_anchorRow, m_anchor.y};
}

void TimelineView::place(bool moved)
{
    if (m_placing)
        return;
    m_placing = true;
    moved = applyTarget() || moved;
    if (m_model.rowCount() == 0 || viewport()->height() <= 0) {
        m_placed.clear();
    } else {
        const auto [row, top] = standing();
        int at = top;
        int shift = 0;
        // Each round mends one end (a gap below, then a gap above); two suffice, the third proves it.
        for (int round = 0; round < 3 && (shift = placeFrom(row, at)) != 0; ++round) {
            at += shift;
            m_stick = false;
        }
        pickAnchor(moved);
        if (m_stick && moved)
            m_returns.clear();
    }
    m_placing = false;
    afterPlace();
}

int TimelineView::placeFrom(int row, int top)
{
    const int count = m_model.rowCount();
    const int height = viewport()->height();
    std::vector<Placed> above;
    int y = top;
    for (int i = row - 1; i >= 0 && y > 0; --i) {
        const int h = heightOf(i);
        y -= h;
        above.push_back({i, y, h, m_model.row(i).key});
    }
    std::vector<Placed> placed(above.rbegin(), above.rend());
    y = top;
    for (int i = row; i < count && y < height; ++i) {
        const int h = heightOf(i);
        placed.push_back({i, y, h, m_model.row(i).key});
        y += h;
    }
    // The row itself may be far out of sight when somebody scrolled by more than a screen.
    const auto outOfSight = [&](const Placed &p) { return p.top + p.height <= 0 || p.top >= height; };
    if (!std::all_of(placed.begin(), placed.end(), outOfSight))
        std::erase_if(placed, outOfSight);
    if (placed.empty())
        placed.push_back({row, top, heightOf(row), m_model.row(row).key});
    m_placed = std::move(placed);
    const Placed &first = m_placed.front();
    const Placed &last = m_placed.back();
    const int bottom = last.top + last.height;
    if (last.row == count - 1 && bottom < height - kPadBottom)
        return height - kPadBottom - bottom;
    if (first.row > 0 || first.top <= kPadTop)
        return 0;
    // At the beginning: up to the top, or as far as there is something to come up from below.
    int end = first.top;
    for (int i = 0; i < count && end - first.top + kPadTop < height; ++i)
        end += heightOf(i);
    return -std::clamp(end - (height - kPadBottom), 0, first.top - kPadTop);
}

void TimelineView::pickAnchor(bool moved)
{
    const int height = viewport()->height();
    const Placed &last = m_placed.back();
    m_stick =
        m_model.atNewest() && last.row == m_model.rowCount() - 1 && last.top + last.height <= height - kPadBottom + 4;
    // The first message that begins in sight; of a text that fills more than half of it, the first line.
    const Placed *best = nullptr;
    std::optional<Anchor> line;
    for (const Placed &p : m_placed) {
        if (!isSteady(m_model.row(p.row)))
            continue;
        if (p.top >= 0 && (p.top < height / 2 || !line)) {
            best = &p;
            break;
        }
        if (p.top >= 0)
            break;
        const RowLayout &layout = layoutOf(p.row);
        for (int i = 0; layout.text && i < layout.text->lineCount() && !line; ++i) {
            const int at = layout.text->lineAt(i).textStart();
            if (const int y = p.top + lineTop(layout, at); y >= 0 && y < height)
                line = Anchor{p.key, at, y};
        }
    }
    if (best) {
        anchorAt(best->row, best->top);
    } else if (line) {
        m_anchorRow = m_model.indexOfKey(line->key);
        // Within a long text the same word stays, however often the width breaks the lines elsewhere.
        if (!moved && m_anchor.at >= 0 && m_anchor.key == line->key) {
            m_anchor.y = rowRect(m_anchorRow).top() + lineTop(layoutOf(m_anchorRow), m_anchor.at);
            if (m_anchor.y >= 0 && m_anchor.y < height)
                return;
        }
        m_anchor = *line;
    } else {
        anchorAt(m_placed.front().row, m_placed.front().top);
    }
}

void TimelineView::afterPlace()
{
    Seq from, to;
    for (const Placed &p : m_placed) {
        const models::TimelineRow &row = m_model.row(p.row);
        const Seq last = row.kind == RowKind::Hole ? row.hole.to : row.seq();
        if (row.kind == RowKind::Message && !last)
            to = Seq(std::numeric_limits<std::int64_t>::max()); // not sent yet: at the newest end
        from = from ? from : row.seq();
        to = std::max(to, last);
    }
    m_model.keep(from ? from : to, to);
    viewport()->update();
    updateBar();
    updatePill();
    if (!m_askPending) {
        // Asking may change the model at once; never from within a layout.
        m_askPending = true;
        QMetaObject::invokeMethod(
            this,
            [this] {
                m_askPending = false;
                askEdges();
                reportSeen();
            },
            Qt::QueuedConnection);
    }
}

void TimelineView::askEdges()
{
    if (m_placed.empty() || !isVisible())
        return;
    if (m_placed.front().row < kAheadRows)
        m_model.needOlder();
    if (!m_placed.empty() && m_placed.back().row >= m_model.rowCount() - kAheadRows)
        m_model.needNewer();
    std::vector<std::pair<history::Hole, bool>> holes;
    const int height = viewport()->height();
    for (const Placed &p : m_placed) {
        if (p.row >= m_model.rowCount() || m_model.row(p.row).kind != RowKind::Hole || p.top + p.height <= 0 ||
            p.top >= height)
            continue;
        // Somebody who reads on towards newer messages meets it below what was read.
        const bool fromOlder = p.row > 0 && p.top > height / 2 && !m_stick;
        holes.emplace_back(m_model.row(p.row).hole, fromOlder);
    }
    for (const auto &[hole, fromOlder] : holes)
        m_model.fillHole(hole, false, fromOlder);
}

void TimelineView::reportSeen()
{
    if (!isVisible() || !window()->isActiveWindow() || window()->isMinimized() || m_model.conversation().empty())
        return;
    if (m_seenIn != m_model.conversation()) {
        m_seenIn = m_model.conversation();
        m_seen = Seq();
    }
    Seq lowest;
    for (const Placed &p : m_placed) {
        if (p.row >= m_model.rowCount())
            break;
        // A message taller than the viewport counts when its end is in sight.
        if (isSteady(m_model.row(p.row)) && p.top + p.height <= viewport()->height() && p.top + p.height > 0)
            lowest = std::max(lowest, m_model.row(p.row).stored.message.seq);
    }
    if (lowest > m_seen) {
        m_seen = lowest;
        emit seen(lowest);
    }
}

void TimelineView::scrollBy(int pixels)
{
    if (m_placed.empty() || pixels == 0)
        return;
    m_stick = false;
    m_anchor.y -= pixels;
    m_model.forgetWanted();
    place(true);
    forgetPassedReturns();
}

void TimelineView::scrollToNewest()
{
    m_returns.clear();
    m_stick = m_model.atNewest();
    if (m_stick)
        place(true);
    else
        m_model.jumpToNewest();
}

QRect TimelineView::rowRect(int row) const
{
    for (const Placed &p : m_placed) {
        if (p.row == row)
            return {0, p.top, viewport()->width(), p.height};
    }
    return {};
}

void TimelineView::revealRow(int row)
{
    if (row < 0 || row >= m_model.rowCount())
        return;
    const QRect rect = rowRect(row);
    if (!rect.isEmpty() && rect.top() >= 0 && rect.bottom() < viewport()->height())
        return;
    m_stick = false;
    anchorAt(row, viewport()->height() * 2 / 3 - heightOf(row));
    place(true);
}

void TimelineView::resizeEvent(QResizeEvent *event)
{
    QAbstractScrollArea::resizeEvent(event);
    m_bar->setGeometry(width() - 12, 0, 12, height());
    // Something that appears above or below takes its room from the edge: the lines stay where they are on the screen.
    const int top = mapTo(window(), QPoint(0, 0)).y();
    if (const int by = top - std::exchange(m_topInWindow, top); by != 0 && isVisible()) {
        m_anchor.y -= by;
        for (Placed &p : m_placed)
            p.top -= by;
    }
    place(false);
}

} // namespace kith::ui
