// SPDX-License-Identifier: GPL-3.0-or-later
// Ties the client core to the models and the chat page: what the client tells goes into models, what people do goes to
// the client.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/client/client.h"
#include "core/models/conversation_list.h"
#include "core/models/timeline_window.h"
#include "ui/shell/day_controller.h"
#include "ui/shell/mention_controller.h"
#include "ui/shell/people_controller.h"
#include "ui/shell/writing_controller.h"
#endif

#include <QObject>
#include <QPointer>

#include <map>

class QMenu;

namespace kith::ui {

class ChatPage;
class NewChatDialog;
class ReceiptsDialog;
class Theme;

/// Reads pages from the client's local history.
class ClientTimelineSource final : public models::TimelineSource {
public:
    explicit ClientTimelineSource(client::Client &client) : m_client(client) {}
    QCoro::Task<client::Result<history::LocalPage>> page(PageQuery query) override;
    QCoro::Task<client::Result<std::vector<history::StoredMessage>>> unsent(ConversationId conversation) override;
    QCoro::Task<client::Result<std::vector<Receipt>>> receipts(ConversationId conversation) override;
    QCoro::Task<client::Result<void>> fillHole(ConversationId conversation, history::Hole hole, Seq near) override;

private:
    client::Client &m_client;
};

class ChatController final : public QObject {
    Q_OBJECT
public:
    ChatController(client::Client &client, const Theme &theme, QObject *parent = nullptr);
    ~ChatController() override;

    /// The page is owned by whoever shows it; one page per controller.
    ChatPage *makePage(QWidget *parent);
    models::People &people() { return m_people; }
    models::ConversationListModel &list() { return m_list; }
    models::TimelineWindow &timeline() { return m_timeline; }
    PeopleController &persons() { return m_persons; }

    /// After login or unlock: reads heads, opens the conversation that was open last.
    QCoro::Task<void> enter(ConversationId open);
    void leave();
    /// The newest conversation, if nothing is open and there is one.
    void openNewest();
    void openConversation(const ConversationId &id);
    /// At that message, which is shown for a moment as the one looked for.
    void openAt(const ConversationId &id, Seq seq);
    const ConversationId &openedConversation() const { return m_open; }
    void newChat();
    /// The calendar of the open conversation.
    void goToDay();
    DayController &days() { return m_days; }
    void flush();            // drafts, before the end
    bool isAtNewest() const; // the newest message of the open conversation is in sight

signals:
    void entered();
    void loginRequested(); // by somebody who reads while logged out
    /// What is here of it.
    void storageRequested(const kith::ConversationId &id);
    void searchRequested(); // in the open conversation
    /// All heads were read from the history; changes come by Client::headsChanged.
    void headsRead(const std::vector<kith::history::LocalHead> &heads);

private:
    void connectClient();
    void connectPage();
    void showOpen();
    void onLink(const client::LinkStatus &status);
    void tellArchive(const ConversationId &archive);
    void tellRepair();
    QCoro::Task<void> reload();
    struct Reply {
        Seq seq;
        QString name, text;
    };
    void setReply(std::optional<Reply> reply);
    void beginEdit(qint64 localId, const QString &text);
    void editLast();
    void endEdit();
    void saveEdit(const QString &text);
    void park();
    void unpark();
    void changeRefused(const ConversationId &id, const history::PendingChange &change,
                       const client::ClientError &error);
    QCoro::Task<void> send(ConversationId id, QString text, std::optional<Reply> reply, std::vector<UserId> mentions);
    void open(const ConversationId &id, Seq at);
    QCoro::Task<void> openUnlisted(ConversationId id, Seq at);
    QCoro::Task<void> fetchUsers(std::vector<UserId> ids);
    QCoro::Task<void> find(QPointer<NewChatDialog> dialog, quint64 request, QString text);
    QCoro::Task<void> startPrivate(QPointer<NewChatDialog> dialog, User user);
    QCoro::Task<void> startGroup(QPointer<NewChatDialog> dialog, QString name, std::vector<UserId> members);
    QCoro::Task<void> invite(QPointer<NewChatDialog> dialog, ConversationId id, std::vector<UserId> members);
    QCoro::Task<void> mute(ConversationId id, Timestamp until);
    void askToLeave(const ConversationId &id, const QString &name);
    QCoro::Task<void> leaveGroup(ConversationId id);
    QCoro::Task<void> act(QCoro::Task<client::Result<void>> task);
    void showReceipts(Seq seq, const QString &text);
    QCoro::Task<void> loadReceipts(QPointer<ReceiptsDialog> dialog, ConversationId id, Seq seq);
    void showMenu(const ConversationId &id, const QPoint &global);
    void addMuteMenu(QMenu &menu, const models::ConversationRow &row);
    void addMuteLengths(QMenu &menu, const ConversationId &id);
    void showMuteMenu(const ConversationId &id, const QPoint &global);
    void connectPersons();
    void inviteTo(const ConversationId &id, QWidget *parent);

    client::Client &m_client;
    const Theme &m_theme;
    models::People m_people;
    ClientTimelineSource m_source; // before the window that reads from it
    models::ConversationListModel m_list;
    models::TimelineWindow m_timeline;
    PeopleController m_persons;
    MentionController m_mentions;
    WritingController m_writing;
    DayController m_days;
    QPointer<ChatPage> m_page;
    ConversationId m_open;
    std::uint64_t m_visit = 0;    // ends with leave(): what enter() still waits for is then of no use
    std::optional<Reply> m_reply; // what the next message answers
    struct Editing {
        ConversationId conversation;
        qint64 localId = 0;
        QString before; // the message's text
        QString draft;  // what was being written when it began
        std::optional<Reply> reply;
    };
    std::optional<Editing> m_editing;
    struct Parked {
        std::optional<Reply> reply;
        std::optional<Editing> editing;
        QString text; // of the edit
    };
    std::map<ConversationId, Parked> m_parked;
    std::map<ConversationId, QString> m_drafts; // told to the history since enter()
    ConversationId m_searchIn;                  // is to be searched when it is open
    QString m_storageTrouble;                   // what the banner says of the disk
};

} // namespace kith::ui
