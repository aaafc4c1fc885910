// SPDX-License-Identifier: GPL-3.0-or-later
// A picture under a round window: moved and made larger by hand until the right part of it is seen.
#pragma once

#include "ui/theme/theme.h"

#include <QImage>
#include <QPixmap>
#include <QWidget>

namespace kith::ui {

/// Drag or arrow keys move, the wheel, + and − make it larger and smaller, Home shows as much as possible. What is
/// shown is always a square within the picture.
class CropView final : public QWidget {
    Q_OBJECT
public:
    CropView(const Theme &theme, const QImage &image, QWidget *parent = nullptr);

    static constexpr int kZoomSteps = 100;
    int zoom() const { return m_zoom; } // 0 … kZoomSteps
    void setZoom(int step);
    bool canZoom() const { return m_most > 1; }
    QRectF crop() const; // of the picture
    /// What is shown, at most this wide.
    QImage result(int most) const;
    QSize sizeHint() const override { return {320, 320}; }

signals:
    void changed();

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    QRectF window() const; // the round one, in the widget
    double side() const;   // of the crop, in pixels of the picture
    void moveBy(const QPointF &picture);
    void settle();

    const Theme &m_theme;
    QImage m_image;
    QPixmap m_shown; // of a size that is drawn quickly
    QPointF m_centre;
    double m_most = 1; // how many times larger than the whole it may become
    int m_zoom = 0;
    QPointF m_grip;
};

} // namespace kith::ui
