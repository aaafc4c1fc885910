// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/main_window.h"

#include "ui/dialogs/confirm_dialog.h"
#include "ui/find/find_controller.h"
#include "ui/inspector/simulation_strip.h"
#include "ui/list/sidebar.h"
#include "ui/pages/code_page.h"
#include "ui/pages/login_page.h"
#include "ui/pages/unlock_page.h"
#include "ui/security/security_controller.h"
#include "ui/shell/chat_page.h"
#include "ui/shell/profiles.h"
#include "ui/timeline/timeline_view.h"
#include "ui/widgets/code_field.h"
#include "ui/widgets/composer.h"
#include "ui/words/words.h"

#include <QApplication>
#include <QCloseEvent>
#include <QDialog>
#include <QGuiApplication>
#include <QJsonObject>
#include <QScreen>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace kith::ui {

using client::ClientErrorCode;

MainWindow::MainWindow(client::Client &client, Theme &theme, Languages &languages, UiSettings &settings,
                       QWidget *parent)
    : QMainWindow(parent), m_client(client), m_theme(theme), m_languages(languages), m_settings(settings),
      m_controller(client, theme), m_desktop(new Desktop(client, m_controller, settings, theme, *this))
{
    setMinimumSize(400, 400);
    if (!restoreGeometry(settings.geometry()))
        resize(1040, 720);
    m_pages = new QStackedWidget(this);
    m_pages->setObjectName(QStringLiteral("Pages"));
    auto *centre = new QWidget(this);
    auto *column = new QVBoxLayout(centre);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_simulation = new SimulationStrip(theme, centre);
    column->addWidget(m_simulation);
    column->addWidget(m_pages, 1);
    setCentralWidget(centre);
    connect(m_simulation, &SimulationStrip::offClicked, this, [this] { m_client.simulate({}); });
    connect(&client, &client::Client::simulationChanged, this, [this] { m_simulation->show(m_client.simulation()); });
    m_blank = new QWidget(this);
    m_unlock = new UnlockPage(theme, this);
    m_login = new LoginPage(theme, this);
    m_code = new CodePage(theme, this);
    m_chat = m_controller.makePage(this);
    m_chat->setSidebarWidth(settings.sidebarWidth());
    m_chat->composer()->setSendWithControl(settings.sendWithControl());
    m_find = new FindController(client, m_controller, *m_chat, theme, this);
    connect(m_find, &FindController::downloadRequested, this, [this] { showDownload(); });
    connect(&m_controller, &ChatController::storageRequested, this, &MainWindow::showDownload);
    connect(&m_controller, &ChatController::searchRequested, m_find, [this] { m_find->find(FindPanel::Scope::Here); });
    for (QWidget *page : std::initializer_list<QWidget *>{m_blank, m_unlock, m_login, m_code, m_chat})
        m_pages->addWidget(page);
    connect(m_unlock, &UnlockPage::passphraseEntered, this, [this](const QString &words) { unlock(words); });
    connect(m_unlock, &UnlockPage::retryRequested, this, [this] {
        m_unlock->setBusy(true);
        start(m_openFirst);
    });
    connect(m_unlock, &UnlockPage::startAnewRequested, this, [this] {
        m_anew = true;
        m_unlock->setBusy(true);
        start(m_openFirst);
    });
    connect(m_login, &LoginPage::settingsRequested, this, &MainWindow::showSettings);
    connect(m_code, &CodePage::entered, this, [this](const client::SecondFactorCode &code) {
        if (m_pending)
            login(m_pending->server, m_pending->user, m_pending->password, code);
    });
    connect(m_code, &CodePage::cancelled, this, [this] {
        m_pending.reset();
        showLogin({});
    });
    connect(&m_autoLock, &AutoLock::due, this, [this] {
        // Codes that are shown once are not taken away by a clock: it asks again after the same time.
        if (m_security && m_security->codesDialog())
            return m_autoLock.done();
        lock().then([this, alive = QPointer(this)] {
            if (alive)
                m_autoLock.done();
        });
    });
    connect(
        m_login, &LoginPage::loginRequested, this,
        [this](const QUrl &server, const QString &user, const QString &password) { login(server, user, password); });
    connect(m_login, &LoginPage::registerRequested, this,
            [this](const QUrl &server, const QString &user, const QString &password, const QString &name) {
                registerAccount(server, user, password, name);
            });
    connect(m_login, &LoginPage::readRequested, this, &MainWindow::showChat);
    connect(&m_controller, &ChatController::loginRequested, this, &MainWindow::goToLogin);
    connect(m_chat->sidebar(), &Sidebar::menuRequested, this, &MainWindow::showMenu);
    connect(&m_controller.list(), &models::ConversationListModel::unreadTotalChanged, this, &MainWindow::updateTitle);
    connect(&m_controller, &ChatController::entered, this, [this] { m_entered = true; });
    connect(&m_client, &client::Client::loggedOut, this, [this](const client::ClientError &reason) {
        leaveChat();
        if (!m_locked)
            showLogin(Words::error(reason));
    });
    connect(m_desktop, &Desktop::lockRequested, this, [this] { lock(); });
    connect(m_desktop, &Desktop::quitRequested, this, &MainWindow::quit);
    makeShortcuts();
    configureLock();
    for (const ProfileEntry &profile : Profiles::ofUser(m_settings.profileDir()).list())
        if (profile.current)
            m_profileName = profile.name;
    updateTitle();
}

MainWindow::~MainWindow() = default;

QCoro::Task<void> MainWindow::start(ConversationId open)
{
    const QPointer<MainWindow> alive(this);
    m_openFirst = std::move(open);
    auto task = m_anew ? m_client.openAnew({}) : m_client.open();
    auto opened = co_await task;
    if (alive)
        afterOpen(opened);
}

void MainWindow::afterOpen(const client::Result<void> &opened)
{
    m_unlock->setBusy(false);
    if (opened) {
        m_anew = false;
        m_locked = m_lockDone = false;
        if (m_client.isLoggedIn() || m_reading)
            showChat();
        else
            showLogin({});
        return;
    }
    const ClientErrorCode code = opened.error().code;
    if (code == ClientErrorCode::PassphraseNeeded)
        m_unlock->setMode(UnlockPage::Mode::Unlock);
    else if (code == ClientErrorCode::KeyringAbsent)
        m_unlock->setMode(UnlockPage::Mode::Choose);
    else {
        m_anew = m_anew && code == ClientErrorCode::PassphraseWrong;
        m_unlock->showError(opened.error());
    }
    m_pages->setCurrentWidget(m_unlock);
    m_unlock->focusFirst();
    if (m_unlock->mode() == UnlockPage::Mode::Problem)
        offerPassphrase();
}

QCoro::Task<void> MainWindow::offerPassphrase()
{
    const QPointer<MainWindow> alive(this);
    auto task = m_client.keyWays();
    auto ways = co_await task;
    if (alive && ways)
        m_unlock->setPassphraseOffered(ways->passphrase || ways->recoveryKey);
}

void MainWindow::leaveChat()
{
    m_desktop->leave();
    m_find->leave();
    m_controller.leave();
    m_entered = false;
    // Dialogs show names and texts of the history as well.
    QList<QPointer<QDialog>> dialogs;
    for (QDialog *dialog : findChildren<QDialog *>())
        dialogs << dialog;
    for (const auto &dialog : dialogs)
        delete dialog; // null where it went with its parent
}

QCoro::Task<void> MainWindow::lock()
{
    if (m_locked || !m_client.isOpen())
        co_return;
    m_locked = true;
    delete m_inspector; // it shows messages
    // Menus too: they show names, and what they offer is not for whoever finds the window locked.
    while (QWidget *popup = QApplication::activePopupWidget())
        popup->close();
    const QPointer<MainWindow> alive(this);
    m_controller.flush();
    m_openFirst = m_controller.openedConversation(); // where it goes on after the unlock
    leaveChat();
    m_login->clearSecrets();
    m_pending.reset();
    m_unlock->setMode(UnlockPage::Mode::Locked);
    m_unlock->setBusy(true);
    m_pages->setCurrentWidget(m_unlock);
    auto waysTask = m_client.keyWays();
    auto ways = co_await waysTask;
    if (!alive)
        co_return;
    auto task = m_client.lock();
    auto done = co_await task;
    if (!alive)
        co_return;
    // Answers that were on their way may have come in between.
    leaveChat();
    m_login->clearSecrets();
    m_pending.reset();
    m_pages->setCurrentWidget(m_unlock);
    m_lockDone = done.has_value();
    m_unlock->setMode(ways && ways->passphrase ? UnlockPage::Mode::Unlock : UnlockPage::Mode::Locked);
    m_unlock->setBusy(false);
    m_unlock->focusFirst();
}

void MainWindow::configureLock()
{
    m_autoLock.configure(std::chrono::minutes(m_settings.lockMinutes()), m_settings.lockAtSuspend());
}

void MainWindow::showSecurity()
{
    if (m_locked)
        return;
    if (m_security)
        return m_security->dialog()->raise();
    m_security = new SecurityController(m_client, m_settings, m_theme, this);
    connect(
        m_security, &SecurityController::lockRequested, this, [this] { lock(); }, Qt::QueuedConnection);
    connect(m_security, &SecurityController::lockSettingsChanged, this, &MainWindow::configureLock);
    connect(
        m_security, &SecurityController::loggedOutEverywhere, this,
        [this] {
            leaveChat();
            showLogin({});
        },
        Qt::QueuedConnection);
    m_security->dialog()->open();
}

void MainWindow::showDownload(const ConversationId &chosen)
{
    if (m_locked)
        return;
    const bool there = m_download;
    if (!there)
        m_download = new DownloadController(m_client, m_controller.list(), m_theme, this);
    m_download->dialog()->choose(chosen);
    if (there)
        m_download->dialog()->raise();
    else
        m_download->dialog()->open();
}

void MainWindow::showSettings()
{
    if (m_locked)
        return;
    if (m_settingsDialog)
        return m_settingsDialog->dialog()->raise();
    m_settingsDialog = new SettingsController(m_client, m_theme, m_settings, this);
    connect(m_settingsDialog, &SettingsController::sendKeyChanged, this,
            [this] { m_chat->composer()->setSendWithControl(m_settings.sendWithControl()); });
    m_settingsDialog->dialog()->open();
}

void MainWindow::setTextSize(int percent)
{
    m_settings.setTextSize(percent);
    m_theme.setTextSize(*qApp, percent);
}

void MainWindow::showInspector()
{
    if (m_locked)
        return;
    if (!m_inspector) {
        const auto settings = [this] {
            return QJsonObject{{QStringLiteral("theme"), static_cast<int>(m_theme.mode())},
                               {QStringLiteral("dark"), m_theme.isDark()},
                               {QStringLiteral("language"), m_settings.language()},
                               {QStringLiteral("lock_minutes"), m_settings.lockMinutes()},
                               {QStringLiteral("lock_at_suspend"), m_settings.lockAtSuspend()},
                               {QStringLiteral("platform"), QGuiApplication::platformName()},
                               {QStringLiteral("scale"), devicePixelRatioF()},
                               {QStringLiteral("font_points"), m_theme.bodyFont().pointSizeF()},
                               {QStringLiteral("screens"), static_cast<int>(QGuiApplication::screens().size())}};
        };
        m_inspector = new InspectorWindow(m_client, m_theme, settings, this);
    }
    m_inspector->show();
    m_inspector->raise();
    m_inspector->activateWindow();
}

QCoro::Task<void> MainWindow::unlock(QString passphrase)
{
    const QPointer<MainWindow> alive(this);
    m_unlock->setBusy(true);
    auto secret = crypto::Secret::take(passphrase.toStdString());
    auto task = m_anew ? m_client.openAnew(std::move(secret)) : m_client.openWithPassphrase(std::move(secret));
    auto opened = co_await task;
    if (alive)
        afterOpen(opened);
}

QCoro::Task<void> MainWindow::login(QUrl server, QString user, QString password,
                                    std::optional<client::SecondFactorCode> code)
{
    const QPointer<MainWindow> alive(this);
    m_login->setBusy(true);
    m_code->setBusy(true);
    auto task = m_client.login(server, user.toStdString(), password.toStdString(), std::move(code));
    auto done = co_await task;
    if (!alive)
        co_return;
    m_login->setBusy(false);
    m_code->setBusy(false);
    if (m_locked)
        co_return; // the lock came first; what was typed goes with this frame
    const bool askedBefore = m_pending.has_value();
    const auto *wire = !done && done.error().wire ? &*done.error().wire : nullptr;
    if (wire && wire->code == protocol::ErrorCode::MfaRequired) {
        m_pending = Pending{std::move(server), user, std::move(password)};
        m_code->begin(user);
        m_pages->setCurrentWidget(m_code);
        m_code->code()->focusText();
        co_return;
    }
    // What is wrong with the code, or with the way to the server, is said where the code is typed.
    if (!done && askedBefore && (!wire || wire->code != protocol::ErrorCode::InvalidCredentials)) {
        m_code->showError(done.error());
        co_return;
    }
    m_pending.reset();
    if (!done) {
        m_pages->setCurrentWidget(m_login);
        m_login->showError(done.error());
        co_return;
    }
    showChat();
}

QCoro::Task<void> MainWindow::registerAccount(QUrl server, QString user, QString password, QString displayName)
{
    const QPointer<MainWindow> alive(this);
    m_login->setBusy(true);
    auto made = co_await m_client.registerAccount(server, user.toStdString(), password.toStdString(),
                                                  displayName.normalized(QString::NormalizationForm_C).toStdString());
    if (!alive)
        co_return;
    if (m_locked) {
        m_login->setBusy(false);
        co_return;
    }
    if (!made) {
        m_login->setBusy(false);
        m_login->showError(made.error());
        co_return;
    }
    login(std::move(server), std::move(user), std::move(password));
}

void MainWindow::askToLogout()
{
    if (m_locked)
        return;
    auto *dialog = new ConfirmDialog(
        m_theme, tr("Log out?"),
        tr("Your history stays on this computer, encrypted. It can be read, searched and exported without logging in."),
        tr("Log out"), this);
    dialog->setOption(tr("Delete the history on this computer too"),
                      tr("Every message, draft and unsent message on this computer is deleted. Only what the server "
                         "still has can be read again after the next login."));
    // Queued: all dialogs go with the chat.
    connect(
        dialog, &ConfirmDialog::confirmed, this, [this](bool forget) { logout(forget); }, Qt::QueuedConnection);
    dialog->open();
}

QCoro::Task<void> MainWindow::logout(bool forgetHistory)
{
    if (m_locked)
        co_return;
    const QPointer<MainWindow> alive(this);
    m_controller.flush();
    leaveChat();
    auto task = m_client.logout(forgetHistory);
    auto done = co_await task;
    if (!alive || m_locked)
        co_return;
    showLogin(done ? QString() : Words::error(done.error()));
}

void MainWindow::goToLogin()
{
    m_openFirst = m_controller.openedConversation(); // where it goes on after the login
    leaveChat();
    showLogin({});
}

/// Of whoever is logged in; else the history as it is, for reading.
void MainWindow::showChat()
{
    m_reading = !m_client.isLoggedIn();
    m_login->clearSecrets();
    m_pages->setCurrentWidget(m_chat);
    m_client.connectToServer();
    m_controller.enter(m_openFirst);
    m_openFirst = ConversationId();
}

void MainWindow::showLogin(const QString &notice)
{
    m_reading = false;
    m_login->setHistoryOf(QString::fromStdString(m_client.owner().username));
    if (m_login->isHidden() || m_pages->currentWidget() != m_login) {
        if (!m_client.server().isEmpty())
            m_login->setServer(m_client.server());
        m_login->setNotice(notice);
        m_pages->setCurrentWidget(m_login);
    }
    m_login->focusFirst();
}

bool MainWindow::isChatting() const
{
    return m_pages->currentWidget() == m_chat && m_entered;
}
bool MainWindow::isAskingLogin() const
{
    return m_pages->currentWidget() == m_login;
}

bool MainWindow::isAskingCode() const
{
    return m_pages->currentWidget() == m_code;
}
bool MainWindow::isLocked() const
{
    return m_lockDone;
}

bool MainWindow::isSettled() const
{
    if (m_pages->currentWidget() == m_blank)
        return false;
    if (m_pages->currentWidget() != m_chat)
        return true;
    const auto link = m_client.linkStatus();
    const bool linkSettled = link.phase != client::LinkPhase::Connecting && !link.catchingUp;
    const models::TimelineWindow &timeline = m_chat->timeline()->model();
    const bool timelineSettled = timeline.conversation().empty() || (timeline.isLoaded() && !timeline.isLoading());
    return m_entered && linkSettled && timelineSettled;
}

void MainWindow::updateTitle()
{
    const qint64 unread = m_controller.list().unreadTotal();
    const QString name =
        m_profileName.isEmpty() ? QStringLiteral("Kith") : QStringLiteral("%1 – Kith").arg(m_profileName);
    setWindowTitle(unread > 0 ? QStringLiteral("(%1) %2").arg(unread).arg(name) : name);
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    m_controller.flush();
    m_settings.setGeometry(saveGeometry());
    m_settings.setSidebarWidth(m_chat->sidebarWidth());
    if (!m_quitting && m_desktop->keepsRunning()) {
        event->ignore();
        hide();
        return;
    }
    QMainWindow::closeEvent(event);
}

void MainWindow::openConversation(const ConversationId &id)
{
    if (id.empty())
        return;
    if (isChatting())
        m_controller.openConversation(id);
    else
        m_openFirst = id;
}

void MainWindow::quit()
{
    m_quitting = true;
    close();
    QApplication::quit();
}

void MainWindow::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::LanguageChange)
        updateTitle();
    QMainWindow::changeEvent(event);
}

} // namespace kith::ui
