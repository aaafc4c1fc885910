// SPDX-License-Identifier: GPL-3.0-or-later
// Metadata out, pixels untouched: on pictures that Qt wrote, on every cut and many flips of them, and on made-up ones.
#include "server/store/picture.h"
#include "tests/pictures.h"

#include <QBuffer>
#include <QImage>
#include <QTest>

#include <random>

using namespace kith::server;
using kith::test::big32;
using kith::test::pngChunk;
using kith::test::smallPng;

namespace {

constexpr const char *kSecret = "52.5200 N 13.4050 E";

QImage drawn()
{
    QImage image(97, 61, QImage::Format_RGB32);
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x)
            image.setPixel(x, y, qRgb(x * 2, y * 4, (x * y) & 0xff));
    return image;
}

std::string written(const char *format)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QImage image = drawn();
    image.setText(QStringLiteral("Comment"), QString::fromLatin1(kSecret));
    if (!image.save(&buffer, format, 90))
        return {};
    return bytes.toStdString();
}

QImage read(const std::string &bytes, const char *format)
{
    return QImage::fromData(reinterpret_cast<const uchar *>(bytes.data()), static_cast<int>(bytes.size()), format);
}

std::string segment(unsigned char marker, const std::string &data)
{
    const std::size_t length = data.size() + 2;
    return std::string{'\xff', static_cast<char>(marker), static_cast<char>(length >> 8),
                       static_cast<char>(length & 0xff)} +
           data;
}

/// As a camera would: EXIF, XMP, a comment, an embedded preview, then what the encoder wrote.
std::string asFromACamera(const std::string &jpeg)
{
    using namespace std::string_literals;
    return jpeg.substr(0, 2) + segment(0xe1, "Exif\0\0MM\0*"s + kSecret) +
           segment(0xe1, "http://ns.adobe.com/xap/1.0/\0"s + kSecret) + segment(0xed, "Photoshop 3.0\0"s + kSecret) +
           segment(0xe0, "JFXX\0\x10"s + kSecret) + segment(0xfe, kSecret) + segment(0xe2, "MPF\0"s + kSecret) +
           jpeg.substr(2) + "after the end " + kSecret;
}

/// The same with another height and width in its frame.
std::string sized(std::string jpeg, int height, int width)
{
    const auto frame = jpeg.find("\xff\xc0");
    for (const auto &[at, value] : {std::pair(5, height), std::pair(7, width)}) {
        jpeg[frame + at] = static_cast<char>(value >> 8);
        jpeg[frame + at + 1] = static_cast<char>(value & 0xff);
    }
    return jpeg;
}

/// The same with its scan so many times.
std::string scanned(const std::string &jpeg, int times)
{
    const auto scan = jpeg.find("\xff\xda"), end = jpeg.rfind("\xff\xd9");
    std::string out = jpeg.substr(0, scan);
    for (int i = 0; i < times; ++i)
        out += jpeg.substr(scan, end - scan);
    return out + jpeg.substr(end);
}

bool holdsSecret(const std::string &bytes)
{
    return bytes.find(kSecret) != std::string::npos;
}

/// Whatever comes: nothing, or something shorter that is a picture without metadata itself.
bool isSound(PictureKind kind, const std::string &bytes)
{
    const auto kept = withoutMetadata(kind, bytes);
    return !kept || (kept->size() <= bytes.size() && withoutMetadata(kind, *kept) == kept);
}

} // namespace

class TestPicture final : public QObject {
    Q_OBJECT
private slots:
    void kinds_areTwo()
    {
        QVERIFY(pictureKind("image/png") == PictureKind::Png);
        QVERIFY(pictureKind("image/jpeg") == PictureKind::Jpeg);
        for (const char *other : {"image/gif", "image/jpg", "image/svg+xml", "IMAGE/PNG", "image/png ", ""})
            QVERIFY(!pictureKind(other));
    }
    void pngOfQt_keepsItsPixelsAndLosesItsText()
    {
        const std::string bytes = written("PNG");
        QVERIFY(holdsSecret(bytes));
        const auto kept = withoutMetadata(PictureKind::Png, bytes);
        QVERIFY(kept && !holdsSecret(*kept));
        QVERIFY(read(*kept, "PNG") == drawn());
        QVERIFY(read(*kept, "PNG").textKeys().isEmpty());
    }
    void jpegOfACamera_keepsItsPixelsAndLosesTheRest()
    {
        const std::string plain = written("JPEG");
        const std::string bytes = asFromACamera(plain);
        QVERIFY(!read(bytes, "JPEG").isNull());
        const auto kept = withoutMetadata(PictureKind::Jpeg, bytes);
        QVERIFY(kept && !holdsSecret(*kept));
        QVERIFY(kept->find("Exif") == std::string::npos);
        QVERIFY(read(*kept, "JPEG") == read(plain, "JPEG"));
        QVERIFY(withoutMetadata(PictureKind::Jpeg, plain) == kept);
    }
    void jpegColours_areKept()
    {
        using namespace std::string_literals;
        const std::string plain = written("JPEG");
        const std::string icc = segment(0xe2, "ICC_PROFILE\0\1\1a profile"s),
                          adobe = segment(0xee, "Adobe\0\x64\0\0\0\0\1"s);
        const std::string foreign = segment(0xee, "Other"s);
        const auto kept =
            withoutMetadata(PictureKind::Jpeg, plain.substr(0, 2) + icc + foreign + adobe + plain.substr(2));
        QVERIFY(kept && kept->find(icc) != std::string::npos && kept->find(adobe) != std::string::npos);
        QVERIFY(kept->find(foreign) == std::string::npos);
    }
    void jfifThumbnail_goes()
    {
        using namespace std::string_literals;
        const std::string plain = written("JPEG");
        const auto end = plain.find("JFIF") + 14;
        const std::string thumbnail = "a face that was cut away"s; // 8 pixels
        const auto kept = withoutMetadata(PictureKind::Jpeg,
                                          plain.substr(0, 2) + segment(0xe0, "JFIF\0\1\1\0\0\1\0\1\x8\1"s + thumbnail) +
                                              plain.substr(end));
        QVERIFY(kept && kept->find(thumbnail) == std::string::npos);
        QVERIFY(kept->find(segment(0xe0, "JFIF\0\1\1\0\0\1\0\1\0\0"s)) == 2);
        QVERIFY(read(*kept, "JPEG") == read(plain, "JPEG"));
    }
    void largestPictures_areTaken()
    {
        const std::string jpeg = written("JPEG");
        QVERIFY(withoutMetadata(PictureKind::Jpeg, sized(jpeg, 4096, 4096)));
        QVERIFY(withoutMetadata(PictureKind::Jpeg, scanned(jpeg, 64)));
    }
    void everyCut_isNoPicture()
    {
        for (const auto &[kind, bytes] : {std::pair(PictureKind::Png, written("PNG")),
                                          std::pair(PictureKind::Jpeg, asFromACamera(written("JPEG")))}) {
            const std::size_t whole = withoutMetadata(kind, bytes) ? bytes.rfind("after the end") : 0;
            const std::size_t end = whole == std::string::npos ? bytes.size() : whole;
            for (std::size_t size = 0; size < end; ++size)
                QVERIFY2(!withoutMetadata(kind, std::string_view(bytes).substr(0, size)), std::to_string(size).c_str());
        }
    }
    void everyFlippedBit_isFoundInAPng()
    {
        const std::string bytes = smallPng(1, pngChunk("tEXt", "Comment"));
        QVERIFY(withoutMetadata(PictureKind::Png, bytes) == smallPng(1));
        for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
            std::string flipped = bytes;
            flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
            QVERIFY2(!withoutMetadata(PictureKind::Png, flipped), std::to_string(bit).c_str());
        }
    }
    void flipsAndSplices_areSoundOrNothing()
    {
        std::mt19937 random(16);
        const std::string jpeg = asFromACamera(written("JPEG")), png = written("PNG");
        const auto below = [&](std::size_t end) {
            return std::uniform_int_distribution<std::size_t>(0, end - 1)(random);
        };
        for (int round = 0; round < 20'000; ++round) {
            std::string bytes = round % 4 == 0 ? png : jpeg;
            for (std::size_t i = below(4); i < 4; ++i) {
                // Mostly near the beginning, where the structure is.
                const std::size_t place =
                    below(round % 2 == 0 ? std::min<std::size_t>(bytes.size(), 300) : bytes.size());
                switch (below(3)) {
                case 0:
                    bytes[place] = static_cast<char>(below(256));
                    break;
                case 1:
                    bytes.erase(place, below(20));
                    break;
                default:
                    bytes.insert(place, bytes.substr(below(bytes.size()), below(20)));
                }
            }
            QVERIFY(isSound(PictureKind::Jpeg, bytes));
            QVERIFY(isSound(PictureKind::Png, bytes));
        }
    }
    void oddPictures_areRefused_data()
    {
        using namespace std::string_literals;
        QTest::addColumn<bool>("png");
        QTest::addColumn<QByteArray>("bytes");
        const auto row = [](const char *name, bool png, const std::string &bytes) {
            QTest::newRow(name) << png << QByteArray::fromStdString(bytes);
        };
        const std::string good = smallPng(1), signature = good.substr(0, 8), header = good.substr(8, 25);
        const std::string pixels = good.substr(33, good.size() - 45), end = pngChunk("IEND");
        QVERIFY(signature + header + pixels + end == good);
        row("empty", true, "");
        row("only the signature", true, signature);
        row("no pixels", true, signature + header + end);
        row("no header", true, signature + pixels + end);
        row("two headers", true, signature + header + header + pixels + end);
        row("no width", true, signature + pngChunk("IHDR", big32(0) + big32(1) + "\x08\x02\0\0\0"s) + pixels + end);
        row("too wide", true, signature + pngChunk("IHDR", big32(4097) + big32(1) + "\x08\x02\0\0\0"s) + pixels + end);
        row("too high", true, signature + pngChunk("IHDR", big32(1) + big32(4097) + "\x08\x02\0\0\0"s) + pixels + end);
        row("an unknown critical chunk", true, signature + header + pngChunk("HARM") + pixels + end);
        row("a length beyond the end", true, signature + header + big32(0x7fffffff) + "IDATxxxxxxxxxxxxxxx" + end);
        row("the largest length", true, signature + header + big32(0xffffffff) + "IDATxxxxxxxxxxxxxxx" + end);
        row("an end with content", true, signature + header + pixels + pngChunk("IEND", "x"));
        row("a type with digits", true, signature + header + pngChunk("a1bC") + pixels + end);
        row("a JPEG", true, written("JPEG"));
        const std::string jpeg = written("JPEG");
        row("a JPEG too wide", false, sized(jpeg, 1, 4097));
        row("a JPEG too high", false, sized(jpeg, 4097, 1));
        row("65 scans", false, scanned(jpeg, 65));
        row("empty JPEG", false, "");
        row("only the start", false, jpeg.substr(0, 2));
        row("start and end", false, "\xff\xd8\xff\xd9");
        row("a PNG", false, good);
        row("a segment of length 1", false, jpeg.substr(0, 2) + "\xff\xe1\0\1"s + jpeg.substr(2));
        row("a segment beyond the end", false, jpeg.substr(0, 2) + "\xff\xe1\xff\xff"s + "x");
        row("rubbish between segments", false, jpeg.substr(0, 2) + "x" + jpeg.substr(2));
        row("a scan before its frame", false, "\xff\xd8\xff\xda\0\2data\xff\xd9"s);
        row("a reserved marker", false, jpeg.substr(0, 2) + "\xff\xf5\0\2"s + jpeg.substr(2));
    }
    void oddPictures_areRefused()
    {
        QFETCH(bool, png);
        QFETCH(QByteArray, bytes);
        QVERIFY(!withoutMetadata(png ? PictureKind::Png : PictureKind::Jpeg, bytes.toStdString()));
    }
};

QTEST_GUILESS_MAIN(TestPicture)
#include "test_picture.moc"
