// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures for tests, drawn here: nobody's face.
#pragma once

#include <QImage>
#include <QLinearGradient>
#include <QPainter>

namespace kith::test {

/// Hills under a sun, another for each number; as wide and high as asked.
inline QImage drawnPicture(int number, const QSize &size = QSize(320, 320))
{
    QImage image(size, QImage::Format_RGB32);
    QPainter p(&image);
    p.setRenderHint(QPainter::Antialiasing);
    const int hue = (number * 67 + 15) % 360;
    QLinearGradient sky(0, 0, 0, size.height());
    sky.setColorAt(0, QColor::fromHsv(hue, 110, 250));
    sky.setColorAt(1, QColor::fromHsv((hue + 40) % 360, 60, 255));
    p.fillRect(image.rect(), sky);
    p.setPen(Qt::NoPen);
    const double w = size.width(), h = size.height(), r = std::min(w, h);
    p.setBrush(QColor::fromHsv((hue + 40) % 360, 20, 255));
    p.drawEllipse(QPointF(w * (0.3 + 0.1 * (number % 5)), h * 0.35), r * 0.14, r * 0.14);
    for (int i = 0; i < 3; ++i) {
        p.setBrush(QColor::fromHsv((hue + 150) % 360, 90 + 40 * i, 190 - 45 * i));
        p.drawEllipse(QPointF(w * (0.2 + 0.3 * ((i + number) % 3)), h * (1.05 + 0.12 * i)), w * 0.55, h * 0.45);
    }
    return image;
}

} // namespace kith::test
