// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/row_painter.h"

#include "ui/theme/icons.h"
#include "ui/widgets/avatar.h"

#include <QPainter>
#include <QPainterPath>

namespace kith::ui {

using namespace timeline;
using models::Delivery;
using models::RowKind;

namespace {

QPainterPath bubblePath(const QRectF &r, double topLeft, double topRight, double bottomRight, double bottomLeft)
{
    QPainterPath path;
    path.moveTo(r.left() + topLeft, r.top());
    path.lineTo(r.right() - topRight, r.top());
    path.arcTo(r.right() - 2 * topRight, r.top(), 2 * topRight, 2 * topRight, 90, -90);
    path.lineTo(r.right(), r.bottom() - bottomRight);
    path.arcTo(r.right() - 2 * bottomRight, r.bottom() - 2 * bottomRight, 2 * bottomRight, 2 * bottomRight, 0, -90);
    path.lineTo(r.left() + bottomLeft, r.bottom());
    path.arcTo(r.left(), r.bottom() - 2 * bottomLeft, 2 * bottomLeft, 2 * bottomLeft, 270, -90);
    path.lineTo(r.left(), r.top() + topLeft);
    path.arcTo(r.left(), r.top(), 2 * topLeft, 2 * topLeft, 180, -90);
    path.closeSubpath();
    return path;
}

void paintChip(QPainter &p, const RowPaint &paint)
{
    const RowLayout &l = paint.layout;
    const Theme &t = paint.theme;
    p.setFont(t.smallFont());
    const QRectF inner = l.chip.adjusted(12, 0, -12, 0);
    const double radius = std::min<double>(l.chip.height() / 2, kRadius + 2); // of one line, half of it
    switch (paint.row.kind) {
    case RowKind::Unread: {
        const double y = std::floor(l.chip.center().y()) + 0.5;
        p.setPen(QPen(t[Token::Accent], 1));
        p.drawLine(QPointF(kSide, y), QPointF(l.chip.left() - 4, y));
        p.drawLine(QPointF(l.chip.right() + 4, y), QPointF(l.chip.center().x() * 2 - kSide, y));
        p.setPen(t[Token::Link]);
        p.drawText(l.chip, Qt::AlignCenter, l.chipText);
        return;
    }
    case RowKind::Hole:
        p.setPen(QPen(t[Token::Control], 1, Qt::DashLine));
        p.setBrush(Qt::NoBrush);
        p.drawRoundedRect(l.chip.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius);
        if (l.action.isEmpty())
            break;
        p.setPen(t[Token::Muted]);
        p.drawText(inner, Qt::AlignLeft | Qt::AlignVCenter, l.chipText + QStringLiteral(" · "));
        p.setPen(t[Token::Link]);
        p.drawText(inner, Qt::AlignRight | Qt::AlignVCenter, l.actionText);
        return;
    case RowKind::Day:
        p.setPen(Qt::NoPen);
        p.setBrush(t[Token::Hover]); // the sidebar's ground is too close to the window's in the dark
        p.drawRoundedRect(l.chip, l.chip.height() / 2, l.chip.height() / 2);
        break;
    case RowKind::System:
    case RowKind::Start:
    case RowKind::Message:
        break;
    }
    p.setPen(t[Token::Muted]);
    p.drawText(inner, Qt::AlignCenter | Qt::TextWordWrap, l.chipText);
}

void paintTick(QPainter &p, const RowPaint &paint)
{
    const Theme &t = paint.theme;
    switch (paint.row.delivery) {
    case Delivery::None:
        return;
    case Delivery::Sending:
        return paintIcon(p, QStringLiteral("clock"), paint.layout.tick, t[Token::Muted]);
    case Delivery::Accepted:
        return paintIcon(p, QStringLiteral("tick"), paint.layout.tick, t[Token::Muted]);
    case Delivery::Delivered:
        return paintIcon(p, QStringLiteral("ticks"), paint.layout.tick, t[Token::Muted]);
    case Delivery::Read:
        return paintIcon(p, QStringLiteral("ticks"), paint.layout.tick, t[Token::TickRead]);
    case Delivery::Failed:
        return paintIcon(p, QStringLiteral("alert"), paint.layout.tick, t[Token::Danger]);
    }
}

void paintQuote(QPainter &p, const RowPaint &paint)
{
    const RowLayout &l = paint.layout;
    const Theme &t = paint.theme;
    const QColor line = paint.row.quote->known ? t.sender(paint.row.quote->colour) : t[Token::Control];
    p.setPen(Qt::NoPen);
    p.setBrush(line);
    p.drawRoundedRect(QRectF(l.quote.left(), l.quote.top() + 2, 3, l.quote.height() - 4), 1.5, 1.5);
    QRectF inner = l.quote.adjusted(11, 3, 0, -3);
    if (!l.quoteName.isEmpty()) {
        p.setFont(t.smallFont());
        p.setPen(line);
        const double height = QFontMetricsF(t.smallFont()).height();
        p.drawText(QRectF(inner.left(), inner.top(), inner.width(), height), Qt::AlignLeft | Qt::AlignVCenter,
                   l.quoteName);
        inner.setTop(inner.top() + height);
    }
    p.setFont(t.bodyFont());
    p.setPen(t[Token::Muted]);
    p.drawText(inner, Qt::AlignLeft | Qt::AlignVCenter, l.quoteText);
}

} // namespace

void paintRow(QPainter &p, const QPointF &at, const RowPaint &paint)
{
    p.save();
    p.translate(at);
    p.setRenderHint(QPainter::Antialiasing);
    const RowLayout &l = paint.layout;
    const models::TimelineRow &row = paint.row;
    const Theme &t = paint.theme;
    if (row.kind != RowKind::Message) {
        paintChip(p, paint);
        p.restore();
        return;
    }
    const double before = row.first ? kRadius : kJoined, after = row.last ? kRadius : kJoined;
    const QRectF edge = l.bubble.adjusted(0.5, 0.5, -0.5, -0.5);
    const QPainterPath path =
        row.own ? bubblePath(edge, kRadius, before, after, kRadius) : bubblePath(edge, before, kRadius, kRadius, after);
    const QColor fill = t[row.own ? Token::BubbleOwn : Token::BubbleOther];
    p.setPen(paint.flash ? QPen(t[Token::Focus], 2) : QPen(row.own ? fill : t[Token::BubbleBorder], 1));
    p.setBrush(fill);
    p.drawPath(path);
    if (!l.avatar.isEmpty())
        paintAvatar(p, l.avatar, row.sender, row.colour, t, row.avatar);
    if (!l.nameText.isEmpty()) {
        p.setFont(t.nameFont());
        p.setPen(t.sender(row.colour));
        p.drawText(l.name, Qt::AlignLeft | Qt::AlignVCenter, l.nameText);
    }
    if (!l.quote.isEmpty())
        paintQuote(p, paint);
    if (l.text) {
        p.setPen(t[row.stored.message.recalled ? Token::Muted : Token::Text]);
        QList<QTextLayout::FormatRange> selections;
        for (const FoundMark &mark : paint.found) {
            QTextLayout::FormatRange range;
            range.start = mark.start;
            range.length = mark.length;
            // Ground and ink together: on either bubble, and where it is a link too.
            range.format.setBackground(t[Token::Found]);
            range.format.setForeground(t[Token::OnFound]);
            selections.append(range);
        }
        if (paint.selectTo > paint.selectFrom) {
            QTextLayout::FormatRange range;
            range.start = paint.selectFrom;
            range.length = paint.selectTo - paint.selectFrom;
            // On the own bubble the selection's own colour is close to the ground: the focus ring's hue marks it.
            QColor mark = t[row.own ? Token::Focus : Token::Selection];
            if (row.own)
                mark.setAlphaF(0.3F);
            range.format.setBackground(mark);
            selections.append(range);
        }
        p.save();
        p.setPen(Qt::NoPen);
        p.setBrush(codeGround(t, row.own));
        for (const QRectF &block : l.blocks)
            p.drawRoundedRect(block, 6, 6);
        p.restore();
        l.text->draw(&p, l.textAt, selections);
    }
    if (!l.timeText.isEmpty()) {
        p.setFont(t.smallFont());
        p.setPen(t[Token::Muted]);
        p.drawText(l.time, Qt::AlignLeft | Qt::AlignVCenter, l.timeText);
    }
    if (!l.tick.isEmpty())
        paintTick(p, paint);
    if (!l.failureText.isEmpty()) {
        p.setFont(t.smallFont());
        p.setPen(t[Token::Danger]);
        p.drawText(l.failure, Qt::AlignLeft | Qt::AlignVCenter, l.failureText);
        p.setPen(t[Token::Muted]);
        const QString sep = QStringLiteral("·");
        p.drawText(QRectF(l.failure.right(), l.failure.top(), l.retry.left() - l.failure.right(), l.failure.height()),
                   Qt::AlignCenter, sep);
        p.drawText(QRectF(l.retry.right(), l.retry.top(), l.discard.left() - l.retry.right(), l.retry.height()),
                   Qt::AlignCenter, sep);
        p.setPen(t[Token::Link]);
        p.drawText(l.retry, Qt::AlignLeft | Qt::AlignVCenter, l.retryText);
        p.drawText(l.discard, Qt::AlignLeft | Qt::AlignVCenter, l.discardText);
    }
    p.restore();
}

} // namespace kith::ui
