// SPDX-License-Identifier: GPL-3.0-or-later
// What the lists of the window share: how they scroll, the ground of a row, the number of what is unread.
#pragma once

#include "ui/theme/theme.h"

class QListView;
class QPainter;
class QStyleOptionViewItem;

namespace kith::ui {

/// Rows of one height that a delegate paints, scrolled by pixels, without a frame.
void makeRowList(QListView &list);

/// The rounded part of a row that is filled where it is chosen or pointed at.
QRect rowFrame(const QStyleOptionViewItem &option);
/// Fills it where it is to be filled, with a ring where the keyboard is. The colour on which to paint: `plain` where
/// nothing was filled.
QColor paintRowGround(QPainter &painter, const QStyleOptionViewItem &option, const Theme &theme, Token plain);

/// A pill with the number, 20 pixels high, that ends at `right` and has its middle at `middle`. Its rectangle.
QRectF paintUnreadBadge(QPainter &painter, double right, double middle, std::int64_t unread, bool muted,
                        const Theme &theme);

} // namespace kith::ui
