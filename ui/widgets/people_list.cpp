// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/people_list.h"

#include "core/models/mentions.h"
#include "ui/theme/icons.h"
#include "ui/widgets/avatar.h"
#include "ui/words/words.h"

#include <QPainter>

#include <algorithm>

namespace kith::ui {

int FoundModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_found.size());
}

QVariant FoundModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const User &u = user(index.row());
    switch (role) {
    case Qt::DisplayRole:
    case NameRole:
        return models::shownName(u);
    case DetailRole:
        return QLatin1Char('@') + QString::fromStdString(u.username);
    case ColourRole:
        return models::colourIndex(u.id.str());
    case models::kAvatarRole:
        return QString::fromStdString(u.avatar);
    case ChosenRole:
        return isChosen(u.id);
    case Qt::AccessibleTextRole: {
        QStringList parts{data(index, NameRole).toString(), data(index, DetailRole).toString()};
        if (isChosen(u.id))
            parts << PersonDelegate::tr("chosen");
        return parts.join(QStringLiteral(", "));
    }
    }
    return {};
}

bool FoundModel::isChosen(const UserId &id) const
{
    return std::any_of(m_chosen.begin(), m_chosen.end(), [&](const User &u) { return u.id == id; });
}

void FoundModel::reset(std::vector<User> users)
{
    beginResetModel();
    m_found = std::move(users);
    endResetModel();
}

void FoundModel::toggle(int row)
{
    const User u = user(row);
    if (isChosen(u.id))
        std::erase_if(m_chosen, [&](const User &c) { return c.id == u.id; });
    else
        m_chosen.push_back(u);
    emit dataChanged(index(row), index(row));
    emit chosenChanged();
}

void FoundModel::drop(const UserId &id)
{
    std::erase_if(m_chosen, [&](const User &c) { return c.id == id; });
    if (!m_found.empty())
        emit dataChanged(index(0), index(rowCount() - 1));
    emit chosenChanged();
}

void PersonDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    QPainter &p = *painter;
    p.save();
    p.setRenderHint(QPainter::Antialiasing);
    const QRectF frame = QRectF(option.rect).adjusted(0, 1, 0, -1);
    const bool compact = m_size == Size::Compact;
    const bool current = option.state & QStyle::State_HasFocus;
    const bool marked = option.state & QStyle::State_Selected;
    if (option.state & QStyle::State_MouseOver || current || marked) {
        p.setPen(current ? QPen(m_theme[Token::Focus], 2) : QPen(Qt::NoPen));
        p.setBrush(m_theme[marked ? Token::Selection : Token::Hover]);
        p.drawRoundedRect(frame.adjusted(1, 0, -1, 0), 8, 8);
    }
    const QString name = Words::name(index.data(FoundModel::NameRole).toString());
    const double face = compact ? 32 : 40;
    const QRectF avatar(frame.left() + 8, frame.center().y() - face / 2, face, face);
    paintAvatar(p, avatar, name, index.data(FoundModel::ColourRole).toInt(), m_theme,
                index.data(models::kAvatarRole).toString());
    if (index.data(FoundModel::OnlineRole).toBool())
        paintOnlineDot(p, avatar, m_theme[Token::Surface], m_theme);
    const bool chosen = index.data(FoundModel::ChosenRole).toBool();
    const double left = avatar.right() + 12, right = frame.right() - (chosen ? 40 : 12);
    const QFontMetricsF names(m_theme.nameFont()), small(m_theme.smallFont());
    const double top = frame.center().y() - (names.height() + small.height()) / 2;
    p.setFont(m_theme.nameFont());
    p.setPen(m_theme[Token::Text]);
    p.drawText(QRectF(left, top, right - left, names.height()), Qt::AlignLeft | Qt::AlignVCenter,
               names.elidedText(name, Qt::ElideRight, right - left));
    p.setFont(m_theme.smallFont());
    p.setPen(m_theme[marked ? Token::Text : Token::Muted]);
    p.drawText(QRectF(left, top + names.height(), right - left, small.height()), Qt::AlignLeft | Qt::AlignVCenter,
               small.elidedText(index.data(FoundModel::DetailRole).toString(), Qt::ElideRight, right - left));
    if (chosen) {
        const QRectF mark(frame.right() - 34, frame.center().y() - 11, 22, 22);
        p.setPen(Qt::NoPen);
        p.setBrush(m_theme[Token::Accent]);
        p.drawEllipse(mark);
        paintIcon(p, QStringLiteral("check"), mark.adjusted(3, 3, -3, -3), m_theme[Token::OnAccent]);
    }
    p.restore();
}

} // namespace kith::ui
