// SPDX-License-Identifier: GPL-3.0-or-later
// The key's files: what key.json says, and how such a file is written so that it is whole, durable and private.
#pragma once

#include "core/client/types.h"
#include "core/crypto/crypto.h"
#include "core/crypto/secret.h"

#include <QByteArray>
#include <QString>

#include <optional>
#include <string>
#include <variant>

namespace kith::client {

struct KeyringEntry {
    QString name;
};
struct SealedKey {
    std::string salt; // 16 bytes
    crypto::PasswordCost cost;
    std::string sealed;
};
using KeyRecord = std::variant<KeyringEntry, SealedKey>;

/// Nothing where there is no file; KeyMissing where it cannot be understood.
Result<std::optional<KeyRecord>> readKeyRecord(const QString &path);
Result<void> writeKeyRecord(const QString &path, const KeyRecord &record);

/// Both are slow on purpose (Argon2id).
Result<SealedKey> sealKey(const crypto::Secret &key, const crypto::Secret &passphrase,
                          const crypto::PasswordCost &cost);
Result<crypto::Secret> openKey(const SealedKey &record, const crypto::Secret &passphrase);

/// Mode 0600, complete or not there at all, on disk when it returns.
Result<void> writePrivateFile(const QString &path, const QByteArray &bytes);

} // namespace kith::client
