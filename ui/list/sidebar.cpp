// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/list/sidebar.h"

#include "ui/list/conversation_delegate.h"
#include "ui/pictures/pictures.h"
#include "ui/theme/icons.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/list_row.h"
#include "ui/words/words.h"

#include <QAction>
#include <QEvent>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListView>
#include <QPushButton>
#include <QScrollBar>
#include <QStackedWidget>
#include <QToolButton>

namespace kith::ui {

Sidebar::Sidebar(const Theme &theme, models::ConversationListModel &model, const models::People &people,
                 QWidget *parent)
    : QWidget(parent), m_theme(theme), m_model(model), m_filter(model)
{
    setObjectName(QStringLiteral("Sidebar"));
    setAttribute(Qt::WA_StyledBackground);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto *header = new QWidget(this);
    header->setObjectName(QStringLiteral("SidebarHeader"));
    header->setMinimumHeight(64);
    header->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    auto *row = new QHBoxLayout(header);
    row->setContentsMargins(space::kS, 0, space::kS, 0);
    row->setSpacing(space::kXs);
    m_menu = new QToolButton(header);
    m_new = new QToolButton(header);
    m_search = new QLineEdit(header);
    m_search->setObjectName(QStringLiteral("Search"));
    m_search->setClearButtonEnabled(false);
    m_search->setMinimumHeight(36);
    m_searchIcon = m_search->addAction(QIcon(), QLineEdit::LeadingPosition);
    for (QToolButton *button : {m_menu, m_new}) {
        button->setIconSize(QSize(20, 20));
        button->setFocusPolicy(Qt::StrongFocus);
    }
    row->addWidget(m_menu);
    row->addWidget(m_search, 1);
    row->addWidget(m_new);
    column->addWidget(header);
    makeScopes(column);

    m_list = new QListView(this);
    m_delegate = new ConversationDelegate(theme, people, this);
    m_list->setItemDelegate(m_delegate);
    repaintArrivals(*m_list, theme.pictures());
    m_list->setModel(&m_filter);
    makeRowList(*m_list);
    m_filter.setSpoken([&people](const models::ConversationRow &said) { return Words::spoken(said, people); });
    m_list->setContextMenuPolicy(Qt::CustomContextMenu);
    m_empty = new EmptyState(theme, QStringLiteral("art-talk"), this);
    m_noHits = new EmptyState(theme, QStringLiteral("art-search"), this);
    m_stack = new QStackedWidget(this);
    m_stack->addWidget(m_list);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_noHits);
    column->addWidget(m_stack, 1);

    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this, [this](const QModelIndex &index) {
        if (!index.isValid() || idAt(index) == m_current)
            return;
        m_current = idAt(index);
        emit chosen(m_current);
    });
    connect(m_list, &QListView::clicked, this, [this](const QModelIndex &index) {
        m_current = idAt(index);
        emit chosen(m_current);
    });
    connect(m_list, &QWidget::customContextMenuRequested, this, [this](const QPoint &at) {
        // Qt gives the cursor's place for the Menu key too: there the chosen row is meant.
        QModelIndex index = m_list->indexAt(at);
        QPoint where = at;
        if (!index.isValid()) {
            index = m_list->currentIndex();
            where = m_list->visualRect(index).center();
        }
        if (index.isValid())
            emit contextMenuRequested(idAt(index), m_list->viewport()->mapToGlobal(where));
    });
    connect(m_search, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_filter.setText(text);
        setCurrent(m_current);
        refreshEmpty();
    });
    connect(m_search, &QLineEdit::returnPressed, this, [this] {
        const QModelIndex best = m_filter.index(0, 0);
        if (!best.isValid())
            return;
        const ConversationId id = idAt(best);
        m_search->clear();
        setCurrent(id);
        emit chosen(id);
    });
    m_search->installEventFilter(this);
    connect(m_menu, &QToolButton::clicked, this,
            [this] { emit menuRequested(m_menu->mapToGlobal(QPoint(0, m_menu->height() + 2))); });
    connect(m_new, &QToolButton::clicked, this, &Sidebar::newChatRequested);
    connect(m_empty, &EmptyState::actionClicked, this, &Sidebar::newChatRequested);
    for (const auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(&m_filter, signal, this, &Sidebar::refreshEmpty);
    connect(&m_filter, &QAbstractItemModel::modelReset, this, &Sidebar::refreshEmpty);
    connect(&model, &QAbstractItemModel::dataChanged, this, &Sidebar::refreshEmpty);
    connect(&theme, &Theme::changed, this, &Sidebar::retranslate);
    setTabOrder(m_menu, m_search);
    setTabOrder(m_search, m_new);
    retranslate();
    refreshEmpty();
}

ConversationId Sidebar::idAt(const QModelIndex &index) const
{
    return ConversationId(index.data(models::ConversationListModel::IdRole).toString().toStdString());
}

void Sidebar::setCurrent(const ConversationId &id)
{
    m_current = id;
    m_filter.setCurrent(id);
    const int row = m_model.indexOf(id);
    const QModelIndex index = row < 0 ? QModelIndex() : m_filter.mapFromSource(m_model.index(row));
    if (!index.isValid()) {
        m_list->clearSelection();
        m_list->selectionModel()->setCurrentIndex({}, QItemSelectionModel::NoUpdate);
        return;
    }
    m_list->setCurrentIndex(index);
    m_list->scrollTo(index);
}

void Sidebar::makeScopes(QVBoxLayout *column)
{
    m_scopes = new QWidget(this);
    auto *row = new QHBoxLayout(m_scopes);
    row->setContentsMargins(space::kM, 0, space::kM, space::kS);
    row->setSpacing(space::kXs);
    for (const models::ListScope scope :
         {models::ListScope::All, models::ListScope::Unread, models::ListScope::Groups, models::ListScope::Shelved}) {
        auto *button = new QPushButton(m_scopes);
        button->setObjectName(QStringLiteral("Scope"));
        button->setCheckable(true);
        button->setAutoExclusive(true);
        button->setChecked(scope == models::ListScope::All);
        connect(button, &QPushButton::clicked, this, [this, scope] { setScope(scope); });
        m_scopeButtons.push_back(button);
        row->addWidget(button);
    }
    row->addStretch();
    column->addWidget(m_scopes);
}

void Sidebar::setScope(models::ListScope scope)
{
    m_scopeButtons[static_cast<std::size_t>(scope)]->setChecked(true);
    m_filter.setScope(scope);
    setCurrent(m_current);
    refreshEmpty();
}

void Sidebar::step(int by)
{
    const int count = m_filter.rowCount();
    if (count == 0)
        return;
    const QModelIndex now = m_list->currentIndex();
    const int row = now.isValid() ? std::clamp(now.row() + by, 0, count - 1) : (by > 0 ? 0 : count - 1);
    m_list->setCurrentIndex(m_filter.index(row, 0));
}

void Sidebar::setCollapsed(bool collapsed)
{
    m_collapsed = collapsed;
    m_delegate->setCollapsed(collapsed);
    m_search->setVisible(!collapsed);
    m_new->setVisible(!collapsed && !m_readOnly);
    m_scopes->setVisible(!collapsed);
    m_list->setVerticalScrollBarPolicy(collapsed ? Qt::ScrollBarAlwaysOff : Qt::ScrollBarAsNeeded);
    m_list->viewport()->update();
    refreshEmpty();
}

void Sidebar::setReadOnly(bool readOnly)
{
    m_readOnly = readOnly;
    m_new->setVisible(!m_collapsed && !readOnly);
}

void Sidebar::setLoading(bool loading)
{
    m_loading = loading;
    refreshEmpty();
}

void Sidebar::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

bool Sidebar::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_search && event->type() == QEvent::KeyPress) {
        const auto *key = static_cast<QKeyEvent *>(event);
        if (key->key() == Qt::Key_Down) {
            m_list->setFocus(Qt::TabFocusReason);
            step(m_list->currentIndex().isValid() ? 0 : 1);
            return true;
        }
        if (key->key() == Qt::Key_Escape && !m_search->text().isEmpty()) {
            m_search->clear();
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

void Sidebar::retranslate()
{
    m_menu->setIcon(icon(QStringLiteral("settings"), m_theme[Token::Muted]));
    m_menu->setToolTip(tr("Settings"));
    m_menu->setAccessibleName(tr("Settings"));
    m_new->setIcon(icon(QStringLiteral("new-chat"), m_theme[Token::Muted]));
    m_new->setToolTip(tr("New conversation (Ctrl+N)"));
    m_new->setAccessibleName(tr("New conversation"));
    m_search->setPlaceholderText(tr("Find…"));
    m_search->setToolTip(tr("Find a conversation"));
    m_search->setAccessibleName(tr("Find a conversation"));
    m_searchIcon->setIcon(icon(QStringLiteral("search"), m_theme[Token::Muted]));
    m_searchIcon->setText(tr("Find a conversation"));
    m_list->setAccessibleName(tr("Conversations"));
    m_empty->setTexts(tr("No conversations yet"), tr("Find somebody by name and say hello."), tr("New conversation"));
    const QString scopes[] = {tr("All"), tr("Unread"), tr("Groups"), tr("Archive")};
    for (std::size_t i = 0; i < m_scopeButtons.size(); ++i)
        m_scopeButtons[i]->setText(scopes[i]);
    m_list->viewport()->update();
    refreshEmpty();
}

void Sidebar::refreshEmpty()
{
    const bool shelved = m_filter.hasShelved();
    m_scopeButtons.back()->setVisible(shelved);
    if (!shelved && m_filter.scope() == models::ListScope::Shelved)
        return setScope(models::ListScope::All); // the last one left it
    const bool none = m_filter.rowCount() == 0 && !m_loading && !m_collapsed;
    m_stack->setCurrentWidget(!none ? static_cast<QWidget *>(m_list) : m_model.rowCount() == 0 ? m_empty : m_noHits);
    if (!none)
        return;
    if (m_filter.isSearching())
        m_noHits->setTexts(tr("Nothing found"), tr("No conversation has this name."));
    else if (m_filter.scope() == models::ListScope::Unread)
        m_noHits->setTexts(tr("All is read"), tr("What is new will be here."));
    else if (m_filter.scope() == models::ListScope::Groups)
        m_noHits->setTexts(tr("No groups yet"), tr("A new conversation with several people is a group."));
    else
        m_noHits->setTexts(tr("All is archived"), tr("What gets something new comes back."));
}

} // namespace kith::ui
