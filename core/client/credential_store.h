// SPDX-License-Identifier: GPL-3.0-or-later
// Where the key of a profile's database lives: key file, keyring, or a file sealed by a passphrase. Never plaintext.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/base/clock.h"
#include "core/client/history_service.h"
#include "core/client/key_files.h"
#include "core/crypto/crypto.h"
#include "core/crypto/secret.h"
#include <QCoroTask>
#include <functional>
#include <memory>
#include <optional>
#endif

#include <QObject>
#include <QString>

namespace kith::client {

/// `key.json` in the profile says in which ways the key is kept: in the keyring, sealed by a passphrase, sealed by a
/// recovery key; each is enough. No such file: a key file, or a new profile.
/// A new key is made only where there is no database yet: "not found" can mean "locked" (DESIGN §3.5).
class CredentialStore final : public QObject {
    Q_OBJECT
public:
    struct Options {
        QString profileDir;
        std::optional<QString> keyFile;
        bool useKeyring = true;
        crypto::PasswordCost cost; // of new passphrases
        std::shared_ptr<const Clock> clock;
    };
    /// Files are read and passphrases hashed on the history's thread.
    CredentialStore(HistoryService &worker, Options options, QObject *parent = nullptr);
    ~CredentialStore() override;

    /// The key, or what stands in the way: KeyFileBad, PassphraseNeeded, KeyringLocked, KeyringSlow,
    /// KeyringUnavailable, KeyringAbsent (a new profile needs a passphrase), KeyMissing.
    QCoro::Task<Result<crypto::Secret>> obtain(bool databaseExists);
    /// Opens key.json with a passphrase or the recovery key, or for a new profile makes key and key.json.
    /// PassphraseWrong, UnlockThrottled.
    QCoro::Task<Result<crypto::Secret>> obtainWithPassphrase(crypto::Secret passphrase, bool databaseExists);

    QCoro::Task<Result<KeyWays>> ways();
    /// From now on, also for the next start of the program, a passphrase is asked for where there is one, even if the
    /// keyring would answer; until one was typed.
    QCoro::Task<Result<void>> lock();
    // All below with the key of the open history. A way is taken away only while another one stays (Forbidden by
    // KeyMissing), and none can be added beside a key file (KeyFileBad).
    QCoro::Task<Result<void>> setPassphrase(const crypto::Secret &key, crypto::Secret passphrase);
    /// Only if the keyring really gives this key back.
    QCoro::Task<Result<void>> removePassphrase(const crypto::Secret &key);
    /// The new recovery key, to be written down; an older one is void.
    QCoro::Task<Result<std::string>> renewRecoveryKey(const crypto::Secret &key);
    QCoro::Task<Result<void>> addKeyring(const crypto::Secret &key);
    QCoro::Task<Result<void>> removeKeyring();
    void shutdown();

private:
    Result<void> refuseKeyFile() const;
    /// Reads key.json, changes it and writes it, on the worker's thread.
    Later<void> change(std::function<Result<void>(KeyRecord &)> edit);
    QString path(const char *name) const;
    /// Puts the key where it can be read back; the new entry's name.
    QCoro::Task<Result<QString>> putInKeyring(QString entry, const crypto::Secret &key);
    QCoro::Task<Result<crypto::Secret>> fromKeyring(QString entry, bool databaseExists);
    QCoro::Task<Result<crypto::Secret>> newInKeyring(QString entry);
    Later<QByteArray> readKeyring(const QString &entry);
    Later<void> deleteKeyring(const QString &entry);
    Later<void> writeKeyring(const QString &entry, const QByteArray &hex);

    HistoryService &m_worker;
    Options m_options;
    Owed m_owed;
    bool m_closed = false;
};

/// Whether the desktop's secret service is there, answers (Slow: not in 5 s) and is unlocked. Asked over D-Bus on
/// Linux; elsewhere always Unlocked, because the system's own dialogues answer it.
enum class KeyringState { Absent, Locked, Unlocked, Slow };
Later<KeyringState> probeKeyring(QObject *context);
/// libsecret, below QtKeychain, keeps its session for ever: after the service has died and come back every answer would
/// be "the session does not exist" until the program ends. Before each use it begins a new one.
void forgetKeyringSession();

/// 64 hexadecimal characters, mode 0600. Made new where the file is missing and `mayCreate`.
Result<crypto::Secret> readKeyFile(const QString &path, bool mayCreate);

} // namespace kith::client
