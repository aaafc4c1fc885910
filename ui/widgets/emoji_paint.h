// SPDX-License-Identifier: GPL-3.0-or-later
// How emoji are drawn in lists, and whether a font has them.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/models/emoji.h"
#endif
#include "ui/theme/theme.h"

#include <QStyledItemDelegate>

namespace kith::ui {

/// The emoji of the resources; those that the application's fonts draw as one picture are on offer.
std::unique_ptr<models::EmojiShelf> makeEmojiShelf();

/// A cell of the grid, or with its name a row of a list whose selected row is marked.
class EmojiDelegate final : public QStyledItemDelegate {
    Q_OBJECT
public:
    enum class Shape { Cell, Row };
    static constexpr int kCell = 40, kRow = 40;
    EmojiDelegate(const Theme &theme, Shape shape, QObject *parent)
        : QStyledItemDelegate(parent), m_theme(theme), m_shape(shape)
    {
    }
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    const Theme &m_theme;
    Shape m_shape;
};

/// In the middle of `rect`, `pixels` high.
void paintEmoji(QPainter &painter, const QRectF &rect, const QString &emoji, int pixels);

} // namespace kith::ui
