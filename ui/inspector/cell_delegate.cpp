// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspector/cell_delegate.h"

#include "core/models/wire_log.h"

#include <QPainter>

namespace kith::ui {

void CellDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    using Kind = client::WireEntry::Kind;
    painter->save();
    if (option.state & QStyle::State_Selected)
        painter->fillRect(option.rect, m_theme[Token::Selection]);
    Token ink = Token::Text;
    const QVariant kind = index.data(models::WireLogModel::KindRole);
    if (kind.isValid() && index.column() == models::WireLogModel::Direction) {
        const auto one = static_cast<Kind>(kind.toInt());
        ink = one == Kind::Sent ? Token::Link : one == Kind::Received ? Token::TickRead : Token::Muted;
    }
    painter->setPen(m_theme[ink]);
    painter->setFont(option.font);
    const QRect words = option.rect.adjusted(space::kS, 0, -space::kS, 0);
    const QVariant alignment = index.data(Qt::TextAlignmentRole);
    painter->drawText(words, alignment.isValid() ? alignment.toInt() : int(Qt::AlignLeft | Qt::AlignVCenter),
                      option.fontMetrics.elidedText(index.data().toString(), Qt::ElideRight, words.width()));
    painter->restore();
}

} // namespace kith::ui
