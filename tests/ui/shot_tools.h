// SPDX-License-Identifier: GPL-3.0-or-later
// What the programs that draw the real window for pictures have in common.
#pragma once

#include "tests/ui/desk.h"

#include <QElapsedTimer>

#include <algorithm>
#include <cstdio>

namespace kith::test {

inline constexpr int kPatienceMs = 30000;

template <class Condition>
bool waitFor(Condition condition)
{
    QElapsedTimer clock;
    clock.start();
    while (!condition()) {
        if (clock.elapsed() > kPatienceMs)
            return false;
        QCoreApplication::processEvents(QEventLoop::AllEvents, 20);
    }
    return true;
}

/// Painted, and quiet for a while.
inline bool settle(ui::MainWindow &window)
{
    QElapsedTimer quiet;
    quiet.start();
    return waitFor([&] {
        if (!window.isSettled())
            quiet.restart();
        return quiet.elapsed() > 700;
    });
}

struct Shots {
    QString out;
    int failed = 0;

    void take(QWidget &widget, const std::string &name)
    {
        const QString file = out + QLatin1Char('/') + QString::fromStdString(name) + QStringLiteral(".png");
        const bool saved = widget.grab().save(file, "PNG");
        std::printf("%s%s\n", saved ? "" : "NOT WRITTEN ", qPrintable(file));
        std::fflush(stdout);
        failed += saved ? 0 : 1;
    }
    void fail(const char *what)
    {
        std::fprintf(stderr, "kith_shots: %s\n", what);
        ++failed;
    }
};

/// The first private or group conversation, preferring one that Chinese is written in or not.
inline ConversationId pick(Desk &desk, ConversationType type, bool chinese)
{
    ConversationId any;
    for (int i = 0; i < desk.list().rowCount(); ++i) {
        const models::ConversationRow &row = desk.list().row(i);
        if (row.head.head.type != type)
            continue;
        if (any.empty())
            any = row.head.head.conversation;
        const QString last = row.head.head.last ? QString::fromStdString(row.head.head.last->body) : QString();
        const QString text = row.name + last;
        const bool han = std::any_of(text.begin(), text.end(), [](QChar c) { return c.script() == QChar::Script_Han; });
        if (han == chinese)
            return row.head.head.conversation;
    }
    return any;
}

/// Each screen of a logged-in window in light and dark, English and Chinese; `tail` ends the names ("@2").
void drawMatrix(Desk &desk, ui::Theme &theme, ui::Languages &languages, Shots &shots, const std::string &tail);
/// Those of somebody who has logged out; whoever is logged in is not any more.
void drawLoggedOut(Desk &desk, ui::Theme &theme, ui::Languages &languages, Shots &shots, const std::string &tail);

} // namespace kith::test
