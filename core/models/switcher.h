// SPDX-License-Identifier: GPL-3.0-or-later
// What Ctrl+K offers: conversations and people whose names fit what is typed, the best first.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/models/conversation_list.h"
#include "core/models/name_match.h"
#endif

#include <QAbstractListModel>
#include <QHash>

namespace kith::models {

struct SwitcherRow {
    ConversationId conversation; // empty: somebody with whom there is none yet
    std::optional<User> person;  // of a private conversation, where known
    QString name;
    int colour = 0;
    QString avatar; // file id of the picture
    std::int64_t unread = 0;
    bool muted = false, group = false, removed = false, archive = false;
    PresenceState presence = PresenceState::Offline;

    bool operator==(const SwitcherRow &) const = default;
};

/// A picture of the list at the time of begin(): rows do not move under the keys. With nothing typed the conversations
/// in the order of the list, the open one last; else by how well they fit, then unread ones, then in that order.
class SwitcherModel final : public QAbstractListModel {
    Q_OBJECT
public:
    enum Role { RowRole = Qt::UserRole + 1 };
    using QAbstractListModel::QAbstractListModel;

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    const SwitcherRow &row(int index) const { return m_shown.at(static_cast<std::size_t>(index)); }

    void begin(const ConversationListModel &list, const std::vector<User> &people, const UserId &self,
               const ConversationId &open);
    void end(); // forgets all names
    void setText(const QString &typed);

private:
    struct Entry {
        SwitcherRow row;
        NameKeys keys;
    };
    const NameKeys &keysOf(const QStringList &names);

    std::vector<Entry> m_all;
    std::vector<SwitcherRow> m_shown;
    QHash<QString, NameKeys> m_known; // pinyin is made once a name
};

} // namespace kith::models

Q_DECLARE_METATYPE(kith::models::SwitcherRow)
