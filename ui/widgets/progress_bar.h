// SPDX-License-Identifier: GPL-3.0-or-later
// How far something is, in the theme's colours; the style's own bar is grey and square.
#pragma once

#include "ui/theme/theme.h"

#include <QProgressBar>

namespace kith::ui {

/// A bar of `part` (0 … 1), round at both ends.
void paintBar(QPainter &painter, const QRectF &rect, double part, const QColor &full, const Theme &theme);

/// A QProgressBar to those who hear the window instead of seeing it.
class ProgressBar final : public QProgressBar {
    Q_OBJECT
public:
    explicit ProgressBar(const Theme &theme, QWidget *parent = nullptr);
    void setPart(double part);
    /// Paused or off: nothing moves, and it does not call.
    void setQuiet(bool quiet);
    double part() const { return m_part; }
    QSize sizeHint() const override { return {120, 8}; }
    QSize minimumSizeHint() const override { return {40, 8}; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    const Theme &m_theme;
    double m_part = 0;
    bool m_quiet = true;
};

} // namespace kith::ui
