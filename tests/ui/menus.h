// SPDX-License-Identifier: GPL-3.0-or-later
// Menus are worked by a timer: while one is open nobody else's code runs.
#pragma once

#include <QAction>
#include <QApplication>
#include <QMenu>
#include <QTimer>

namespace kith::test {

/// The next menu that opens: its entry whose text begins so is chosen, if there is one, and the menu closed.
inline void chooseFromNextMenu(const QString &beginning)
{
    QTimer::singleShot(0, qApp, [beginning] {
        auto *menu = qobject_cast<QMenu *>(QApplication::activePopupWidget());
        if (!menu)
            return;
        for (QAction *action : menu->actions())
            if (action->text().startsWith(beginning))
                action->trigger();
        menu->close();
    });
}

} // namespace kith::test
