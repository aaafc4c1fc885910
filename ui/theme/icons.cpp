// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/icons.h"

#include <QFile>
#include <QIconEngine>
#include <QPainter>
#include <QPixmap>
#include <QPixmapCache>
#include <QSvgRenderer>

#include <cmath>

namespace kith::ui {

namespace {

QByteArray source(const QString &name)
{
    QFile file(QStringLiteral(":/icons/%1.svg").arg(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QPixmap render(const QString &name, QSize device, const QColor &line, const QColor &ground)
{
    const QString key = QStringLiteral("kith:%1:%2x%3:%4:%5")
                            .arg(name)
                            .arg(device.width())
                            .arg(device.height())
                            .arg(line.rgba())
                            .arg(ground.isValid() ? ground.rgba() : 0);
    QPixmap pixmap;
    if (QPixmapCache::find(key, &pixmap))
        return pixmap;
    QByteArray svg = source(name);
    const QByteArray lineName = line.name().toLatin1();
    // The files draw with `currentColor`, and drawings have `silver` for their ground.
    svg.replace("currentColor", lineName);
    if (ground.isValid())
        svg.replace("silver", ground.name().toLatin1());
    pixmap = QPixmap(device);
    pixmap.fill(Qt::transparent);
    QSvgRenderer renderer(svg);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    renderer.render(&painter, QRectF(QPointF(0, 0), QSizeF(device)));
    painter.end();
    QPixmapCache::insert(key, pixmap);
    return pixmap;
}

class LineIconEngine final : public QIconEngine {
public:
    LineIconEngine(QString name, QColor colour, QColor disabled)
        : m_name(std::move(name)), m_colour(std::move(colour)), m_disabled(std::move(disabled))
    {
    }

    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State) override
    {
        const qreal ratio = painter->device()->devicePixelRatioF();
        QPixmap drawn = render(m_name, (QSizeF(rect.size()) * ratio).toSize(), colour(mode), {});
        drawn.setDevicePixelRatio(ratio);
        painter->drawPixmap(rect.topLeft(), drawn);
    }
    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State) override
    {
        return render(m_name, size, colour(mode), {});
    }
    QPixmap scaledPixmap(const QSize &size, QIcon::Mode mode, QIcon::State, qreal) override
    {
        return render(m_name, size, colour(mode), {});
    }
    QIconEngine *clone() const override { return new LineIconEngine(*this); }
    QString key() const override { return QStringLiteral("kith"); }

private:
    const QColor &colour(QIcon::Mode mode) const { return mode == QIcon::Disabled ? m_disabled : m_colour; }

    QString m_name;
    QColor m_colour, m_disabled;
};

} // namespace

QIcon icon(const QString &name, const QColor &colour)
{
    return icon(name, colour, colour);
}

QIcon icon(const QString &name, const QColor &colour, const QColor &disabled)
{
    return QIcon(new LineIconEngine(name, colour, disabled));
}

void paintIcon(QPainter &painter, const QString &name, const QRectF &rect, const QColor &colour)
{
    paintArt(painter, name, rect, colour, {});
}

void paintArt(QPainter &painter, const QString &name, const QRectF &rect, const QColor &line, const QColor &ground)
{
    const qreal ratio = painter.device()->devicePixelRatioF();
    const QSize device(static_cast<int>(std::lround(rect.width() * ratio)),
                       static_cast<int>(std::lround(rect.height() * ratio)));
    QPixmap drawn = render(name, device, line, ground);
    drawn.setDevicePixelRatio(ratio);
    painter.drawPixmap(rect.topLeft(), drawn);
}

} // namespace kith::ui
