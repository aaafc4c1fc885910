// SPDX-License-Identifier: GPL-3.0-or-later
// The key's files: what key.json says, and how such a file is written so that it is whole, durable and private.
#pragma once

#include "core/client/types.h"
#include "core/crypto/crypto.h"
#include "core/crypto/secret.h"

#include <QByteArray>
#include <QString>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kith::client {

struct KeyringEntry {
    QString name;
};
struct SealedKey {
    std::string salt; // 16 bytes
    crypto::PasswordCost cost;
    std::string sealed;
};
/// Every way is enough by itself.
struct KeyRecord {
    std::optional<KeyringEntry> keyring;
    std::optional<SealedKey> passphrase;
    std::optional<SealedKey> recovery; // by the printed recovery key
};

/// Nothing where there is no file; KeyMissing where it cannot be understood.
Result<std::optional<KeyRecord>> readKeyRecord(const QString &path);
Result<void> writeKeyRecord(const QString &path, const KeyRecord &record);

/// Both are slow on purpose (Argon2id).
Result<SealedKey> sealKey(const crypto::Secret &key, const crypto::Secret &passphrase,
                          const crypto::PasswordCost &cost);
Result<crypto::Secret> openKey(const SealedKey &record, const crypto::Secret &passphrase);

/// 160 random bits in eight groups of four: "k7qd-2mfx-…". Long enough for the cheapest Argon2id.
std::string makeRecoveryKey();
/// As it was made, from whatever case and separators somebody typed; empty if it cannot be one.
std::string normalisedRecoveryKey(std::string_view typed);

/// Counts wrong passphrases in the profile, so that a restart does not forgive them.
struct UnlockAttempts {
    int failures = 0;
    std::int64_t lastMs = 0; // unix time of the last one
    std::chrono::milliseconds waitAt(std::int64_t nowMs) const;
};
UnlockAttempts readUnlockAttempts(const QString &path);
void writeUnlockAttempts(const QString &path, const UnlockAttempts &attempts);

/// Mode 0600, complete or not there at all, on disk when it returns.
Result<void> writePrivateFile(const QString &path, const QByteArray &bytes);

} // namespace kith::client
