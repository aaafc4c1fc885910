// SPDX-License-Identifier: GPL-3.0-or-later
// One hit of a search: where and when, and the words around it with what was looked for marked.
#pragma once

#include "ui/theme/theme.h"

#include <QStyledItemDelegate>

namespace kith::models {
struct HitRow;
}

namespace kith::ui {

class HitDelegate final : public QStyledItemDelegate {
    Q_OBJECT
public:
    HitDelegate(const Theme &theme, QObject *parent = nullptr) : QStyledItemDelegate(parent), m_theme(theme) {}
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    /// Within one conversation its name need not stand on each row.
    void setEverywhere(bool everywhere) { m_everywhere = everywhere; }

private:
    void paintSnippet(QPainter &painter, const QRect &rect, const models::HitRow &row, const QColor &ground) const;

    const Theme &m_theme;
    bool m_everywhere = true;
};

} // namespace kith::ui
