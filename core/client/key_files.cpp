// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/client/key_files.h"

#include "core/base/durable.h"
#include "core/client/credential_store.h"
#include "core/client/errors.h"
#include "core/crypto/totp.h"

#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSaveFile>

#include <algorithm>

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
    // Before anybody relies on it: makes a history with this key, or takes an older way to the key away.
    if (!syncFolderOf(path.toStdString()))
        return failed(QStringLiteral("cannot be made durable"));
    return {};
}

namespace {

Result<SealedKey> sealedFrom(const QJsonObject &json)
{
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
    return record;
}

QJsonObject toJson(const SealedKey &key)
{
    return {{QStringLiteral("salt"), QString::fromStdString(crypto::toHex(key.salt))},
            {QStringLiteral("operations"), static_cast<qint64>(key.cost.operations)},
            {QStringLiteral("memory"), static_cast<qint64>(key.cost.memoryBytes)},
            {QStringLiteral("sealed"), QString::fromStdString(crypto::toBase64Url(key.sealed))}};
}

/// Version 1 knew one way only, with its fields beside "kind".
QJsonObject waysOf(const QJsonObject &json)
{
    const auto kind = json.value(QStringLiteral("kind"));
    return kind.isString() ? QJsonObject{{kind.toString(), json}} : json;
}

} // namespace

Result<std::optional<KeyRecord>> readKeyRecord(const QString &path)
{
    QFile file(path);
    if (!file.exists())
        return std::optional<KeyRecord>();
    if (!file.open(QIODevice::ReadOnly))
        return Unexpected(unreadable(file.errorString()));
    const auto ways = waysOf(QJsonDocument::fromJson(file.read(kMaxFileBytes)).object());
    KeyRecord record;
    if (const auto keyring = ways.value(QStringLiteral("keyring")); keyring.isObject()) {
        const auto entry = keyring.toObject().value(QStringLiteral("entry")).toString();
        if (entry.isEmpty())
            return Unexpected(unreadable(QStringLiteral("key.json names no keyring entry")));
        record.keyring = KeyringEntry{entry};
    }
    const std::pair<const char *, std::optional<SealedKey> *> sealed[] = {{"passphrase", &record.passphrase},
                                                                          {"recovery", &record.recovery}};
    for (const auto &[name, place] : sealed) {
        const auto way = ways.value(QLatin1String(name));
        if (!way.isObject())
            continue;
        auto key = sealedFrom(way.toObject());
        if (!key)
            return Unexpected(std::move(key).error());
        *place = std::move(*key);
    }
    if (!record.keyring && !record.passphrase && !record.recovery)
        return Unexpected(unreadable(QStringLiteral("key.json cannot be understood")));
    return std::optional<KeyRecord>(std::move(record));
}

Result<void> writeKeyRecord(const QString &path, const KeyRecord &record)
{
    QJsonObject json{{QStringLiteral("version"), 2}};
    if (record.keyring)
        json.insert(QStringLiteral("keyring"), QJsonObject{{QStringLiteral("entry"), record.keyring->name}});
    if (record.passphrase)
        json.insert(QStringLiteral("passphrase"), toJson(*record.passphrase));
    if (record.recovery)
        json.insert(QStringLiteral("recovery"), toJson(*record.recovery));
    return writePrivateFile(path, QJsonDocument(json).toJson(QJsonDocument::Indented));
}

std::string makeRecoveryKey()
{
    return crypto::makeRecoveryCode() + "-" + crypto::makeRecoveryCode();
}

std::string normalisedRecoveryKey(std::string_view typed)
{
    std::string plain;
    for (const char c : typed)
        if (c != ' ' && c != '-' && c != '\t' && c != '\n' && c != '\r')
            plain += c;
    if (plain.size() % 2 != 0)
        return {};
    const std::string first = crypto::normalisedRecoveryCode(plain.substr(0, plain.size() / 2));
    const std::string second = crypto::normalisedRecoveryCode(plain.substr(plain.size() / 2));
    return first.empty() || second.empty() ? std::string() : first + "-" + second;
}

std::chrono::milliseconds UnlockAttempts::waitAt(std::int64_t nowMs) const
{
    constexpr int kFree = 5;
    constexpr std::int64_t kFirstMs = 15'000, kMostMs = 3'600'000;
    if (failures < kFree)
        return {};
    const std::int64_t pause = std::min(kFirstMs << std::min(failures - kFree, 10), kMostMs);
    // A clock that was set back must not make it longer than it is.
    const std::int64_t passed = std::max<std::int64_t>(nowMs - lastMs, 0);
    return std::chrono::milliseconds(std::max<std::int64_t>(pause - passed, 0));
}

UnlockAttempts readUnlockAttempts(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    const auto json = QJsonDocument::fromJson(file.read(kMaxFileBytes)).object();
    UnlockAttempts attempts;
    attempts.failures = std::clamp(json.value(QStringLiteral("failures")).toInt(), 0, 1000);
    attempts.lastMs = static_cast<std::int64_t>(json.value(QStringLiteral("last_ms")).toDouble());
    return attempts;
}

void writeUnlockAttempts(const QString &path, const UnlockAttempts &attempts)
{
    if (attempts.failures == 0) {
        QFile::remove(path);
        return;
    }
    const QJsonObject json{{QStringLiteral("failures"), attempts.failures},
                           {QStringLiteral("last_ms"), static_cast<double>(attempts.lastMs)}};
    // Best effort: somebody who can make the disk full can also copy the profile away and try there.
    (void)writePrivateFile(path, QJsonDocument(json).toJson(QJsonDocument::Compact));
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
