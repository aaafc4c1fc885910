// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures of states that no demo server has: widgets on models fed with plain data, without a client.
#pragma once

class QApplication;
class QString;

namespace kith::test {

/// Writes state-*.png; `few`: only those that are worth looking at on a fine screen, named *@2.png.
void drawStates(QApplication &app, const QString &out, bool few);

} // namespace kith::test
