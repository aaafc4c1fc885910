// SPDX-License-Identifier: GPL-3.0-or-later
// Where the key of a profile's database lives: key file, keyring, or a file sealed by a passphrase. Never plaintext.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/client/history_service.h"
#include "core/crypto/crypto.h"
#include "core/crypto/secret.h"
#include <QCoroTask>
#include <optional>
#endif

#include <QObject>
#include <QString>

namespace kith::client {

/// `key.json` in the profile says how the key is kept: {"kind":"keyring","entry":…} or
/// {"kind":"passphrase","salt":…,"operations":…,"memory":…,"sealed":…}. No such file: a key file, or a new profile.
/// A new key is made only where there is no database yet: "not found" can mean "locked" (DESIGN §3.5).
class CredentialStore final : public QObject {
    Q_OBJECT
public:
    struct Options {
        QString profileDir;
        std::optional<QString> keyFile;
        bool useKeyring = true;
        crypto::PasswordCost cost; // of new passphrases
    };
    /// Files are read and passphrases hashed on the history's thread.
    CredentialStore(HistoryService &worker, Options options, QObject *parent = nullptr);
    ~CredentialStore() override;

    /// The key, or what stands in the way: KeyFileBad, PassphraseNeeded, KeyringLocked, KeyringAbsent (a new profile
    /// needs a passphrase), KeyMissing.
    QCoro::Task<Result<crypto::Secret>> obtain(bool databaseExists);
    /// Opens key.json, or for a new profile makes key and key.json.
    QCoro::Task<Result<crypto::Secret>> obtainWithPassphrase(crypto::Secret passphrase, bool databaseExists);
    void shutdown();

private:
    QCoro::Task<Result<crypto::Secret>> fromKeyring(QString entry, bool databaseExists);
    QCoro::Task<Result<crypto::Secret>> newInKeyring(QString entry);
    Later<QByteArray> readKeyring(const QString &entry);
    Later<void> writeKeyring(const QString &entry, const QByteArray &hex);

    HistoryService &m_worker;
    Options m_options;
    Owed m_owed;
    bool m_closed = false;
};

/// Whether the desktop's secret service is there and unlocked. Asked over D-Bus on Linux; elsewhere always Unlocked,
/// because the system's own dialogues answer it.
enum class KeyringState { Absent, Locked, Unlocked };
Later<KeyringState> probeKeyring(QObject *context);

/// 64 hexadecimal characters, mode 0600. Made new where the file is missing and `mayCreate`.
Result<crypto::Secret> readKeyFile(const QString &path, bool mayCreate);

} // namespace kith::client
