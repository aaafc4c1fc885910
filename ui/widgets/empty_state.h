// SPDX-License-Identifier: GPL-3.0-or-later
// An empty place: one drawing, a line that says what it is, a line that says what to do next, perhaps a button.
#pragma once

#include "ui/theme/theme.h"

#include <QWidget>

class QLabel;
class QPushButton;

namespace kith::ui {

class EmptyState final : public QWidget {
    Q_OBJECT
public:
    EmptyState(const Theme &theme, QString art, QWidget *parent = nullptr);
    void setTexts(const QString &title, const QString &hint, const QString &action = {});

signals:
    void actionClicked();

private:
    QLabel *m_title;
    QLabel *m_hint;
    QPushButton *m_action;
};

/// Only the drawing.
class ArtWidget final : public QWidget {
    Q_OBJECT
public:
    ArtWidget(const Theme &theme, QString art, QSize size, QWidget *parent = nullptr);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    const Theme &m_theme;
    QString m_art;
};

} // namespace kith::ui
