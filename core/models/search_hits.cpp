// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/search_hits.h"

namespace kith::models {

SearchHitsModel::SearchHitsModel(People &people, const ConversationListModel &list, QObject *parent)
    : QAbstractListModel(parent), m_people(people), m_list(list)
{
    connect(&m_people, &People::changed, this, &SearchHitsModel::refresh);
}

int SearchHitsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant SearchHitsModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    if (role == RowRole)
        return QVariant::fromValue(row(index.row()));
    if (role == Qt::AccessibleTextRole) {
        const HitRow &r = row(index.row());
        return QStringList{r.name, r.sender, r.text}.join(QStringLiteral(", "));
    }
    if (role == kAvatarRole)
        return QStringList{row(index.row()).avatar, row(index.row()).senderAvatar};
    return role == Qt::DisplayRole ? row(index.row()).text : QVariant();
}

int SearchHitsModel::indexOf(const ConversationId &id, Seq seq) const
{
    for (int i = 0; i < rowCount(); ++i)
        if (row(i).seq == seq && row(i).conversation == id)
            return i;
    return -1;
}

HitRow SearchHitsModel::make(const history::SearchHit &hit) const
{
    HitRow r;
    r.conversation = hit.message.conversation;
    r.seq = hit.message.message.seq;
    r.place = hit.place();
    const QByteArray bytes = QByteArray::fromStdString(hit.snippet.text);
    r.text = QString::fromUtf8(bytes);
    for (const auto &mark : hit.snippet.marks) {
        const auto start = QString::fromUtf8(bytes.left(static_cast<qsizetype>(mark.from))).size();
        const auto end = QString::fromUtf8(bytes.left(static_cast<qsizetype>(mark.to))).size();
        r.marks.push_back({static_cast<int>(start), static_cast<int>(end - start)});
    }
    return r;
}

void SearchHitsModel::name(HitRow &r) const
{
    const auto at = static_cast<std::size_t>(&r - m_rows.data());
    const UserId &sender = m_senders[at];
    r.own = m_people.isSelf(sender);
    r.sender = r.own ? QString() : m_people.name(sender);
    r.senderColour = colourIndex(sender.str());
    r.senderAvatar = m_people.avatar(sender);
    r.colour = colourIndex(archivedFrom(r.conversation).str());
    r.archive = isArchive(r.conversation);
    r.group = !privatePeer(archivedFrom(r.conversation), m_people.self()).has_value();
    if (const int listed = m_list.indexOf(r.conversation); listed >= 0) {
        r.name = m_list.row(listed).name;
        r.colour = m_list.row(listed).colour;
        r.avatar = m_list.row(listed).avatar;
    } else if (const auto peer = privatePeer(archivedFrom(r.conversation), m_people.self())) {
        r.name = m_people.name(*peer);
        r.colour = colourIndex(peer->str());
        r.avatar = m_people.avatar(*peer);
    }
}

void SearchHitsModel::refresh()
{
    for (int i = 0; i < rowCount(); ++i) {
        HitRow &r = m_rows[static_cast<std::size_t>(i)];
        const HitRow before = r;
        name(r);
        if (r != before)
            emit dataChanged(index(i), index(i));
    }
}

void SearchHitsModel::reset(const std::vector<history::SearchHit> &hits)
{
    beginResetModel();
    m_rows.clear();
    m_senders.clear();
    for (const auto &hit : hits) {
        m_senders.push_back(hit.message.message.sender);
        m_rows.push_back(make(hit));
        name(m_rows.back());
    }
    endResetModel();
}

void SearchHitsModel::append(const std::vector<history::SearchHit> &hits)
{
    if (hits.empty())
        return;
    beginInsertRows({}, rowCount(), rowCount() + static_cast<int>(hits.size()) - 1);
    for (const auto &hit : hits) {
        m_senders.push_back(hit.message.message.sender);
        m_rows.push_back(make(hit));
        name(m_rows.back());
    }
    endInsertRows();
}

} // namespace kith::models
