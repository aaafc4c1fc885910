// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/chat_controller.h"

#include "ui/list/sidebar.h"
#include "ui/pictures/pictures.h"
#include "ui/shell/chat_page.h"
#include "ui/timeline/timeline_view.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/composer.h"
#include "ui/widgets/conversation_header.h"
#include "ui/widgets/mention_completer.h"
#include "ui/words/words.h"

#include <QDateTime>
#include <QDesktopServices>
#include <QListView>
#include <QLoggingCategory>
#include <QUrl>

#include <utility>

namespace kith::ui {

QCoro::Task<client::Result<history::LocalPage>> ClientTimelineSource::page(PageQuery query)
{
    return m_client.page(std::move(query));
}
QCoro::Task<client::Result<std::vector<history::StoredMessage>>>
ClientTimelineSource::unsent(ConversationId conversation)
{
    return m_client.unsent(std::move(conversation));
}
QCoro::Task<client::Result<std::vector<Receipt>>> ClientTimelineSource::receipts(ConversationId conversation)
{
    return m_client.receipts(std::move(conversation));
}
QCoro::Task<client::Result<void>> ClientTimelineSource::fillHole(ConversationId conversation, history::Hole hole,
                                                                 Seq near)
{
    return m_client.fillHole(std::move(conversation), hole, near);
}

ChatController::ChatController(client::Client &client, const Theme &theme, QObject *parent)
    : QObject(parent), m_client(client), m_theme(theme), m_source(client), m_list(m_people),
      m_timeline(m_source, m_people), m_persons(client, theme, m_people, m_list),
      m_mentions(client, m_people, m_timeline), m_writing(client), m_days(client, m_timeline, theme)
{
    connectClient();
}

ChatController::~ChatController() = default;

ChatPage *ChatController::makePage(QWidget *parent)
{
    m_page = new ChatPage(m_theme, m_list, m_timeline, m_people, parent);
    m_page->showConversation({});
    m_persons.setWindow(m_page);
    connectPage();
    connectPersons();
    onLink(m_client.linkStatus());
    return m_page;
}

void ChatController::connectClient()
{
    using client::Client;
    connect(&m_client, &Client::headsChanged, this, [this](const std::vector<history::LocalHead> &heads) {
        m_list.apply(heads);
        for (const history::LocalHead &head : heads) {
            if (head.head.conversation == m_open && head.head.members != m_timeline.head().head.members)
                m_mentions.reset();
            m_timeline.applyHead(head);
        }
        m_persons.applyHeads(heads);
        showOpen();
    });
    connect(&m_client, &Client::messagesChanged, this,
            [this](const ConversationId &id, const std::vector<history::StoredMessage> &messages) {
                for (const history::StoredMessage &m : messages)
                    m_list.stopTyping(id, m.message.sender);
                m_timeline.applyMessages(id, messages);
            });
    connect(&m_client, &Client::messageSettled, &m_timeline, &models::TimelineWindow::applySettled);
    connect(&m_client, &Client::messageDiscarded, &m_timeline, &models::TimelineWindow::applyDiscarded);
    connect(&m_client, &Client::changeRefused, this, &ChatController::changeRefused);
    connect(&m_client, &Client::coverageChanged, &m_timeline, &models::TimelineWindow::applyCoverage);
    connect(&m_client, &Client::movedToArchive, this, &ChatController::tellArchive);
    connect(&m_client, &Client::historyRepaired, this, [this] {
        tellRepair();
        reload();
    });
    connect(&m_client, &Client::receiptChanged, &m_timeline, &models::TimelineWindow::applyReceipt);
    connect(&m_client, &Client::typing, this, [this](const ConversationId &id, const UserId &user) {
        m_list.setTyping(id, user);
        showOpen();
    });
    connect(&m_client, &Client::presenceChanged, this, [this](const Presence &presence) {
        m_list.setPresence(presence);
        showOpen();
    });
    connect(&m_theme.pictures(), &Pictures::wanted, this,
            [this](const QString &id) { m_client.wantAvatar(id.toStdString()); });
    connect(&m_client, &Client::avatarArrived, this, [this](const std::string &id, const QByteArray &picture) {
        m_theme.pictures().put(QString::fromStdString(id), picture);
    });
    connect(&m_client, &Client::usersChanged, &m_people, &models::People::put);
    connect(&m_client, &Client::blockedChanged, this, &ChatController::showOpen);
    connect(&m_client, &Client::linkStatusChanged, this, &ChatController::onLink);
    connect(&m_client, &Client::storageFailed, this, [this](const client::ClientError &error) {
        m_storageTrouble = Words::error(error);
        if (m_page)
            m_page->banner()->setTrouble(m_storageTrouble, Words::errorDetail(error));
    });
    connect(&m_people, &models::People::wanted, this, [this](const std::vector<UserId> &ids) { fetchUsers(ids); });
    connect(&m_list, &QAbstractItemModel::dataChanged, this, &ChatController::showOpen);
}

void ChatController::connectPage()
{
    connect(m_page->sidebar(), &Sidebar::chosen, this, &ChatController::openConversation);
    connect(m_page->sidebar(), &Sidebar::newChatRequested, this, &ChatController::newChat);
    connect(m_page->banner(), &Banner::retryClicked, this, [this] { m_client.reconnectNow(); });
    connect(m_page->header(), &ConversationHeader::membersRequested, this, [this] { m_persons.showMembers(m_open); });
    connect(m_page->header(), &ConversationHeader::profileRequested, this, [this] {
        if (const auto peer = privatePeer(m_open, m_people.self()))
            m_persons.showProfile(*peer);
        else
            m_persons.showMembers(m_open);
    });
    connect(m_page->header(), &ConversationHeader::menuRequested, this,
            [this](const QPoint &global) { showMenu(m_open, global); });
    connect(m_page->sidebar(), &Sidebar::contextMenuRequested, this, &ChatController::showMenu);
    Composer *composer = m_page->composer();
    connect(composer, &Composer::sendRequested, this, [this](const QString &text) {
        if (m_editing)
            return saveEdit(text);
        m_page->timeline()->scrollToNewest();
        send(m_open, text, std::exchange(m_reply, std::nullopt), m_page->composer()->mentions()->mentionsIn(text));
        setReply({});
    });
    connect(composer, &Composer::draftChanged, this, [this](const QString &text) {
        if (m_open.empty() || m_editing)
            return;
        m_drafts[m_open] = text; // the list hears of it only when it is written
        m_client.setDraft(m_open, text.toStdString());
    });
    connect(composer, &Composer::typed, this, [this] {
        if (!m_open.empty())
            m_client.sendTyping(m_open);
    });
    connect(composer, &Composer::replyCancelled, this, [this] {
        if (m_editing)
            endEdit();
        else
            setReply({});
    });
    connect(composer, &Composer::remedyRequested, this, [this] {
        if (!m_client.isLoggedIn())
            return emit loginRequested();
        if (const auto peer = privatePeer(m_open, m_people.self()))
            m_persons.setBlocked(*peer, false);
    });
    m_mentions.attach(*composer->mentions());
    m_writing.attach(*composer);
    connect(composer, &Composer::editLastRequested, this, &ChatController::editLast);
    TimelineView *view = m_page->timeline();
    connect(view, &TimelineView::replyRequested, this, [this](Seq seq, const QString &name, const QString &text) {
        setReply(Reply{seq, name, text});
        m_page->composer()->focusText();
    });
    connect(view, &TimelineView::editRequested, this, &ChatController::beginEdit);
    connect(view, &TimelineView::recallRequested, this,
            [this](qint64 localId) { act(m_client.recall(m_open, localId)); });
    connect(view, &TimelineView::likeRequested, this,
            [this](qint64 localId, bool liked) { act(m_client.like(m_open, localId, liked)); });
    connect(view, &TimelineView::receiptsRequested, this, &ChatController::showReceipts);
    connect(view, &TimelineView::profileRequested, &m_persons, &PeopleController::showProfile);
    connect(view, &TimelineView::seen, this, [this](Seq seq) {
        if (!m_open.empty())
            m_client.markRead(m_open, seq);
    });
    connect(view, &TimelineView::retryRequested, this,
            [this](const ClientMessageId &cid) { act(m_client.retrySend(cid)); });
    connect(view, &TimelineView::discardRequested, this,
            [this](const ClientMessageId &cid) { act(m_client.discardSend(cid)); });
    connect(view, &TimelineView::dayClicked, this,
            [this](const QDate &day, const QRect &at) { m_days.open(day, at, m_page); });
    connect(view, &TimelineView::linkActivated, this, [](const QString &url) { QDesktopServices::openUrl(QUrl(url)); });
    connect(view, &TimelineView::typedIntoView, this, [this](const QString &text) {
        if (!m_page->composer()->isWritable())
            return;
        m_page->composer()->focusText();
        m_page->composer()->edit()->insertPlainText(text);
    });
}

void ChatController::goToDay()
{
    if (!m_page || m_open.empty())
        return;
    // Below the header, where the days of the timeline stand.
    const TimelineView *view = m_page->timeline();
    const QRect top(view->viewport()->mapToGlobal(QPoint(view->viewport()->width() / 2, 0)), QSize(1, 1));
    m_days.open(view->dayInSight(), top, m_page);
}

QCoro::Task<void> ChatController::enter(ConversationId open)
{
    const QPointer<ChatController> alive(this);
    const auto visit = ++m_visit;
    m_people.setSelf(m_client.owner());
    if (m_page)
        m_page->setLoggedOut(!m_client.isLoggedIn());
    m_writing.enter();
    auto heads = co_await m_client.heads();
    if (!alive || visit != m_visit)
        co_return;
    if (heads) {
        std::vector<UserId> peers;
        for (const history::LocalHead &head : heads.value()) {
            if (const auto peer = privatePeer(head.head.conversation, m_people.self()))
                peers.push_back(*peer);
        }
        m_list.reset(heads.value());
        emit headsRead(*heads);
        m_persons.setPeers(std::move(peers));
    }
    if (open.empty()) {
        std::string name = "open_conversation";
        auto last = co_await m_client.setting(std::move(name));
        if (!alive || visit != m_visit)
            co_return;
        if (last && last.value())
            open = ConversationId(*last.value());
    }
    if (m_page)
        m_page->sidebar()->setLoading(false);
    if (!open.empty() && m_list.indexOf(open) >= 0)
        openConversation(open);
    else
        openNewest();
    tellRepair();
    emit entered();
}

QCoro::Task<void> ChatController::reload()
{
    const QPointer<ChatController> alive(this);
    const auto visit = m_visit;
    auto heads = co_await m_client.heads();
    if (!alive || visit != m_visit || !heads)
        co_return;
    m_list.reset(heads.value());
    emit headsRead(*heads);
    const int open = m_list.indexOf(m_open);
    if (open < 0)
        co_return;
    m_timeline.open(m_list.row(open).head);
    m_page->sidebar()->setCurrent(m_open);
}

void ChatController::tellRepair()
{
    if (!m_page)
        return;
    if (const auto repair = m_client.takeRepair())
        m_page->banner()->setTrouble(
            tr("The history on this computer was damaged. %n message(s) were saved into a new one; what is missing "
               "comes "
               "back from the server where it has it.",
               nullptr, static_cast<int>(repair->messages)),
            tr("%n page(s) could not be read. The damaged file: %1", nullptr, static_cast<int>(repair->unreadable))
                .arg(QString::fromStdString(repair->aside)));
}

void ChatController::leave()
{
    ++m_visit;
    m_editing.reset();
    m_parked.clear();
    m_drafts.clear();
    m_open = ConversationId();
    setReply({});
    m_timeline.close();
    m_mentions.reset();
    m_persons.leave();
    m_writing.leave();
    m_list.reset({});
    m_people.clear();
    m_theme.pictures().clear();
    if (m_page)
        m_page->showConversation({});
}

bool ChatController::isAtNewest() const
{
    return m_page && m_page->timeline()->isAtNewest();
}

void ChatController::flush()
{
    if (m_page)
        m_page->composer()->flushDraft();
}

void ChatController::openConversation(const ConversationId &id)
{
    if (m_page && id == m_open)
        m_page->composer()->focusText();
    else
        open(id, {});
}

void ChatController::openAt(const ConversationId &id, Seq seq)
{
    if (id == m_open && !id.empty())
        m_timeline.jumpTo(seq);
    else
        open(id, seq);
}

void ChatController::open(const ConversationId &id, Seq at)
{
    if (!m_page || id.empty())
        return;
    park();
    endEdit();
    flush();
    const int index = m_list.indexOf(id);
    if (index < 0) {
        openUnlisted(id, at);
        return;
    }
    m_open = id;
    setReply({});
    const models::ConversationRow row = m_list.row(index);
    m_timeline.open(row.head, at);
    m_mentions.reset();
    const auto draft = m_drafts.find(id);
    m_page->composer()->setDraft(draft != m_drafts.end() ? draft->second : QString::fromStdString(row.head.draft));
    unpark();
    m_page->sidebar()->setCurrent(id);
    showOpen();
    m_client.setOpenConversation(id);
    act(m_client.setSetting("open_conversation", id.str()));
    m_persons.setOpenPeer(row.peer);
    m_persons.refreshPeople(row);
    if (std::exchange(m_searchIn, ConversationId()) == id) {
        emit searchRequested();
        return;
    }
    // Somebody who walks through the list by keys stays in it.
    if (!m_page->sidebar()->list()->hasFocus() || !m_page->sidebar()->list()->property("walking").toBool())
        m_page->composer()->focusText();
}

void ChatController::tellArchive(const ConversationId &archive)
{
    const int open = m_list.indexOf(m_open);
    if (open >= 0 && archivedFrom(archive) == m_open)
        m_timeline.open(m_list.row(open).head); // what it shows is not all there any more
    if (m_page)
        m_page->banner()->setTrouble(tr("The server was restored from an older copy. What it lost is kept here, under "
                                        "names that end in “(earlier)”."),
                                     QString::fromStdString(archive.str()));
}

void ChatController::openNewest()
{
    if (m_open.empty() && m_list.rowCount() > 0)
        openConversation(m_list.row(0).head.head.conversation);
}

QCoro::Task<void> ChatController::openUnlisted(ConversationId id, Seq at)
{
    const QPointer<ChatController> alive(this);
    auto head = co_await m_client.head(id);
    if (!alive || !head || !head.value())
        co_return;
    std::vector<history::LocalHead> one{*head.value()};
    m_list.apply(one);
    if (m_list.indexOf(id) >= 0)
        open(id, at);
}

void ChatController::showOpen()
{
    if (!m_page)
        return;
    const int index = m_open.empty() ? -1 : m_list.indexOf(m_open);
    if (index < 0)
        return m_page->showConversation({});
    const models::ConversationRow &row = m_list.row(index);
    m_page->showConversation(row, row.peer && m_client.isBlocked(*row.peer));
}

void ChatController::onLink(const client::LinkStatus &status)
{
    const bool online = status.phase == client::LinkPhase::Online;
    m_timeline.setOnline(online);
    if (!online)
        m_list.clearLive();
    // A catch-up that ends has written what was missing: the disk takes it again.
    const bool works = online && !status.catchingUp && !m_storageTrouble.isEmpty();
    if (works && m_page && m_page->banner()->trouble() == m_storageTrouble)
        m_page->banner()->setTrouble({}, {});
    if (works)
        m_storageTrouble.clear();
    if (m_page)
        m_page->banner()->setStatus(status);
}

void ChatController::setReply(std::optional<Reply> reply)
{
    m_reply = std::move(reply);
    if (m_page)
        m_page->composer()->setReply(m_reply ? m_reply->name : QString(), m_reply ? m_reply->text : QString());
}

void ChatController::beginEdit(qint64 localId, const QString &text)
{
    if (!m_page)
        return;
    endEdit();
    flush();
    Composer *composer = m_page->composer();
    m_editing = Editing{m_open, localId, text, composer->text(), m_reply};
    composer->setReply(tr("Edit message"), text);
    composer->setDraft(text);
    composer->focusText();
}

void ChatController::editLast()
{
    for (int i = m_timeline.rowCount() - 1; i >= 0; --i) {
        const models::TimelineRow &row = m_timeline.row(i);
        if (models::mayEdit(row, fromUnixMs(QDateTime::currentMSecsSinceEpoch())))
            return beginEdit(row.stored.localId, row.text());
    }
}

void ChatController::endEdit()
{
    if (!m_editing)
        return;
    const Editing ended = *std::exchange(m_editing, std::nullopt);
    setReply(ended.reply);
    if (m_page)
        m_page->composer()->setDraft(ended.draft);
}

/// A reply or an edit that is begun waits for whoever looks into another conversation meanwhile.
void ChatController::park()
{
    if (m_open.empty())
        return;
    if (m_editing)
        m_parked[m_open] = Parked{{}, m_editing, m_page->composer()->text()};
    else if (m_reply)
        m_parked[m_open] = Parked{m_reply, {}, {}};
}

void ChatController::unpark()
{
    const auto at = m_parked.find(m_open);
    if (at == m_parked.end())
        return;
    const Parked parked = at->second;
    m_parked.erase(at);
    if (!parked.editing)
        return setReply(parked.reply);
    Composer *composer = m_page->composer();
    m_editing = parked.editing;
    m_editing->draft = composer->text();
    composer->setReply(tr("Edit message"), m_editing->before);
    composer->setDraft(parked.text);
}

void ChatController::saveEdit(const QString &text)
{
    const Editing edited = *m_editing;
    endEdit();
    if (text != edited.before)
        act(m_client.edit(edited.conversation, edited.localId, text.toStdString()));
}

void ChatController::changeRefused(const ConversationId &id, const history::PendingChange &change,
                                   const client::ClientError &error)
{
    if (!m_page)
        return;
    QString words = Words::error(error);
    if (change.kind == history::ChangeKind::Edit) {
        // The words are not lost: they are offered where the next message is written.
        const QString text = QString::fromStdString(change.body);
        if (id == m_open && !m_editing && m_page->composer()->text().isEmpty())
            m_page->composer()->setDraft(text);
        words = tr("The message was not changed. %1").arg(words);
    }
    m_page->banner()->setTrouble(words, Words::errorDetail(error));
}

QCoro::Task<void> ChatController::send(ConversationId id, QString text, std::optional<Reply> reply,
                                       std::vector<UserId> mentions)
{
    const QPointer<ChatController> alive(this);
    const auto answers = reply ? std::optional(reply->seq) : std::nullopt;
    const QString words = text.normalized(QString::NormalizationForm_C);
    auto sending = m_client.send(id, words.toStdString(), answers, std::move(mentions));
    auto sent = co_await sending;
    if (!alive)
        co_return;
    if (!sent && m_page) {
        // Nothing is lost: the words go back to where they were written, before what was written since.
        Composer *composer = m_page->composer();
        QString back = text;
        if (m_open == id) {
            if (const QString since = composer->text(); !since.isEmpty())
                back += QLatin1Char('\n') + since;
            composer->setDraft(back);
            if (reply && !m_reply)
                setReply(std::move(reply));
        } else if (const int at = m_list.indexOf(id); at >= 0 && !m_list.row(at).head.draft.empty()) {
            back += QLatin1Char('\n') + QString::fromStdString(m_list.row(at).head.draft);
        }
        m_drafts[id] = back;
        m_client.setDraft(id, back.toStdString());
        m_page->banner()->setTrouble(Words::error(sent.error()), Words::errorDetail(sent.error()));
    } else if (sent) {
        std::vector<history::StoredMessage> one{sent.value()};
        // Shown at once; the same message may already have come by messagesChanged, or even be settled.
        if (one.front().state != history::SendState::Settled &&
            m_timeline.indexOfKey(QLatin1Char('c') + QString::fromStdString(one.front().message.cid.str())) < 0)
            m_timeline.applyMessages(id, one);
    }
}

QCoro::Task<void> ChatController::fetchUsers(std::vector<UserId> ids)
{
    const QPointer<ChatController> alive(this);
    auto users = co_await m_client.users(ids);
    if (alive && users)
        m_people.put(users.value());
}

QCoro::Task<void> ChatController::act(QCoro::Task<client::Result<void>> task)
{
    const QPointer<ChatController> alive(this);
    auto done = co_await task;
    if (alive && !done && m_page)
        m_page->banner()->setTrouble(Words::error(done.error()), Words::errorDetail(done.error()));
}

} // namespace kith::ui
