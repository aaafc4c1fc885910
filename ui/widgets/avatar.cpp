// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/avatar.h"

#include "core/models/people.h"
#include "ui/pictures/pictures.h"
#include "ui/theme/icons.h"

#include <QPainter>

namespace kith::ui {

namespace {

bool paintPicture(QPainter &painter, const QRectF &rect, const QString &picture, const Theme &theme)
{
    if (picture.isEmpty())
        return false;
    const qreal scale = painter.device()->devicePixelRatioF();
    const QPixmap round = theme.pictures().find(picture, qRound(rect.width() * scale));
    if (round.isNull())
        return false;
    painter.save();
    painter.setRenderHints(QPainter::Antialiasing | QPainter::SmoothPixmapTransform);
    painter.drawPixmap(rect, round, QRectF(round.rect()));
    // A white picture on white paper is round too.
    painter.setPen(QPen(theme[Token::Border], 1));
    painter.setBrush(Qt::NoBrush);
    painter.drawEllipse(rect.adjusted(0.5, 0.5, -0.5, -0.5));
    painter.restore();
    return true;
}

} // namespace

void paintAvatar(QPainter &painter, const QRectF &rect, const QString &name, int colour, const Theme &theme,
                 const QString &picture)
{
    if (paintPicture(painter, rect, picture, theme))
        return;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.senderGround(colour));
    painter.drawEllipse(rect);
    QFont font = theme.nameFont();
    const QString letters = models::initials(name);
    font.setPixelSize(static_cast<int>(rect.height() * (letters.size() > 1 ? 0.36 : 0.42)));
    painter.setFont(font);
    painter.setPen(theme.sender(colour));
    if (letters.isEmpty()) {
        const qreal side = rect.height() * 0.5;
        paintIcon(painter, QStringLiteral("people"),
                  QRectF(rect.center().x() - side / 2, rect.center().y() - side / 2, side, side), theme.sender(colour));
    } else {
        painter.drawText(rect, Qt::AlignCenter, letters);
    }
    painter.restore();
}

void paintOnlineDot(QPainter &painter, const QRectF &avatar, const QColor &ground, const Theme &theme)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const QPointF centre(avatar.right() - 6, avatar.bottom() - 6);
    painter.setPen(Qt::NoPen);
    painter.setBrush(ground);
    painter.drawEllipse(centre, 7, 7);
    painter.setBrush(theme[Token::Online]);
    painter.drawEllipse(centre, 5, 5);
    painter.restore();
}

AvatarWidget::AvatarWidget(const Theme &theme, int size, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    setFixedSize(size, size);
    connect(&theme, &Theme::changed, this, [this] { update(); });
    connect(&theme.pictures(), &Pictures::arrived, this, [this](const QString &id) {
        if (id == m_picture)
            update();
    });
}

void AvatarWidget::show(const QString &name, int colour, const QString &picture)
{
    m_name = name;
    m_colour = colour;
    m_picture = picture;
    update();
}

void AvatarWidget::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    paintAvatar(painter, rect(), m_name, m_colour, m_theme, m_picture);
}

} // namespace kith::ui
