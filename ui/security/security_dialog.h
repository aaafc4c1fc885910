// SPDX-License-Identifier: GPL-3.0-or-later
// One place for what protects an account and its history: second factor, password, devices, the key on this computer,
// the lock, and what happened lately. Shows what it is given and says what was asked for; security_controller.h does
// it.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/client/types.h"
#include "core/protocol/http.h"
#include "ui/theme/theme.h"
#include <vector>
#endif

#include <QDialog>

class QCheckBox;
class QComboBox;
class QLabel;
class QPushButton;
class QVBoxLayout;

namespace kith::ui {

class ConfirmButton;
class SettingRow;

class SecurityDialog final : public QDialog {
    Q_OBJECT
public:
    explicit SecurityDialog(const Theme &theme, QWidget *parent = nullptr);

    void setMfa(const protocol::MfaReply &state);
    void setDevices(const std::vector<Device> &devices, const QString &here);
    void setEvents(const std::vector<protocol::AccountEvent> &events);
    void setKeyWays(const client::KeyWays &ways);
    void setLock(int minutes, bool atSuspend);
    /// Above everything, until the next thing works; empty takes it away.
    void setProblem(const QString &text, const QString &detail = {});
    void setNote(const QString &text);

    QPushButton *turnOnButton() const { return m_turnOn; }
    QPushButton *turnOffButton() const { return m_turnOff; }
    QPushButton *newCodesButton() const { return m_newCodes; }
    QPushButton *passwordButton() const { return m_password; }
    QPushButton *passphraseButton() const { return m_passphrase; }
    QPushButton *recoveryKeyButton() const { return m_recoveryKey; }
    QPushButton *lockButton() const { return m_lockNow; }
    QComboBox *lockMinutes() const { return m_minutes; }

signals:
    void turnOnRequested();
    void turnOffRequested();
    void newCodesRequested();
    void passwordChangeRequested();
    void revokeRequested(const kith::DeviceId &device);
    void logoutEverywhereRequested();
    void passphraseRequested();
    void passphraseRemovalRequested();
    void recoveryKeyRequested();
    void keyringRequested(bool wanted);
    void lockRequested();
    void lockMinutesChosen(int minutes);
    void lockAtSuspendChosen(bool lock);

private:
    QVBoxLayout *makePage();
    void makeAccount(QVBoxLayout *page);
    void makeComputer(QVBoxLayout *page);

    const Theme &m_theme;
    QLabel *m_problem;
    QLabel *m_note;
    SettingRow *m_mfa;
    QPushButton *m_turnOn, *m_turnOff, *m_newCodes, *m_password;
    QVBoxLayout *m_devices;
    SettingRow *m_keyring, *m_passphraseRow, *m_recoveryRow;
    QPushButton *m_addKeyring, *m_passphrase, *m_recoveryKey, *m_lockNow;
    ConfirmButton *m_dropKeyring, *m_dropPassphrase;
    QComboBox *m_minutes;
    QCheckBox *m_suspend;
    QVBoxLayout *m_events;
};

} // namespace kith::ui
