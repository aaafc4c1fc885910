// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/switcher.h"

#include "core/models/mentions.h"

#include <algorithm>
#include <set>
#include <unordered_map>

namespace kith::models {

namespace {
constexpr std::size_t kMost = 60; // more are not looked through by eye: one types another letter
}

int SwitcherModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_shown.size());
}

QVariant SwitcherModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const SwitcherRow &r = row(index.row());
    if (role == Qt::DisplayRole)
        return r.name;
    if (role == kAvatarRole)
        return r.avatar;
    return role == RowRole ? QVariant::fromValue(r) : QVariant();
}

const NameKeys &SwitcherModel::keysOf(const QStringList &names)
{
    const QString joined = names.join(QLatin1Char('\n'));
    auto known = m_known.find(joined);
    if (known == m_known.end())
        known = m_known.insert(joined, nameKeys(names));
    return *known;
}

void SwitcherModel::begin(const ConversationListModel &list, const std::vector<User> &people, const UserId &self,
                          const ConversationId &open)
{
    m_all.clear();
    std::unordered_map<UserId, const User *> byId;
    for (const User &user : people)
        byId.emplace(user.id, &user);
    std::set<UserId> talking;
    std::optional<Entry> last;
    for (int i = 0; i < list.rowCount(); ++i) {
        const ConversationRow &listed = list.row(i);
        Entry entry;
        SwitcherRow &r = entry.row;
        r.conversation = listed.head.head.conversation;
        r.name = listed.name;
        r.colour = listed.colour;
        r.avatar = listed.avatar;
        r.unread = listed.head.head.unread;
        r.muted = listed.muted;
        r.group = listed.head.head.type != ConversationType::Private;
        r.archive = listed.head.archive;
        r.removed = listed.head.head.removed && !r.archive;
        r.presence = listed.presence;
        QStringList names{listed.name};
        if (listed.peer) {
            if (!r.archive)
                talking.insert(*listed.peer);
            if (const auto known = byId.find(*listed.peer); known != byId.end()) {
                r.person = *known->second;
                names << QString::fromStdString(known->second->username);
            }
        }
        names.removeDuplicates();
        entry.keys = keysOf(names);
        if (r.conversation == open)
            last = std::move(entry);
        else
            m_all.push_back(std::move(entry));
    }
    if (last)
        m_all.push_back(std::move(*last));
    for (const User &user : people) {
        if (user.id == self || talking.contains(user.id))
            continue;
        Entry entry;
        entry.row.person = user;
        entry.row.name = shownName(user);
        entry.row.colour = colourIndex(user.id.str());
        entry.row.avatar = QString::fromStdString(user.avatar);
        QStringList names{entry.row.name, QString::fromStdString(user.username)};
        names.removeDuplicates();
        entry.keys = keysOf(names);
        m_all.push_back(std::move(entry));
    }
    setText({});
}

void SwitcherModel::end()
{
    beginResetModel();
    m_all.clear();
    m_shown.clear();
    m_known.clear();
    endResetModel();
}

void SwitcherModel::setText(const QString &typed)
{
    const QString folded = foldName(typed);
    std::vector<std::pair<int, const Entry *>> fitting;
    for (const Entry &entry : m_all) {
        if (folded.isEmpty() && entry.row.conversation.empty())
            continue; // strangers only when they are asked for
        if (const int fits = nameScore(entry.keys, folded); fits > 0)
            fitting.emplace_back(fits, &entry);
    }
    if (!folded.isEmpty())
        std::stable_sort(fitting.begin(), fitting.end(), [](const auto &a, const auto &b) {
            return std::make_pair(-a.first, a.second->row.unread == 0) <
                   std::make_pair(-b.first, b.second->row.unread == 0);
        });
    beginResetModel();
    m_shown.clear();
    for (const auto &[fits, entry] : fitting) {
        if (m_shown.size() == kMost)
            break;
        m_shown.push_back(entry->row);
    }
    endResetModel();
}

} // namespace kith::models
