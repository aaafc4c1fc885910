// SPDX-License-Identifier: GPL-3.0-or-later
// Asks for one line of text.
#pragma once

#include "ui/theme/theme.h"

#include <QDialog>

class QPushButton;

namespace kith::ui {

class Field;

class TextDialog final : public QDialog {
    Q_OBJECT
public:
    TextDialog(const Theme &theme, const QString &title, const QString &label, const QString &action,
               QWidget *parent = nullptr);
    void setText(const QString &text);

signals:
    void entered(const QString &text);

private:
    void submit();
    Field *m_field;
};

} // namespace kith::ui
