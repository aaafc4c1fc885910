// SPDX-License-Identifier: GPL-3.0-or-later
// Jumps of the timeline and the way back: to a reply's source, to a day, to the newest; and the words that were found.
#include "ui/timeline/timeline_view.h"

#include "core/history/search.h"
#include "ui/theme/icons.h"
#include "ui/words/words.h"

#include <QPushButton>
#include <QStyle>

namespace kith::ui {

void TimelineView::setUnread(std::int64_t unread)
{
    m_unread = unread;
    updatePill();
}

void TimelineView::updatePill()
{
    const bool show = !m_stick && m_model.rowCount() > 0 && !m_placed.empty();
    const bool back = !m_returns.empty();
    m_pill->setText(back           ? tr("Back to the reply")
                    : m_unread > 0 ? tr("%n new message(s)", nullptr, static_cast<int>(m_unread))
                                   : QString());
    m_pill->setAccessibleName(back ? tr("Back to the reply") : tr("To the newest message"));
    m_pill->setToolTip(back ? tr("Back to the reply (Alt+Left)") : tr("To the newest message (Esc)"));
    m_pill->setVisible(show);
    if (!show)
        return;
    const bool round = m_pill->text().isEmpty();
    if (m_pill->property("round").toBool() != round) {
        m_pill->setProperty("round", round);
        m_pill->style()->unpolish(m_pill);
        m_pill->style()->polish(m_pill);
    }
    m_pill->adjustSize();
    m_pill->move(pillPlace());
    m_pill->raise();
}

QPoint TimelineView::pillPlace() const
{
    QRect place(QPoint(width() - m_pill->width() - space::kXl, height() - m_pill->height() - space::kL),
                m_pill->size());
    const QPoint usual = place.topLeft();
    // Never on what is there to be pressed: above it then, from below upwards.
    for (auto p = m_placed.rbegin(); p != m_placed.rend(); ++p) {
        if (p->row >= m_model.rowCount())
            continue;
        const RowLayout &layout = layoutOf(p->row);
        const QRectF words = layout.failure.isEmpty() ? layout.action : layout.failure.united(layout.discard);
        const QRect taken = words.translated(0, p->top).toAlignedRect();
        if (!taken.isEmpty() && taken.adjusted(-space::kXs, 0, space::kXs, 0).intersects(place))
            place.moveBottom(taken.top() - space::kXs - 1);
    }
    return place.top() < 0 ? usual : place.topLeft();
}

QDate TimelineView::dayInSight() const
{
    for (const Placed &p : m_placed) {
        const models::TimelineRow &row = m_model.row(p.row);
        if (row.kind == models::RowKind::Message || row.kind == models::RowKind::System)
            return toLocal(row.stored.message.createdAt).date();
    }
    return QDate::currentDate();
}

void TimelineView::goToSource(int row)
{
    const models::TimelineRow reply = m_model.row(row);
    const QRect rect = rowRect(row);
    if (reply.seq()) {
        m_returnsIn = m_model.conversation();
        m_returns.push_back({reply.seq(), rect.top()});
    }
    m_model.jumpTo(reply.quote->seq);
    updatePill();
}

bool TimelineView::goBack()
{
    if (m_returns.empty())
        return false;
    const Return to = m_returns.back();
    m_returns.pop_back();
    m_targetTop = to.top;
    m_model.jumpTo(to.seq);
    updatePill();
    return true;
}

void TimelineView::forgetPassedReturns()
{
    // Who scrolls down to where the jump began has come back already.
    const auto inSight = [this](Seq seq) { return !rowRect(m_model.indexOfSeq(seq)).isEmpty(); };
    const auto passed = [this](Seq seq) { return !m_placed.empty() && m_model.row(m_placed.front().row).seq() > seq; };
    const auto before = m_returns.size();
    while (!m_returns.empty() && (inSight(m_returns.back().seq) || passed(m_returns.back().seq)))
        m_returns.pop_back();
    if (before != m_returns.size())
        updatePill();
}

void TimelineView::setFound(std::vector<std::string> phrases, bool lastOpen)
{
    if (phrases == m_found && lastOpen == m_foundOpen)
        return;
    m_found = std::move(phrases);
    m_foundOpen = lastOpen;
    m_foundMarks.clear();
    viewport()->update();
}

void TimelineView::leaveFound()
{
    setFound({}, false);
    scrollToNewest();
}

std::vector<FoundMark> TimelineView::foundIn(const models::TimelineRow &row) const
{
    if (m_found.empty() || row.kind != models::RowKind::Message || row.stored.message.recalled)
        return {};
    // Of the rows in sight only, and once while the words are the same.
    FoundWords &known = m_foundMarks[row.key];
    if (known.text == row.words.text)
        return known.marks;
    if (m_foundMarks.size() > 400)
        m_foundMarks.clear();
    FoundWords fresh;
    fresh.text = row.words.text;
    history::SearchQuery query;
    query.phrases = m_found;
    query.lastOpen = m_foundOpen;
    const QByteArray bytes = fresh.text.toUtf8();
    const auto at = [&bytes](std::size_t byte) {
        return static_cast<int>(QString::fromUtf8(bytes.first(static_cast<qsizetype>(byte))).size());
    };
    for (const history::SearchMark &mark :
         history::findWords({bytes.constData(), static_cast<std::size_t>(bytes.size())}, query)) {
        const int from = at(mark.from);
        fresh.marks.push_back({from, at(mark.to) - from});
    }
    m_foundMarks[row.key] = fresh;
    return fresh.marks;
}

} // namespace kith::ui
