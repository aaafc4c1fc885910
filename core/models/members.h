// SPDX-License-Identifier: GPL-3.0-or-later
// Members of a group: owner first, then admins, then by name; or the people found by a search.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/models/people.h"
#endif

#include <QAbstractListModel>

namespace kith::models {

class MembersModel final : public QAbstractListModel {
    Q_OBJECT
public:
    enum Role { UserRole = Qt::UserRole + 1, MemberRole, PresenceRole, ColourRole };

    explicit MembersModel(People &people, QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    const Member &member(int row) const { return m_members.at(static_cast<std::size_t>(row)); }

    void reset(std::vector<Member> members);
    void setPresence(const Presence &presence);

private:
    void resort();

    People &m_people;
    std::vector<Member> m_members;
    std::unordered_map<UserId, PresenceState> m_presence;
};

} // namespace kith::models
