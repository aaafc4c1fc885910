// SPDX-License-Identifier: GPL-3.0-or-later
// The dialog of settings, fed with plain data, and the page at other text sizes.
#include "tests/ui/states.h"
#include "ui/settings/settings_dialog.h"
#include "ui/shell/chat_page.h"
#include "ui/shell/languages.h"

#include <QApplication>

using namespace kith;

namespace kith::test {

void drawSettingsStates(QApplication &app, ui::Theme &theme, ui::Languages &languages, bool few, ui::ChatPage &page,
                        const std::function<void(QWidget &, const char *)> &shot)
{
    const auto look = [&](bool dark, bool chinese) {
        theme.apply(app, dark ? ui::ThemeMode::Dark : ui::ThemeMode::Light);
        languages.apply(app, theme, chinese ? QStringLiteral("zh_CN") : QStringLiteral("en"));
    };
    const auto dialog = [&](bool proxy, const std::string &name) {
        ui::SettingsDialog made(theme);
        made.setAttribute(Qt::WA_DeleteOnClose, false);
        made.setTextSize(theme.textSize());
        if (proxy) {
            made.setProxy({client::ProxyKind::Socks5, "proxy.example", 1080, "walker", "open sesame"});
            client::ClientError error;
            error.code = client::ClientErrorCode::Proxy;
            made.setProxyFailed(error);
        }
        made.show();
        shot(made, name.c_str());
    };
    for (const bool dark : {false, true}) {
        for (const bool chinese : {false, true}) {
            look(dark, chinese);
            const std::string tail = std::string(chinese ? "-zh" : "") + (dark ? "-dark" : "");
            dialog(false, "settings" + tail);
            if (!few)
                dialog(true, "settings-proxy" + tail);
        }
    }
    look(false, false);
    for (const int percent : {80, 125, 150}) {
        theme.setTextSize(app, percent);
        shot(page, ("text-" + std::to_string(percent)).c_str());
        dialog(true, "settings-text-" + std::to_string(percent));
        if (few)
            break;
    }
    theme.setTextSize(app, 100);
}

} // namespace kith::test
