// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspector/phase_strip.h"

#include <QDateTime>
#include <QHelpEvent>
#include <QPainter>
#include <QPainterPath>
#include <QToolTip>

namespace kith::ui {

namespace {
constexpr double kLeast = 3; // px: an attempt of some milliseconds is seen too
}

PhaseStrip::PhaseStrip(const Theme &theme, const models::LinkLogModel &log, QWidget *parent)
    : QWidget(parent), m_theme(theme), m_log(log)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&log, &QAbstractItemModel::rowsInserted, this, qOverload<>(&QWidget::update));
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
    m_tick.setInterval(1000);
    connect(&m_tick, &QTimer::timeout, this, qOverload<>(&QWidget::update));
    m_tick.start();
}

QColor PhaseStrip::colourOf(const client::LinkStatus &status) const
{
    switch (status.phase) {
    case client::LinkPhase::LoggedOut:
        return m_theme[Token::Border];
    case client::LinkPhase::Offline:
        return m_theme[Token::Control];
    case client::LinkPhase::Connecting:
        return m_theme[Token::Focus];
    case client::LinkPhase::Online:
        return m_theme[Token::Online];
    case client::LinkPhase::Waiting:
        return m_theme[Token::Danger];
    }
    return {};
}

std::vector<PhaseStrip::Span> PhaseStrip::spans() const
{
    const auto &changes = m_log.changes();
    std::vector<Span> found;
    if (changes.empty())
        return found;
    const double end = static_cast<double>(QDateTime::currentMSecsSinceEpoch());
    const double begin = static_cast<double>(toUnixMs(changes.front().at));
    const double room = std::max(1.0, width() - kLeast * static_cast<double>(changes.size()));
    const double scale = room / std::max(1.0, end - begin);
    double x = 0;
    for (std::size_t i = 0; i < changes.size(); ++i) {
        const double from = static_cast<double>(toUnixMs(changes[i].at));
        const double to = i + 1 < changes.size() ? static_cast<double>(toUnixMs(changes[i + 1].at)) : end;
        const double next = x + kLeast + std::max(0.0, to - from) * scale;
        found.push_back({changes[i].status, x, next});
        x = next;
    }
    return found;
}

void PhaseStrip::paintEvent(QPaintEvent *)
{
    QPainter p(this);
    p.setRenderHint(QPainter::Antialiasing);
    QPainterPath frame;
    frame.addRoundedRect(rect(), 6, 6);
    p.setClipPath(frame);
    p.fillRect(rect(), m_theme[Token::Hover]);
    for (const auto &span : spans()) {
        QColor colour = colourOf(span.status);
        if (span.status.catchingUp)
            colour.setAlphaF(0.6F);
        p.fillRect(QRectF(span.from, 0, span.to - span.from, height()), colour);
    }
}

bool PhaseStrip::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    for (const auto &span : spans())
        if (help->pos().x() >= span.from && help->pos().x() < span.to)
            QToolTip::showText(help->globalPos(), models::LinkLogModel::stateName(span.status), this);
    return true;
}

} // namespace kith::ui
