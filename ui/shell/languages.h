// SPDX-License-Identifier: GPL-3.0-or-later
// Switches the language of the running program.
#pragma once

#include "ui/theme/theme.h"

#include <QString>
#include <QTranslator>

namespace kith::ui {

class Languages final {
public:
    /// "system", "en" or "zh_CN"; anything else is treated as "system". Windows hear of it by QEvent::LanguageChange.
    void apply(QApplication &app, Theme &theme, const QString &language);
    const QString &current() const { return m_current; }

private:
    QTranslator m_own;
    QTranslator m_qt;
    QString m_current;
};

} // namespace kith::ui
