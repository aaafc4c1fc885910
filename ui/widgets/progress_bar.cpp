// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/progress_bar.h"

#include <QGuiApplication>
#include <QPainter>

#include <algorithm>

namespace kith::ui {

void paintBar(QPainter &p, const QRectF &rect, double part, const QColor &full, const Theme &theme)
{
    const double radius = rect.height() / 2;
    p.setPen(Qt::NoPen);
    p.setBrush(theme[Token::Border]);
    p.drawRoundedRect(rect, radius, radius);
    if (part <= 0)
        return;
    QRectF done = rect;
    done.setWidth(std::max(rect.height(), rect.width() * std::min(part, 1.0)));
    if (QGuiApplication::isRightToLeft())
        done.moveRight(rect.right());
    p.setBrush(full);
    p.drawRoundedRect(done, radius, radius);
}

ProgressBar::ProgressBar(const Theme &theme, QWidget *parent) : QProgressBar(parent), m_theme(theme)
{
    setRange(0, 1000);
    setTextVisible(false);
    setFixedHeight(8);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void ProgressBar::setPart(double part)
{
    m_part = std::clamp(part, 0.0, 1.0);
    setValue(static_cast<int>(m_part * maximum()));
    update();
}

void ProgressBar::setQuiet(bool quiet)
{
    m_quiet = quiet;
    update();
}

void ProgressBar::paintEvent(QPaintEvent *)
{
    QPainter p(this);
    p.setRenderHint(QPainter::Antialiasing);
    const Token full = m_part >= 1 ? Token::TickRead : m_quiet ? Token::Control : Token::Accent;
    paintBar(p, QRectF(rect()), m_part, m_theme[full], m_theme);
}

} // namespace kith::ui
