// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/languages.h"

#include <QApplication>
#include <QLibraryInfo>
#include <QLocale>

namespace kith::ui {

void Languages::apply(QApplication &app, Theme &theme, const QString &language)
{
    QString wanted = language;
    if (wanted != QLatin1String("en") && wanted != QLatin1String("zh_CN"))
        wanted = QLocale::system().language() == QLocale::Chinese ? QStringLiteral("zh_CN") : QStringLiteral("en");
    if (wanted == m_current)
        return;
    m_current = wanted;
    app.removeTranslator(&m_own);
    app.removeTranslator(&m_qt);
    theme.setLanguage(app, wanted);
    if (m_qt.load(QStringLiteral("qtbase_") + wanted, QLibraryInfo::path(QLibraryInfo::TranslationsPath)))
        app.installTranslator(&m_qt);
    // English too: it holds the plurals.
    if (m_own.load(QStringLiteral(":/i18n/kith_%1.qm").arg(wanted)))
        app.installTranslator(&m_own);
}

} // namespace kith::ui
