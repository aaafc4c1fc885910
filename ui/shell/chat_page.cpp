// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/chat_page.h"

#include "ui/list/sidebar.h"
#include "ui/timeline/timeline_view.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/composer.h"
#include "ui/widgets/conversation_header.h"
#include "ui/widgets/empty_state.h"

#include <QEvent>
#include <QResizeEvent>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace kith::ui {

namespace {
constexpr int kNarrow = 720, kLeast = 220, kMost = 420, kCollapsed = 72;
constexpr int kOneThing = 560; // below it there is room for the hits or for the conversation
} // namespace

ChatPage::ChatPage(const Theme &theme, models::ConversationListModel &list, models::TimelineWindow &timeline,
                   models::People &people, QWidget *parent)
    : QWidget(parent), m_list(list)
{
    setObjectName(QStringLiteral("Page"));
    setAttribute(Qt::WA_StyledBackground);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    m_splitter = new QSplitter(this);
    m_splitter->setHandleWidth(1);
    m_splitter->setChildrenCollapsible(false);
    row->addWidget(m_splitter);
    m_left = new QStackedWidget(this);
    m_sidebar = new Sidebar(theme, list, people, m_left);
    m_left->addWidget(m_sidebar);
    m_splitter->addWidget(m_left);
    m_right = new QWidget(this);
    auto *column = new QVBoxLayout(m_right);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_banner = new Banner(theme, m_right);
    m_stack = new QStackedWidget(m_right);
    column->addWidget(m_banner);
    column->addWidget(m_stack, 1);
    m_none = new EmptyState(theme, QStringLiteral("art-letter"), this);
    m_pane = new QWidget(this);
    auto *pane = new QVBoxLayout(m_pane);
    pane->setContentsMargins(0, 0, 0, 0);
    pane->setSpacing(0);
    m_header = new ConversationHeader(theme, m_pane);
    m_timeline = new TimelineView(theme, timeline, people, m_pane);
    m_composer = new Composer(theme, m_pane);
    pane->addWidget(m_header);
    pane->addWidget(m_timeline, 1);
    pane->addWidget(m_composer);
    m_stack->addWidget(m_none);
    m_stack->addWidget(m_pane);
    m_splitter->addWidget(m_right);
    m_splitter->setStretchFactor(0, 0);
    m_splitter->setStretchFactor(1, 1);
    connect(m_splitter, &QSplitter::splitterMoved, this, [this](int pos) {
        if (!m_narrow)
            m_width = std::clamp(pos, kLeast, kMost);
    });
    connect(m_composer, &Composer::escaped, m_timeline, &TimelineView::leaveFound);
    for (const auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(&list, signal, this, &ChatPage::retranslate);
    connect(&list, &QAbstractItemModel::modelReset, this, &ChatPage::retranslate);
    retranslate();
    fitSidebar();
}

void ChatPage::showConversation(const std::optional<models::ConversationRow> &row, bool blocked)
{
    m_row = row;
    m_blocked = blocked;
    m_stack->setCurrentWidget(row ? m_pane : static_cast<QWidget *>(m_none));
    if (!row)
        return;
    m_header->show(*row);
    m_timeline->setUnread(row->head.head.unread);
    QString reason, remedy;
    if (row->head.archive)
        reason = tr("The server no longer has these messages. They stay on this computer.");
    else if (row->head.head.removed)
        reason = tr("You are no longer a member. The history stays on this computer.");
    if (blocked && reason.isEmpty()) {
        reason = tr("You blocked this person. What was said stays here.");
        remedy = tr("Unblock");
    }
    if (m_loggedOut) {
        reason = tr("You are logged out. What is on this computer can be read, searched and exported.");
        remedy = tr("Log in");
    }
    m_composer->setDisabledReason(reason, remedy);
}

void ChatPage::setLoggedOut(bool loggedOut)
{
    m_loggedOut = loggedOut;
    m_timeline->setReadOnly(loggedOut);
    m_sidebar->setReadOnly(loggedOut);
    retranslate();
    showConversation(m_row, m_blocked);
}

void ChatPage::setFindPanel(QWidget *panel)
{
    m_left->addWidget(panel);
}

void ChatPage::setFinding(bool finding)
{
    m_finding = finding && m_left->count() > 1;
    m_left->setCurrentIndex(m_finding ? 1 : 0);
    m_lookingAtHits = m_finding;
    fitSidebar();
}

void ChatPage::showHit()
{
    m_lookingAtHits = false;
    fitSidebar();
}

void ChatPage::setSidebarWidth(int width)
{
    m_width = std::clamp(width, kLeast, kMost);
    fitSidebar();
}

void ChatPage::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    fitSidebar();
}

void ChatPage::fitSidebar()
{
    m_narrow = width() < kNarrow;
    if (m_narrow != m_sidebar->isCollapsed())
        m_sidebar->setCollapsed(m_narrow);
    const bool oneThing = m_finding && width() < kOneThing;
    m_left->setVisible(!oneThing || m_lookingAtHits);
    m_right->setVisible(!oneThing || !m_lookingAtHits);
    if (oneThing) {
        m_left->setMinimumWidth(0);
        m_left->setMaximumWidth(QWIDGETSIZE_MAX);
        return;
    }
    const bool slim = m_narrow && !m_finding; // hits need words
    // Long words or a large text may need more than what was chosen.
    const int least = std::clamp(m_sidebar->minimumSizeHint().width(), kLeast, kMost);
    const int wide = std::max(m_width, least);
    m_left->setMinimumWidth(slim ? kCollapsed : least);
    m_left->setMaximumWidth(slim ? kCollapsed : kMost);
    const int side = slim ? kCollapsed : m_narrow ? std::clamp(width() * 9 / 20, least, wide) : wide;
    m_splitter->setSizes({side, std::max(1, width() - side - 1)});
}

void ChatPage::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
        showConversation(m_row, m_blocked);
    }
    if (event->type() == QEvent::LanguageChange || event->type() == QEvent::FontChange)
        QMetaObject::invokeMethod(this, &ChatPage::fitSidebar, Qt::QueuedConnection); // when all have their words
    QWidget::changeEvent(event);
}

void ChatPage::retranslate()
{
    if (m_loggedOut)
        m_none->setTexts(tr("Choose a conversation"),
                         tr("You are logged out. What is on this computer can be read, searched and exported."));
    else if (m_list.rowCount() == 0) // somebody who has no conversation yet has none to choose
        m_none->setTexts(tr("It is still quiet here"), tr("What you and others write appears here. Ctrl+N begins."));
    else
        m_none->setTexts(tr("Choose a conversation"), tr("Ctrl+K finds one by its name, Ctrl+N starts a new one."));
}

} // namespace kith::ui
