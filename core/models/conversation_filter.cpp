// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/conversation_filter.h"

namespace kith::models {

ConversationFilter::ConversationFilter(ConversationListModel &model, QObject *parent)
    : QSortFilterProxyModel(parent), m_model(model)
{
    setSourceModel(&model);
}

void ConversationFilter::setScope(ListScope scope)
{
    m_scope = scope;
    invalidateRowsFilter();
}

void ConversationFilter::setText(const QString &text)
{
    m_text = text.trimmed();
    invalidateRowsFilter();
}

void ConversationFilter::setCurrent(const ConversationId &id)
{
    if (m_current == id)
        return;
    m_current = id;
    if (m_scope == ListScope::Unread)
        invalidateRowsFilter();
}

bool ConversationFilter::hasShelved() const
{
    for (int i = 0; i < m_model.rowCount(); ++i)
        if (m_model.row(i).head.shelved)
            return true;
    return false;
}

QVariant ConversationFilter::data(const QModelIndex &index, int role) const
{
    if (role == Qt::AccessibleTextRole && m_spoken && index.isValid())
        return m_spoken(m_model.row(mapToSource(index).row()));
    return QSortFilterProxyModel::data(index, role);
}

bool ConversationFilter::filterAcceptsRow(int index, const QModelIndex &) const
{
    const ConversationRow &row = m_model.row(index);
    if (!m_text.isEmpty())
        return row.name.contains(m_text, Qt::CaseInsensitive);
    switch (m_scope) {
    case ListScope::All:
        return !row.head.shelved;
    case ListScope::Unread:
        return row.isUnread() || row.head.head.conversation == m_current;
    case ListScope::Groups:
        return row.head.head.type == ConversationType::Group && !row.head.shelved;
    case ListScope::Shelved:
        return row.head.shelved;
    }
    return true;
}

} // namespace kith::models
