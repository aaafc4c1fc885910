// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/timeline_view.h"

#include "ui/theme/icons.h"
#include "ui/timeline/row_painter.h"
#include "ui/timeline/timeline_accessible.h"
#include "ui/words/words.h"

#include <QPainter>
#include <QPushButton>
#include <QResizeEvent>
#include <QScrollBar>
#include <QStyle>
#include <QTimer>

#include <algorithm>

namespace kith::ui {

namespace {
constexpr int kPadBottom = 12, kPadTop = 8;
// Pages are asked for before their rows come into sight.
constexpr int kAheadRows = 24;
constexpr int kSlideMs = 120; // LOOK.md
} // namespace

TimelineView::TimelineView(const Theme &theme, models::TimelineWindow &model, const models::People &people,
                           QWidget *parent)
    : QAbstractScrollArea(parent), m_theme(theme), m_model(model), m_people(people)
{
    installTimelineAccessibility();
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFocusPolicy(Qt::StrongFocus);
    viewport()->setMouseTracking(true);
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
    viewport()->setCursor(Qt::ArrowCursor);
    m_bar = new QScrollBar(Qt::Vertical, this);
    m_bar->setFocusPolicy(Qt::NoFocus);
    m_bar->setCursor(Qt::ArrowCursor);
    m_pill = new QPushButton(this);
    m_pill->setObjectName(QStringLiteral("Pill"));
    m_pill->setFocusPolicy(Qt::NoFocus);
    m_pill->setCursor(Qt::PointingHandCursor);
    m_pill->hide();
    m_slide.setDuration(kSlideMs);
    m_slide.setEasingCurve(QEasingCurve::OutCubic);
    m_slide.setEndValue(0);
    connect(&m_slide, &QVariantAnimation::valueChanged, this, [this] { viewport()->update(); });
    connect(m_bar, &QScrollBar::valueChanged, this, &TimelineView::onBarMoved);
    connect(m_pill, &QPushButton::clicked, this, &TimelineView::scrollToNewest);
    connect(&model, &QAbstractItemModel::rowsInserted, this,
            [this](const QModelIndex &, int first, int last) { onInserted(first, last); });
    connect(&model, &QAbstractItemModel::rowsRemoved, this, [this] { place(); });
    connect(&model, &QAbstractItemModel::dataChanged, this, [this](const QModelIndex &from, const QModelIndex &to) {
        for (int i = from.row(); i <= to.row(); ++i)
            m_cache.forget(m_model.row(i).key);
        place();
    });
    connect(&model, &QAbstractItemModel::modelReset, this, [this] {
        m_cache.clear();
        m_selection.clear();
        m_stick = true;
        m_anchor.clear();
        m_hasTarget = false;
        place();
    });
    connect(&model, &models::TimelineWindow::positioned, this, &TimelineView::onPositioned);
    connect(&model, &models::TimelineWindow::loadingChanged, this, [this] { viewport()->update(); });
    connect(&model, &models::TimelineWindow::headChanged, this, &TimelineView::updateBar);
    connect(&theme, &Theme::changed, this, &TimelineView::restyle);
    restyle();
}

LayoutContext TimelineView::context() const
{
    return {m_theme, m_people, viewport()->width(), QDate::currentDate()};
}

const RowLayout &TimelineView::layoutOf(int row) const
{
    return m_cache.get(m_model.row(row), context());
}

int TimelineView::heightOf(int row) const
{
    return layoutOf(row).height;
}

void TimelineView::restyle()
{
    m_cache.clear();
    m_pill->setIcon(icon(QStringLiteral("arrow-down"), m_theme[Token::Link]));
    m_pill->setIconSize(QSize(20, 20));
    setAccessibleName(tr("Messages"));
    updatePill();
    place();
    viewport()->update();
}

void TimelineView::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::LanguageChange || event->type() == QEvent::FontChange)
        restyle();
    QAbstractScrollArea::changeEvent(event);
}

void TimelineView::onInserted(int first, int last)
{
    const bool wasStick = m_stick;
    const bool atEnd = last == m_model.rowCount() - 1 && first > 0;
    place();
    if (wasStick && m_stick && atEnd && last - first < 3 && isVisible() && m_theme.motion()) {
        int height = 0;
        for (int i = first; i <= last; ++i)
            height += heightOf(i);
        m_slide.stop();
        m_slide.setStartValue(std::min(height, viewport()->height() / 2));
        m_slide.start();
    }
}

void TimelineView::onPositioned(const QString &key)
{
    m_hasTarget = true;
    m_target = key;
    m_flash = key.startsWith(QLatin1Char('m')) || key.startsWith(QLatin1Char('c')) ? key : QString();
    if (!m_flash.isEmpty()) {
        QTimer::singleShot(1200, this, [this] {
            m_flash.clear();
            viewport()->update();
        });
    }
    place();
}

void TimelineView::applyTarget()
{
    if (!m_hasTarget || viewport()->height() < 40 || m_model.rowCount() == 0)
        return;
    m_hasTarget = false;
    const int row = m_model.indexOfKey(m_target);
    if (m_target.isEmpty() || row < 0) {
        m_stick = m_model.atNewest();
        if (!m_stick) {
            m_anchorRow = m_model.rowCount() - 1;
            m_anchor = m_model.row(m_anchorRow).key;
            m_anchorUp = kPadBottom;
        }
        return;
    }
    // Where all that follows fits below it, the newest end shows it too.
    int below = 0;
    for (int i = row; i < m_model.rowCount() && below < viewport()->height(); ++i)
        below += heightOf(i);
    if (m_model.atNewest() && below < viewport()->height() * 3 / 4) {
        m_stick = true;
        return;
    }
    // A quarter down: what came before is in sight for its context.
    m_stick = false;
    m_anchor = m_target;
    m_anchorRow = row;
    m_anchorUp = viewport()->height() - viewport()->height() / 4 - heightOf(row);
}

void TimelineView::place()
{
    if (m_placing)
        return;
    m_placing = true;
    applyTarget();
    if (m_model.rowCount() == 0 || viewport()->height() <= 0) {
        m_placed.clear();
    } else {
        // Each round mends one end (a gap below, then a gap above); two suffice, the third proves it.
        for (int round = 0; round < 3 && placeOnce(); ++round) {
        }
        pickAnchor();
    }
    m_placing = false;
    afterPlace();
}

bool TimelineView::placeOnce()
{
    const int count = m_model.rowCount();
    const int height = viewport()->height();
    int anchor = m_stick ? count - 1 : m_model.indexOfKey(m_anchor);
    if (m_stick)
        m_anchorUp = kPadBottom;
    if (anchor < 0)
        anchor = std::clamp(m_anchorRow, 0, count - 1);
    m_anchorRow = anchor;
    m_placed.clear();
    std::vector<Placed> above;
    int y = height - m_anchorUp;
    for (int i = anchor; i >= 0 && y > 0; --i) {
        const int h = heightOf(i);
        y -= h;
        above.push_back({i, y, h});
    }
    m_placed.assign(above.rbegin(), above.rend());
    y = height - m_anchorUp;
    for (int i = anchor + 1; i < count && y < height; ++i) {
        const int h = heightOf(i);
        m_placed.push_back({i, y, h});
        y += h;
    }
    if (m_placed.empty()) { // the anchor itself was pushed out of sight: start from it
        m_placed.push_back({anchor, height - m_anchorUp - heightOf(anchor), heightOf(anchor)});
    }
    const Placed &first = m_placed.front();
    const Placed &last = m_placed.back();
    const int bottom = last.top + last.height;
    if (last.row == count - 1 && bottom < height - kPadBottom) {
        m_anchor = m_model.row(anchor).key;
        m_anchorUp -= height - kPadBottom - bottom;
        m_stick = false;
        return true;
    }
    if (first.row == 0 && first.top > kPadTop && bottom > height - kPadBottom) {
        m_anchor = m_model.row(anchor).key;
        m_anchorUp += std::min(first.top - kPadTop, bottom - (height - kPadBottom));
        m_stick = false;
        return true;
    }
    return false;
}

void TimelineView::pickAnchor()
{
    const int height = viewport()->height();
    const Placed &last = m_placed.back();
    m_stick =
        m_model.atNewest() && last.row == m_model.rowCount() - 1 && last.top + last.height <= height - kPadBottom + 4;
    // The lowest row that is wholly in sight: what is read stays where it is when the width changes.
    const Placed *best = nullptr;
    for (const Placed &p : m_placed) {
        if (!best || p.top + p.height <= height)
            best = &p;
    }
    m_anchor = m_model.row(best->row).key;
    m_anchorRow = best->row;
    m_anchorUp = height - best->top - best->height;
}

void TimelineView::afterPlace()
{
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
    if (m_placed.empty() || !isVisible()) {
        return;
    }
    if (m_placed.front().row < kAheadRows)
        m_model.needOlder();
    if (!m_placed.empty() && m_placed.back().row >= m_model.rowCount() - kAheadRows)
        m_model.needNewer();
    std::vector<history::Hole> holes;
    for (const Placed &p : m_placed) {
        if (p.row < m_model.rowCount() && m_model.row(p.row).kind == models::RowKind::Hole && p.top + p.height > 0 &&
            p.top < viewport()->height())
            holes.push_back(m_model.row(p.row).hole);
    }
    for (const history::Hole &hole : holes)
        m_model.fillHole(hole, false);
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
        const models::TimelineRow &row = m_model.row(p.row);
        const bool message = row.kind == models::RowKind::Message || row.kind == models::RowKind::System;
        // A message taller than the viewport counts when its end is in sight.
        if (message && p.top + p.height <= viewport()->height() && p.top + p.height > 0)
            lowest = std::max(lowest, row.stored.message.seq);
    }
    if (lowest > m_seen) {
        m_seen = lowest;
        emit seen(lowest);
    }
}

void TimelineView::setUnread(std::int64_t unread)
{
    m_unread = unread;
    updatePill();
}

void TimelineView::updatePill()
{
    const bool show = !m_stick && m_model.rowCount() > 0 && !m_placed.empty();
    m_pill->setText(m_unread > 0 ? tr("%n new message(s)", nullptr, static_cast<int>(m_unread)) : QString());
    m_pill->setAccessibleName(tr("To the newest message"));
    m_pill->setToolTip(tr("To the newest message (Esc)"));
    m_pill->setVisible(show);
    if (!show)
        return;
    const bool round = m_unread <= 0;
    if (m_pill->property("round").toBool() != round) {
        m_pill->setProperty("round", round);
        m_pill->style()->unpolish(m_pill);
        m_pill->style()->polish(m_pill);
    }
    m_pill->adjustSize();
    m_pill->move(width() - m_pill->width() - space::kXl, height() - m_pill->height() - space::kL);
    m_pill->raise();
}

void TimelineView::scrollBy(int pixels)
{
    if (m_placed.empty() || pixels == 0)
        return;
    m_stick = false;
    m_anchorUp += pixels;
    place();
}

void TimelineView::scrollToNewest()
{
    m_stick = m_model.atNewest();
    if (m_stick)
        place();
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
    m_anchorRow = row;
    m_anchor = m_model.row(row).key;
    m_anchorUp = viewport()->height() / 3;
    place();
}

void TimelineView::resizeEvent(QResizeEvent *event)
{
    QAbstractScrollArea::resizeEvent(event);
    m_bar->setGeometry(width() - 12, 0, 12, height());
    place();
}

void TimelineView::showEvent(QShowEvent *event)
{
    QAbstractScrollArea::showEvent(event);
    window()->installEventFilter(this);
    place();
}

bool TimelineView::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::WindowActivate)
        QMetaObject::invokeMethod(this, &TimelineView::reportSeen, Qt::QueuedConnection);
    return QAbstractScrollArea::eventFilter(watched, event);
}

void TimelineView::paintEvent(QPaintEvent *event)
{
    QPainter painter(viewport());
    painter.fillRect(event->rect(), m_theme[Token::Window]);
    const int slide = m_slide.state() == QAbstractAnimation::Running ? m_slide.currentValue().toInt() : 0;
    for (const Placed &p : m_placed) {
        if (p.row >= m_model.rowCount() ||
            !QRect(0, p.top + slide, viewport()->width(), p.height).intersects(event->rect()))
            continue;
        const models::TimelineRow &row = m_model.row(p.row);
        const RowLayout &layout = layoutOf(p.row);
        const auto [from, to] = m_selection.inRow(m_model, p.row, static_cast<int>(layout.plain().size()));
        paintRow(painter, QPointF(0, p.top + slide), {row, layout, m_theme, from, to, row.key == m_flash, nullptr});
    }
    if (m_placed.empty() && m_model.isLoaded() && !m_model.isLoading()) {
        const QRect area = viewport()->rect();
        const QRect art(area.center().x() - 100, area.center().y() - 110, 200, 140);
        paintArt(painter, QStringLiteral("art-letter"), art, m_theme[Token::Accent], m_theme[Token::Art]);
        painter.setFont(m_theme.nameFont());
        painter.setPen(m_theme[Token::Text]);
        const int y = art.bottom() + space::kL;
        painter.drawText(QRect(0, y, area.width(), 24), Qt::AlignCenter, tr("No messages yet"));
        painter.setFont(m_theme.bodyFont());
        painter.setPen(m_theme[Token::Muted]);
        painter.drawText(QRect(0, y + 26, area.width(), 24), Qt::AlignCenter, tr("Write the first one below."));
    }
    if (hasFocus() && property("keyboardFocus").toBool()) {
        painter.setPen(QPen(m_theme[Token::Focus], 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(viewport()->rect().adjusted(1, 1, -1, -1));
    }
    emit painted();
}

} // namespace kith::ui
