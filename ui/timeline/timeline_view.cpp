// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/timeline_view.h"

#include "ui/pictures/pictures.h"
#include "ui/theme/icons.h"
#include "ui/timeline/row_painter.h"
#include "ui/timeline/timeline_accessible.h"
#include "ui/words/words.h"

#include <QPainter>
#include <QPushButton>
#include <QScrollBar>
#include <QStyle>

#include <algorithm>
#include <utility>

namespace kith::ui {

namespace {
constexpr int kSlideMs = 120; // LOOK.md
constexpr int kSelectMs = 30; // between the steps of scrolling while selecting: looks even, leaves time to paint
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
    m_selectOn.setInterval(kSelectMs);
    connect(&m_selectOn, &QTimer::timeout, this, [this] { selectTo(m_selectAt); });
    connect(m_pill, &QPushButton::clicked, this, [this] {
        if (!goBack())
            scrollToNewest();
    });
    // Rows are placed when all of a change is told. A key that comes again may be of a message that was changed
    // meanwhile: its layout is made anew.
    connect(&model, &QAbstractItemModel::rowsInserted, this, [this](const QModelIndex &, int first, int last) {
        for (int i = first; i <= last; ++i)
            m_cache.forget(m_model.row(i).key);
        m_fresh = m_dirty ? std::nullopt : std::optional(std::pair(first, last));
        m_dirty = true;
    });
    connect(&model, &QAbstractItemModel::rowsRemoved, this, [this] {
        m_fresh.reset();
        m_dirty = true;
    });
    connect(&model, &QAbstractItemModel::dataChanged, this, [this](const QModelIndex &from, const QModelIndex &to) {
        for (int i = from.row(); i <= to.row(); ++i)
            m_cache.forget(m_model.row(i).key);
        m_dirty = true;
    });
    connect(&model, &models::TimelineWindow::rebuilt, this, &TimelineView::onRebuilt);
    connect(&model, &QAbstractItemModel::modelReset, this, [this] {
        m_cache.clear();
        m_selection.clear();
        m_current.clear(); // another conversation has rows of the same keys
        m_stick = true;
        m_anchor = {};
        m_hasTarget = m_dirty = false;
        m_fresh.reset();
        m_foundMarks.clear();
        place(true);
    });
    connect(&model, &models::TimelineWindow::positioned, this, &TimelineView::onPositioned);
    connect(&model, &models::TimelineWindow::loadingChanged, this, [this] { viewport()->update(); });
    connect(&model, &models::TimelineWindow::headChanged, this, [this] {
        if (m_model.conversation() != m_returnsIn)
            m_returns.clear();
        updateBar();
    });
    connect(&theme, &Theme::changed, this, &TimelineView::restyle);
    connect(&theme.pictures(), &Pictures::arrived, this, [this](const QString &id) {
        for (const Placed &p : m_placed)
            if (p.row < m_model.rowCount() && m_model.row(p.row).avatar == id)
                viewport()->update(QRect(0, p.top, viewport()->width(), p.height));
    });
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
    place(false);
    viewport()->update();
}

void TimelineView::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::LanguageChange || event->type() == QEvent::FontChange)
        restyle();
    QAbstractScrollArea::changeEvent(event);
}

void TimelineView::onRebuilt()
{
    if (!std::exchange(m_dirty, false))
        return;
    const auto fresh = std::exchange(m_fresh, std::nullopt);
    const bool wasStick = m_stick;
    place(false);
    const bool slides =
        fresh && fresh->first > 0 && fresh->second == m_model.rowCount() - 1 && fresh->second - fresh->first < 3;
    if (!slides || !wasStick || !m_stick || !isVisible() || !m_theme.motion())
        return;
    int height = 0;
    for (int i = fresh->first; i <= fresh->second; ++i)
        height += heightOf(i);
    m_slide.stop();
    m_slide.setStartValue(std::min(height, viewport()->height() / 2));
    m_slide.start();
}

void TimelineView::showEvent(QShowEvent *event)
{
    QAbstractScrollArea::showEvent(event);
    window()->installEventFilter(this);
    place(false);
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
        paintRow(painter, QPointF(0, p.top + slide),
                 {row, layout, m_theme, from, to, row.key == m_flash, foundIn(row)});
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
    if (hasFocus() && property("keyboardFocus").toBool())
        paintFocus(painter);
    emit painted();
}

} // namespace kith::ui
