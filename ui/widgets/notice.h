// SPDX-License-Identifier: GPL-3.0-or-later
// A box with a sentence in a dialog or page, hidden until there is something to say.
#pragma once

class QLabel;
class QWidget;

namespace kith::ui {

QLabel *makeNoteBox(QWidget *parent);
QLabel *makeErrorBox(QWidget *parent);

} // namespace kith::ui
