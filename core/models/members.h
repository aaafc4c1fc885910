// SPDX-License-Identifier: GPL-3.0-or-later
// Members of a group: owner first, then admins, then by name; or those whose names fit what is looked for. Made for
// ten thousand of them: they come in by pages, and no step takes longer than a frame.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/models/name_match.h"
#include "core/models/people.h"

#include <optional>
#include <set>
#endif

#include <QAbstractListModel>
#include <QCollator>
#include <QTimer>

namespace kith::models {

/// What a member of one rank may do to another; the server says the last word (PROTOCOL §3, conversation.role).
struct MemberRights {
    bool promote = false;  // to admin
    bool demote = false;   // an admin to member
    bool handOver = false; // the group
    bool remove = false;

    bool any() const { return promote || demote || handOver || remove; }
    bool operator==(const MemberRights &) const = default;
};
MemberRights rightsOver(Role own, Role theirs, bool self);

class MembersModel final : public QAbstractListModel {
    Q_OBJECT
public:
    enum Role { UserRole = Qt::UserRole + 1, MemberRole, PresenceRole, ColourRole };

    explicit MembersModel(People &people, QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    const Member &member(int row) const { return entry(row).member; }
    int rowOf(const UserId &user) const; // -1: not shown

    void clear();
    /// A page of them; those that are here already get the role that it tells.
    void add(const std::vector<Member> &members, const std::vector<User> &users);
    void setRole(const UserId &user, kith::Role role);
    void remove(const UserId &user);
    /// Those who are not among `users` are gone.
    void keep(const std::set<UserId> &users);
    int count() const { return m_count; } // here, shown or not
    void setPresence(const Presence &presence);
    /// Shows those whose names fit, best first; at once, or after some slices of work: searched() tells. Empty: all.
    void setFilter(const QString &text);
    bool isFiltered() const { return !m_filter.isEmpty(); }
    bool isSearching() const { return m_slices.isActive() && isFiltered(); }

signals:
    void searched();
    void countChanged();

private:
    struct Entry {
        Member member;
        QString name, username, avatar; // avatar: a file id
        std::optional<QCollatorSortKey> order;
        std::optional<NameKeys> keys; // made when there is time, or when somebody searches
        int score = 0;                // of the present search
        bool gone = false;
    };
    using Place = std::uint32_t; // in m_all

    const std::vector<Place> &shown() const { return isFiltered() ? m_hits : m_order; }
    const Entry &entry(int row) const { return m_all[shown().at(static_cast<std::size_t>(row))]; }
    void describe(Entry &entry, const User &user) const;
    bool before(Place a, Place b) const;
    void insert(std::vector<Place> places);
    void move(Place place, kith::Role role);
    void takeNames();
    void work();
    void publish();

    People &m_people;
    QCollator m_collator;
    std::vector<Entry> m_all;
    std::unordered_map<UserId, Place> m_places;
    std::vector<Place> m_order; // everybody, as listed
    std::vector<Place> m_hits;  // of the search
    std::unordered_map<UserId, PresenceState> m_presence;
    QString m_filter; // folded
    std::size_t m_searched = 0, m_keyed = 0;
    int m_count = 0;
    QTimer m_slices;
};

} // namespace kith::models
