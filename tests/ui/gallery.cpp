// SPDX-License-Identifier: GPL-3.0-or-later
// Only the states without a server, for looking at the design while it is made: kith_gallery OUTDIR
#include "tests/ui/states.h"

#include <QApplication>

int main(int argc, char **argv)
{
    QApplication app(argc, argv);
    kith::test::drawStates(app, argc > 1 ? QString::fromLocal8Bit(argv[1]) : QStringLiteral("."), false);
    return 0;
}
