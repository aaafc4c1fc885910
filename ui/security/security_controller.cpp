// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/security/security_controller.h"

#include "core/base/limits.h"
#include "ui/shell/ui_settings.h"
#include "ui/words/words.h"

#include <utility>

namespace kith::ui {

namespace {
constexpr int kEvents = 10;
constexpr int kLeastPassphrase = 8;

crypto::Secret secretOf(const QString &text)
{
    return crypto::Secret::take(text.toStdString());
}
} // namespace

SecurityController::SecurityController(client::Client &client, UiSettings &settings, const Theme &theme,
                                       QWidget *window)
    : QObject(window), m_client(client), m_settings(settings), m_theme(theme),
      m_dialog(new SecurityDialog(theme, window))
{
    SecurityDialog *d = m_dialog;
    setParent(d);
    connect(d, &SecurityDialog::turnOnRequested, this, [this] { enrol(); });
    connect(d, &SecurityDialog::turnOffRequested, this, [this] { askForProof(true); });
    connect(d, &SecurityDialog::newCodesRequested, this, [this] { askForProof(false); });
    connect(d, &SecurityDialog::passwordChangeRequested, this, &SecurityController::askForPassword);
    connect(d, &SecurityDialog::revokeRequested, this,
            [this](const DeviceId &device) { act(m_client.revokeDevice(device), tr("The device was logged out.")); });
    connect(d, &SecurityDialog::logoutEverywhereRequested, this, [this] { logoutEverywhere(); });
    connect(d, &SecurityDialog::passphraseRequested, this, &SecurityController::askForPassphrase);
    connect(d, &SecurityDialog::passphraseRemovalRequested, this,
            [this] { act(m_client.removePassphrase(), tr("The passphrase was removed.")); });
    connect(d, &SecurityDialog::recoveryKeyRequested, this, [this] { makeRecoveryKey(); });
    connect(d, &SecurityDialog::keyringRequested, this, [this](bool wanted) {
        act(wanted ? m_client.addKeyring() : m_client.removeKeyring(),
            wanted ? tr("The keyring keeps the key from now on.") : tr("The key was taken out of the keyring."));
    });
    connect(d, &SecurityDialog::lockRequested, this, &SecurityController::lockRequested);
    connect(d, &SecurityDialog::lockMinutesChosen, this, [this](int minutes) {
        m_settings.setLockMinutes(minutes);
        emit lockSettingsChanged();
    });
    connect(d, &SecurityDialog::lockAtSuspendChosen, this, [this](bool lock) {
        m_settings.setLockAtSuspend(lock);
        emit lockSettingsChanged();
    });
    d->setLock(settings.lockMinutes(), settings.lockAtSuspend());
    refreshKey();
    refresh();
}

QCoro::Task<void> SecurityController::refresh()
{
    const QPointer<SecurityController> alive(this);
    auto mfaTask = m_client.mfa();
    auto mfa = co_await mfaTask;
    if (!alive)
        co_return;
    if (!mfa) {
        m_dialog->setProblem(Words::error(mfa.error()), Words::errorDetail(mfa.error()));
        co_return;
    }
    m_dialog->setMfa(*mfa);
    auto devicesTask = m_client.devices();
    auto devices = co_await devicesTask;
    if (!alive)
        co_return;
    if (devices)
        m_dialog->setDevices(*devices, m_client.deviceId());
    auto eventsTask = m_client.accountEvents(kEvents);
    auto events = co_await eventsTask;
    if (!alive)
        co_return;
    if (events)
        m_dialog->setEvents(*events);
}

QCoro::Task<void> SecurityController::refreshKey()
{
    const QPointer<SecurityController> alive(this);
    auto task = m_client.keyWays();
    auto ways = co_await task;
    if (alive && ways)
        m_dialog->setKeyWays(*ways);
}

QCoro::Task<void> SecurityController::act(QCoro::Task<Done> task, QString note)
{
    const QPointer<SecurityController> alive(this);
    auto done = co_await task;
    if (!alive)
        co_return;
    if (done)
        m_dialog->setNote(note);
    else
        m_dialog->setProblem(Words::error(done.error()), Words::errorDetail(done.error()));
    refreshKey();
    if (done)
        refresh();
}

QCoro::Task<void> SecurityController::enrol()
{
    const QPointer<SecurityController> alive(this);
    auto task = m_client.enrollMfa();
    auto enrolment = co_await task;
    if (!alive)
        co_return;
    if (!enrolment) {
        m_dialog->setProblem(Words::error(enrolment.error()), Words::errorDetail(enrolment.error()));
        co_return;
    }
    m_enrol = new EnrolDialog(m_theme, *enrolment, m_dialog);
    connect(m_enrol, &EnrolDialog::entered, this, [this](const QString &code) { bind(code); });
    m_enrol->open();
}

QCoro::Task<void> SecurityController::bind(QString code)
{
    const QPointer<SecurityController> alive(this);
    const QPointer<EnrolDialog> dialog(m_enrol);
    if (!dialog)
        co_return;
    dialog->setBusy(true);
    auto task = m_client.bindMfa(dialog->secret(), code.toStdString());
    auto codes = co_await task;
    if (!alive)
        co_return;
    if (!codes) {
        if (dialog) {
            dialog->setBusy(false);
            dialog->showError(codes.error());
        }
        co_return;
    }
    if (dialog)
        dialog->accept();
    showRecoveryCodes(*codes);
    m_dialog->setNote(tr("The second factor is on. The next login asks for a code."));
    refresh();
}

void SecurityController::showRecoveryCodes(const std::vector<std::string> &codes)
{
    m_codes = new CodesDialog(m_theme,
                              {tr("Keep these recovery codes"),
                               tr("Without your telephone, each of them lets you in once. Keep them where neither a "
                                  "thief nor a broken disk finds them."),
                               QStringLiteral("kith-recovery-codes.txt"), tr("I have kept them")},
                              codes, m_dialog);
    m_codes->open();
}

SecretsDialog *SecurityController::ask(const QString &title, const QString &hint, const QString &action,
                                       std::vector<SecretsDialog::Ask> asks)
{
    m_secrets = new SecretsDialog(m_theme, title, hint, action, std::move(asks), m_dialog);
    m_secrets->open();
    return m_secrets;
}

QCoro::Task<void> SecurityController::submit(QCoro::Task<Done> task, QString note)
{
    const QPointer<SecretsDialog> dialog(m_secrets);
    const QPointer<SecurityController> alive(this);
    if (dialog)
        dialog->setBusy(true);
    auto done = co_await task;
    if (!alive)
        co_return;
    if (dialog)
        dialog->setBusy(false);
    if (!done) {
        if (dialog)
            dialog->showError(done.error());
        co_return;
    }
    if (dialog)
        dialog->accept();
    m_dialog->setNote(note);
    refreshKey();
    refresh();
}

void SecurityController::askForProof(bool off)
{
    auto *dialog =
        ask(off ? tr("Turn off the second factor") : tr("New recovery codes"),
            off ? tr("From then on the password alone opens your account.") : tr("The old ones stop working."),
            off ? tr("Turn off") : tr("Make new ones"),
            {{tr("Password"), {}, 1, false, true, "password"},
             {tr("Code, or a recovery code"), tr("6 digits"), 1, false, false, "code"}});
    connect(dialog, &SecretsDialog::submitted, this, [this, off](const QStringList &proof) {
        if (off)
            submit(m_client.unbindMfa(proof.at(0).toStdString(), proof.at(1).toStdString()),
                   tr("The second factor is off."));
        else
            renewCodes(proof);
    });
}

QCoro::Task<void> SecurityController::renewCodes(QStringList proof)
{
    const QPointer<SecretsDialog> dialog(m_secrets);
    const QPointer<SecurityController> alive(this);
    dialog->setBusy(true);
    auto task = m_client.renewRecoveryCodes(proof.at(0).toStdString(), proof.at(1).toStdString());
    auto codes = co_await task;
    if (!alive)
        co_return;
    if (dialog)
        dialog->setBusy(false);
    if (!codes) {
        if (dialog)
            dialog->showError(codes.error());
        co_return;
    }
    if (dialog)
        dialog->accept();
    showRecoveryCodes(*codes); // whatever became of the dialog: the old ones are void
    refresh();
}

void SecurityController::askForPassword()
{
    const int least = static_cast<int>(limits::kMinPassword);
    auto *dialog = ask(tr("Change the password"), tr("All other devices are logged out."), tr("Change"),
                       {{tr("Old password"), {}, 1, false, true, "old"},
                        {tr("New password"), tr("At least 8 characters"), least, false, true, "new"},
                        {tr("New password, once more"), {}, 1, true, true, {}}});
    connect(dialog, &SecretsDialog::submitted, this, [this](const QStringList &secrets) {
        submit(m_client.changePassword(secrets.at(0).toStdString(), secrets.at(1).toStdString()),
               tr("The password was changed; all other devices are logged out."));
    });
}

void SecurityController::askForPassphrase()
{
    auto *dialog = ask(tr("Passphrase for this history"),
                       tr("It opens the history on this computer. Nobody can restore it: make a recovery key too."),
                       tr("Set passphrase"),
                       {{tr("Passphrase"), tr("At least 8 characters"), kLeastPassphrase, false, true, {}},
                        {tr("Passphrase, once more"), {}, 1, true, true, {}}});
    connect(dialog, &SecretsDialog::submitted, this, [this](const QStringList &secrets) {
        submit(m_client.setPassphrase(secretOf(secrets.at(0))), tr("The passphrase is set."));
    });
}

QCoro::Task<void> SecurityController::makeRecoveryKey()
{
    const QPointer<SecurityController> alive(this);
    auto task = m_client.renewRecoveryKey();
    auto words = co_await task;
    if (!alive)
        co_return;
    if (!words) {
        m_dialog->setProblem(Words::error(words.error()), Words::errorDetail(words.error()));
        co_return;
    }
    m_codes =
        new CodesDialog(m_theme,
                        {tr("Keep this recovery key"),
                         tr("Type it in place of the passphrase, and this history opens. It belongs on paper, away "
                            "from this computer."),
                         QStringLiteral("kith-recovery-key.txt"), tr("I have kept it")},
                        {*words}, m_dialog);
    m_codes->open();
    refreshKey();
}

QCoro::Task<void> SecurityController::logoutEverywhere()
{
    const QPointer<SecurityController> alive(this);
    auto task = m_client.logoutEverywhere();
    auto done = co_await task;
    if (!alive)
        co_return;
    if (done)
        emit loggedOutEverywhere();
    else
        m_dialog->setProblem(Words::error(done.error()), Words::errorDetail(done.error()));
}

} // namespace kith::ui
