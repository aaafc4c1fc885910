// SPDX-License-Identifier: GPL-3.0-or-later
// Paints a conversation's row: avatar, name, time, last line or draft or typing, badge.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/models/conversation_list.h"
#include "ui/theme/theme.h"
#endif

#include <QStyledItemDelegate>

namespace kith::ui {

class ConversationDelegate final : public QStyledItemDelegate {
    Q_OBJECT
public:
    ConversationDelegate(const Theme &theme, const models::People &people, QObject *parent = nullptr);

    /// Only the avatar and the badge, where the window is narrow.
    void setCollapsed(bool collapsed) { m_collapsed = collapsed; }
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    int paintBadge(QPainter &painter, const QRect &line, const models::ConversationRow &row) const;

    const Theme &m_theme;
    const models::People &m_people;
    bool m_collapsed = false;
};

} // namespace kith::ui
