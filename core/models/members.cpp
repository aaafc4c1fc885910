// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/members.h"

#include <algorithm>

namespace kith::models {

MembersModel::MembersModel(People &people, QObject *parent) : QAbstractListModel(parent), m_people(people)
{
    connect(&m_people, &People::changed, this, [this] {
        if (m_members.empty())
            return;
        emit layoutAboutToBeChanged();
        const QModelIndexList old = persistentIndexList();
        std::vector<UserId> users;
        for (const QModelIndex &i : old)
            users.push_back(member(i.row()).user);
        resort();
        for (qsizetype i = 0; i < old.size(); ++i) {
            const auto at = std::find_if(m_members.begin(), m_members.end(),
                                         [&](const Member &m) { return m.user == users[static_cast<std::size_t>(i)]; });
            changePersistentIndex(old.at(i), index(static_cast<int>(at - m_members.begin())));
        }
        emit layoutChanged();
    });
}

int MembersModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_members.size());
}

QVariant MembersModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Member &m = member(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return m_people.name(m.user);
    case UserRole:
        return QString::fromStdString(m.user.str());
    case MemberRole:
        return static_cast<int>(m.role);
    case PresenceRole: {
        const auto known = m_presence.find(m.user);
        return static_cast<int>(known == m_presence.end() ? PresenceState::Offline : known->second);
    }
    case ColourRole:
        return colourIndex(m.user.str());
    }
    return {};
}

void MembersModel::reset(std::vector<Member> members)
{
    beginResetModel();
    m_members = std::move(members);
    resort();
    endResetModel();
}

void MembersModel::resort()
{
    std::stable_sort(m_members.begin(), m_members.end(), [this](const Member &a, const Member &b) {
        if (a.role != b.role)
            return static_cast<int>(a.role) > static_cast<int>(b.role);
        return m_people.name(a.user).localeAwareCompare(m_people.name(b.user)) < 0;
    });
}

void MembersModel::setPresence(const Presence &presence)
{
    m_presence[presence.user] = presence.state;
    for (int i = 0; i < rowCount(); ++i) {
        if (member(i).user == presence.user)
            emit dataChanged(index(i), index(i), {PresenceRole});
    }
}

} // namespace kith::models
