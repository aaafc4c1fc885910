// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/kith-cli/cli.h"

#include <QCoreApplication>

#include <iostream>

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("kith-cli"));
    const auto parsed = kith::cli::parse(argc, argv);
    if (!parsed.arguments) {
        (parsed.exit == kith::cli::Exit::Done ? std::cout : std::cerr) << parsed.text;
        return static_cast<int>(parsed.exit);
    }
    return static_cast<int>(kith::cli::run(*parsed.arguments));
}
