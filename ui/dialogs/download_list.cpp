// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/download_list.h"

#include "ui/theme/icons.h"
#include "ui/widgets/avatar.h"
#include "ui/widgets/list_row.h"
#include "ui/widgets/progress_bar.h"
#include "ui/words/words.h"

#include <QLocale>
#include <QPainter>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

namespace kith::ui {

namespace {

QString sizeOf(const DownloadRow &row)
{
    return row.bytes > 0 ? DownloadModel::tr("about %1").arg(Words::size(row.bytes)) : QString();
}

QString sinceOf(const DownloadRow &row)
{
    return row.oldest.isValid() ? DownloadModel::tr("since %1").arg(Words::shortDate(row.oldest)) : QString();
}

QString spoken(const DownloadRow &row)
{
    QStringList parts{row.name, DownloadModel::detail(row), sinceOf(row), sizeOf(row)};
    parts.removeAll(QString());
    return parts.join(QStringLiteral(", "));
}

} // namespace

int DownloadModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QString DownloadModel::detail(const DownloadRow &row)
{
    const QLocale locale;
    const QString here = locale.toString(row.here), all = locale.toString(row.here + row.missing);
    const QString away =
        row.forgotten > 0 ? QStringLiteral(" · ") + tr("%1 forgotten").arg(locale.toString(row.forgotten)) : QString();
    if (row.missing == 0 && row.forgotten == 0)
        return row.here == 0 ? tr("No messages yet") : tr("All here: %1").arg(here);
    if (row.missing == 0)
        return tr("%1 here").arg(here) + away;
    const QString part = tr("%1 of %2 here").arg(here, all) + away;
    if (row.left)
        return tr("%1. You are no longer a member.").arg(part);
    if (row.error || row.lost)
        return tr("%1. The server does not give the rest.").arg(part);
    return part + QStringLiteral(" · ") + tr("%n gap(s)", nullptr, row.gaps);
}

QVariant DownloadModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const DownloadRow &one = row(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return one.name;
    case Qt::AccessibleTextRole:
        return spoken(one);
    case Qt::ToolTipRole:
        return one.error ? Words::error(*one.error) : QString();
    case DetailRole:
        return detail(one);
    case SizeRole:
        return sizeOf(one);
    case SinceRole:
        return sinceOf(one);
    case WholeRole:
        return one.missing == 0 && one.forgotten == 0;
    case ColourRole:
        return one.colour;
    case models::kAvatarRole:
        return one.avatar;
    case PartRole:
        return one.missing == 0 ? 1.0 : static_cast<double>(one.here) / static_cast<double>(one.here + one.missing);
    case CurrentRole:
        return one.current;
    case RefusedRole:
        return one.missing > 0 && (one.left || one.lost || one.error);
    }
    return {};
}

int DownloadModel::indexOf(const ConversationId &id) const
{
    const auto found = std::find_if(m_rows.begin(), m_rows.end(), [&](const DownloadRow &one) { return one.id == id; });
    return found == m_rows.end() ? -1 : static_cast<int>(found - m_rows.begin());
}

void DownloadModel::show(const std::vector<DownloadRow> &rows)
{
    std::unordered_set<ConversationId> wanted;
    for (const DownloadRow &one : rows)
        wanted.insert(one.id);
    for (int i = rowCount() - 1; i >= 0; --i) {
        if (wanted.contains(row(i).id))
            continue;
        beginRemoveRows({}, i, i);
        m_rows.erase(m_rows.begin() + i);
        endRemoveRows();
    }
    std::unordered_map<ConversationId, int> places;
    for (int i = 0; i < rowCount(); ++i)
        places.emplace(row(i).id, i);
    std::vector<DownloadRow> added;
    for (const DownloadRow &one : rows) {
        const auto known = places.find(one.id);
        if (known == places.end()) {
            added.push_back(one);
        } else if (row(known->second) != one) {
            m_rows[static_cast<std::size_t>(known->second)] = one;
            emit dataChanged(index(known->second), index(known->second));
        }
    }
    if (added.empty())
        return;
    beginInsertRows({}, 0, static_cast<int>(added.size()) - 1);
    m_rows.insert(m_rows.begin(), added.begin(), added.end());
    endInsertRows();
}

void DownloadDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    QPainter &p = *painter;
    p.save();
    p.setRenderHint(QPainter::Antialiasing);
    paintRowGround(p, option, m_theme, Token::Surface);
    const QRectF frame = rowFrame(option);
    const QString name = Words::name(index.data(Qt::DisplayRole).toString());
    const QRectF avatar(frame.left() + 8, frame.center().y() - 20, 40, 40);
    paintAvatar(p, avatar, name, index.data(DownloadModel::ColourRole).toInt(), m_theme,
                index.data(models::kAvatarRole).toString());
    const double part = index.data(DownloadModel::PartRole).toDouble();
    const bool selected = option.state & QStyle::State_Selected;
    const bool all = index.data(DownloadModel::WholeRole).toBool();
    const bool whole = part >= 1, refused = index.data(DownloadModel::RefusedRole).toBool();
    const double left = avatar.right() + space::kM, right = frame.right() - space::kM;
    const QFontMetricsF names(m_theme.nameFont()), small(m_theme.smallFont());
    constexpr double kBar = 4, kGap = 4;
    const double height = names.height() + small.height() + (whole ? 0 : kGap + kBar);
    const double top = frame.center().y() - height / 2;
    const double room = right - left - (all || refused ? 20 + space::kS : 0);
    const QString size = index.data(DownloadModel::SizeRole).toString();
    const QString since = index.data(DownloadModel::SinceRole).toString();
    // Right of the two lines, where they leave room: what it takes, and since when.
    const auto aside = [&](const QString &text, double y, double high) {
        if (text.isEmpty())
            return 0.0;
        const double width = small.horizontalAdvance(text) + space::kM;
        p.setFont(m_theme.smallFont());
        p.setPen(m_theme[selected ? Token::Text : Token::Muted]);
        p.drawText(QRectF(left, y, room, high), Qt::AlignRight | Qt::AlignVCenter, text);
        return width;
    };
    const double sizeWidth = aside(size, top, names.height());
    const double sinceWidth = aside(since, top + names.height(), small.height());
    p.setFont(m_theme.nameFont());
    p.setPen(m_theme[Token::Text]);
    p.drawText(QRectF(left, top, room - sizeWidth, names.height()), Qt::AlignLeft | Qt::AlignVCenter,
               names.elidedText(name, Qt::ElideRight, room - sizeWidth));
    p.setFont(m_theme.smallFont());
    p.setPen(m_theme[selected ? Token::Text : Token::Muted]);
    p.drawText(QRectF(left, top + names.height(), room - sinceWidth, small.height()), Qt::AlignLeft | Qt::AlignVCenter,
               small.elidedText(index.data(DownloadModel::DetailRole).toString(), Qt::ElideRight, room - sinceWidth));
    const QRectF mark(right - 20, frame.center().y() - 10, 20, 20);
    if (all)
        paintIcon(p, QStringLiteral("check"), mark, m_theme[Token::TickRead]);
    else if (refused)
        paintIcon(p, QStringLiteral("alert"), mark, m_theme[Token::Muted]);
    if (!whole) {
        const bool current = index.data(DownloadModel::CurrentRole).toBool();
        paintBar(p, QRectF(left, top + names.height() + small.height() + kGap, room, kBar), part,
                 m_theme[current ? Token::Accent : Token::Control], m_theme);
    }
    p.restore();
}

} // namespace kith::ui
