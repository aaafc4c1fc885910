// SPDX-License-Identifier: GPL-3.0-or-later
// The window's menu and shortcuts.
#include "ui/dialogs/shortcuts_dialog.h"
#include "ui/dialogs/text_dialog.h"
#include "ui/find/find_controller.h"
#include "ui/list/sidebar.h"
#include "ui/shell/chat_page.h"
#include "ui/shell/main_window.h"
#include "ui/shell/profiles.h"
#include "ui/theme/icons.h"
#include "ui/timeline/timeline_view.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/composer.h"
#include "ui/words/words.h"

#include <QActionGroup>
#include <QApplication>
#include <QDir>
#include <QMenu>
#include <QShortcut>
#include <QStackedWidget>

#include <algorithm>

namespace kith::ui {

namespace {
QAction *choice(QMenu *menu, QActionGroup *group, const QString &text, bool checked)
{
    QAction *action = menu->addAction(text);
    action->setCheckable(true);
    action->setChecked(checked);
    group->addAction(action);
    return action;
}
} // namespace

void MainWindow::showMenu(const QPoint &global)
{
    QMenu menu(this);
    const models::People &people = m_controller.people();
    const QString name = people.name(people.self());
    menu.addAction(m_reading ? tr("Logged out: the history of %1").arg(name) : tr("Logged in as %1").arg(name), this,
                   [this] { m_controller.persons().showProfile(m_controller.people().self()); });
    addProfiles(menu);
    menu.addSeparator();
    if (m_chat->sidebar()->isCollapsed()) { // its field and buttons have no room
        menu.addAction(icon(QStringLiteral("search"), m_theme[Token::Muted]), tr("Go to a conversation…"),
                       QKeySequence(QStringLiteral("Ctrl+K")), m_find, &FindController::switchConversation);
        if (!m_reading)
            menu.addAction(icon(QStringLiteral("new-chat"), m_theme[Token::Muted]), tr("New conversation…"),
                           QKeySequence(QStringLiteral("Ctrl+N")), &m_controller, &ChatController::newChat);
        menu.addSeparator();
    }
    QMenu *theme = menu.addMenu(icon(QStringLiteral("theme"), m_theme[Token::Muted]), tr("Appearance"));
    auto *themes = new QActionGroup(theme);
    const std::pair<ThemeMode, QString> modes[] = {
        {ThemeMode::System, tr("As the system")}, {ThemeMode::Light, tr("Light")}, {ThemeMode::Dark, tr("Dark")}};
    for (const auto &[mode, text] : modes) {
        connect(choice(theme, themes, text, m_theme.mode() == mode), &QAction::triggered, this, [this, mode = mode] {
            m_settings.setTheme(mode);
            m_theme.apply(*qApp, mode);
        });
    }
    QMenu *language = menu.addMenu(icon(QStringLiteral("language"), m_theme[Token::Muted]), tr("Language"));
    auto *languages = new QActionGroup(language);
    // Each language in its own words, whatever the window speaks.
    const std::pair<QString, QString> names[] = {{QStringLiteral("system"), tr("As the system")},
                                                 {QStringLiteral("en"), QStringLiteral("English")},
                                                 {QStringLiteral("zh_CN"), QStringLiteral("中文")}};
    for (const auto &[code, text] : names) {
        connect(choice(language, languages, text, m_settings.language() == code), &QAction::triggered, this,
                [this, code = code] {
                    m_settings.setLanguage(code);
                    m_languages.apply(*qApp, m_theme, code);
                });
    }
    QMenu *notify = menu.addMenu(icon(QStringLiteral("bell"), m_theme[Token::Muted]), tr("Notifications"));
    auto *notifyGroup = new QActionGroup(notify);
    const std::pair<NotificationMode, QString> notifyModes[] = {{NotificationMode::Full, tr("With name and text")},
                                                                {NotificationMode::Hidden, tr("Without name and text")},
                                                                {NotificationMode::Off, tr("None")}};
    for (const auto &[mode, text] : notifyModes) {
        connect(choice(notify, notifyGroup, text, m_settings.notifications() == mode), &QAction::triggered, this,
                [this, mode = mode] {
                    m_settings.setNotifications(mode);
                    m_desktop->configure();
                });
    }
    if (Tray::isAvailable()) {
        const auto option = [notify](const QString &text, bool on) {
            QAction *action = notify->addAction(text);
            action->setCheckable(true);
            action->setChecked(on);
            return action;
        };
        notify->addSeparator();
        connect(option(tr("Icon in the tray"), m_settings.trayShown()), &QAction::toggled, this, [this](bool on) {
            m_settings.setTrayShown(on);
            m_desktop->configure();
        });
        QAction *close = option(tr("Closing the window keeps Kith in the tray"), m_settings.closeToTray());
        close->setEnabled(m_settings.trayShown());
        connect(option(tr("Start in the tray"), m_settings.startMinimised()), &QAction::toggled, this,
                [this](bool on) { m_settings.setStartMinimised(on); });
        connect(close, &QAction::toggled, this, [this](bool on) { m_settings.setCloseToTray(on); });
    }
    const client::DownloadProgress download = m_client.downloadProgress();
    const bool under = download.state != client::DownloadState::Off && download.state != client::DownloadState::Done &&
                       download.messagesTotal > 0;
    menu.addAction(icon(QStringLiteral("download"), m_theme[Token::Muted]),
                   under ? tr("On this computer (%1 %)…").arg(download.messagesHere * 100 / download.messagesTotal)
                         : tr("On this computer…"),
                   this, [this] { showDownload(); });
    menu.addAction(icon(QStringLiteral("settings"), m_theme[Token::Muted]), tr("Settings…"),
                   QKeySequence(QStringLiteral("Ctrl+,")), this, &MainWindow::showSettings);
    menu.addAction(icon(QStringLiteral("shield"), m_theme[Token::Muted]), tr("Security…"), this,
                   &MainWindow::showSecurity);
    menu.addAction(icon(QStringLiteral("lock"), m_theme[Token::Muted]), tr("Lock"),
                   QKeySequence(QStringLiteral("Ctrl+L")), this, [this] { lock(); });
    menu.addAction(icon(QStringLiteral("pulse"), m_theme[Token::Muted]), tr("Wire inspector"),
                   QKeySequence(QStringLiteral("Ctrl+Shift+I")), this, &MainWindow::showInspector);
    menu.addAction(tr("Keyboard shortcuts"), QKeySequence(QStringLiteral("Ctrl+/")), this, &MainWindow::showShortcuts);
    menu.addSeparator();
    if (m_desktop->keepsRunning())
        menu.addAction(tr("Quit"), QKeySequence(QStringLiteral("Ctrl+Q")), this, &MainWindow::quit);
    if (m_reading)
        menu.addAction(tr("Log in…"), this, &MainWindow::goToLogin);
    else
        menu.addAction(icon(QStringLiteral("logout"), m_theme[Token::Muted]), tr("Log out…"), this,
                       &MainWindow::askToLogout);
    menu.exec(global);
}

void MainWindow::addProfiles(QMenu &menu)
{
    const Profiles profiles = Profiles::ofUser(m_settings.profileDir());
    QMenu *others = menu.addMenu(icon(QStringLiteral("people"), m_theme[Token::Muted]), tr("Accounts"));
    for (const ProfileEntry &one : profiles.list()) {
        QAction *action = others->addAction(one.name.isEmpty() ? tr("Main profile") : one.name);
        action->setCheckable(true);
        action->setChecked(one.current);
        action->setEnabled(!one.current);
        action->setToolTip(QDir::toNativeSeparators(one.dir));
        connect(action, &QAction::triggered, this, [this, one] {
            if (!Profiles::ofUser(m_settings.profileDir()).open(one))
                m_chat->banner()->setTrouble(tr("That profile's window cannot be started."), {});
        });
    }
    others->addSeparator();
    others->addAction(icon(QStringLiteral("person-add"), m_theme[Token::Muted]), tr("Add an account…"), this,
                      &MainWindow::addProfile);
}

void MainWindow::addProfile()
{
    auto *dialog = new TextDialog(m_theme, tr("Add an account"), tr("Name of its profile"), tr("Open it"), this);
    dialog->setHint(
        tr("Each account has a profile of its own: its window, its history and its key. This name is that of "
           "a folder and is seen without unlocking anything; it need not say whose account it is."));
    const Profiles profiles = Profiles::ofUser(m_settings.profileDir());
    dialog->setCheck([profiles](const QString &name) {
        return !Profiles::isGood(name)  ? tr("A folder cannot be called that.")
               : !profiles.isFree(name) ? tr("There is a profile of that name.")
                                        : QString();
    });
    connect(dialog, &TextDialog::entered, this, [this, profiles](const QString &name) {
        const auto added = profiles.add(name);
        if (!added || !profiles.open(*added))
            m_chat->banner()->setTrouble(tr("That profile's window cannot be started."), {});
    });
    dialog->open();
}

void MainWindow::makeShortcuts()
{
    const auto shortcut = [this](const char *keys, auto action) {
        auto *made = new QShortcut(QKeySequence(QLatin1String(keys)), this);
        connect(made, &QShortcut::activated, this, [this, action] {
            if (m_pages->currentWidget() == m_chat)
                action();
        });
    };
    shortcut("Ctrl+K", [this] { m_find->switchConversation(); });
    shortcut("Ctrl+F", [this] { m_find->find(FindPanel::Scope::Here); });
    shortcut("Ctrl+Shift+F", [this] { m_find->find(FindPanel::Scope::Everywhere); });
    shortcut("Ctrl+J", [this] { m_controller.goToDay(); });
    shortcut("Alt+Left", [this] { m_chat->timeline()->goBack(); });
    shortcut("F3", [this] { m_find->step(1); });
    shortcut("Shift+F3", [this] { m_find->step(-1); });
    shortcut("Ctrl+N", [this] { m_controller.newChat(); });
    shortcut("Alt+Up", [this] { m_chat->sidebar()->step(-1); });
    shortcut("Alt+Down", [this] { m_chat->sidebar()->step(1); });
    shortcut("Ctrl+E", [this] { m_chat->composer()->toggleEmoji(); });
    shortcut("Ctrl+L", [this] { lock(); });
    connect(new QShortcut(QKeySequence(QStringLiteral("Ctrl+Q")), this), &QShortcut::activated, this,
            &MainWindow::quit);
    shortcut("Ctrl+/", [this] { showShortcuts(); });
    const auto everywhere = [this](const char *keys, auto action) {
        connect(new QShortcut(QKeySequence(QLatin1String(keys)), this), &QShortcut::activated, this, action);
    };
    everywhere("Ctrl+,", [this] { showSettings(); });
    const auto step = [this](int by) {
        const auto at = std::find(kTextSizes.begin(), kTextSizes.end(), m_settings.textSize()) - kTextSizes.begin();
        const auto last = static_cast<std::ptrdiff_t>(kTextSizes.size()) - 1;
        setTextSize(kTextSizes[static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(at + by, 0, last))]);
    };
    everywhere("Ctrl++", [step] { step(1); });
    everywhere("Ctrl+=", [step] { step(1); }); // where + needs Shift
    everywhere("Ctrl+-", [step] { step(-1); });
    everywhere("Ctrl+0", [this] { setTextSize(100); });
    // On every page: a login that fails is worth a look too.
    connect(new QShortcut(QKeySequence(QStringLiteral("Ctrl+Shift+I")), this), &QShortcut::activated, this,
            &MainWindow::showInspector);
}

void MainWindow::showShortcuts()
{
    (new ShortcutsDialog(m_settings.sendWithControl(), this))->open();
}

} // namespace kith::ui
