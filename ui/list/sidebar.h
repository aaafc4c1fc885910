// SPDX-License-Identifier: GPL-3.0-or-later
// The left side: menu, filter field, new chat, and the list of conversations with its empty states.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/models/conversation_filter.h"
#include "ui/theme/theme.h"
#endif

#include <QWidget>

class QLineEdit;
class QListView;
class QPushButton;
class QStackedWidget;
class QToolButton;
class QVBoxLayout;

namespace kith::ui {

class ConversationDelegate;
class EmptyState;

class Sidebar final : public QWidget {
    Q_OBJECT
public:
    Sidebar(const Theme &theme, models::ConversationListModel &model, const models::People &people,
            QWidget *parent = nullptr);

    void setCurrent(const ConversationId &id);
    void step(int by); // next or previous conversation
    void setCollapsed(bool collapsed);
    void setReadOnly(bool readOnly); // nothing can be begun
    bool isCollapsed() const { return m_collapsed; }
    QListView *list() const { return m_list; }
    QLineEdit *search() const { return m_search; }
    QToolButton *menuButton() const { return m_menu; }
    QToolButton *newChatButton() const { return m_new; }
    void setLoading(bool loading); // before the first heads are read, nothing is said to be empty

signals:
    void chosen(const kith::ConversationId &id);
    void newChatRequested();
    void menuRequested(const QPoint &global);
    void contextMenuRequested(const kith::ConversationId &id, const QPoint &global);

protected:
    void changeEvent(QEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void retranslate();
    void refreshEmpty();
    void makeScopes(QVBoxLayout *column);
    void setScope(models::ListScope scope);
    ConversationId idAt(const QModelIndex &index) const;

    const Theme &m_theme;
    models::ConversationListModel &m_model;
    models::ConversationFilter m_filter;
    ConversationDelegate *m_delegate;
    QToolButton *m_menu;
    QToolButton *m_new;
    QLineEdit *m_search;
    QAction *m_searchIcon;
    QWidget *m_scopes;
    std::vector<QPushButton *> m_scopeButtons; // in the order of models::ListScope
    QStackedWidget *m_stack;
    QListView *m_list;
    EmptyState *m_empty;
    EmptyState *m_noHits;
    ConversationId m_current;
    bool m_collapsed = false;
    bool m_readOnly = false;
    bool m_loading = true;
};

} // namespace kith::ui
