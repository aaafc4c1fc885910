// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pictures/crop_view.h"

#include <QKeyEvent>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace kith::ui {

namespace {
constexpr double kLeastSide = 48; // pixels of the picture: fewer are no face any more
constexpr double kMostTimes = 8;
constexpr int kDrawn = 1024; // longest side of what is drawn while it moves
constexpr int kMargin = 12;
constexpr int kStep = 4; // of the zoom, by a key or a notch of the wheel
constexpr float kVeil = 0.62F;
} // namespace

CropView::CropView(const Theme &theme, const QImage &image, QWidget *parent)
    : QWidget(parent), m_theme(theme), m_image(image), m_centre(QRectF(image.rect()).center())
{
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::OpenHandCursor);
    setMinimumSize(240, 240);
    setAccessibleName(tr("The part of the picture that is shown"));
    setAccessibleDescription(tr("Arrow keys move the picture, plus and minus make it larger and smaller."));
    m_shown = QPixmap::fromImage(std::max(image.width(), image.height()) > kDrawn
                                     ? image.scaled(kDrawn, kDrawn, Qt::KeepAspectRatio, Qt::SmoothTransformation)
                                     : image);
    m_most = std::clamp(std::min(image.width(), image.height()) / kLeastSide, 1.0, kMostTimes);
    connect(&theme, &Theme::changed, this, [this] { update(); });
}

QRectF CropView::window() const
{
    const double most = std::min(width(), height()) - 2 * kMargin;
    return {(width() - most) / 2, (height() - most) / 2, most, most};
}

double CropView::side() const
{
    // Each step is as much larger as the one before.
    return std::min(m_image.width(), m_image.height()) / std::pow(m_most, double(m_zoom) / kZoomSteps);
}

QRectF CropView::crop() const
{
    const double s = side();
    return {m_centre.x() - s / 2, m_centre.y() - s / 2, s, s};
}

QImage CropView::result(int most) const
{
    const int pixels = std::clamp(static_cast<int>(std::lround(side())), 1, most);
    const QRect rect = crop().toRect().intersected(m_image.rect());
    return m_image.copy(rect).scaled(pixels, pixels, Qt::IgnoreAspectRatio, Qt::SmoothTransformation);
}

void CropView::setZoom(int step)
{
    step = canZoom() ? std::clamp(step, 0, kZoomSteps) : 0;
    if (step == m_zoom)
        return;
    m_zoom = step;
    settle();
}

void CropView::moveBy(const QPointF &picture)
{
    m_centre += picture;
    settle();
}

void CropView::settle()
{
    const double half = side() / 2;
    const auto within = [half](double at, int size) { return std::clamp(at, half, std::max(half, size - half)); };
    m_centre = {within(m_centre.x(), m_image.width()), within(m_centre.y(), m_image.height())};
    update();
    emit changed();
}

void CropView::paintEvent(QPaintEvent *)
{
    QPainter p(this);
    p.setRenderHints(QPainter::Antialiasing | QPainter::SmoothPixmapTransform);
    QPainterPath ground;
    ground.addRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 12, 12);
    p.fillPath(ground, m_theme[Token::Window]);
    const QRectF round = window(), part = crop();
    const double scale = round.width() / part.width();
    p.save();
    p.setClipPath(ground);
    p.drawPixmap(QRectF(round.left() - part.left() * scale, round.top() - part.top() * scale, m_image.width() * scale,
                        m_image.height() * scale),
                 m_shown, QRectF(m_shown.rect()));
    QPainterPath veil = ground, hole;
    hole.addEllipse(round);
    QColor dim = m_theme[Token::Window];
    dim.setAlphaF(kVeil);
    p.fillPath(veil.subtracted(hole), dim);
    p.restore();
    p.setBrush(Qt::NoBrush);
    p.setPen(QPen(m_theme[Token::Surface], 2));
    p.drawEllipse(round);
    const bool focused = hasFocus();
    p.setPen(QPen(m_theme[focused ? Token::Focus : Token::Border], focused ? 2 : 1));
    p.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 12, 12);
}

void CropView::mousePressEvent(QMouseEvent *event)
{
    m_grip = event->position();
    setCursor(Qt::ClosedHandCursor);
    event->accept();
}

void CropView::mouseMoveEvent(QMouseEvent *event)
{
    if (!(event->buttons() & Qt::LeftButton)) {
        setCursor(Qt::OpenHandCursor);
        return;
    }
    const QPointF by = event->position() - m_grip;
    m_grip = event->position();
    moveBy(-by * crop().width() / window().width());
}

void CropView::wheelEvent(QWheelEvent *event)
{
    constexpr int kNotch = 120;
    const int delta = event->angleDelta().y();
    setZoom(m_zoom + (delta * kStep) / kNotch + (std::abs(delta) < kNotch / kStep ? (delta > 0) - (delta < 0) : 0));
    event->accept();
}

void CropView::keyPressEvent(QKeyEvent *event)
{
    const double step = crop().width() / 40;
    switch (event->key()) {
    case Qt::Key_Left:
        return moveBy({step, 0}); // the picture goes where the key points, like under the hand
    case Qt::Key_Right:
        return moveBy({-step, 0});
    case Qt::Key_Up:
        return moveBy({0, step});
    case Qt::Key_Down:
        return moveBy({0, -step});
    case Qt::Key_Plus:
    case Qt::Key_Equal:
    case Qt::Key_PageUp:
        return setZoom(m_zoom + kStep);
    case Qt::Key_Minus:
    case Qt::Key_PageDown:
        return setZoom(m_zoom - kStep);
    case Qt::Key_Home:
        m_centre = QRectF(m_image.rect()).center();
        m_zoom = 0;
        return settle();
    default:
        QWidget::keyPressEvent(event);
    }
}

} // namespace kith::ui
