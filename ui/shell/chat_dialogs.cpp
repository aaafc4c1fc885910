// SPDX-License-Identifier: GPL-3.0-or-later
// The part of ChatController that opens dialogs and menus: new conversations, members, mute, leave.
#include "ui/dialogs/confirm_dialog.h"
#include "ui/dialogs/new_chat_dialog.h"
#include "ui/dialogs/receipts_dialog.h"
#include "ui/shell/chat_controller.h"
#include "ui/shell/chat_page.h"
#include "ui/shell/export_controller.h"
#include "ui/widgets/banner.h"
#include "ui/words/words.h"

#include <QDateTime>
#include <QMenu>

namespace kith::ui {

namespace {
std::vector<UserId> idsOf(const std::vector<User> &users)
{
    std::vector<UserId> ids;
    for (const User &user : users)
        ids.push_back(user.id);
    return ids;
}
} // namespace

void ChatController::newChat()
{
    if (!m_client.isLoggedIn())
        return;
    auto *dialog = new NewChatDialog(m_theme, NewChatDialog::Purpose::Start, m_page);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &NewChatDialog::searchRequested, this, [this, dialog](quint64 request, const QString &text) {
        find(QPointer<NewChatDialog>(dialog), request, text);
    });
    connect(dialog, &NewChatDialog::privateChosen, this, [this, dialog](const User &user) {
        dialog->setBusy(true);
        startPrivate(QPointer<NewChatDialog>(dialog), user);
    });
    connect(dialog, &NewChatDialog::groupChosen, this,
            [this, dialog](const QString &name, const std::vector<User> &users) {
                dialog->setBusy(true);
                startGroup(QPointer<NewChatDialog>(dialog), name, idsOf(users));
            });
    dialog->open();
}

void ChatController::inviteTo(const ConversationId &id, QWidget *parent)
{
    auto *dialog = new NewChatDialog(m_theme, NewChatDialog::Purpose::Invite, parent);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &NewChatDialog::searchRequested, this, [this, dialog](quint64 request, const QString &text) {
        find(QPointer<NewChatDialog>(dialog), request, text);
    });
    connect(dialog, &NewChatDialog::groupChosen, this,
            [this, dialog, id](const QString &, const std::vector<User> &users) {
                dialog->setBusy(true);
                invite(QPointer<NewChatDialog>(dialog), id, idsOf(users));
            });
    dialog->open();
}

QCoro::Task<void> ChatController::find(QPointer<NewChatDialog> dialog, quint64 request, QString text)
{
    const QPointer<ChatController> alive(this);
    auto users = co_await m_client.findUsers(text.toStdString());
    if (!alive || !dialog)
        co_return;
    if (!users) {
        dialog->setFailed(request, users.error());
        co_return;
    }
    std::vector<User> others;
    for (const User &user : users.value()) {
        if (!m_people.isSelf(user.id))
            others.push_back(user);
    }
    m_people.put(others);
    dialog->setFound(request, std::move(others));
}

QCoro::Task<void> ChatController::startPrivate(QPointer<NewChatDialog> dialog, User user)
{
    const QPointer<ChatController> alive(this);
    auto id = co_await m_client.openPrivate(std::move(user));
    if (!alive)
        co_return;
    if (dialog)
        dialog->setBusy(false);
    if (!id) {
        if (dialog)
            dialog->showError(id.error());
        co_return;
    }
    if (dialog)
        dialog->accept();
    openConversation(id.value());
}

QCoro::Task<void> ChatController::startGroup(QPointer<NewChatDialog> dialog, QString name, std::vector<UserId> members)
{
    const QPointer<ChatController> alive(this);
    auto id =
        co_await m_client.createGroup(name.normalized(QString::NormalizationForm_C).toStdString(), std::move(members));
    if (!alive)
        co_return;
    if (dialog)
        dialog->setBusy(false);
    if (!id) {
        if (dialog)
            dialog->showError(id.error());
        co_return;
    }
    if (dialog)
        dialog->accept();
    openConversation(id.value());
}

QCoro::Task<void> ChatController::invite(QPointer<NewChatDialog> dialog, ConversationId id, std::vector<UserId> members)
{
    const QPointer<ChatController> alive(this);
    auto done = co_await m_client.inviteToGroup(id, std::move(members));
    if (!alive)
        co_return;
    if (dialog) {
        dialog->setBusy(false);
        if (done)
            dialog->accept();
        else
            dialog->showError(done.error());
    }
    if (done)
        m_persons.membersChanged(id);
}

void ChatController::connectPersons()
{
    connect(&m_persons, &PeopleController::openRequested, this, &ChatController::openConversation);
    connect(&m_persons, &PeopleController::searchRequested, this, [this](const ConversationId &id) {
        if (id == m_open)
            emit searchRequested();
        else
            m_searchIn = id; // when it is open
    });
    connect(&m_persons, &PeopleController::inviteRequested, this, &ChatController::inviteTo);
    connect(&m_persons, &PeopleController::muteRequested, this, &ChatController::showMuteMenu);
    connect(&m_persons, &PeopleController::failed, this, [this](const client::ClientError &error) {
        if (m_page)
            m_page->banner()->setTrouble(Words::error(error), Words::errorDetail(error));
    });
}

void ChatController::showReceipts(Seq seq, const QString &text)
{
    auto *dialog = new ReceiptsDialog(m_theme, m_people, text, m_page);
    dialog->open();
    loadReceipts(QPointer<ReceiptsDialog>(dialog), m_open, seq);
}

QCoro::Task<void> ChatController::loadReceipts(QPointer<ReceiptsDialog> dialog, ConversationId id, Seq seq)
{
    const QPointer<ChatController> alive(this);
    auto task = m_client.messageReceipts(id, seq);
    auto receipts = co_await task;
    if (!alive || !dialog)
        co_return;
    if (receipts)
        dialog->showReceipts(*receipts);
    else
        dialog->showError(receipts.error());
}

void ChatController::showMenu(const ConversationId &conversation, const QPoint &global)
{
    const ConversationId id = conversation; // the menu runs a loop of its own, in which the caller's may go
    const int index = m_list.indexOf(id);
    if (index < 0)
        return;
    const models::ConversationRow row = m_list.row(index);
    QMenu menu(m_page);
    menu.addAction(row.isPinned() ? tr("Unpin") : tr("Pin to the top"), this,
                   [this, id, row] { act(m_client.setPinned(id, !row.isPinned())); });
    if (row.isUnread())
        menu.addAction(tr("Mark as read"), this, [this, id, row] {
            m_client.markRead(id, row.head.head.headSeq);
            act(m_client.setMarkedUnread(id, false));
        });
    else
        menu.addAction(tr("Mark as unread"), this, [this, id] { act(m_client.setMarkedUnread(id, true)); });
    const bool online = m_client.isLoggedIn(); // the rest needs a server sooner or later
    if (!row.head.archive && online)
        addMuteMenu(menu, row);
    menu.addAction(row.head.shelved ? tr("Out of the archive") : tr("Archive"), this,
                   [this, id, row] { act(m_client.setShelved(id, !row.head.shelved)); });
    if (id == m_open)
        menu.addAction(tr("Go to a day…"), QKeySequence(QStringLiteral("Ctrl+J")), this, &ChatController::goToDay);
    menu.addAction(tr("Export…"), this, [this, id, row] {
        (new ExportController(m_client, id, Words::name(row), m_theme, m_page))->dialog()->open();
    });
    menu.addAction(tr("On this computer…"), this, [this, id] { emit storageRequested(id); });
    if (row.head.head.type == ConversationType::Group && !row.head.head.removed && online) {
        menu.addSeparator();
        menu.addAction(tr("Members"), this, [this, id] { m_persons.showMembers(id); });
        if (row.head.head.role != Role::Member)
            menu.addAction(tr("Name and description…"), this, [this, id] { m_persons.editGroup(id); });
        menu.addSeparator();
        menu.addAction(tr("Leave the group…"), this, [this, id, row] { askToLeave(id, Words::name(row)); });
    }
    if (row.peer && !row.head.archive) {
        menu.addSeparator();
        menu.addAction(tr("Profile"), this, [this, row] { m_persons.showProfile(*row.peer); });
        if (online && m_client.isBlocked(*row.peer))
            menu.addAction(tr("Unblock"), this, [this, row] { m_persons.setBlocked(*row.peer, false); });
    }
    menu.exec(global);
}

void ChatController::addMuteMenu(QMenu &menu, const models::ConversationRow &row)
{
    const ConversationId id = row.head.head.conversation;
    if (row.muted) {
        menu.addAction(tr("Unmute"), this, [this, id] { mute(id, Timestamp{}); });
        return;
    }
    addMuteLengths(*menu.addMenu(tr("Mute")), id);
}

void ChatController::addMuteLengths(QMenu &menu, const ConversationId &id)
{
    const auto choice = [&](const QString &text, std::chrono::hours length) {
        menu.addAction(text, this,
                       [this, id, length] { mute(id, fromUnixMs(QDateTime::currentMSecsSinceEpoch()) + length); });
    };
    choice(tr("For 1 hour"), std::chrono::hours{1});
    choice(tr("For 8 hours"), std::chrono::hours{8});
    // The far end of what the protocol's clock can say in this century.
    menu.addAction(tr("Until I switch it on again"), this, [this, id] { mute(id, fromUnixMs(4102444800000)); });
}

void ChatController::showMuteMenu(const ConversationId &conversation, const QPoint &global)
{
    const ConversationId id = conversation; // the menu runs a loop of its own
    const int index = m_list.indexOf(id);
    if (index < 0)
        return;
    if (m_list.row(index).muted) {
        mute(id, Timestamp{});
        return;
    }
    QMenu menu(m_page);
    addMuteLengths(menu, id);
    menu.exec(global);
}

QCoro::Task<void> ChatController::mute(ConversationId id, Timestamp until)
{
    co_await act(m_client.setMuted(std::move(id), until));
}

void ChatController::askToLeave(const ConversationId &id, const QString &name)
{
    auto *dialog = new ConfirmDialog(m_theme, tr("Leave “%1”?").arg(name),
                                     tr("Nothing new will come from this group, and only a member can bring you back. "
                                        "The history stays on this computer."),
                                     tr("Leave the group"), m_page);
    connect(dialog, &ConfirmDialog::confirmed, this, [this, id] { leaveGroup(id); });
    dialog->open();
}

QCoro::Task<void> ChatController::leaveGroup(ConversationId id)
{
    co_await act(m_client.leaveGroup(std::move(id)));
}

} // namespace kith::ui
