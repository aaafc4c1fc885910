// SPDX-License-Identifier: GPL-3.0-or-later
// Finding in the window: Ctrl+F and Ctrl+Shift+F, F3, and Ctrl+K. Asks the client while somebody types, opens what is
// chosen.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/client/client.h"
#include "core/models/search_hits.h"
#include "core/models/switcher.h"
#include "ui/find/find_panel.h"
#endif

#include <QPointer>
#include <QTimer>

namespace kith::ui {

class ChatController;
class ChatPage;
class Switcher;

class FindController final : public QObject {
    Q_OBJECT
public:
    FindController(client::Client &client, ChatController &chat, ChatPage &page, const Theme &theme,
                   QObject *parent = nullptr);

    void find(FindPanel::Scope scope);
    /// The next older (+1) or newer (-1) hit; without hits the panel comes up.
    void step(int by);
    void close(); // the panel
    void switchConversation();
    /// Closes both and forgets every word and name: before the lock, after log-out.
    void leave();

    FindPanel &panel() { return *m_panel; }
    Switcher &switcher() { return *m_switcher; }
    models::SearchHitsModel &hits() { return m_hits; }
    bool isOpen() const;

signals:
    void downloadRequested();

private:
    void ask();
    void more();
    void open(int row);
    QCoro::Task<void> search(client::SearchRequest request);
    QCoro::Task<void> offer();
    QCoro::Task<void> talkTo(User person);

    client::Client &m_client;
    ChatController &m_chat;
    ChatPage &m_page;
    models::SearchHitsModel m_hits;
    models::SwitcherModel m_names;
    FindPanel *m_panel;   // of the page
    Switcher *m_switcher; // likewise
    QTimer m_pause;       // a search per pause, not per letter
    ConversationId m_here;
    client::SearchRequest m_shown; // whose answer is in the panel
    int m_current = -1;            // the hit that is open
    int m_wanted = -1;             // to be opened when its page is here
    std::uint64_t m_request = 0;   // answers of an older number are dropped
    bool m_more = false, m_asking = false, m_opening = false;
};

} // namespace kith::ui
