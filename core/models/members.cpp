// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/members.h"

#include "core/models/mentions.h"

#include <QElapsedTimer>

#include <algorithm>
#include <utility>

namespace kith::models {

namespace {
constexpr int kSliceMs = 5; // of a frame of 16 ms
constexpr std::size_t kBetweenLooks = 32;
constexpr int kPinyinPauseMs = 20; // while the rules for it are made
} // namespace

MemberRights rightsOver(Role own, Role theirs, bool self)
{
    if (self || own == Role::Member)
        return {};
    if (own == Role::Owner)
        return {theirs == Role::Member, theirs == Role::Admin, theirs != Role::Owner, theirs != Role::Owner};
    return {false, false, false, theirs == Role::Member};
}

MembersModel::MembersModel(People &people, QObject *parent) : QAbstractListModel(parent), m_people(people)
{
    m_collator.setCaseSensitivity(Qt::CaseInsensitive);
    m_slices.setInterval(0);
    connect(&m_slices, &QTimer::timeout, this, &MembersModel::work);
    connect(&m_people, &People::changed, this, &MembersModel::takeNames);
}

int MembersModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(shown().size());
}

QVariant MembersModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Entry &e = entry(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return e.name.isEmpty() ? m_people.name(e.member.user) : e.name; // asks for those in sight only
    case UserRole:
        return QString::fromStdString(e.member.user.str());
    case MemberRole:
        return static_cast<int>(e.member.role);
    case PresenceRole: {
        const auto known = m_presence.find(e.member.user);
        return static_cast<int>(known == m_presence.end() ? PresenceState::Offline : known->second);
    }
    case ColourRole:
        return colourIndex(e.member.user.str());
    case kAvatarRole:
        return e.avatar;
    }
    return {};
}

int MembersModel::rowOf(const UserId &user) const
{
    const auto known = m_places.find(user);
    if (known == m_places.end())
        return -1;
    const auto &rows = shown();
    const auto at = std::find(rows.begin(), rows.end(), known->second);
    return at == rows.end() ? -1 : static_cast<int>(at - rows.begin());
}

void MembersModel::clear()
{
    beginResetModel();
    m_slices.stop();
    m_all.clear();
    m_places.clear();
    m_order.clear();
    m_hits.clear();
    m_searched = m_keyed = 0;
    m_count = 0;
    endResetModel();
    emit countChanged();
}

void MembersModel::describe(Entry &entry, const User &user) const
{
    entry.name = shownName(user);
    entry.username = QString::fromStdString(user.username);
    entry.avatar = QString::fromStdString(user.avatar);
    entry.order = m_collator.sortKey(entry.name);
    entry.keys.reset();
}

bool MembersModel::before(Place a, Place b) const
{
    const Entry &one = m_all[a], &other = m_all[b];
    if (one.member.role != other.member.role)
        return one.member.role > other.member.role;
    // Those whose names are not known yet come last.
    if (one.order.has_value() != other.order.has_value())
        return one.order.has_value();
    if (one.order) {
        if (const int order = one.order->compare(*other.order); order != 0)
            return order < 0;
    }
    return one.member.user < other.member.user;
}

void MembersModel::add(const std::vector<Member> &members, const std::vector<User> &users)
{
    std::unordered_map<UserId, const User *> told;
    for (const User &user : users)
        told.emplace(user.id, &user);
    std::vector<Place> fresh;
    for (const Member &member : members) {
        if (const auto known = m_places.find(member.user); known != m_places.end() && !m_all[known->second].gone) {
            move(known->second, member.role);
            continue;
        }
        const auto place = static_cast<Place>(m_all.size());
        Entry &e = m_all.emplace_back();
        e.member = member;
        if (const auto found = told.find(member.user); found != told.end())
            describe(e, *found->second);
        else if (const std::vector<User> known = m_people.known({member.user}); !known.empty())
            describe(e, known.front());
        m_places[member.user] = place;
        fresh.push_back(place);
    }
    m_count += static_cast<int>(fresh.size());
    insert(std::move(fresh));
    m_slices.start();
    emit countChanged();
}

void MembersModel::insert(std::vector<Place> places)
{
    const auto less = [this](Place a, Place b) { return before(a, b); };
    std::sort(places.begin(), places.end(), less);
    if (isFiltered()) { // the search goes on to them by itself
        const auto middle = static_cast<std::ptrdiff_t>(m_order.size());
        m_order.insert(m_order.end(), places.begin(), places.end());
        std::inplace_merge(m_order.begin(), m_order.begin() + middle, m_order.end(), less);
        return;
    }
    // Neighbours go in together: a view keeps its selection and its place.
    for (std::size_t i = 0; i < places.size();) {
        const auto at = std::lower_bound(m_order.begin(), m_order.end(), places[i], less);
        std::size_t end = i + 1;
        while (end < places.size() && (at == m_order.end() || before(places[end], *at)))
            ++end;
        const int row = static_cast<int>(at - m_order.begin());
        beginInsertRows({}, row, row + static_cast<int>(end - i) - 1);
        m_order.insert(at, places.begin() + static_cast<std::ptrdiff_t>(i),
                       places.begin() + static_cast<std::ptrdiff_t>(end));
        endInsertRows();
        i = end;
    }
}

void MembersModel::setRole(const UserId &user, kith::Role role)
{
    if (const auto known = m_places.find(user); known != m_places.end())
        move(known->second, role);
}

void MembersModel::move(Place place, kith::Role role)
{
    Entry &e = m_all[place];
    if (e.gone || e.member.role == role)
        return;
    const auto less = [this](Place a, Place b) { return before(a, b); };
    if (isFiltered()) {
        std::erase(m_order, place);
        e.member.role = role;
        m_order.insert(std::lower_bound(m_order.begin(), m_order.end(), place, less), place);
        if (const int row = rowOf(e.member.user); row >= 0)
            emit dataChanged(index(row), index(row), {MemberRole});
        return;
    }
    const int from = static_cast<int>(std::find(m_order.begin(), m_order.end(), place) - m_order.begin());
    std::vector<Place> others = m_order;
    others.erase(others.begin() + from);
    e.member.role = role;
    const int to = static_cast<int>(std::lower_bound(others.begin(), others.end(), place, less) - others.begin());
    if (to != from) {
        beginMoveRows({}, from, from, {}, to > from ? to + 1 : to);
        others.insert(others.begin() + to, place);
        m_order = std::move(others);
        endMoveRows();
    }
    emit dataChanged(index(to), index(to), {MemberRole});
}

void MembersModel::remove(const UserId &user)
{
    const auto known = m_places.find(user);
    if (known == m_places.end() || m_all[known->second].gone)
        return;
    const Place place = known->second;
    const int row = rowOf(user);
    if (row >= 0)
        beginRemoveRows({}, row, row);
    m_all[place].gone = true;
    std::erase(m_order, place);
    std::erase(m_hits, place);
    if (row >= 0)
        endRemoveRows();
    --m_count;
    emit countChanged();
}

void MembersModel::keep(const std::set<UserId> &users)
{
    std::vector<UserId> gone;
    for (const Entry &e : m_all)
        if (!e.gone && !users.contains(e.member.user))
            gone.push_back(e.member.user);
    for (const UserId &user : gone)
        remove(user);
}

void MembersModel::setPresence(const Presence &presence)
{
    m_presence[presence.user] = presence.state;
    if (const int row = rowOf(presence.user); row >= 0)
        emit dataChanged(index(row), index(row), {PresenceRole});
}

/// Somebody's name became known or changed.
void MembersModel::takeNames()
{
    bool any = false, pictures = false;
    for (Entry &e : m_all) {
        const QString name = m_people.knownName(e.member.user);
        if (e.gone || name.isEmpty())
            continue;
        if (name == e.name) {
            if (QString avatar = m_people.avatar(e.member.user); avatar != e.avatar) {
                e.avatar = std::move(avatar);
                pictures = true;
            }
            continue;
        }
        describe(e, m_people.known({e.member.user}).front());
        any = true;
    }
    if (pictures && rowCount() > 0)
        emit dataChanged(index(0), index(rowCount() - 1), {kAvatarRole});
    if (!any)
        return;
    emit layoutAboutToBeChanged();
    const QModelIndexList old = persistentIndexList();
    std::vector<Place> kept;
    for (const QModelIndex &one : old)
        kept.push_back(shown().at(static_cast<std::size_t>(one.row())));
    std::sort(m_order.begin(), m_order.end(), [this](Place a, Place b) { return before(a, b); });
    std::unordered_map<Place, int> rows;
    for (std::size_t i = 0; i < shown().size(); ++i)
        rows.emplace(shown()[i], static_cast<int>(i));
    for (qsizetype i = 0; i < old.size(); ++i)
        changePersistentIndex(old.at(i), index(rows.at(kept[static_cast<std::size_t>(i)])));
    emit layoutChanged();
    m_keyed = 0;
    m_slices.start();
}

void MembersModel::setFilter(const QString &text)
{
    const QString folded = foldName(text);
    if (folded == m_filter)
        return;
    if (folded.isEmpty()) {
        beginResetModel();
        m_filter.clear();
        m_hits.clear();
        endResetModel();
        emit searched();
        return;
    }
    if (m_filter.isEmpty())
        m_hits = m_order; // the same rows stay until there are hits
    m_filter = folded;
    m_searched = 0;
    m_slices.start();
    work();
}

/// A slice: the search goes on, else names are made ready for one.
void MembersModel::work()
{
    const bool may = isPinyinReady();
    m_slices.setInterval(may ? 0 : kPinyinPauseMs);
    if (!may)
        return;
    QElapsedTimer clock;
    clock.start();
    const auto ready = [this](Entry &e) -> const NameKeys & {
        if (!e.keys)
            e.keys = nameKeys(e.username.isEmpty() || e.username == e.name ? QStringList{e.name}
                                                                           : QStringList{e.name, e.username});
        return *e.keys;
    };
    std::size_t &at = isFiltered() ? m_searched : m_keyed;
    while (at < m_all.size()) {
        for (std::size_t i = 0; i < kBetweenLooks && at < m_all.size(); ++i) {
            Entry &e = m_all[at++];
            if (isFiltered())
                e.score = e.gone || e.name.isEmpty() ? 0 : nameScore(ready(e), m_filter);
            else if (!e.gone && !e.name.isEmpty())
                ready(e);
        }
        if (clock.elapsed() >= kSliceMs)
            return;
    }
    m_slices.stop();
    if (isFiltered())
        publish();
}

void MembersModel::publish()
{
    std::vector<Place> hits;
    for (const Place place : m_order) // in their order, so that equals keep it
        if (m_all[place].score > 0)
            hits.push_back(place);
    std::stable_sort(hits.begin(), hits.end(), [this](Place a, Place b) { return m_all[a].score > m_all[b].score; });
    if (hits != m_hits) {
        beginResetModel();
        m_hits = std::move(hits);
        endResetModel();
    }
    emit searched();
}

} // namespace kith::models
