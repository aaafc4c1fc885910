// SPDX-License-Identifier: GPL-3.0-or-later
// At build: draws an SVG as a square PNG with the renderer that draws it in the window too.
// usage: kith_icon FILE.svg SIZE FILE.png
#include <QCoreApplication>
#include <QImage>
#include <QPainter>
#include <QSvgRenderer>

#include <cstdio>

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    const QStringList given = QCoreApplication::arguments();
    const int size = given.size() == 4 ? given.at(2).toInt() : 0;
    if (size <= 0) {
        std::fputs("usage: kith_icon FILE.svg SIZE FILE.png\n", stderr);
        return 2;
    }
    QSvgRenderer drawing(given.at(1));
    QImage image(size, size, QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::transparent);
    {
        QPainter painter(&image);
        drawing.render(&painter);
    }
    if (!drawing.isValid() || !image.save(given.at(3), "PNG")) {
        std::fprintf(stderr, "kith_icon: %s was not drawn\n", qPrintable(given.at(1)));
        return 1;
    }
    return 0;
}
