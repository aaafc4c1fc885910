// SPDX-License-Identifier: GPL-3.0-or-later
// Asks for one line of text.
#pragma once

#include "ui/theme/theme.h"

#include <QDialog>

#include <functional>

class QLabel;
class QPushButton;

namespace kith::ui {

class Field;

class TextDialog final : public QDialog {
    Q_OBJECT
public:
    TextDialog(const Theme &theme, const QString &title, const QString &label, const QString &action,
               QWidget *parent = nullptr);
    void setText(const QString &text);
    /// Under the field.
    void setHint(const QString &hint);
    /// What is wrong with a text; empty: nothing.
    void setCheck(std::function<QString(const QString &)> check) { m_check = std::move(check); }
    Field *field() const { return m_field; }
    void submit();

signals:
    void entered(const QString &text);

private:
    Field *m_field;
    QLabel *m_hint;
    std::function<QString(const QString &)> m_check;
};

} // namespace kith::ui
