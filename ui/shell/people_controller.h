// SPDX-License-Identifier: GPL-3.0-or-later
// People around the conversations: members of a group and what may be done to them, profile cards, blocking, and whose
// presence is worth asking for.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/client/client.h"
#include "core/models/conversation_list.h"
#include "core/models/members.h"

#include <chrono>
#include <map>
#include <set>
#endif

#include <QObject>
#include <QPointer>

namespace kith::ui {

class GroupDialog;
class MembersDialog;
class ProfileCard;
class Theme;

class PeopleController final : public QObject {
    Q_OBJECT
public:
    PeopleController(client::Client &client, const Theme &theme, models::People &people,
                     const models::ConversationListModel &list, QObject *parent = nullptr);

    void setWindow(QWidget *window) { m_window = window; }
    void showMembers(const ConversationId &id);
    void showProfile(const UserId &user);
    /// Name and description.
    void editGroup(const ConversationId &id);
    void setBlocked(const UserId &user, bool blocked);
    /// People came into the group or went out of it.
    void membersChanged(const ConversationId &id);
    void applyHeads(const std::vector<history::LocalHead> &heads);
    /// With whom there are conversations, and with whom the open one is.
    void setPeers(std::vector<UserId> peers);
    void setOpenPeer(const std::optional<UserId> &peer);
    /// A conversation was opened: nobody tells by himself that the people in it have other pictures or names than those
    /// known here. Asked now and then.
    void refreshPeople(const models::ConversationRow &row);
    /// Closes what is open and forgets who was seen.
    void leave();

signals:
    void openRequested(const kith::ConversationId &id);
    void searchRequested(const kith::ConversationId &id);
    void inviteRequested(const kith::ConversationId &id, QWidget *parent);
    void muteRequested(const kith::ConversationId &id, const QPoint &global);
    /// Of something that was not done in a dialog.
    void failed(const kith::client::ClientError &error);

private:
    enum class Then { Open, Search };
    QWidget *parentForCard() const;
    void load();
    QCoro::Task<void> loadPages(ConversationId id, std::uint64_t round);
    QCoro::Task<void> setRole(ConversationId id, UserId user, Role role);
    QCoro::Task<void> remove(ConversationId id, UserId user);
    QCoro::Task<void> save(QPointer<GroupDialog> dialog, ConversationId id, std::optional<QString> name,
                           std::optional<QString> about);
    QCoro::Task<void> fill(QPointer<ProfileCard> card, UserId user);
    QCoro::Task<void> fillGroups(QPointer<ProfileCard> card, UserId user);
    QCoro::Task<void> goTo(QPointer<ProfileCard> card, User user, Then then);
    QCoro::Task<void> rename(QPointer<ProfileCard> card, QString name);
    QCoro::Task<void> block(QPointer<ProfileCard> card, UserId user, bool blocked);
    void refreshCard();
    QCoro::Task<void> ask(ConversationId id, std::optional<UserId> peer);
    void watch();

    client::Client &m_client;
    const Theme &m_theme;
    models::People &m_people;
    const models::ConversationListModel &m_list;
    models::MembersModel m_members;
    QPointer<QWidget> m_window;
    QPointer<MembersDialog> m_dialog;
    QPointer<ProfileCard> m_card;
    std::uint64_t m_round = 0; // of loading members: an older one stops
    bool m_loading = false, m_incomplete = false;
    bool m_stale = false; // something changed while they were loaded
    Seq m_noticed;        // the last change of the group that is in the list
    std::vector<UserId> m_peers, m_inSight;
    std::set<UserId> m_watched;
    std::optional<UserId> m_openPeer;
    ConversationId m_open; // whose people are to be known as they are now
    std::map<ConversationId, std::chrono::steady_clock::time_point> m_asked;
};

} // namespace kith::ui
