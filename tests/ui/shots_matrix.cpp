// SPDX-License-Identifier: GPL-3.0-or-later
// Each screen in each look: what somebody judges the window by.
#include "tests/ui/shot_tools.h"
#include "ui/dialogs/confirm_dialog.h"
#include "ui/dialogs/members_dialog.h"
#include "ui/dialogs/new_chat_dialog.h"
#include "ui/dialogs/profile_card.h"
#include "ui/dialogs/shortcuts_dialog.h"
#include "ui/find/find_controller.h"
#include "ui/pages/login_page.h"
#include "ui/security/security_dialog.h"
#include "ui/settings/settings_dialog.h"
#include "ui/widgets/conversation_header.h"

#include <QApplication>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QPushButton>
#include <QTimer>
#include <QToolButton>

namespace kith::test {

namespace {

/// Menus run a loop of their own: the picture is taken from inside. `open`: the entry whose submenu is shown too.
void takeMenu(ui::MainWindow &window, Shots &shots, const std::string &name, int submenu,
              const std::function<void()> &open)
{
    QTimer::singleShot(100, &window, [&shots, name, submenu] {
        auto *menu = qobject_cast<QMenu *>(QApplication::activePopupWidget());
        if (!menu)
            return shots.fail("no menu");
        shots.take(*menu, name);
        const auto actions = menu->actions();
        int at = 0;
        for (QAction *action : actions) {
            if (!action->menu() || at++ != submenu)
                continue;
            action->menu()->popup(menu->mapToGlobal(QPoint(menu->width(), 0)));
            shots.take(*action->menu(), name + "-sub");
            action->menu()->close();
        }
        menu->close();
    });
    open();
}

template <class Dialog>
void takeDialog(ui::MainWindow &window, Shots &shots, const std::string &name)
{
    auto *dialog = window.findChild<Dialog *>();
    if (!dialog)
        return shots.fail(name.c_str());
    settle(window);
    shots.take(*dialog, name);
    dialog->reject();
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
}

void takeChat(Desk &desk, Shots &shots, const std::string &tail, bool chinese)
{
    ui::MainWindow &window = desk.window();
    window.controller().openConversation(pick(desk, ConversationType::Private, chinese));
    settle(window);
    shots.take(window, "screen-chat" + tail);
    takeMenu(window, shots, "screen-conversation-menu" + tail, 0,
             [&] { emit desk.chat().header()->menuRequested(window.mapToGlobal(QPoint(400, 56))); });
    emit desk.chat().header()->profileRequested();
    takeDialog<ui::ProfileCard>(window, shots, "screen-card" + tail);
    window.finder().find(ui::FindPanel::Scope::Everywhere);
    window.finder().panel().edit()->setText(chinese ? QStringLiteral("好") : QStringLiteral("the"));
    waitFor([&] { return window.finder().hits().rowCount() > 0; });
    settle(window);
    shots.take(window, "screen-find" + tail);
    window.resize(500, 720);
    settle(window);
    shots.take(window, "screen-find-narrow" + tail);
    window.resize(1040, 720);
    window.finder().close();
}

void takeDialogs(Desk &desk, Shots &shots, const std::string &tail, bool chinese)
{
    ui::MainWindow &window = desk.window();
    window.controller().openConversation(pick(desk, ConversationType::Group, chinese));
    settle(window);
    shots.take(window, "screen-group" + tail);
    emit desk.chat().header()->membersRequested();
    takeDialog<ui::MembersDialog>(window, shots, "screen-members" + tail);
    window.controller().newChat();
    if (auto *dialog = window.findChild<ui::NewChatDialog *>()) {
        dialog->searchEdit()->setText(QStringLiteral("to"));
        waitFor([&] { return dialog->list()->model()->rowCount() > 0; });
    }
    takeDialog<ui::NewChatDialog>(window, shots, "screen-new-chat" + tail);
    window.showDownload();
    waitFor([&] { return window.download()->dialog()->model().rowCount() > 0; });
    takeDialog<ui::DownloadDialog>(window, shots, "screen-storage" + tail);
    window.showSettings();
    takeDialog<ui::SettingsDialog>(window, shots, "screen-settings" + tail);
    window.showSecurity();
    takeDialog<ui::SecurityDialog>(window, shots, "screen-security" + tail);
    {
        ui::ShortcutsDialog sheet(false, &window);
        sheet.setAttribute(Qt::WA_DeleteOnClose, false);
        sheet.show();
        settle(window);
        shots.take(sheet, "screen-shortcuts" + tail);
    }
    takeMenu(window, shots, "screen-menu" + tail, 0,
             [&] { emit desk.chat().sidebar()->menuRequested(window.mapToGlobal(QPoint(8, 56))); });
}

/// In light and dark, English and Chinese; with the end of the names, and whether it is Chinese.
void inEachLook(ui::Theme &theme, ui::Languages &languages, const std::string &tail,
                const std::function<void(const std::string &, bool)> &take)
{
    for (const bool dark : {false, true}) {
        for (const bool chinese : {false, true}) {
            theme.apply(*qApp, dark ? ui::ThemeMode::Dark : ui::ThemeMode::Light);
            languages.apply(*qApp, theme, chinese ? QStringLiteral("zh_CN") : QStringLiteral("en"));
            take(std::string(chinese ? "-zh" : "") + (dark ? "-dark" : "") + tail, chinese);
        }
    }
}

} // namespace

void drawMatrix(Desk &desk, ui::Theme &theme, ui::Languages &languages, Shots &shots, const std::string &tail)
{
    ui::MainWindow &window = desk.window();
    window.start({});
    if (!waitFor([&] { return window.isChatting(); }) || !settle(window))
        return shots.fail("no chat after the restart");
    inEachLook(theme, languages, tail, [&](const std::string &look, bool chinese) {
        takeChat(desk, shots, look, chinese);
        takeDialogs(desk, shots, look, chinese);
        window.askToLogout();
        takeDialog<ui::ConfirmDialog>(window, shots, "screen-logout" + look);
    });
}

void drawLoggedOut(Desk &desk, ui::Theme &theme, ui::Languages &languages, Shots &shots, const std::string &tail)
{
    ui::MainWindow &window = desk.window();
    window.start({});
    waitFor([&] { return window.isChatting() || window.isAskingLogin(); });
    if (window.isChatting()) {
        window.askToLogout();
        window.findChild<ui::ConfirmDialog *>()->actionButton()->click();
    }
    if (!waitFor([&] { return window.isAskingLogin(); }))
        return shots.fail("no login page after the log-out");
    inEachLook(theme, languages, tail, [&](const std::string &look, bool) {
        settle(window);
        shots.take(window, "screen-login" + look);
        window.loginPage()->readButton()->click();
        waitFor([&] { return window.isChatting(); });
        settle(window);
        shots.take(window, "screen-reading" + look);
        window.goToLogin();
    });
}

} // namespace kith::test
