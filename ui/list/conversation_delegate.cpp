// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/list/conversation_delegate.h"

#include "ui/theme/icons.h"
#include "ui/widgets/avatar.h"
#include "ui/widgets/list_row.h"
#include "ui/words/words.h"

#include <QPainter>

namespace kith::ui {

namespace {
constexpr int kRow = 64, kAvatar = 44, kSide = 12;
} // namespace

ConversationDelegate::ConversationDelegate(const Theme &theme, const models::People &people, QObject *parent)
    : QStyledItemDelegate(parent), m_theme(theme), m_people(people)
{
}

QSize ConversationDelegate::sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const
{
    return {kRow, m_theme.row(kRow)};
}

void ConversationDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const auto row = index.data(models::ConversationListModel::RowRole).value<models::ConversationRow>();
    QPainter &p = *painter;
    p.save();
    p.setRenderHint(QPainter::Antialiasing);
    const QColor ground = paintRowGround(p, option, m_theme, Token::Sidebar);
    const bool selected = option.state & QStyle::State_Selected;

    const QRect avatar(m_collapsed ? option.rect.center().x() - kAvatar / 2 : option.rect.left() + kSide,
                       option.rect.top() + (option.rect.height() - kAvatar) / 2, kAvatar, kAvatar);
    paintAvatar(p, avatar, row.name, row.colour, m_theme, row.avatar);
    if (row.presence == PresenceState::Online)
        paintOnlineDot(p, avatar, ground, m_theme);
    if (m_collapsed) {
        paintBadge(p, QRect(avatar.left(), avatar.top() - 4, kAvatar + 6, 20), row);
        p.restore();
        return;
    }

    const QFontMetrics names(m_theme.nameFont()), body(m_theme.bodyFont()), small(m_theme.smallFont());
    const int left = avatar.right() + 1 + kSide;
    const int right = option.rect.right() - kSide;
    const int gap = 2;
    const int top = option.rect.top() + (option.rect.height() - names.height() - gap - body.height()) / 2;
    const QRect first(left, top, right - left, names.height());
    const QRect second(left, top + names.height() + gap, right - left, body.height());
    // On the selection the muted colour would be too faint.
    const QColor quiet = m_theme[selected ? Token::Text : Token::Muted];

    const QString time = row.time == Timestamp{} ? QString() : Words::listTime(toLocal(row.time), QDate::currentDate());
    const int timeWidth = small.horizontalAdvance(time);
    p.setFont(m_theme.smallFont());
    p.setPen(quiet);
    p.drawText(first, Qt::AlignRight | Qt::AlignVCenter, time);
    int nameRight = right - timeWidth - space::kS;
    if (row.isPinned()) {
        paintIcon(p, QStringLiteral("pin"), QRectF(nameRight - 16, first.center().y() - 7, 16, 16), quiet);
        nameRight -= 16 + space::kXs;
    }
    if (row.muted) {
        paintIcon(p, QStringLiteral("muted"), QRectF(nameRight - 16, first.center().y() - 7, 16, 16), quiet);
        nameRight -= 16 + space::kXs;
    }
    p.setFont(m_theme.nameFont());
    p.setPen(m_theme[Token::Text]);
    const QString name = Words::name(row);
    p.drawText(QRect(left, first.top(), nameRight - left, first.height()), Qt::AlignLeft | Qt::AlignVCenter,
               names.elidedText(name, Qt::ElideRight, nameRight - left));

    int lineRight = right;
    if (const int badge = paintBadge(p, second, row); badge > 0)
        lineRight -= badge + space::kS;
    else if (row.head.failed > 0) {
        paintIcon(p, QStringLiteral("alert"), QRectF(right - 18, second.center().y() - 8, 18, 18),
                  m_theme[Token::Danger]);
        lineRight -= 18 + space::kS;
    } else if (row.head.unsent > 0) {
        paintIcon(p, QStringLiteral("clock"), QRectF(right - 16, second.center().y() - 7, 16, 16), quiet);
        lineRight -= 16 + space::kS;
    }
    int x = left;
    p.setFont(m_theme.bodyFont());
    QString line;
    p.setPen(quiet);
    if (!row.typing.isEmpty()) {
        p.setPen(m_theme[selected ? Token::Text : Token::TickRead]);
        line = Words::typing(row.typing, row.head.head.type != ConversationType::Private);
    } else if (!row.head.draft.empty() && !selected) {
        const QString mark = Words::tr("Draft:") + QLatin1Char(' ');
        p.setPen(m_theme[Token::Link]);
        p.drawText(QRect(x, second.top(), lineRight - x, second.height()), Qt::AlignLeft | Qt::AlignVCenter, mark);
        x += body.horizontalAdvance(mark);
        p.setPen(quiet);
        line = QString::fromStdString(row.head.draft).simplified();
    } else {
        line = Words::preview(row, m_people);
    }
    p.drawText(QRect(x, second.top(), lineRight - x, second.height()), Qt::AlignLeft | Qt::AlignVCenter,
               body.elidedText(line, Qt::ElideRight, lineRight - x));
    p.restore();
}

int ConversationDelegate::paintBadge(QPainter &p, const QRect &line, const models::ConversationRow &row) const
{
    if (!row.isUnread())
        return 0;
    constexpr int kHeight = 20;
    const double right = line.right() + 1, middle = line.center().y() + 0.5;
    QRectF badge(right - kHeight, middle - kHeight / 2.0, kHeight, kHeight);
    if (row.head.head.unread > 0) {
        badge = paintUnreadBadge(p, right, middle, row.head.head.unread, row.muted, m_theme);
    } else { // marked by hand: a dot, no number
        p.setPen(Qt::NoPen);
        p.setBrush(m_theme[row.muted ? Token::BadgeMuted : Token::Accent]);
        p.drawEllipse(badge.center(), 6, 6);
    }
    const int width = static_cast<int>(badge.width());
    if (!row.head.mentioned || m_collapsed)
        return width;
    // Somebody meant the reader: said even where the conversation is muted.
    const QRectF at(badge.left() - kHeight - space::kXs, badge.top(), kHeight, kHeight);
    p.setPen(Qt::NoPen);
    p.setBrush(m_theme[Token::Accent]);
    p.drawEllipse(at);
    QFont font = m_theme.smallFont();
    font.setWeight(QFont::DemiBold);
    p.setFont(font);
    p.setPen(m_theme[Token::OnAccent]);
    p.drawText(at.adjusted(0, -1, 0, -1), Qt::AlignCenter, QStringLiteral("@"));
    return width + kHeight + space::kXs;
}

} // namespace kith::ui
