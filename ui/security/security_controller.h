// SPDX-License-Identifier: GPL-3.0-or-later
// What the security dialog asks for, done by the client.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/client/client.h"
#include "ui/security/codes_dialog.h"
#include "ui/security/enrol_dialog.h"
#include "ui/security/secrets_dialog.h"
#include "ui/security/security_dialog.h"
#endif

#include <QPointer>

namespace kith::ui {

class UiSettings;

/// Lives as long as its dialog.
class SecurityController final : public QObject {
    Q_OBJECT
public:
    SecurityController(client::Client &client, UiSettings &settings, const Theme &theme, QWidget *window);
    SecurityDialog *dialog() const { return m_dialog; }
    EnrolDialog *enrolDialog() const { return m_enrol; }
    CodesDialog *codesDialog() const { return m_codes; }
    SecretsDialog *secretsDialog() const { return m_secrets; }

signals:
    void lockRequested();
    void lockSettingsChanged();
    void loggedOutEverywhere();

private:
    using Done = client::Result<void>;
    using Codes = client::Result<std::vector<std::string>>;

    QCoro::Task<void> refresh();
    QCoro::Task<void> refreshKey();
    QCoro::Task<void> enrol();
    QCoro::Task<void> bind(QString code);
    void askForProof(bool turnOff);
    /// For the dialog of secrets that is open: what went wrong is said there, else it closes and `note` is shown.
    QCoro::Task<void> submit(QCoro::Task<Done> task, QString note);
    QCoro::Task<void> renewCodes(QStringList proof);
    void askForPassword();
    void askForPassphrase();
    QCoro::Task<void> makeRecoveryKey();
    QCoro::Task<void> logoutEverywhere();
    /// Shows the outcome in the dialog and reads everything anew.
    QCoro::Task<void> act(QCoro::Task<Done> task, QString note);
    SecretsDialog *ask(const QString &title, const QString &hint, const QString &action,
                       std::vector<SecretsDialog::Ask> asks);
    void showRecoveryCodes(const std::vector<std::string> &codes);

    client::Client &m_client;
    UiSettings &m_settings;
    const Theme &m_theme;
    QPointer<SecurityDialog> m_dialog;
    QPointer<EnrolDialog> m_enrol;
    QPointer<CodesDialog> m_codes;
    QPointer<SecretsDialog> m_secrets;
};

} // namespace kith::ui
