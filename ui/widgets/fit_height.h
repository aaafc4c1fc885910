// SPDX-License-Identifier: GPL-3.0-or-later
// Dialogs that are as high as their words.
#pragma once

class QWidget;

namespace kith::ui {

/// As high as its words need at its width: dialogs guess too much for words that wrap. Now, and once more when what was
/// just put into it has been shown and polished.
void fitHeight(QWidget &dialog);

/// Something in `widget` takes more or less room now: the dialog it is in grows where it must. It never shrinks a
/// window that the user may have made larger.
void growDialog(QWidget &widget);

} // namespace kith::ui
