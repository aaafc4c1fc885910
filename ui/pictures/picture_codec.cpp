// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pictures/picture_codec.h"

#include <QBuffer>
#include <QColorSpace>
#include <QFile>
#include <QImageReader>
#include <QPainter>

#include <algorithm>
#include <cstring>
#include <mutex>

namespace kith::ui {

namespace {

constexpr int kMostSide = 4096;                // of what a server gives
constexpr int kWorkSide = 2048;                // of what is cut by hand: four times what is sent
constexpr qint64 kMostFile = 64 * 1024 * 1024; // a photo of 100 megapixels
constexpr int kMostMegabytes = 256;            // of a decoded picture
constexpr int kMostScans = 64;                 // a progressive JPEG has ten; thousands take minutes to decode
constexpr qsizetype kSmallPng = 256 * 1024;
constexpr int kDotsPerMetre = 2835; // 72 an inch, as nobody set it

void limitAllocations()
{
    static std::once_flag once;
    std::call_once(once, [] { QImageReader::setAllocationLimit(kMostMegabytes); });
}

/// By the bytes, not by what somebody calls them; empty for all that is neither.
QByteArray formatOf(const QByteArray &bytes)
{
    if (bytes.startsWith(QByteArrayLiteral("\x89PNG\r\n\x1a\n")))
        return QByteArrayLiteral("png");
    return bytes.startsWith(QByteArrayLiteral("\xff\xd8\xff")) ? QByteArrayLiteral("jpeg") : QByteArray();
}

/// Pixels only, of those that this computer's Qt can read.
bool isPicture(const QByteArray &format)
{
    static const QByteArrayList known{"png", "jpeg", "jpg",  "gif",  "webp", "bmp",
                                      "ico", "tif",  "tiff", "heic", "heif", "avif"};
    return known.contains(format.toLower());
}

bool hasTooManyScans(const QByteArray &jpeg)
{
    return jpeg.count(QByteArrayLiteral("\xff\xda")) > kMostScans;
}

QImage onWhite(const QImage &image)
{
    if (!image.hasAlphaChannel())
        return image.convertToFormat(QImage::Format_RGB32);
    QImage flat(image.size(), QImage::Format_RGB32);
    flat.fill(QColor::fromRgbF(1, 1, 1)); // not the theme's: others see it in theirs
    QPainter painter(&flat);
    painter.drawImage(0, 0, image);
    return flat;
}

QImage read(QImageReader &reader, int longest, bool byShorter)
{
    reader.setAutoTransform(true);
    const QSize size = reader.size();
    // JPEG comes out of its decoder smaller at once: less memory and time.
    const int side = byShorter ? std::min(size.width(), size.height()) : std::max(size.width(), size.height());
    if (size.isValid() && side > longest)
        reader.setScaledSize((QSizeF(size) * longest / side).toSize().expandedTo(QSize(1, 1)));
    return reader.read();
}

} // namespace

QImage decodePicture(const QByteArray &bytes, int side)
{
    limitAllocations();
    const QByteArray format = formatOf(bytes);
    if (format.isEmpty() || (format == "jpeg" && hasTooManyScans(bytes)))
        return {};
    QBuffer buffer;
    buffer.setData(bytes);
    buffer.open(QIODevice::ReadOnly);
    QImageReader reader(&buffer, format);
    reader.setAutoDetectImageFormat(false);
    const QSize size = reader.size();
    if (!size.isValid() || size.isEmpty() || size.width() > kMostSide || size.height() > kMostSide)
        return {};
    QImage image = read(reader, 2 * side, true);
    if (image.isNull())
        return {};
    const int shorter = std::min(image.width(), image.height());
    image = image.copy((image.width() - shorter) / 2, (image.height() - shorter) / 2, shorter, shorter);
    if (shorter > side)
        image = image.scaled(side, side, Qt::IgnoreAspectRatio, Qt::SmoothTransformation);
    return onWhite(image);
}

ChosenPicture readPicture(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return {{}, PictureProblem::CannotRead};
    if (file.size() > kMostFile)
        return {{}, PictureProblem::TooLarge};
    return readPicture(file.read(kMostFile + 1));
}

ChosenPicture readPicture(QByteArray bytes)
{
    limitAllocations();
    if (bytes.size() > kMostFile)
        return {{}, PictureProblem::TooLarge};
    if (formatOf(bytes) == "jpeg" && hasTooManyScans(bytes))
        return {{}, PictureProblem::NoPicture};
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::ReadOnly);
    QImageReader reader(&buffer);
    reader.setDecideFormatFromContent(true);
    // A drawing or a page may call itself .png; what those load is not ours.
    if (!reader.canRead() || !isPicture(reader.format()))
        return {{}, PictureProblem::NoPicture};
    const QSize size = reader.size();
    QImage image = read(reader, kWorkSide, false);
    if (image.isNull()) {
        const bool large = size.isValid() && qint64(size.width()) * size.height() * 4 > qint64(kMostMegabytes) << 20;
        return {{}, large ? PictureProblem::TooLarge : PictureProblem::NoPicture};
    }
    return {onWhite(image), PictureProblem::None};
}

QStringList pictureSuffixes()
{
    QStringList all;
    for (const QByteArray &format : QImageReader::supportedImageFormats())
        if (isPicture(format))
            all << QStringLiteral("*.") + QString::fromLatin1(format);
    return all;
}

QByteArray encodePicture(const QImage &square)
{
    QImage source = onWhite(square);
    if (source.colorSpace().isValid())
        source.convertToColorSpace(QColorSpace::SRgb);
    // Only the pixels: texts, and a profile that may name the monitor or the camera, stay behind.
    QImage image(source.size(), QImage::Format_RGB32);
    for (int y = 0; y < source.height(); ++y)
        std::memcpy(image.scanLine(y), source.constScanLine(y), static_cast<std::size_t>(source.width()) * 4);
    image.setDotsPerMeterX(kDotsPerMetre);
    image.setDotsPerMeterY(kDotsPerMetre);
    const auto encode = [&](const char *format, int quality) {
        QByteArray bytes;
        QBuffer buffer(&bytes);
        buffer.open(QIODevice::WriteOnly);
        return image.save(&buffer, format, quality) ? bytes : QByteArray();
    };
    if (QByteArray png = encode("PNG", -1); !png.isEmpty() && png.size() <= kSmallPng)
        return png; // drawings stay sharp
    return encode("JPEG", 90);
}

} // namespace kith::ui
