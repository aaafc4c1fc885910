// SPDX-License-Identifier: GPL-3.0-or-later
// The main page: sidebar, and the open conversation with header, banner, timeline and composer. Stands on models only.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/models/conversation_list.h"
#include "core/models/timeline_window.h"
#include "ui/theme/theme.h"
#endif

#include <QWidget>

class QSplitter;
class QStackedWidget;

namespace kith::ui {

class Banner;
class Composer;
class ConversationHeader;
class EmptyState;
class Sidebar;
class TimelineView;

class ChatPage final : public QWidget {
    Q_OBJECT
public:
    ChatPage(const Theme &theme, models::ConversationListModel &list, models::TimelineWindow &timeline,
             models::People &people, QWidget *parent = nullptr);

    /// Shows the head of the open conversation, or the empty place where none is open.
    void showConversation(const std::optional<models::ConversationRow> &row, bool blocked = false);
    /// What is here can be read; nothing can be said or changed.
    void setLoggedOut(bool loggedOut);
    Sidebar *sidebar() const { return m_sidebar; }
    Banner *banner() const { return m_banner; }
    ConversationHeader *header() const { return m_header; }
    TimelineView *timeline() const { return m_timeline; }
    Composer *composer() const { return m_composer; }
    /// Takes the sidebar's place while something is looked for.
    void setFindPanel(QWidget *panel);
    void setFinding(bool finding);
    bool isFinding() const { return m_finding; }
    /// In a window that has no room for both, the conversation comes before the hits.
    void showHit();
    int sidebarWidth() const { return m_width; }
    void setSidebarWidth(int width);

protected:
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void retranslate();
    void fitSidebar();

    const models::ConversationListModel &m_list;
    QSplitter *m_splitter;
    QStackedWidget *m_left; // the sidebar, or the search in its place
    QWidget *m_right;
    Sidebar *m_sidebar;
    Banner *m_banner;
    QStackedWidget *m_stack;
    EmptyState *m_none;
    QWidget *m_pane;
    ConversationHeader *m_header;
    TimelineView *m_timeline;
    Composer *m_composer;
    std::optional<models::ConversationRow> m_row;
    bool m_blocked = false; // the one to whom it is
    bool m_loggedOut = false;
    int m_width = 300;
    bool m_narrow = false, m_finding = false, m_lookingAtHits = false;
};

} // namespace kith::ui
