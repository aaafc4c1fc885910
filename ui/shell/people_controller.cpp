// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/people_controller.h"

#include "core/base/limits.h"
#include "ui/dialogs/group_dialog.h"
#include "ui/dialogs/members_dialog.h"
#include "ui/dialogs/profile_card.h"
#include "ui/pictures/picture_editor.h"
#include "ui/pictures/picture_flow.h"
#include "ui/words/words.h"

#include <algorithm>
#include <set>
#include <utility>

namespace kith::ui {

using client::Client;

namespace {
constexpr auto kPeopleStayFor = std::chrono::minutes{10};
}

PeopleController::PeopleController(Client &client, const Theme &theme, models::People &people,
                                   const models::ConversationListModel &list, QObject *parent)
    : QObject(parent), m_client(client), m_theme(theme), m_people(people), m_list(list), m_members(people)
{
    connect(&client, &Client::presenceChanged, this, [this](const Presence &presence) {
        m_members.setPresence(presence);
        if (m_card && m_card->user() == presence.user)
            m_card->setPresence(presence);
    });
    connect(&client, &Client::blockedChanged, this, &PeopleController::refreshCard);
    connect(&client, &Client::linkStatusChanged, this, [this](const client::LinkStatus &status) {
        if (m_dialog && m_incomplete && !m_loading && status.phase == client::LinkPhase::Online)
            load();
        // At a start a conversation is open before there is a link.
        if (const int at = m_list.indexOf(m_open); at >= 0 && status.phase == client::LinkPhase::Online)
            refreshPeople(m_list.row(at));
    });
    connect(&people, &models::People::changed, this, &PeopleController::refreshCard);
    connect(&list, &QAbstractItemModel::dataChanged, this, &PeopleController::refreshCard);
}

// --- members

void PeopleController::showMembers(const ConversationId &id)
{
    const int index = m_list.indexOf(id);
    if (index < 0 || m_list.row(index).head.head.type != ConversationType::Group)
        return;
    if (m_dialog)
        m_dialog->reject();
    m_members.setFilter({});
    m_members.clear();
    auto *dialog = new MembersDialog(m_theme, m_members, m_people, m_window);
    m_dialog = dialog;
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setGroup(m_list.row(index).head.head);
    new PictureFlow(m_client, m_theme, dialog->pictureEditor(), id);
    connect(dialog, &MembersDialog::inviteRequested, this, [this, dialog, id] { emit inviteRequested(id, dialog); });
    connect(dialog, &MembersDialog::editRequested, this, [this, id] { editGroup(id); });
    connect(dialog, &MembersDialog::profileRequested, this, &PeopleController::showProfile);
    connect(dialog, &MembersDialog::removeRequested, this, [this, id](const UserId &user) { remove(id, user); });
    connect(dialog, &MembersDialog::roleRequested, this,
            [this, id](const UserId &user, Role role) { setRole(id, user, role); });
    connect(dialog, &MembersDialog::loadRequested, this, &PeopleController::load);
    connect(dialog, &MembersDialog::inSight, this, [this](const std::vector<UserId> &users) {
        m_inSight = users;
        watch();
    });
    connect(dialog, &QDialog::finished, this, [this] {
        ++m_round;
        m_loading = false;
        m_inSight.clear();
        watch();
    });
    const auto &last = m_list.row(index).head.head.last;
    m_noticed = last ? last->seq : Seq();
    dialog->open();
    load();
}

void PeopleController::load()
{
    if (!m_dialog)
        return;
    m_loading = true;
    m_stale = false;
    m_dialog->setLoading(true);
    loadPages(m_dialog->conversation(), ++m_round);
}

QCoro::Task<void> PeopleController::loadPages(ConversationId id, std::uint64_t round)
{
    const QPointer<PeopleController> alive(this);
    std::optional<UserId> after;
    std::vector<User> told;
    std::set<UserId> seen;
    for (bool more = true; more;) {
        auto task = m_client.membersPage(id, after);
        auto page = co_await task;
        if (!alive || round != m_round || !m_dialog)
            co_return;
        if (!page) {
            m_loading = false;
            m_incomplete = true;
            m_dialog->setLoading(false);
            m_dialog->showError(page.error(), true);
            co_return;
        }
        m_members.add(page->members, page->users);
        told.insert(told.end(), page->users.begin(), page->users.end());
        for (const Member &member : page->members)
            seen.insert(member.user);
        more = page->more;
        if (more)
            after = page->members.back().user;
    }
    m_loading = m_incomplete = false;
    m_members.keep(seen);
    m_people.put(told); // all at once: everything that shows names is told each time
    m_dialog->setLoading(false);
    if (m_stale)
        load();
}

void PeopleController::membersChanged(const ConversationId &id)
{
    if (m_dialog && m_dialog->conversation() == id)
        load();
}

void PeopleController::applyHeads(const std::vector<history::LocalHead> &heads)
{
    for (const history::LocalHead &local : heads) {
        const auto peer = privatePeer(local.head.conversation, m_people.self());
        if (peer && std::find(m_peers.begin(), m_peers.end(), *peer) == m_peers.end()) {
            m_peers.push_back(*peer);
            watch();
        }
        if (!m_dialog || local.head.conversation != m_dialog->conversation())
            continue;
        m_dialog->setGroup(local.head);
        if (local.head.removed)
            m_dialog->reject();
        else if (const auto &last = local.head.last;
                 last && last->kind == MessageKind::System && last->seq > m_noticed) {
            // Somebody came, went or got another role.
            m_noticed = last->seq;
            if (m_loading)
                m_stale = true;
            else if (!m_incomplete)
                load();
        }
    }
}

QCoro::Task<void> PeopleController::setRole(ConversationId id, UserId user, Role role)
{
    const QPointer<PeopleController> alive(this);
    auto task = m_client.setRole(id, user, role);
    auto done = co_await task;
    if (!alive || !m_dialog || m_dialog->conversation() != id)
        co_return;
    m_dialog->showError(done ? std::nullopt : std::optional(done.error()));
    if (!done)
        co_return;
    m_members.setRole(user, role);
    if (role == Role::Owner)
        m_members.setRole(m_people.self(), Role::Admin); // the head tells it to the rest
}

QCoro::Task<void> PeopleController::remove(ConversationId id, UserId user)
{
    const QPointer<PeopleController> alive(this);
    std::vector<UserId> users{user};
    auto task = m_client.removeFromGroup(id, std::move(users));
    auto done = co_await task;
    if (!alive || !m_dialog || m_dialog->conversation() != id)
        co_return;
    m_dialog->showError(done ? std::nullopt : std::optional(done.error()));
    if (done)
        m_members.remove(user);
}

void PeopleController::editGroup(const ConversationId &id)
{
    const int index = m_list.indexOf(id);
    if (index < 0)
        return;
    const Head &head = m_list.row(index).head.head;
    auto *dialog = new GroupDialog(m_theme, QString::fromStdString(head.name), QString::fromStdString(head.about),
                                   parentForCard());
    connect(dialog, &GroupDialog::saved, this,
            [this, dialog, id](const std::optional<QString> &name, const std::optional<QString> &about) {
                save(QPointer<GroupDialog>(dialog), id, name, about);
            });
    dialog->open();
}

QCoro::Task<void> PeopleController::save(QPointer<GroupDialog> dialog, ConversationId id, std::optional<QString> name,
                                         std::optional<QString> about)
{
    const QPointer<PeopleController> alive(this);
    client::Result<void> done;
    if (name) {
        auto task = m_client.renameGroup(id, name->toStdString());
        done = co_await task;
    }
    if (alive && done && about) {
        auto task = m_client.describeGroup(id, about->toStdString());
        done = co_await task;
    }
    if (!alive || !dialog)
        co_return;
    dialog->setBusy(false);
    if (done)
        dialog->accept();
    else
        dialog->showError(done.error());
}

// --- profile cards

QWidget *PeopleController::parentForCard() const
{
    return m_dialog && m_dialog->isVisible() ? static_cast<QWidget *>(m_dialog) : m_window.data();
}

void PeopleController::showProfile(const UserId &user)
{
    if (user.empty())
        return;
    if (m_card)
        m_card->reject();
    User known;
    known.id = user;
    if (const std::vector<User> found = m_people.known({user}); !found.empty())
        known = found.front();
    const bool self = m_people.isSelf(user);
    auto *card = new ProfileCard(m_theme, known, self, parentForCard());
    m_card = card;
    if (self)
        new PictureFlow(m_client, m_theme, card->pictureEditor());
    const QPointer<ProfileCard> it(card);
    connect(card, &ProfileCard::messageRequested, this, [this, it, known] { goTo(it, known, Then::Open); });
    connect(card, &ProfileCard::searchRequested, this, [this, it, known] { goTo(it, known, Then::Search); });
    connect(card, &ProfileCard::muteRequested, this, [this, user](const QPoint &global) {
        emit muteRequested(privateConversation(m_people.self(), user), global);
    });
    connect(card, &ProfileCard::blockRequested, this, [this, it, user](bool blocked) { block(it, user, blocked); });
    connect(card, &ProfileCard::renameRequested, this, [this, it](const QString &name) { rename(it, name); });
    connect(card, &ProfileCard::groupRequested, this, [this, it](const ConversationId &id) {
        if (it)
            it->accept();
        if (m_dialog)
            m_dialog->accept();
        emit openRequested(id);
    });
    connect(card, &QDialog::finished, this, &PeopleController::watch);
    refreshCard();
    card->setPresence(m_client.presence(user));
    card->open();
    watch();
    fill(it, user);
    if (!self)
        fillGroups(it, user);
}

void PeopleController::refreshCard()
{
    if (!m_card)
        return;
    const UserId user = m_card->user();
    if (const std::vector<User> known = m_people.known({user}); !known.empty())
        m_card->setUser(known.front());
    m_card->setBlocked(m_client.isBlocked(user));
    const int index = m_people.isSelf(user) ? -1 : m_list.indexOf(privateConversation(m_people.self(), user));
    m_card->setMuted(index < 0 ? std::nullopt : std::optional(m_list.row(index).muted));
}

QCoro::Task<void> PeopleController::fill(QPointer<ProfileCard> card, UserId user)
{
    const QPointer<PeopleController> alive(this);
    auto task = m_client.fetchUser(user);
    auto fetched = co_await task; // without a network the card shows what is known here
    if (!alive || !fetched)
        co_return;
    const std::vector<User> one{*fetched};
    m_people.put(one);
    if (card)
        card->setUser(*fetched);
}

QCoro::Task<void> PeopleController::fillGroups(QPointer<ProfileCard> card, UserId user)
{
    const QPointer<PeopleController> alive(this);
    auto task = m_client.sharedGroups(user);
    auto found = co_await task;
    if (!alive || !card || !found)
        co_return;
    std::vector<SharedGroup> groups;
    for (const ConversationId &id : *found)
        if (const int index = m_list.indexOf(id); index >= 0)
            groups.push_back({id, Words::name(m_list.row(index))});
    card->setGroups(groups);
}

QCoro::Task<void> PeopleController::goTo(QPointer<ProfileCard> card, User user, Then then)
{
    const QPointer<PeopleController> alive(this);
    if (const std::vector<User> known = m_people.known({user.id}); !known.empty())
        user = known.front();
    auto task = m_client.openPrivate(std::move(user));
    auto id = co_await task;
    if (!alive)
        co_return;
    if (!id) {
        if (card)
            card->showError(id.error());
        co_return;
    }
    if (card)
        card->accept();
    if (m_dialog)
        m_dialog->accept();
    emit openRequested(*id);
    if (then == Then::Search)
        emit searchRequested(*id);
}

QCoro::Task<void> PeopleController::rename(QPointer<ProfileCard> card, QString name)
{
    const QPointer<PeopleController> alive(this);
    if (card)
        card->setBusy(true);
    auto task = m_client.setDisplayName(name.toStdString());
    auto done = co_await task;
    if (!alive)
        co_return;
    if (done)
        m_people.setSelf(*done);
    if (!card)
        co_return;
    card->setBusy(false);
    if (done)
        card->accept();
    else
        card->showError(done.error());
}

void PeopleController::setBlocked(const UserId &user, bool blocked)
{
    block({}, user, blocked);
}

QCoro::Task<void> PeopleController::block(QPointer<ProfileCard> card, UserId user, bool blocked)
{
    const QPointer<PeopleController> alive(this);
    const bool onCard = !card.isNull();
    if (onCard)
        card->setBusy(true);
    auto task = m_client.setBlocked(user, blocked);
    auto done = co_await task;
    if (!alive)
        co_return;
    if (card)
        card->setBusy(false);
    if (done)
        co_return; // blockedChanged has told it
    if (card)
        card->showError(done.error());
    else if (!onCard)
        emit failed(done.error());
}

// --- presence

void PeopleController::setPeers(std::vector<UserId> peers)
{
    m_peers = std::move(peers);
    watch();
}

void PeopleController::setOpenPeer(const std::optional<UserId> &peer)
{
    m_openPeer = peer;
    watch();
}

void PeopleController::refreshPeople(const models::ConversationRow &row)
{
    const Head &head = row.head.head;
    m_open = head.conversation;
    if (row.head.archive || head.removed || !m_client.offersAvatars() ||
        m_client.linkStatus().phase != client::LinkPhase::Online)
        return;
    const auto now = std::chrono::steady_clock::now();
    const auto known = m_asked.find(head.conversation);
    if (known != m_asked.end() && now - known->second < kPeopleStayFor)
        return;
    m_asked[head.conversation] = now;
    ask(head.conversation, row.peer);
}

QCoro::Task<void> PeopleController::ask(ConversationId id, std::optional<UserId> peer)
{
    const QPointer<PeopleController> alive(this);
    if (peer) {
        auto task = m_client.fetchUser(*peer); // who knows people is told by usersChanged
        co_await task;
        co_return;
    }
    auto task = m_client.membersPage(id, std::nullopt);
    auto page = co_await task;
    if (alive && page && m_people.isSelf(m_client.self().id))
        m_people.put(page->users);
}

/// One list replaces the one before: the most wanted first, as many as the server takes.
void PeopleController::watch()
{
    std::vector<UserId> users;
    std::set<UserId> seen;
    const auto want = [&](const UserId &user) {
        if (seen.size() < limits::kMaxMembersPerRequest && !m_people.isSelf(user) && seen.insert(user).second)
            users.push_back(user);
    };
    if (m_card && m_card->isVisible())
        want(m_card->user());
    if (m_openPeer)
        want(*m_openPeer);
    std::for_each(m_inSight.begin(), m_inSight.end(), want);
    std::for_each(m_peers.begin(), m_peers.end(), want);
    if (m_watched == seen)
        return; // the server looks each of them up
    m_watched = std::move(seen);
    m_client.watchPresence(std::move(users));
}

void PeopleController::leave()
{
    if (m_card)
        m_card->reject();
    if (m_dialog)
        m_dialog->reject();
    ++m_round;
    m_loading = m_incomplete = false;
    m_members.setFilter({});
    m_members.clear();
    m_peers.clear();
    m_inSight.clear();
    m_openPeer.reset();
    m_watched.clear();
    m_open = ConversationId();
    m_asked.clear();
}

} // namespace kith::ui
