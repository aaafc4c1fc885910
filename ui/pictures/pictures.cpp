// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pictures/pictures.h"

#include "core/models/people.h"
#include "ui/pictures/picture_codec.h"

#include <QAbstractItemView>
#include <QPainter>
#include <QPointer>

#include <algorithm>

namespace kith::ui {

namespace {

constexpr int kSide = 256; // a card's 72 pixels on a screen of three times the points, and some
constexpr auto kAskAgain = std::chrono::minutes{10}; // who was asked tries on alone, and may have given up
constexpr int kSquaresKib = 32 * 1024, kRoundKib = 16 * 1024;

int kibOf(int width)
{
    return std::max(1, width * width * 4 / 1024);
}

QPixmap roundOf(const QImage &square, int pixels)
{
    const QImage fit = square.scaled(pixels, pixels, Qt::IgnoreAspectRatio, Qt::SmoothTransformation);
    QImage round(pixels, pixels, QImage::Format_ARGB32_Premultiplied);
    round.fill(Qt::transparent);
    QPainter painter(&round);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(QBrush(fit));
    painter.drawEllipse(QRectF(0, 0, pixels, pixels));
    painter.end();
    return QPixmap::fromImage(std::move(round));
}

} // namespace

Pictures::Pictures(QObject *parent) : QObject(parent), m_squares(kSquaresKib), m_round(kRoundKib)
{
    m_decoder.setMaxThreadCount(1); // one that takes long holds up other pictures, and nothing else
}

Pictures::~Pictures()
{
    m_decoder.clear();
    m_decoder.waitForDone();
}

QPixmap Pictures::find(const QString &id, int pixels)
{
    if (id.isEmpty() || pixels <= 0)
        return {};
    const Key key{id, pixels};
    if (const QPixmap *round = m_round.object(key))
        return *round;
    const QImage *square = m_squares.object(id);
    if (!square) {
        want(id);
        return {};
    }
    QPixmap round = roundOf(*square, pixels);
    m_round.insert(key, new QPixmap(round), kibOf(pixels));
    return round;
}

QImage Pictures::image(const QString &id) const
{
    const QImage *square = m_squares.object(id);
    return square ? *square : QImage();
}

void Pictures::want(const QString &id)
{
    const auto now = std::chrono::steady_clock::now();
    const auto asked = m_asked.constFind(id);
    if (asked != m_asked.cend() && now - *asked < kAskAgain)
        return;
    m_asked.insert(id, now);
    m_toAsk << id;
    if (m_toAsk.size() > 1)
        return;
    // Not from within somebody's painting.
    QMetaObject::invokeMethod(
        this,
        [this] {
            for (const QString &one : std::exchange(m_toAsk, {}))
                emit wanted(one);
        },
        Qt::QueuedConnection);
}

void Pictures::put(const QString &id, const QByteArray &bytes)
{
    const QPointer<Pictures> alive(this);
    m_decoder.start([alive, id, bytes, turn = m_turn] {
        QImage square = decodePicture(bytes, kSide);
        // The destructor waits for this thread: it is there.
        QMetaObject::invokeMethod(
            alive.data(),
            [alive, id, square = std::move(square), turn] {
                if (alive && turn == alive->m_turn && !square.isNull())
                    alive->putImage(id, square);
            },
            Qt::QueuedConnection);
    });
}

void Pictures::putImage(const QString &id, const QImage &square)
{
    m_asked.remove(id);
    m_squares.insert(id, new QImage(square), kibOf(square.width()));
    emit arrived(id);
}

void Pictures::clear()
{
    ++m_turn;
    m_decoder.clear();
    m_squares.clear();
    m_round.clear();
    m_asked.clear();
    m_toAsk.clear();
}

void repaintArrivals(QAbstractItemView &view, Pictures &pictures)
{
    QObject::connect(&pictures, &Pictures::arrived, &view, [&view](const QString &id) {
        const QAbstractItemModel *model = view.model();
        if (!model || !view.isVisible())
            return;
        const QRect port = view.viewport()->rect();
        const QModelIndex first = view.indexAt(QPoint(port.center().x(), port.top() + 4));
        for (int row = std::max(0, first.row()); row < model->rowCount(); ++row) {
            const QModelIndex at = model->index(row, 0);
            const QRect rect = view.visualRect(at);
            if (rect.top() > port.bottom())
                break;
            if (at.data(models::kAvatarRole).toStringList().contains(id))
                view.update(at);
        }
    });
}

} // namespace kith::ui
