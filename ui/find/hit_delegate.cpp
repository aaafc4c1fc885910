// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/find/hit_delegate.h"

#include "core/models/search_hits.h"
#include "ui/widgets/avatar.h"
#include "ui/widgets/list_row.h"
#include "ui/words/words.h"

#include <QPainter>
#include <QTextLayout>

#include <cmath>

namespace kith::ui {

namespace {
constexpr int kAvatar = 36, kSide = 12, kLines = 2;
}

QSize HitDelegate::sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const
{
    const QFontMetrics names(m_theme.nameFont()), body(m_theme.bodyFont());
    return {64, names.height() + kLines * body.height() + 2 * space::kS + 4};
}

void HitDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const auto row = index.data(models::SearchHitsModel::RowRole).value<models::HitRow>();
    QPainter &p = *painter;
    p.save();
    p.setRenderHint(QPainter::Antialiasing);
    const QRect frame = rowFrame(option);
    const bool selected = option.state & QStyle::State_Selected;
    const QColor ground = paintRowGround(p, option, m_theme, Token::Sidebar);
    // Everywhere: the conversation's face; in one: the sender's.
    const QString sender = row.own ? tr("You") : Words::name(row.sender);
    const QString where = Words::name(row.name, row.archive);
    const QRect avatar(option.rect.left() + kSide, frame.top() + space::kS, kAvatar, kAvatar);
    paintAvatar(p, avatar, m_everywhere ? row.name : sender, m_everywhere ? row.colour : row.senderColour, m_theme,
                m_everywhere ? row.avatar : row.senderAvatar);

    const QFontMetrics names(m_theme.nameFont()), body(m_theme.bodyFont()), small(m_theme.smallFont());
    const int left = avatar.right() + 1 + kSide, right = option.rect.right() - kSide;
    const QRect first(left, frame.top() + space::kS - 1, right - left, names.height());
    const QString time = Words::listTime(toLocal(row.place.at), QDate::currentDate());
    const int timeWidth = small.horizontalAdvance(time);
    p.setFont(m_theme.smallFont());
    p.setPen(m_theme[selected ? Token::Text : Token::Muted]);
    p.drawText(first, Qt::AlignRight | Qt::AlignVCenter, time);
    p.setFont(m_theme.nameFont());
    p.setPen(m_theme[Token::Text]);
    const int nameWidth = first.width() - timeWidth - space::kS;
    p.drawText(QRect(left, first.top(), nameWidth, first.height()), Qt::AlignLeft | Qt::AlignVCenter,
               names.elidedText(m_everywhere ? where : sender, Qt::ElideRight, nameWidth));
    paintSnippet(p, QRect(left, first.bottom() + 3, right - left, kLines * body.height()), row, ground);
    p.restore();
}

void HitDelegate::paintSnippet(QPainter &p, const QRect &rect, const models::HitRow &row, const QColor &ground) const
{
    const bool named = m_everywhere && (row.group || row.own);
    // The words that were looked for are what the two lines are for: a long name gives way.
    const QString who =
        QFontMetrics(m_theme.bodyFont())
            .elidedText(row.own ? tr("You") : Words::name(row.sender), Qt::ElideRight, rect.width() * 2 / 5);
    const QString lead = named ? Words::tr("%1: %2").arg(who, QString()) : QString();
    QString text = lead + row.text;
    QTextLayout layout(text, m_theme.bodyFont());
    QTextOption wrap;
    wrap.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    layout.setTextOption(wrap);
    QList<QTextLayout::FormatRange> formats;
    // On the selection its own colour would not be seen: the surface marks there.
    const QColor mark = m_theme[ground == m_theme[Token::Selection] ? Token::Surface : Token::Selection];
    for (const auto &one : row.marks) {
        QTextLayout::FormatRange range;
        range.start = static_cast<int>(lead.size()) + one.start;
        range.length = one.length;
        range.format.setFontWeight(QFont::DemiBold);
        range.format.setBackground(mark);
        formats.append(range);
    }
    layout.setFormats(formats);
    layout.beginLayout();
    double y = 0;
    for (int i = 0; i < kLines; ++i) {
        QTextLine line = layout.createLine();
        if (!line.isValid())
            break;
        line.setLineWidth(rect.width());
        line.setPosition(QPointF(0, y));
        y += std::ceil(line.height());
    }
    layout.endLayout();
    p.setPen(m_theme[Token::Text]);
    p.save();
    p.setClipRect(rect.adjusted(0, -1, 0, 2));
    layout.draw(&p, rect.topLeft());
    p.restore();
}

} // namespace kith::ui
