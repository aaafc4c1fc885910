// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/client/key_files.h"

#include "core/client/credential_store.h"
#include "core/client/errors.h"

#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSaveFile>

#ifdef Q_OS_UNIX
#include <unistd.h>
#endif

namespace kith::client {

namespace {

constexpr qint64 kMaxFileBytes = 64 * 1024;
constexpr std::string_view kSealContext = "kith profile key 1";
// Bounds for what a damaged or hostile file may ask of us.
constexpr double kMaxOperations = 64, kMaxMemory = 4.0 * 1024 * 1024 * 1024;

ClientError unreadable(const QString &why)
{
    return makeError(ClientErrorCode::KeyMissing, why);
}

} // namespace

Result<void> writePrivateFile(const QString &path, const QByteArray &bytes)
{
    const auto failed = [&](const QString &why) {
        return Unexpected(makeError(ClientErrorCode::Storage, QStringLiteral("%1: %2").arg(path, why)));
    };
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return failed(file.errorString());
    if (!file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner))
        return failed(file.errorString());
    if (file.write(bytes) != bytes.size() || !file.flush())
        return failed(file.errorString());
#ifdef Q_OS_UNIX
    if (::fsync(file.handle()) != 0)
        return failed(QStringLiteral("cannot be made durable"));
#endif
    if (!file.commit())
        return failed(file.errorString());
    return {};
}

Result<std::optional<KeyRecord>> readKeyRecord(const QString &path)
{
    QFile file(path);
    if (!file.exists())
        return std::optional<KeyRecord>();
    if (!file.open(QIODevice::ReadOnly))
        return Unexpected(unreadable(file.errorString()));
    const auto json = QJsonDocument::fromJson(file.read(kMaxFileBytes)).object();
    const auto kind = json.value(QStringLiteral("kind")).toString();
    if (kind == QLatin1String("keyring")) {
        const auto entry = json.value(QStringLiteral("entry")).toString();
        if (entry.isEmpty())
            return Unexpected(unreadable(QStringLiteral("key.json names no keyring entry")));
        return std::optional<KeyRecord>(KeyringEntry{entry});
    }
    if (kind != QLatin1String("passphrase"))
        return Unexpected(unreadable(QStringLiteral("key.json cannot be understood")));
    const auto salt = crypto::fromHex(json.value(QStringLiteral("salt")).toString().toStdString());
    const auto sealed = crypto::fromBase64Url(json.value(QStringLiteral("sealed")).toString().toStdString());
    const double operations = json.value(QStringLiteral("operations")).toDouble();
    const double memory = json.value(QStringLiteral("memory")).toDouble();
    if (!salt || salt->size() != 16 || !sealed || operations < 1 || operations > kMaxOperations || memory < 8192 ||
        memory > kMaxMemory)
        return Unexpected(unreadable(QStringLiteral("key.json is damaged")));
    SealedKey record;
    record.salt = *salt;
    record.sealed = *sealed;
    record.cost.operations = static_cast<unsigned long long>(operations);
    record.cost.memoryBytes = static_cast<std::size_t>(memory);
    return std::optional<KeyRecord>(std::move(record));
}

Result<void> writeKeyRecord(const QString &path, const KeyRecord &record)
{
    QJsonObject json{{QStringLiteral("version"), 1}};
    if (const auto *entry = std::get_if<KeyringEntry>(&record)) {
        json.insert(QStringLiteral("kind"), QStringLiteral("keyring"));
        json.insert(QStringLiteral("entry"), entry->name);
    } else if (const auto *sealed = std::get_if<SealedKey>(&record)) {
        json.insert(QStringLiteral("kind"), QStringLiteral("passphrase"));
        json.insert(QStringLiteral("salt"), QString::fromStdString(crypto::toHex(sealed->salt)));
        json.insert(QStringLiteral("operations"), static_cast<qint64>(sealed->cost.operations));
        json.insert(QStringLiteral("memory"), static_cast<qint64>(sealed->cost.memoryBytes));
        json.insert(QStringLiteral("sealed"), QString::fromStdString(crypto::toBase64Url(sealed->sealed)));
    }
    return writePrivateFile(path, QJsonDocument(json).toJson(QJsonDocument::Indented));
}

namespace {

crypto::Result<crypto::Secret> wrappingKey(const SealedKey &record, const crypto::Secret &passphrase)
{
    const auto *bytes = reinterpret_cast<const std::uint8_t *>(record.salt.data());
    return crypto::deriveKey(passphrase.view(), std::span(bytes, record.salt.size()), record.cost);
}

} // namespace

Result<SealedKey> sealKey(const crypto::Secret &key, const crypto::Secret &passphrase, const crypto::PasswordCost &cost)
{
    SealedKey record;
    record.salt = crypto::randomBytes(16);
    record.cost = cost;
    auto wrapping = wrappingKey(record, passphrase);
    if (!wrapping)
        return Unexpected(makeError(ClientErrorCode::Storage, QStringLiteral("not enough memory for the passphrase")));
    auto sealed = crypto::seal(key.bytes(), *wrapping, kSealContext);
    if (!sealed)
        return Unexpected(makeError(ClientErrorCode::Storage, QStringLiteral("the key cannot be sealed")));
    record.sealed = std::move(*sealed);
    return record;
}

Result<crypto::Secret> openKey(const SealedKey &record, const crypto::Secret &passphrase)
{
    auto wrapping = wrappingKey(record, passphrase);
    if (!wrapping)
        return Unexpected(makeError(ClientErrorCode::Storage, QStringLiteral("not enough memory for the passphrase")));
    auto key = crypto::open(record.sealed, *wrapping, kSealContext);
    if (!key || key->size() != crypto::kKeyBytes)
        return Unexpected(makeError(ClientErrorCode::PassphraseWrong, {}));
    return std::move(*key);
}

Result<crypto::Secret> readKeyFile(const QString &path, bool mayCreate)
{
    const auto bad = [&](const QString &why) {
        return Unexpected(makeError(ClientErrorCode::KeyFileBad, QStringLiteral("%1: %2").arg(path, why)));
    };
    const QFileInfo info(path);
    if (!info.exists()) {
        if (!mayCreate)
            return bad(QStringLiteral("not there, and the profile has a history that needs it"));
        auto key = crypto::Secret::random(crypto::kKeyBytes);
        auto hex = crypto::toHex(key.view());
        auto written = writePrivateFile(path, QByteArray::fromStdString(hex) + '\n');
        if (!written)
            return bad(written.error().detail);
        return key;
    }
#ifdef Q_OS_UNIX
    constexpr auto others = QFileDevice::ReadGroup | QFileDevice::WriteGroup | QFileDevice::ExeGroup |
                            QFileDevice::ReadOther | QFileDevice::WriteOther | QFileDevice::ExeOther;
    if (info.permissions() & others)
        return bad(QStringLiteral("others can read it: its mode must be 0600"));
#endif
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return bad(file.errorString());
    auto bytes = crypto::fromHex(file.read(kMaxFileBytes).trimmed().toStdString());
    if (!bytes || bytes->size() != crypto::kKeyBytes)
        return bad(QStringLiteral("not 64 hexadecimal characters"));
    return crypto::Secret::take(std::move(*bytes));
}

} // namespace kith::client
