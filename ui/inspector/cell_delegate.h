// SPDX-License-Identifier: GPL-3.0-or-later
// A cell of the inspector's tables: its words under the head's, the whole row chosen, the way in a colour.
#pragma once

#include "ui/theme/theme.h"

#include <QStyledItemDelegate>

namespace kith::ui {

class CellDelegate final : public QStyledItemDelegate {
    Q_OBJECT
public:
    CellDelegate(const Theme &theme, QObject *parent) : QStyledItemDelegate(parent), m_theme(theme) {}
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    const Theme &m_theme;
};

} // namespace kith::ui
