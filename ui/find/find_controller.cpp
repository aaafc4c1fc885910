// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/find/find_controller.h"

#include "ui/find/switcher.h"
#include "ui/shell/chat_controller.h"
#include "ui/shell/chat_page.h"
#include "ui/timeline/timeline_view.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/composer.h"
#include "ui/widgets/empty_state.h"
#include "ui/words/words.h"

#include <QApplication>

namespace kith::ui {

namespace {
constexpr int kPauseMs = 150;
constexpr int kPage = 50;
} // namespace

FindController::FindController(client::Client &client, ChatController &chat, ChatPage &page, const Theme &theme,
                               QObject *parent)
    : QObject(parent), m_client(client), m_chat(chat), m_page(page), m_hits(chat.people(), chat.list()),
      m_panel(new FindPanel(theme, m_hits, &page)), m_switcher(new Switcher(theme, m_names, &page))
{
    page.setFindPanel(m_panel);
    m_pause.setSingleShot(true);
    m_pause.setInterval(kPauseMs);
    connect(&m_pause, &QTimer::timeout, this, &FindController::ask);
    connect(m_panel, &FindPanel::asked, this, [this] {
        m_client.cancelSearch(); // what runs is stale from the first letter on
        m_page.timeline()->setFound({}, false);
        ++m_request;
        m_asking = false;
        m_panel->setSearching();
        m_pause.start();
    });
    connect(m_panel, &FindPanel::chosen, this, &FindController::open);
    connect(m_panel, &FindPanel::closed, this, &FindController::close);
    connect(m_panel, &FindPanel::downloadRequested, this, &FindController::downloadRequested);
    connect(m_panel, &FindPanel::moreRequested, this, &FindController::more);
    // Another conversation is "here" now; a hit that was opened does not make it so.
    connect(&chat.timeline(), &models::TimelineWindow::headChanged, this, [this] {
        if (m_opening || !isOpen() || m_panel->scope() != FindPanel::Scope::Here ||
            m_chat.openedConversation() == m_here)
            return;
        m_pause.start();
    });
    // Nothing was found and something was missing: what comes in is looked through.
    connect(&client, &client::Client::coverageChanged, this, [this] {
        if (isOpen() && m_hits.rowCount() == 0 && !m_asking && !m_panel->text().trimmed().isEmpty() &&
            !m_pause.isActive())
            m_pause.start();
    });
    connect(m_switcher, &Switcher::chosen, this, [this](const models::SwitcherRow &row) {
        if (!row.conversation.empty())
            m_chat.openConversation(row.conversation);
        else if (row.person)
            talkTo(*row.person);
    });
}

bool FindController::isOpen() const
{
    return m_page.isFinding();
}

void FindController::find(FindPanel::Scope scope)
{
    m_switcher->end();
    m_page.setFinding(true);
    m_panel->begin(scope, !m_chat.openedConversation().empty());
    if (m_panel->scope() == FindPanel::Scope::Here && m_here != m_chat.openedConversation() && !m_pause.isActive())
        m_pause.start(); // what is shown was found elsewhere
}

void FindController::close()
{
    m_pause.stop();
    m_client.cancelSearch();
    ++m_request;
    m_asking = false;
    const bool had = isOpen() && m_panel->isAncestorOf(QApplication::focusWidget());
    m_page.setFinding(false);
    m_page.timeline()->setFound({}, false);
    if (had)
        m_page.composer()->focusText();
}

void FindController::leave()
{
    m_switcher->end();
    close();
    m_panel->clear();
    m_shown = {};
    m_here = ConversationId();
    m_current = m_wanted = -1;
    m_more = false;
}

void FindController::ask()
{
    if (!isOpen())
        return;
    ++m_request;
    m_asking = false;
    m_current = m_wanted = -1;
    const bool here = m_panel->scope() == FindPanel::Scope::Here && !m_chat.openedConversation().empty();
    m_here = here ? m_chat.openedConversation() : ConversationId();
    client::SearchRequest request;
    request.text = m_panel->text().toStdString();
    if (here)
        request.here = m_here;
    request.limit = kPage;
    if (m_panel->text().trimmed().isEmpty()) {
        m_client.cancelSearch();
        m_more = false;
        m_panel->clear();
        return;
    }
    m_panel->setSearching();
    search(std::move(request));
}

void FindController::more()
{
    if (!m_more || m_asking || m_hits.rowCount() == 0)
        return;
    client::SearchRequest request = m_shown;
    request.below = m_hits.row(m_hits.rowCount() - 1).place;
    search(std::move(request));
}

QCoro::Task<void> FindController::search(client::SearchRequest request)
{
    const QPointer<FindController> alive(this);
    const auto number = ++m_request;
    m_asking = true;
    auto task = m_client.search(request);
    auto answer = co_await task;
    if (!alive || number != m_request)
        co_return;
    m_asking = false;
    if (!answer) {
        if (answer.error().code != client::ClientErrorCode::Cancelled)
            m_panel->setProblem(Words::error(answer.error()), Words::errorDetail(answer.error()));
        co_return;
    }
    m_more = answer->more;
    if (request.below) {
        m_hits.append(answer->hits);
        if (m_wanted >= 0 && m_wanted < m_hits.rowCount())
            open(std::exchange(m_wanted, -1));
        co_return;
    }
    m_shown = std::move(request);
    m_hits.reset(answer->hits);
    m_panel->setAnswer(*answer);
}

void FindController::open(int row)
{
    if (row < 0 || row >= m_hits.rowCount())
        return;
    m_current = row;
    m_panel->setCurrent(row);
    const models::HitRow hit = m_hits.row(row);
    history::SearchText asked = history::parseSearch(m_shown.text);
    m_page.timeline()->setFound(std::move(asked.phrases), asked.lastOpen);
    m_page.showHit();
    m_opening = true;
    m_chat.openAt(hit.conversation, hit.seq);
    m_opening = false;
    if (m_panel->scope() == FindPanel::Scope::Here)
        m_here = m_chat.openedConversation();
    // There Esc goes back to the newest, and F3 on to the next hit.
    m_page.timeline()->setFocus(Qt::OtherFocusReason);
}

void FindController::step(int by)
{
    if (!isOpen() || m_hits.rowCount() == 0)
        return find(isOpen() ? m_panel->scope() : FindPanel::Scope::Here);
    const int to = m_current + by;
    if (to >= m_hits.rowCount() && m_more) {
        m_wanted = to;
        more();
    } else if (to >= 0 && to < m_hits.rowCount()) {
        open(to);
    }
}

void FindController::switchConversation()
{
    if (m_switcher->isOpen())
        return m_switcher->end();
    offer();
}

QCoro::Task<void> FindController::offer()
{
    const QPointer<FindController> alive(this);
    m_switcher->begin();
    m_names.begin(m_chat.list(), {}, m_client.owner().id, m_chat.openedConversation());
    m_switcher->refresh();
    auto task = m_client.knownUsers();
    auto people = co_await task;
    if (!alive || !people || !m_switcher->isOpen())
        co_return;
    m_names.begin(m_chat.list(), *people, m_client.owner().id, m_chat.openedConversation());
    m_switcher->refresh(); // with what was typed meanwhile
}

QCoro::Task<void> FindController::talkTo(User person)
{
    const QPointer<FindController> alive(this);
    auto task = m_client.openPrivate(std::move(person));
    auto id = co_await task;
    if (!alive)
        co_return;
    if (id)
        m_chat.openConversation(*id);
    else
        m_page.banner()->setTrouble(Words::error(id.error()), Words::errorDetail(id.error()));
}

} // namespace kith::ui
