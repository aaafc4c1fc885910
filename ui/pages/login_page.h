// SPDX-License-Identifier: GPL-3.0-or-later
// Login and registration in one page: server address, name, password; errors stand beside their field.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/client/types.h"
#include "ui/theme/theme.h"
#endif

#include <QUrl>
#include <QWidget>

#include <optional>

class QLabel;
class QPushButton;

namespace kith::ui {

class Countdown;
class Field;

/// An address as people type it: https:// is added where no scheme is given, http:// on this computer.
std::optional<QUrl> parseServer(const QString &typed);

class LoginPage final : public QWidget {
    Q_OBJECT
public:
    explicit LoginPage(const Theme &theme, QWidget *parent = nullptr);

    void setServer(const QUrl &server);
    void setBusy(bool busy);
    void showError(const client::ClientError &error);
    /// Why the user is here again: logged out by the server.
    void setNotice(const QString &notice);
    /// Whose history is on this computer and can be read without logging in; empty: nobody's.
    void setHistoryOf(const QString &user);
    void setRegistering(bool registering);
    void clearSecrets();
    void focusFirst();

    Field *server() const { return m_server; }
    Field *user() const { return m_user; }
    Field *displayName() const { return m_name; }
    Field *password() const { return m_password; }
    QPushButton *submitButton() const { return m_submit; }
    QPushButton *registerTab() const { return m_registerTab; }
    QPushButton *settingsButton() const { return m_settings; }
    QPushButton *readButton() const { return m_read; }

signals:
    void settingsRequested(); // a proxy may lie between
    void readRequested();     // what is here, without logging in
    void loginRequested(const QUrl &server, const QString &user, const QString &password);
    void registerRequested(const QUrl &server, const QString &user, const QString &password,
                           const QString &displayName);

protected:
    void changeEvent(QEvent *event) override;

private:
    void retranslate();
    void submit();

    QLabel *m_title;
    QLabel *m_hint;
    QLabel *m_notice;
    QPushButton *m_loginTab;
    QPushButton *m_registerTab;
    Field *m_server;
    Field *m_user;
    Field *m_name;
    Field *m_password;
    QLabel *m_problem;
    QPushButton *m_submit;
    QPushButton *m_read;
    QPushButton *m_settings;
    QString m_historyOf;
    Countdown *m_countdown;
    bool m_registering = false;
    bool m_busy = false;
};

} // namespace kith::ui
