// SPDX-License-Identifier: GPL-3.0-or-later
// The scroll bar of the timeline: its length is the conversation's number of messages, so it neither jumps nor shrinks
// when a page comes in, and dragging it reaches what is not loaded yet.
#include "ui/timeline/timeline_view.h"

#include <QScrollBar>

#include <algorithm>
#include <cmath>

namespace kith::ui {

namespace {
constexpr double kUnits = 64; // steps of the bar per message
}

double TimelineView::total() const
{
    double unsent = 0;
    for (int i = m_model.rowCount() - 1; i >= 0; --i) {
        const models::TimelineRow &row = m_model.row(i);
        if (row.kind != models::RowKind::Message || row.stored.message.seq)
            break;
        unsent += 1;
    }
    return std::max(0.0, static_cast<double>(m_model.headSeq().value() - m_model.floorSeq().value() + 1)) + unsent;
}

double TimelineView::positionAtTop() const
{
    for (const Placed &p : m_placed) {
        if (p.row >= m_model.rowCount() || p.top + p.height <= 0)
            continue;
        const models::TimelineRow &row = m_model.row(p.row);
        const auto at = row.seq();
        if (!at)
            continue;
        const double part = std::clamp(-static_cast<double>(p.top) / std::max(1, p.height), 0.0, 1.0);
        return static_cast<double>(at.value() - m_model.floorSeq().value()) + part;
    }
    return 0;
}

void TimelineView::updateBar()
{
    if (m_bar->isSliderDown() || m_updatingBar)
        return;
    m_updatingBar = true;
    const double all = total();
    const double page = viewport()->height() / std::max(24.0, m_cache.meanHeight());
    const bool everything = m_model.atOldest() && m_model.atNewest() && !m_placed.empty() &&
                            m_placed.front().row == 0 && m_placed.front().top >= 0;
    const int most = everything ? 0 : static_cast<int>(std::min(2e9, std::max(0.0, all - page) * kUnits));
    m_bar->setRange(0, most);
    m_bar->setPageStep(std::max(1, static_cast<int>(page * kUnits)));
    m_bar->setSingleStep(static_cast<int>(kUnits));
    const int value = m_stick ? most : std::min(most - 1, static_cast<int>(positionAtTop() * kUnits));
    m_bar->setValue(std::max(0, value));
    m_bar->setVisible(most > 0);
    m_updatingBar = false;
}

void TimelineView::onBarMoved(int value)
{
    if (m_updatingBar)
        return;
    if (value >= m_bar->maximum()) {
        scrollToNewest();
        return;
    }
    const double at = value / kUnits;
    const Seq seq(m_model.floorSeq().value() + static_cast<std::int64_t>(at));
    const int row = m_model.indexOfSeq(seq);
    if (row < 0) {
        m_model.jumpTo(seq);
        return;
    }
    m_stick = false;
    m_model.forgetWanted();
    anchorAt(row, -static_cast<int>((at - std::floor(at)) * heightOf(row)));
    place(true);
    forgetPassedReturns();
}

} // namespace kith::ui
