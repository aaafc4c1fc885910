// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/list_row.h"

#include <QListView>
#include <QPainter>

#include <algorithm>

namespace kith::ui {

void makeRowList(QListView &list)
{
    list.setUniformItemSizes(true);
    list.setMouseTracking(true);
    list.setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    list.setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    list.setEditTriggers(QAbstractItemView::NoEditTriggers);
    list.setFrameShape(QFrame::NoFrame);
}

QRect rowFrame(const QStyleOptionViewItem &option)
{
    return option.rect.adjusted(4, 1, -4, -1);
}

QColor paintRowGround(QPainter &painter, const QStyleOptionViewItem &option, const Theme &theme, Token plain)
{
    QColor ground = theme[plain];
    const QRect frame = rowFrame(option);
    const bool selected = option.state & QStyle::State_Selected;
    if (selected || option.state & QStyle::State_MouseOver) {
        ground = theme[selected ? Token::Selection : Token::Hover];
        painter.setPen(Qt::NoPen);
        painter.setBrush(ground);
        painter.drawRoundedRect(frame, 8, 8);
    }
    if (option.state & QStyle::State_HasFocus && option.state & QStyle::State_KeyboardFocusChange) {
        painter.setPen(QPen(theme[Token::Focus], 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(QRectF(frame).adjusted(1, 1, -1, -1), 8, 8);
    }
    return ground;
}

QRectF paintUnreadBadge(QPainter &painter, double right, double middle, std::int64_t unread, bool muted,
                        const Theme &theme)
{
    constexpr int kHeight = 20;
    const QString text = unread > 999 ? QStringLiteral("999+") : QString::number(unread);
    QFont font = theme.smallFont();
    font.setWeight(QFont::DemiBold);
    const int width = std::max(kHeight, QFontMetrics(font).horizontalAdvance(text) + 12);
    const QRectF badge(right - width, middle - kHeight / 2.0, width, kHeight);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme[muted ? Token::BadgeMuted : Token::Accent]);
    painter.drawRoundedRect(badge, kHeight / 2.0, kHeight / 2.0);
    painter.setFont(font);
    painter.setPen(theme[muted ? Token::OnBadgeMuted : Token::OnAccent]);
    painter.drawText(badge, Qt::AlignCenter, text);
    return badge;
}

} // namespace kith::ui
