// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/client/credential_store.h"

#include "core/base/logging.h"
#include "core/client/key_files.h"

#include <QDir>
#include <QLoggingCategory>
#include <QTimer>

#include <qt6keychain/keychain.h>

namespace kith::client {

namespace {

Q_LOGGING_CATEGORY(lcKey, kith::logging::kClient, QtWarningMsg)

constexpr auto kKeyringAnswer = std::chrono::seconds{20}; // a locked keyring without a prompter never answers
const QString kService = QStringLiteral("kith");

QString recordPath(const QString &dir)
{
    return QDir(dir).filePath(QStringLiteral("key.json"));
}

ClientError keyringError(QKeychain::Error error, const QString &text)
{
    switch (error) {
    case QKeychain::EntryNotFound:
        return makeError(ClientErrorCode::KeyMissing, text);
    case QKeychain::AccessDenied:
    case QKeychain::AccessDeniedByUser:
        return makeError(ClientErrorCode::KeyringLocked, text);
    case QKeychain::NoError:
    case QKeychain::CouldNotDeleteEntry:
    case QKeychain::NoBackendAvailable:
    case QKeychain::NotImplemented:
    case QKeychain::OtherError:
        break;
    }
    return makeError(ClientErrorCode::KeyringAbsent, text);
}

/// Starts a job and finishes `promise` from it, or with KeyringLocked when nobody answers.
template <class Job, class T, class Read>
void runJob(Job *job, QObject *context, Owed &owed, const Promise<T> &promise, Read read)
{
    const auto id = owed.add(promise);
    auto *deadline = new QTimer(context);
    deadline->setSingleShot(true);
    job->setInsecureFallback(false);
    QObject::connect(job, &QKeychain::Job::finished, context, [job, deadline, id, promise, &owed, read] {
        deadline->deleteLater();
        if (!owed.settle(id))
            return;
        if (job->error() != QKeychain::NoError)
            promise.finish(Unexpected(keyringError(job->error(), job->errorString())));
        else
            promise.finish(read(job));
    });
    QObject::connect(deadline, &QTimer::timeout, context, [deadline, id, promise, &owed] {
        deadline->deleteLater();
        if (owed.settle(id))
            promise.finish(Unexpected(
                makeError(ClientErrorCode::KeyringLocked, QStringLiteral("the keyring did not answer within 20 s"))));
    });
    deadline->start(kKeyringAnswer);
    job->start();
}

} // namespace

CredentialStore::CredentialStore(HistoryService &worker, Options options, QObject *parent)
    : QObject(parent), m_worker(worker), m_options(std::move(options))
{
}

CredentialStore::~CredentialStore()
{
    shutdown();
}

void CredentialStore::shutdown()
{
    m_closed = true;
    m_owed.cancelAll();
}

QCoro::Task<Result<crypto::Secret>> CredentialStore::obtain(bool databaseExists)
{
    if (m_options.keyFile) {
        auto answerLater = m_worker.perform(
            [path = *m_options.keyFile, databaseExists] { return readKeyFile(path, !databaseExists); });
        co_return co_await answerLater;
    }
    auto recordLater = m_worker.perform([path = recordPath(m_options.profileDir)] { return readKeyRecord(path); });
    auto record = co_await recordLater;
    if (!record)
        co_return Unexpected(std::move(record).error());
    if (*record && std::holds_alternative<SealedKey>(**record))
        co_return Unexpected(makeError(ClientErrorCode::PassphraseNeeded, {}));
    if (*record && m_options.useKeyring)
        co_return co_await fromKeyring(std::get<KeyringEntry>(**record).name, databaseExists);
    if (databaseExists)
        co_return Unexpected(makeError(ClientErrorCode::KeyMissing,
                                       *record ? QStringLiteral("the key is in the keyring, which is switched off")
                                               : QStringLiteral("the history was made with a key file")));
    if (!m_options.useKeyring)
        co_return Unexpected(makeError(ClientErrorCode::KeyringAbsent, QStringLiteral("the keyring is switched off")));
    auto answerLater = newInKeyring(QString::fromStdString("database:" + crypto::makeUuid()));
    co_return co_await answerLater;
}

QCoro::Task<Result<crypto::Secret>> CredentialStore::fromKeyring(QString entry, bool databaseExists)
{
    auto stateLater = probeKeyring(this);
    auto state = co_await stateLater;
    if (!state)
        co_return Unexpected(std::move(state).error());
    if (*state == KeyringState::Locked && databaseExists) {
        // Asking for the entry lets the desktop show its unlock dialogue; without one this ends by the deadline.
        qCInfo(lcKey) << "the keyring is locked";
    }
    if (*state == KeyringState::Absent)
        co_return Unexpected(makeError(databaseExists ? ClientErrorCode::KeyMissing : ClientErrorCode::KeyringAbsent,
                                       QStringLiteral("no keyring service answers")));
    auto hexLater = readKeyring(entry);
    auto hex = co_await hexLater;
    if (!hex) {
        auto error = std::move(hex).error();
        if (error.code != ClientErrorCode::KeyMissing)
            co_return Unexpected(std::move(error));
        if (!databaseExists)
            co_return co_await newInKeyring(entry);
        auto afterLater = probeKeyring(this);
        auto after = co_await afterLater;
        if (after && *after == KeyringState::Locked)
            error.code = ClientErrorCode::KeyringLocked;
        co_return Unexpected(std::move(error));
    }
    auto bytes = crypto::fromHex(hex->toStdString());
    hex->fill('\0');
    if (!bytes || bytes->size() != crypto::kKeyBytes)
        co_return Unexpected(makeError(ClientErrorCode::KeyMissing, QStringLiteral("the keyring's entry is damaged")));
    co_return crypto::Secret::take(std::move(*bytes));
}

QCoro::Task<Result<crypto::Secret>> CredentialStore::newInKeyring(QString entry)
{
    auto stateLater = probeKeyring(this);
    auto state = co_await stateLater;
    if (!state)
        co_return Unexpected(std::move(state).error());
    if (*state == KeyringState::Absent)
        co_return Unexpected(makeError(ClientErrorCode::KeyringAbsent, QStringLiteral("no keyring service answers")));
    auto key = crypto::Secret::random(crypto::kKeyBytes);
    auto hex = QByteArray::fromStdString(crypto::toHex(key.view()));
    auto writtenLater = writeKeyring(entry, hex);
    auto written = co_await writtenLater;
    if (!written)
        co_return Unexpected(std::move(written).error());
    // Some services take an entry and give nothing back: a key that cannot be had again must not protect anything.
    auto backLater = readKeyring(entry);
    auto back = co_await backLater;
    const bool same = back && *back == hex;
    hex.fill('\0');
    if (!same)
        co_return Unexpected(
            makeError(ClientErrorCode::KeyringAbsent, QStringLiteral("the keyring does not keep entries")));
    auto notedLater = m_worker.perform(
        [path = recordPath(m_options.profileDir), entry] { return writeKeyRecord(path, KeyringEntry{entry}); });
    auto noted = co_await notedLater;
    if (!noted)
        co_return Unexpected(std::move(noted).error());
    co_return std::move(key);
}

QCoro::Task<Result<crypto::Secret>> CredentialStore::obtainWithPassphrase(crypto::Secret passphrase,
                                                                          bool databaseExists)
{
    auto answerLater = m_worker.perform([path = recordPath(m_options.profileDir), cost = m_options.cost, databaseExists,
                                         phrase = std::move(passphrase)]() -> Result<crypto::Secret> {
        auto record = readKeyRecord(path);
        if (!record)
            return Unexpected(std::move(record).error());
        if (*record) {
            if (const auto *sealed = std::get_if<SealedKey>(&**record))
                return openKey(*sealed, phrase);
        }
        if (databaseExists)
            return Unexpected(
                makeError(ClientErrorCode::KeyMissing, QStringLiteral("no passphrase protects this history")));
        auto key = crypto::Secret::random(crypto::kKeyBytes);
        auto sealed = sealKey(key, phrase, cost);
        if (!sealed)
            return Unexpected(std::move(sealed).error());
        if (auto written = writeKeyRecord(path, *sealed); !written)
            return Unexpected(std::move(written).error());
        return key;
    });
    co_return co_await answerLater;
}

Later<QByteArray> CredentialStore::readKeyring(const QString &entry)
{
    Promise<QByteArray> promise;
    if (m_closed) {
        promise.finish(Unexpected(cancelledError()));
        return promise.later();
    }
    auto *job = new QKeychain::ReadPasswordJob(kService);
    job->setKey(entry);
    runJob(job, this, m_owed, promise,
           [](QKeychain::ReadPasswordJob *done) -> Result<QByteArray> { return done->textData().toUtf8(); });
    return promise.later();
}

Later<void> CredentialStore::writeKeyring(const QString &entry, const QByteArray &hex)
{
    Promise<void> promise;
    if (m_closed) {
        promise.finish(Unexpected(cancelledError()));
        return promise.later();
    }
    auto *job = new QKeychain::WritePasswordJob(kService);
    job->setKey(entry);
    job->setTextData(QString::fromLatin1(hex));
    runJob(job, this, m_owed, promise, [](QKeychain::WritePasswordJob *) -> Result<void> { return {}; });
    return promise.later();
}

} // namespace kith::client
