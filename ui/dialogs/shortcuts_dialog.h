// SPDX-License-Identifier: GPL-3.0-or-later
// Every key that does something, by what it is about.
#pragma once

#include <QDialog>

namespace kith::ui {

class ShortcutsDialog final : public QDialog {
    Q_OBJECT
public:
    /// `sendWithControl`: Ctrl+Enter sends. Deletes itself when it is closed.
    explicit ShortcutsDialog(bool sendWithControl, QWidget *parent = nullptr);
};

} // namespace kith::ui
