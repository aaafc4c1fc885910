// SPDX-License-Identifier: GPL-3.0-or-later
// A labelled line of input with its error beside it.
#pragma once

#include "ui/theme/theme.h"

#include <QWidget>

class QLabel;
class QLineEdit;
class QToolButton;

namespace kith::ui {

class Field final : public QWidget {
    Q_OBJECT
public:
    enum class Kind { Text, Password };
    Field(const Theme &theme, Kind kind, QWidget *parent = nullptr);

    void setLabel(const QString &label, const QString &hint = {});
    void setError(const QString &error, const QString &detail = {});
    bool hasError() const;
    QString errorText() const;
    QString text() const;
    void setText(const QString &text);
    QLineEdit *edit() const { return m_edit; }

private:
    void restyle();

    const Theme &m_theme;
    QLabel *m_label;
    QLineEdit *m_edit;
    QLabel *m_error;
    QToolButton *m_reveal = nullptr;
};

} // namespace kith::ui
