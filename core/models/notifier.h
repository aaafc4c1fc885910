// SPDX-License-Identifier: GPL-3.0-or-later
// Decides what is worth a notification, and when one has become of no use. Knows nothing of desktops.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/history/types.h"
#include "core/models/people.h"

#include <functional>
#include <map>
#include <optional>
#endif

#include <QObject>
#include <QTimer>

namespace kith::models {

/// One conversation with news, or all of them at once.
struct News {
    ConversationId conversation; // empty: a summary
    Seq seq;                     // the newest message that is told of
    QString title;               // name of the conversation
    QString sender;              // in groups
    QString text;                // of the newest message
    QString avatar;              // file id of the group's or the sender's picture
    bool group = false;
    bool mentioned = false;
    std::int64_t unread = 0;        // messages
    std::int64_t conversations = 1; // of a summary

    bool operator==(const News &) const = default;
};

/// One notification per conversation, replaced as more comes; one summary where many conversations have news at once,
/// as after a long absence. Nothing of what is being looked at, was read elsewhere, is muted (unless the reader is
/// mentioned) or one's own.
class Notifier final : public QObject {
    Q_OBJECT
public:
    /// Whether the newest messages of a conversation are before the reader's eyes.
    using Looking = std::function<bool(const ConversationId &)>;
    Notifier(const People &people, Looking looking, QObject *parent = nullptr);
    /// Nothing is told of what these write.
    void setBlocked(std::vector<UserId> users);

    /// What is known now is old; what comes from here on is news.
    void start(const std::vector<history::LocalHead> &heads);
    void stop();
    void applyHeads(const std::vector<history::LocalHead> &heads);
    void applyMessages(const ConversationId &id, const std::vector<history::StoredMessage> &messages);
    /// News are gathered until the catch-up is over.
    void setCatchingUp(bool catchingUp);
    /// The reader came back to the window, or looked at another conversation.
    void lookedAt();

signals:
    void news(const kith::models::News &news);
    /// `conversation` is empty for the summary.
    void withdrawn(const kith::ConversationId &conversation);

private:
    struct Place {
        history::LocalHead head;
        Seq told;                   // what is older is no news
        std::optional<Seq> waiting; // the newest that is to be told
        Seq shown;                  // of the notification that stands
        QString text;
        UserId sender;
        bool mentioned = false;
    };
    bool isBlocked(const UserId &user) const;
    bool isNews(const Place &place, const history::StoredMessage &stored) const;
    void flush();
    void withdraw(const ConversationId &id, Place &place);
    void drop(Place &place) const;
    News newsOf(const ConversationId &id, const Place &place) const;

    const People &m_people;
    Looking m_looking;
    std::map<ConversationId, Place> m_places;
    std::vector<UserId> m_blocked;
    QTimer m_gather;
    bool m_started = false, m_catchingUp = false, m_summary = false;
};

} // namespace kith::models

Q_DECLARE_METATYPE(kith::models::News)
