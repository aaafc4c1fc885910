// SPDX-License-Identifier: GPL-3.0-or-later
// The dialog of an export, fed with plain data.
#include "tests/ui/states.h"
#include "ui/dialogs/export_dialog.h"
#include "ui/shell/languages.h"

#include <QApplication>

using namespace kith;

void test::drawExportStates(QApplication &app, ui::Theme &theme, ui::Languages &languages, bool few,
                            const std::function<void(QWidget &, const char *)> &shot)
{
    const auto dialog = [&](const std::string &name, const std::function<void(ui::ExportDialog &)> &prepare) {
        ui::ExportDialog made(theme, QStringLiteral("Riverside walkers"));
        made.setAttribute(Qt::WA_DeleteOnClose, false);
        made.setPath(QStringLiteral("/home/lin/Documents/Riverside walkers 2026-11-21.html"));
        made.show();
        prepare(made);
        shot(made, name.c_str());
    };
    for (const bool dark : {false, true}) {
        for (const bool chinese : {false, true}) {
            theme.apply(app, dark ? ui::ThemeMode::Dark : ui::ThemeMode::Light);
            languages.apply(app, theme, chinese ? QStringLiteral("zh_CN") : QStringLiteral("en"));
            const std::string tail = std::string(chinese ? "-zh" : "") + (dark ? "-dark" : "");
            dialog("export-days" + tail,
                   [](ui::ExportDialog &made) { made.setPeriod(QDate(2026, 10, 1), QDate(2026, 11, 21)); });
            if (few)
                continue;
            dialog("export-asking" + tail, [](ui::ExportDialog &) {});
            dialog("export-running" + tail, [](ui::ExportDialog &made) {
                made.setProgress({412'345, 1'000'000, true});
            });
            dialog("export-done" + tail, [](ui::ExportDialog &made) {
                exporting::Summary summary;
                summary.messages = 48'210;
                summary.missing = 412;
                summary.unsent = 1;
                made.setProgress({48'210, 48'210, true});
                made.setDone(summary);
            });
            dialog("export-exists" + tail, [](ui::ExportDialog &made) {
                client::ClientError error;
                error.code = client::ClientErrorCode::File;
                error.file = exporting::Error{exporting::ErrorCode::Exists, {}};
                made.setFailed(error);
            });
        }
    }
    theme.apply(app, ui::ThemeMode::Light);
    languages.apply(app, theme, QStringLiteral("en"));
}
