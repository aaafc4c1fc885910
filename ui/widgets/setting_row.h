// SPDX-License-Identifier: GPL-3.0-or-later
// Rows of settings under a heading: what it is and how it stands on the left, what can be done on the right.
#pragma once

#include "ui/theme/theme.h"

#include <QPushButton>
#include <QWidget>

class QHBoxLayout;
class QLabel;
class QVBoxLayout;

namespace kith::ui {

class SettingRow final : public QWidget {
    Q_OBJECT
public:
    explicit SettingRow(QWidget *parent = nullptr);
    void setTexts(const QString &name, const QString &state);
    QPushButton *addButton(const QString &text);
    void addControl(QWidget *control);

private:
    QLabel *m_name;
    QLabel *m_state;
    QHBoxLayout *m_row;
};

/// Ends something: the first click asks in the button itself, the second one within some seconds does it.
class ConfirmButton final : public QPushButton {
    Q_OBJECT
public:
    ConfirmButton(const QString &text, const QString &question, QWidget *parent = nullptr);

signals:
    void confirmed();

private:
    QString m_text;
    bool m_asked = false;
};

/// A heading and the box for rows under it.
QVBoxLayout *makeSection(QVBoxLayout *page, const QString &heading, QWidget *parent);
/// With a hairline above it, unless it is the first.
void addRow(QVBoxLayout *rows, SettingRow *row);

} // namespace kith::ui
