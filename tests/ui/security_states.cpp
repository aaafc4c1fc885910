// SPDX-License-Identifier: GPL-3.0-or-later
// Pages and dialogs of security, fed with plain data.
#include "core/crypto/crypto.h"
#include "core/crypto/qr.h"
#include "core/crypto/totp.h"
#include "tests/ui/states.h"
#include "ui/pages/code_page.h"
#include "ui/pages/unlock_page.h"
#include "ui/security/codes_dialog.h"
#include "ui/security/enrol_dialog.h"
#include "ui/security/secrets_dialog.h"
#include "ui/security/security_dialog.h"
#include "ui/shell/languages.h"
#include "ui/widgets/code_field.h"
#include "ui/widgets/field.h"

#include <QApplication>
#include <QDateTime>
#include <QDir>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>

namespace kith::test {

namespace {

protocol::EnrollReply enrolment()
{
    const std::string secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
    const std::string uri = crypto::otpauthUri("Kith", "lin", secret);
    return {secret, uri, crypto::toBase64(*crypto::qrPng(uri)), 900};
}

client::ClientError wire(protocol::ErrorCode code, std::string field = {}, std::int64_t wait = 0)
{
    client::ClientError error;
    error.code = client::ClientErrorCode::Server;
    error.wire = protocol::makeError(code, "", std::move(field));
    error.wire->retryAfterMs = wait;
    return error;
}

Timestamp ago(qint64 minutes)
{
    return fromUnixMs(QDateTime::currentMSecsSinceEpoch() - minutes * 60'000);
}

void fill(ui::SecurityDialog &dialog, bool enabled)
{
    dialog.setMfa({enabled, ago(60 * 24 * 9), enabled ? 7 : 0});
    dialog.setDevices({{DeviceId("a"), "Lin's ThinkPad", "linux", ago(1), "192.0.2.x"},
                       {DeviceId("b"), "Büro-Rechner im dritten Stock, der mit dem kaputten Lüfter", "windows",
                        ago(60 * 26), "2001:db8:7::x"},
                       {DeviceId("c"), "staging-probe", "cli", ago(60 * 24 * 30), "198.51.100.x"}},
                      QStringLiteral("a"));
    client::KeyWays ways;
    ways.keyring = true;
    ways.passphrase = enabled;
    dialog.setKeyWays(ways);
    dialog.setLock(enabled ? 15 : 0, enabled);
    dialog.setEvents({{5, "login_code_failed", ago(12), "b", "198.51.100.x"},
                      {4, "login", ago(60), "b", "192.0.2.x"},
                      {3, "mfa_bound", ago(60 * 24 * 9), "a", "192.0.2.x"},
                      {1, "registered", ago(60 * 24 * 40), "", "192.0.2.x"}});
}

} // namespace

void drawSecurityStates(QApplication &app, ui::Theme &theme, ui::Languages &languages, bool few,
                        const std::function<void(QWidget &, const char *)> &shot)
{
    const auto dark = [&](bool on) { theme.apply(app, on ? ui::ThemeMode::Dark : ui::ThemeMode::Light); };
    const auto chinese = [&](bool on) {
        languages.apply(app, theme, on ? QStringLiteral("zh_CN") : QStringLiteral("en"));
    };
    // Dialogs are made anew for each language: they are short-lived in the program too.
    const auto security = [&](bool enabled, const char *name, bool scrolled = false) {
        ui::SecurityDialog dialog(theme);
        dialog.setAttribute(Qt::WA_DeleteOnClose, false);
        fill(dialog, enabled);
        dialog.show();
        if (scrolled) {
            QApplication::processEvents();
            auto *bar = dialog.findChild<QScrollArea *>()->verticalScrollBar();
            bar->setValue(bar->maximum());
        }
        shot(dialog, name);
    };
    const auto enrol = [&](const char *name, bool wrong = false) {
        ui::EnrolDialog dialog(theme, enrolment());
        dialog.setAttribute(Qt::WA_DeleteOnClose, false);
        dialog.show();
        if (wrong) {
            dialog.code()->field()->setText(QStringLiteral("12345"));
            dialog.showError(wire(protocol::ErrorCode::MfaInvalid));
        }
        shot(dialog, name);
    };
    if (few) {
        dark(true);
        chinese(true);
        security(true, "security-zh-dark");
        enrol("enrol-zh-dark");
        chinese(false);
        dark(false);
        return;
    }
    dark(false);
    chinese(false);
    ui::CodePage code(theme);
    code.resize(1040, 720);
    code.begin(QStringLiteral("lin"));
    code.show();
    shot(code, "code");
    code.code()->field()->setText(QStringLiteral("12345"));
    code.showError(wire(protocol::ErrorCode::MfaInvalid));
    shot(code, "code-wrong");
    code.otherWayButton()->click();
    code.showError(wire(protocol::ErrorCode::RateLimited, {}, 42'000));
    dark(true);
    shot(code, "code-recovery-throttled-dark");
    chinese(true);
    code.begin(QStringLiteral("林桥"));
    shot(code, "code-zh-dark");
    enrol("enrol-dark-zh");
    security(true, "security-dark-zh");
    chinese(false);
    enrol("enrol-dark");
    security(true, "security-dark", true);
    dark(false);
    enrol("enrol-wrong", true);
    security(false, "security");
    security(true, "security-on");

    std::vector<std::string> codes;
    for (int i = 0; i < 10; ++i)
        codes.push_back("k7qd-2mfx-9w4r-tc" + std::string(1, static_cast<char>('0' + i)) + "n");
    ui::CodesDialog keep(theme,
                         {QStringLiteral("Keep these recovery codes"),
                          QStringLiteral("Without your telephone, each of them lets you in once."),
                          {},
                          QStringLiteral("I have kept them")},
                         codes);
    keep.setAttribute(Qt::WA_DeleteOnClose, false);
    keep.show();
    shot(keep, "recovery-codes");
    QKeyEvent escape(QEvent::KeyPress, Qt::Key_Escape, Qt::NoModifier);
    QApplication::sendEvent(&keep, &escape);
    dark(true);
    shot(keep, "recovery-codes-not-kept-dark");
    keep.hide();
    dark(false);
    ui::CodesDialog key(theme,
                        {QStringLiteral("Keep this recovery key"),
                         QStringLiteral("Type it in place of the passphrase, and this history opens."),
                         {},
                         QStringLiteral("I have kept it")},
                        {"k7qd-2mfx-9w4r-tc0n-k7qd-2mfx-9w4r-tc1n"});
    key.setAttribute(Qt::WA_DeleteOnClose, false);
    key.show();
    shot(key, "recovery-key");
    key.hide();
    ui::SecretsDialog password(
        theme, QStringLiteral("Change the password"), QStringLiteral("All other devices are logged out."),
        QStringLiteral("Change"),
        {{QStringLiteral("Old password"), {}, 1, false, true, "old"},
         {QStringLiteral("New password"), QStringLiteral("At least 8 characters"), 8, false, true, "new"},
         {QStringLiteral("New password, once more"), {}, 1, true, true, {}}});
    password.setAttribute(Qt::WA_DeleteOnClose, false);
    password.show();
    password.field(0)->setText(QStringLiteral("something"));
    password.showError(wire(protocol::ErrorCode::InvalidCredentials, "old"));
    shot(password, "password");
    password.hide();

    ui::UnlockPage unlock(theme);
    unlock.resize(1040, 720);
    unlock.show();
    unlock.setMode(ui::UnlockPage::Mode::Locked);
    shot(unlock, "locked");
    unlock.setMode(ui::UnlockPage::Mode::Unlock);
    client::ClientError throttled;
    throttled.code = client::ClientErrorCode::UnlockThrottled;
    throttled.retryAfter = std::chrono::seconds(28);
    unlock.showError(throttled);
    shot(unlock, "unlock-throttled");
    for (const auto &[problem, name] : {std::pair(client::ClientErrorCode::KeyringUnavailable, "keyring-away"),
                                        std::pair(client::ClientErrorCode::KeyringSlow, "keyring-slow"),
                                        std::pair(client::ClientErrorCode::KeyMissing, "keyring-empty")}) {
        client::ClientError error;
        error.code = problem;
        unlock.showError(error);
        unlock.setPassphraseOffered(true);
        shot(unlock, name);
    }
}

} // namespace kith::test
