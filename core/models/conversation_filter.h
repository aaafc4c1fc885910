// SPDX-License-Identifier: GPL-3.0-or-later
// Which conversations the list shows: a scope, or those whose name holds what is typed.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/models/conversation_list.h"

#include <functional>
#endif

#include <QSortFilterProxyModel>

namespace kith::models {

enum class ListScope { All, Unread, Groups, Shelved };

class ConversationFilter final : public QSortFilterProxyModel {
    Q_OBJECT
public:
    explicit ConversationFilter(ConversationListModel &model, QObject *parent = nullptr);

    /// What a screen reader says of a row: words are not this room's.
    void setSpoken(std::function<QString(const ConversationRow &)> spoken) { m_spoken = std::move(spoken); }
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;

    ListScope scope() const { return m_scope; }
    void setScope(ListScope scope);
    /// Looks everywhere, whatever the scope. Empty: the scope again.
    void setText(const QString &text);
    bool isSearching() const { return !m_text.isEmpty(); }
    /// Stays in sight when it becomes read, as long as it is looked at.
    void setCurrent(const ConversationId &id);
    /// Whether anything is archived.
    bool hasShelved() const;

protected:
    bool filterAcceptsRow(int row, const QModelIndex &parent) const override;

private:
    const ConversationListModel &m_model;
    ListScope m_scope = ListScope::All;
    QString m_text;
    ConversationId m_current;
    std::function<QString(const ConversationRow &)> m_spoken;
};

} // namespace kith::models
