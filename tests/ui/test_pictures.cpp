// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures from anywhere: what is decoded, what is refused, what is kept in memory, and how one is cut.
#include "tests/ui/drawn_pictures.h"
#include "ui/pictures/crop_dialog.h"
#include "ui/pictures/crop_view.h"
#include "ui/pictures/picture_codec.h"
#include "ui/pictures/picture_editor.h"
#include "ui/pictures/pictures.h"
#include "ui/widgets/avatar.h"

#include <QBuffer>
#include <QClipboard>
#include <QColorSpace>
#include <QGuiApplication>
#include <QImageReader>
#include <QLoggingCategory>
#include <QPushButton>
#include <QSignalSpy>
#include <QSlider>
#include <QTemporaryDir>
#include <QTest>

using namespace kith;
using test::drawnPicture;

namespace {

QByteArray bytesOf(const QImage &image, const char *format)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, format);
    return bytes;
}

void put32(QByteArray &bytes, quint32 value)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        bytes += static_cast<char>(value >> shift);
}

quint32 crcOf(const QByteArray &bytes)
{
    quint32 crc = 0xffffffff;
    for (const char byte : bytes) {
        crc ^= static_cast<unsigned char>(byte);
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc >> 1) ^ (crc & 1 ? 0xedb88320 : 0);
    }
    return ~crc;
}

/// A PNG that says it is so large, with correct sums.
QByteArray boast(quint32 width, quint32 height)
{
    QByteArray header("IHDR");
    put32(header, width);
    put32(header, height);
    header += QByteArray("\x08\x02\x00\x00\x00", 5);
    QByteArray png("\x89PNG\r\n\x1a\n", 8);
    put32(png, static_cast<quint32>(header.size() - 4));
    png += header;
    put32(png, crcOf(header));
    return png + bytesOf(drawnPicture(1), "PNG").mid(33);
}

} // namespace

class TestPictures final : public QObject {
    Q_OBJECT

private slots:
    // What the decoders say of such bytes is not looked at.
    void initTestCase() { QLoggingCategory::setFilterRules(QStringLiteral("qt.gui.imageio*=false")); }

    void good_isASquareOfItsMiddle()
    {
        for (const char *format : {"PNG", "JPEG"}) {
            const QImage square = ui::decodePicture(bytesOf(drawnPicture(1, QSize(900, 400)), format), 256);
            QCOMPARE(square.size(), QSize(256, 256));
        }
        QCOMPARE(ui::decodePicture(bytesOf(drawnPicture(1, QSize(40, 60)), "PNG"), 256).size(), QSize(40, 40));
        // Nothing shines through.
        QImage clear(64, 64, QImage::Format_ARGB32);
        clear.fill(Qt::transparent);
        QCOMPARE(ui::decodePicture(bytesOf(clear, "PNG"), 64).pixelColor(30, 30), QColor(Qt::white));
    }

    void hostile_isRefused_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        const QByteArray png = bytesOf(drawnPicture(1), "PNG"), jpeg = bytesOf(drawnPicture(1), "JPEG");
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("words") << QByteArray("hello");
        QTest::newRow("only a beginning") << png.left(8);
        QTest::newRow("half a header") << png.left(20);
        QTest::newRow("another kind") << bytesOf(drawnPicture(1), "BMP");
        QTest::newRow("svg") << QByteArray(
            "<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/passwd'/></svg>");
        QTest::newRow("a BMP that calls itself PNG") << png.left(8) + bytesOf(drawnPicture(1), "BMP");
        QTest::newRow("as large as it gets") << boast(0x7fffffff, 0x7fffffff);
        QTest::newRow("larger than allowed") << boast(4097, 10);
        QTest::newRow("no width") << boast(0, 10);
        QByteArray scans = jpeg;
        const auto end = scans.size() - 2;
        for (int i = 0; i < 2000; ++i)
            scans.insert(end, QByteArray("\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00", 10));
        QTest::newRow("thousands of scans") << scans;
    }
    void hostile_isRefused()
    {
        QFETCH(QByteArray, bytes);
        QVERIFY(ui::decodePicture(bytes, 256).isNull());
    }

    void drawingThatCallsItselfAPicture_isRefused()
    {
        const QByteArray drawing("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><rect width='9' "
                                 "height='9'/></svg>");
        if (!QImageReader::supportedImageFormats().contains("svg"))
            QSKIP("this computer's Qt draws no SVG: it would be refused anyway");
        QCOMPARE(ui::readPicture(drawing).problem, ui::PictureProblem::NoPicture);
        QCOMPARE(ui::readPicture(bytesOf(drawnPicture(1), "BMP")).problem, ui::PictureProblem::None);
        QVERIFY(!ui::pictureSuffixes().contains(QStringLiteral("*.svg")));
    }

    void whatIsSent_tellsNothingOfTheMonitorOrTheCamera()
    {
        QImage photo = drawnPicture(1);
        photo.setColorSpace(QColorSpace(QColorSpace::AdobeRgb));
        photo.setDotsPerMeterX(11811);
        photo.setText(QStringLiteral("Author"), QStringLiteral("Lin"));
        const QByteArray sent = ui::encodePicture(photo);
        QVERIFY(!sent.contains("iCCP") && !sent.contains("Author") && !sent.contains("sRGB"));
        QCOMPARE(QImage::fromData(sent).dotsPerMeterX(), 2835);
    }

    void damaged_neverCrashes()
    {
        quint32 state = 7;
        const auto random = [&state] { return (state = state * 1664525 + 1013904223) >> 8; };
        for (const char *format : {"PNG", "JPEG"}) {
            const QByteArray good = bytesOf(drawnPicture(2, QSize(96, 96)), format);
            for (int i = 0; i < 400; ++i) {
                QByteArray bad =
                    good.left(static_cast<qsizetype>(20 + random() % static_cast<quint32>(good.size() - 20)));
                for (int k = 0; k < 5; ++k)
                    bad[static_cast<qsizetype>(8 + random() % static_cast<quint32>(bad.size() - 8))] =
                        static_cast<char>(random());
                const QImage image = ui::decodePicture(bad, 64); // null, or the part that could be read
                QVERIFY(image.width() <= 64);
            }
        }
    }

    void chosen_isUprightAndWithoutItsPast()
    {
        QTemporaryDir dir;
        QImage wide = drawnPicture(3, QSize(400, 200));
        // With EXIF: lies on its side, and was taken somewhere.
        QByteArray jpeg = bytesOf(wide, "JPEG");
        const QByteArray exif(
            "\xff\xe1\x00\x32"
            "Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0SECRET-PLACE-12\0",
            4 + 0x30);
        jpeg.insert(2, exif);
        QFile file(dir.filePath(QStringLiteral("photo.jpg")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(jpeg);
        file.close();
        const ui::ChosenPicture chosen = ui::readPicture(file.fileName());
        QCOMPARE(chosen.problem, ui::PictureProblem::None);
        QCOMPARE(chosen.image.size(), QSize(200, 400));
        const QByteArray sent = ui::encodePicture(chosen.image.copy(0, 0, 200, 200));
        QVERIFY(!sent.contains("SECRET") && !sent.contains("Exif"));
        QVERIFY(!ui::decodePicture(sent, 128).isNull());
    }

    void whatCannotBeChosen_isSaid()
    {
        QTemporaryDir dir;
        QCOMPARE(ui::readPicture(dir.filePath(QStringLiteral("not there.png"))).problem,
                 ui::PictureProblem::CannotRead);
        QFile words(dir.filePath(QStringLiteral("words.png")));
        QVERIFY(words.open(QIODevice::WriteOnly));
        words.write("no picture at all");
        words.close();
        QCOMPARE(ui::readPicture(words.fileName()).problem, ui::PictureProblem::NoPicture);
    }

    void sent_isSmall()
    {
        QImage noise(ui::kPictureSide, ui::kPictureSide, QImage::Format_RGB32);
        quint32 state = 3;
        for (int y = 0; y < noise.height(); ++y)
            for (int x = 0; x < noise.width(); ++x)
                noise.setPixel(x, y, (state = state * 1664525 + 1013904223) >> 8);
        const QByteArray sent = ui::encodePicture(noise);
        QVERIFY2(sent.size() <= 1024 * 1024, qPrintable(QString::number(sent.size())));
        QVERIFY(ui::encodePicture(drawnPicture(1)).startsWith("\x89PNG"));
    }

    void pictures_areAskedForOnceAndPaintedWhenTheyCome()
    {
        ui::Theme theme;
        ui::Pictures &pictures = theme.pictures();
        QSignalSpy wanted(&pictures, &ui::Pictures::wanted), arrived(&pictures, &ui::Pictures::arrived);
        ui::AvatarWidget face(theme, 44);
        face.show(QStringLiteral("Mara Voss"), 1, QStringLiteral("a"));
        const QImage initials = face.grab().toImage();
        face.grab();
        QTRY_COMPARE(wanted.size(), 1);
        pictures.put(QStringLiteral("a"), bytesOf(drawnPicture(5), "PNG"));
        QTRY_COMPARE(arrived.size(), 1);
        QVERIFY(face.grab().toImage() != initials);
        face.show(QStringLiteral("Mara Voss"), 1);
        QCOMPARE(face.grab().toImage(), initials);
        // What cannot be read stays initials and is not asked for again.
        face.show(QStringLiteral("Mara Voss"), 1, QStringLiteral("b"));
        face.grab();
        QTRY_COMPARE(wanted.size(), 2);
        pictures.put(QStringLiteral("b"), "no picture");
        pictures.put(QStringLiteral("c"), bytesOf(drawnPicture(6), "PNG")); // decoded after it
        QTRY_COMPARE(arrived.size(), 2);
        QCOMPARE(face.grab().toImage(), initials);
        pictures.clear();
        QVERIFY(pictures.image(QStringLiteral("a")).isNull());
    }

    void clearedWhileDecoding_nothingComesBack()
    {
        ui::Pictures pictures;
        QSignalSpy arrived(&pictures, &ui::Pictures::arrived);
        const QByteArray large = bytesOf(drawnPicture(1, QSize(3000, 3000)), "PNG");
        pictures.put(QStringLiteral("a"), large);
        pictures.clear();
        pictures.put(QStringLiteral("b"), bytesOf(drawnPicture(2), "PNG"));
        QTRY_COMPARE(arrived.size(), 1);
        QCOMPARE(arrived.first().first().toString(), QStringLiteral("b"));
        QVERIFY(pictures.image(QStringLiteral("a")).isNull());
    }

    void memory_isBounded()
    {
        ui::Pictures pictures;
        for (int i = 0; i < 300; ++i)
            pictures.putImage(QString::number(i), drawnPicture(i, QSize(256, 256)));
        int here = 0;
        for (int i = 0; i < 300; ++i)
            here += pictures.image(QString::number(i)).isNull() ? 0 : 1;
        QVERIFY(here > 50 && here < 200);
        // One that went is asked for again.
        QSignalSpy wanted(&pictures, &ui::Pictures::wanted);
        QVERIFY(pictures.find(QStringLiteral("0"), 44).isNull());
        QTRY_COMPARE(wanted.size(), 1);
    }

    void editor_isNothingUntilItIsOfferedAndAllowed()
    {
        ui::Theme theme;
        QWidget dialog;
        ui::AvatarWidget face(theme, 64, &dialog);
        ui::PictureEditor editor(theme, &face, &dialog);
        QSignalSpy files(&editor, &ui::PictureEditor::fileRequested);
        dialog.show();
        QVERIFY(!editor.isVisible());
        QTest::mouseClick(&face, Qt::LeftButton);
        editor.setOffered(true);
        QVERIFY(editor.isVisible() && editor.changeButton()->isVisible() && !editor.removeButton()->isVisible());
        editor.setAllowed(false);
        QVERIFY(!editor.isVisible());
        QTest::mouseClick(&face, Qt::LeftButton);
        QCOMPARE(files.size(), 0);
        editor.setAllowed(true);
        editor.setHasPicture(true);
        QVERIFY(editor.removeButton()->isVisible());
        QTest::mouseClick(&face, Qt::LeftButton);
        QCOMPARE(files.size(), 1);
        // Under way: only to be cancelled, by keys too, and what failed is said when it is over.
        editor.changeButton()->setFocus();
        editor.setBusy(0.5);
        QVERIFY(!editor.changeButton()->isVisible() && editor.cancelButton()->isVisible());
        editor.setOffered(false); // the link is gone meanwhile
        QVERIFY(editor.cancelButton()->isVisible());
        QSignalSpy cancelled(&editor, &ui::PictureEditor::cancelRequested);
        QTest::keyClick(editor.cancelButton(), Qt::Key_Space);
        QCOMPARE(cancelled.size(), 1);
        editor.setOffered(true);
        editor.setBusy({});
        client::ClientError error;
        error.code = client::ClientErrorCode::Unreachable;
        editor.showError(error);
        QVERIFY(!editor.problemText().isEmpty());
    }

    void editor_takesAPastedPicture()
    {
        ui::Theme theme;
        QWidget dialog;
        ui::AvatarWidget face(theme, 64, &dialog);
        ui::PictureEditor editor(theme, &face, &dialog);
        editor.setOffered(true);
        dialog.show();
        QSignalSpy images(&editor, &ui::PictureEditor::imageDropped);
        QGuiApplication::clipboard()->setText(QStringLiteral("words"));
        QTest::keySequence(editor.changeButton(), QKeySequence::Paste);
        QVERIFY(!editor.problemText().isEmpty());
        QGuiApplication::clipboard()->setImage(drawnPicture(1));
        QTest::keySequence(editor.changeButton(), QKeySequence::Paste);
        QCOMPARE(images.size(), 1);
        QCOMPARE(ui::readPicture(images.first().first().toByteArray()).image.size(), QSize(320, 320));
    }

    void crop_staysWithinThePicture()
    {
        ui::Theme theme;
        ui::CropView view(theme, drawnPicture(1, QSize(800, 400)));
        view.resize(320, 320);
        const auto inside = [&] {
            return QRectF(0, 0, 800, 400).adjusted(-0.01, -0.01, 0.01, 0.01).contains(view.crop());
        };
        QCOMPARE(view.crop(), QRectF(200, 0, 400, 400));
        for (int i = 0; i < 100; ++i)
            QTest::keyClick(&view, Qt::Key_Left);
        QCOMPARE(view.crop(), QRectF(400, 0, 400, 400)); // the picture went left: its right end is seen
        QTest::keyClick(&view, Qt::Key_Plus);
        QVERIFY(view.zoom() > 0 && view.crop().width() < 400 && inside());
        for (int i = 0; i < 100; ++i)
            QTest::keyClick(&view, Qt::Key_Up);
        QVERIFY(inside());
        QTest::keyClick(&view, Qt::Key_Home);
        QCOMPARE(view.crop(), QRectF(200, 0, 400, 400));
        // By hand.
        QTest::mousePress(&view, Qt::LeftButton, {}, QPoint(160, 160));
        QMouseEvent drag(QEvent::MouseMove, QPointF(60, 160), view.mapToGlobal(QPointF(60, 160)), Qt::NoButton,
                         Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(&view, &drag);
        QVERIFY(view.crop().left() > 200 && inside());
        QWheelEvent wheel(QPointF(160, 160), view.mapToGlobal(QPointF(160, 160)), {}, QPoint(0, 120), Qt::NoButton,
                          Qt::NoModifier, Qt::NoScrollPhase, false);
        QApplication::sendEvent(&view, &wheel);
        QVERIFY(view.zoom() > 0);
        QVERIFY(view.result(64).size() == QSize(64, 64));
    }

    void cropDialog_worksByKeys()
    {
        ui::Theme theme;
        ui::CropDialog dialog(theme, drawnPicture(4, QSize(900, 1200)));
        dialog.setAttribute(Qt::WA_DeleteOnClose, false);
        QSignalSpy chosen(&dialog, &ui::CropDialog::chosen);
        dialog.show();
        QVERIFY(dialog.view()->hasFocus() || QTest::qWaitForWindowActive(&dialog));
        QTest::keyClick(dialog.view(), Qt::Key_Plus);
        QCOMPARE(dialog.slider()->value(), dialog.view()->zoom());
        QTest::keyClick(dialog.slider(), Qt::Key_Right);
        QCOMPARE(dialog.slider()->value(), dialog.view()->zoom());
        QVERIFY(!dialog.view()->accessibleName().isEmpty() && !dialog.slider()->accessibleName().isEmpty());
        QTest::keyClick(dialog.view(), Qt::Key_Return);
        QCOMPARE(chosen.size(), 1);
        const auto image = chosen.first().first().value<QImage>();
        QCOMPARE(image.size(), QSize(512, 512));
    }

    void tinyPicture_canBeChosen()
    {
        ui::Theme theme;
        ui::CropView view(theme, drawnPicture(4, QSize(16, 20)));
        view.resize(320, 320);
        QVERIFY(!view.canZoom());
        view.setZoom(50);
        QCOMPARE(view.zoom(), 0);
        QCOMPARE(view.result(512).size(), QSize(16, 16));
    }
};

QTEST_MAIN(TestPictures)
#include "test_pictures.moc"
