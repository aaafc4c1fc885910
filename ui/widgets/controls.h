// SPDX-License-Identifier: GPL-3.0-or-later
// Check box and choice drawn in the theme's colours: the style's own are barely seen in the dark.
#pragma once

#include "ui/theme/theme.h"

#include <QCheckBox>
#include <QComboBox>

namespace kith::ui {

class CheckBox final : public QCheckBox {
    Q_OBJECT
public:
    explicit CheckBox(const Theme &theme, const QString &text = {}, QWidget *parent = nullptr);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    bool hitButton(const QPoint &pos) const override { return rect().contains(pos); }

private:
    const Theme &m_theme;
};

class Choice final : public QComboBox {
    Q_OBJECT
public:
    explicit Choice(const Theme &theme, QWidget *parent = nullptr);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void wheelEvent(QWheelEvent *event) override; // scrolling past it must not change it

private:
    const Theme &m_theme;
};

} // namespace kith::ui
