// SPDX-License-Identifier: GPL-3.0-or-later
// A card of fixed width in the middle of a page that scrolls where the window is small.
#pragma once

class QVBoxLayout;
class QWidget;

namespace kith::ui {

/// Fills `page` and gives the layout of the card's content.
QVBoxLayout *makeCard(QWidget *page, int width);

} // namespace kith::ui
