// SPDX-License-Identifier: GPL-3.0-or-later
// The window: unlock, log in, chat; menu, shortcuts, title, and what it remembers of its place.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/client/client.h"
#include "ui/desktop/desktop.h"
#include "ui/inspector/inspector_window.h"
#include "ui/security/security_controller.h"
#include "ui/settings/settings_controller.h"
#include "ui/shell/auto_lock.h"
#include "ui/shell/chat_controller.h"
#include "ui/shell/download_controller.h"
#include "ui/shell/languages.h"
#include "ui/shell/ui_settings.h"
#endif

#include <QMainWindow>
#include <QPointer>

class QMenu;
class QStackedWidget;

namespace kith::ui {

class ChatPage;
class CodePage;
class FindController;
class LoginPage;
class SimulationStrip;
class UnlockPage;

class MainWindow final : public QMainWindow {
    Q_OBJECT
public:
    MainWindow(client::Client &client, Theme &theme, Languages &languages, UiSettings &settings,
               QWidget *parent = nullptr);
    ~MainWindow() override;

    /// Opens the profile and shows the page that fits. `open`: the conversation to show, or empty.
    QCoro::Task<void> start(ConversationId open);
    /// Logs in without the page (./dev run); an error is shown on the page.
    QCoro::Task<void> login(QUrl server, QString user, QString password,
                            std::optional<client::SecondFactorCode> code = std::nullopt);
    /// Closes the history and asks for what opens it.
    QCoro::Task<void> lock();
    void askToLogout();
    /// From reading while logged out.
    void goToLogin();
    void showSecurity();
    SecurityController *security() const { return m_security; }
    /// `chosen`: whose row is looked at first.
    void showDownload(const ConversationId &chosen = {});
    DownloadController *download() const { return m_download; }
    void showInspector();
    void showSettings();
    SettingsController *settings() const { return m_settingsDialog; }
    void setTextSize(int percent);
    InspectorWindow *inspector() const { return m_inspector; }
    SimulationStrip *simulationStrip() const { return m_simulation; }

    LoginPage *loginPage() const { return m_login; }
    CodePage *codePage() const { return m_code; }
    UnlockPage *unlockPage() const { return m_unlock; }
    ChatPage *chatPage() const { return m_chat; }
    ChatController &controller() { return m_controller; }
    Desktop &desktop() { return *m_desktop; }
    /// Now if the history is open, else after the unlock. Empty or unknown: nothing.
    void openConversation(const ConversationId &id);
    void quit(); // also where closing only hides
    FindController &finder() { return *m_find; }
    bool isChatting() const;
    bool isAskingLogin() const;
    bool isAskingCode() const;
    bool isLocked() const;
    /// Nothing more is about to be painted: for screenshots.
    bool isSettled() const;

signals:
    void settledChanged();

protected:
    void closeEvent(QCloseEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    QCoro::Task<void> unlock(QString passphrase);
    QCoro::Task<void> registerAccount(QUrl server, QString user, QString password, QString displayName);
    QCoro::Task<void> logout(bool forgetHistory);
    void afterOpen(const client::Result<void> &opened);
    QCoro::Task<void> offerPassphrase();
    void configureLock();
    void leaveChat();
    void showChat();
    void showLogin(const QString &notice);
    void showMenu(const QPoint &global);
    void addProfiles(QMenu &menu);
    void addProfile();
    void showShortcuts();
    void makeShortcuts();
    void updateTitle();

    client::Client &m_client;
    Theme &m_theme;
    Languages &m_languages;
    UiSettings &m_settings;
    ChatController m_controller;
    Desktop *m_desktop;
    SimulationStrip *m_simulation;
    QStackedWidget *m_pages;
    QWidget *m_blank;
    UnlockPage *m_unlock;
    LoginPage *m_login;
    CodePage *m_code;
    ChatPage *m_chat;
    FindController *m_find;
    ConversationId m_openFirst;
    /// A login that waits for its code.
    struct Pending {
        QUrl server;
        QString user, password;
    };
    std::optional<Pending> m_pending;
    AutoLock m_autoLock;
    QPointer<SecurityController> m_security;
    QPointer<DownloadController> m_download;
    QPointer<InspectorWindow> m_inspector;
    QPointer<SettingsController> m_settingsDialog;
    QString m_profileName;   // tells the windows of several accounts apart; empty: the main one
    bool m_locked = false;   // no page of the history is shown
    bool m_lockDone = false; // and it is closed
    bool m_entered = false;
    bool m_reading = false; // the history of somebody who is logged out
    bool m_quitting = false;
    bool m_anew = false; // a history that cannot be read is to be set aside
};

} // namespace kith::ui
