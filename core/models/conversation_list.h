// SPDX-License-Identifier: GPL-3.0-or-later
// The conversation list: copied heads, pinned ones and then the most recently changed first, with what is only live
// (typing, presence).
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/history/types.h"
#include "core/models/people.h"

#include <optional>
#endif

#include <QAbstractListModel>
#include <QTimer>

namespace kith::models {

/// What a delegate paints. Values only: a row outlives the model's next change.
struct ConversationRow {
    history::LocalHead head;
    QString name;
    QString lastSender; // display name of the newest message's sender; empty for oneself
    bool lastOwn = false;
    Timestamp time{};           // of the last line
    std::optional<UserId> peer; // for a private conversation
    PresenceState presence = PresenceState::Offline;
    QStringList typing; // names
    bool muted = false;
    int colour = 0; // index of the avatar's colour
    QString avatar; // file id of the picture

    bool isPinned() const { return head.pinnedAt != Timestamp{}; }
    bool isUnread() const { return head.head.unread > 0 || head.markedUnread; }

    bool operator==(const ConversationRow &) const = default;
};

class ConversationListModel final : public QAbstractListModel {
    Q_OBJECT
public:
    enum Role { RowRole = Qt::UserRole + 1, IdRole, UnreadRole, TypingRole, DraftRole, MutedRole, ColourRole };

    explicit ConversationListModel(People &people, QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;

    const ConversationRow &row(int index) const { return m_rows.at(static_cast<std::size_t>(index)); }
    int indexOf(const ConversationId &id) const; // -1 if it is not there
    std::int64_t unreadTotal() const;

    void reset(const std::vector<history::LocalHead> &heads);
    /// Heads that changed or are new. A row that moves up is moved, not re-made: the selection stays on it.
    void apply(const std::vector<history::LocalHead> &heads);
    void setTyping(const ConversationId &id, const UserId &user);
    void stopTyping(const ConversationId &id, const UserId &user);
    void setPresence(const Presence &presence);
    /// Everybody goes offline for us when the link is down.
    void clearLive();

signals:
    void unreadTotalChanged(qint64 total);

private:
    ConversationRow make(const history::LocalHead &head) const;
    void place(const history::LocalHead &head);
    void refresh();
    void forgetTyping();
    void setRow(int index, ConversationRow row);

    struct Typing {
        ConversationId conversation;
        UserId user;
        std::int64_t untilMs = 0; // monotone
    };

    People &m_people;
    std::vector<ConversationRow> m_rows;
    std::vector<Typing> m_typing;
    std::unordered_map<UserId, PresenceState> m_presence;
    QTimer m_typingTimer;
    std::int64_t m_unread = 0;
};

} // namespace kith::models

Q_DECLARE_METATYPE(kith::models::ConversationRow)
