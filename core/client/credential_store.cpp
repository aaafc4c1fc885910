// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/client/credential_store.h"

#include "core/base/logging.h"
#include <QDir>
#include <QFile>
#include <QLoggingCategory>
#include <QTimer>

#include <qt6keychain/keychain.h>

namespace kith::client {

namespace {

Q_LOGGING_CATEGORY(lcKey, kith::logging::kClient, QtWarningMsg)

constexpr auto kKeyringAnswer = std::chrono::seconds{20}; // a locked keyring without a prompter never answers
const QString kService = QStringLiteral("kith");

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
                makeError(ClientErrorCode::KeyringSlow, QStringLiteral("the keyring did not answer within 20 s"))));
    });
    deadline->start(kKeyringAnswer);
    job->start();
}

constexpr const char *kRecord = "key.json";
constexpr const char *kAttempts = "unlock.json";
constexpr const char *kLocked = "locked"; // is there: locked by its user

/// By the passphrase, or by the recovery key if it looks like one.
Result<crypto::Secret> openSealed(const KeyRecord &record, const crypto::Secret &typed)
{
    Result<crypto::Secret> key = Unexpected(makeError(ClientErrorCode::PassphraseWrong, {}));
    if (record.passphrase)
        key = openKey(*record.passphrase, typed);
    if (key || key.error().code != ClientErrorCode::PassphraseWrong || !record.recovery)
        return key;
    const std::string words = normalisedRecoveryKey(typed.view());
    return words.empty() ? std::move(key) : openKey(*record.recovery, crypto::Secret::copyOf(words));
}

} // namespace

CredentialStore::CredentialStore(HistoryService &worker, Options options, QObject *parent)
    : QObject(parent), m_worker(worker), m_options(std::move(options))
{
    if (!m_options.clock)
        m_options.clock = std::make_shared<const SystemClock>();
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

QString CredentialStore::path(const char *name) const
{
    return QDir(m_options.profileDir).filePath(QLatin1String(name));
}

QCoro::Task<Result<crypto::Secret>> CredentialStore::obtain(bool databaseExists)
{
    if (m_options.keyFile) {
        auto answerLater = m_worker.perform(
            [file = *m_options.keyFile, databaseExists] { return readKeyFile(file, !databaseExists); });
        co_return co_await answerLater;
    }
    auto recordLater = m_worker.perform([file = path(kRecord)] { return readKeyRecord(file); });
    auto record = co_await recordLater;
    if (!record)
        co_return Unexpected(std::move(record).error());
    const bool sealed = *record && ((*record)->passphrase || (*record)->recovery);
    if (*record && (*record)->passphrase) {
        auto lockedLater = m_worker.perform([file = path(kLocked)]() -> Result<bool> { return QFile::exists(file); });
        auto locked = co_await lockedLater;
        if (!locked)
            co_return Unexpected(std::move(locked).error());
        if (*locked)
            co_return Unexpected(makeError(ClientErrorCode::PassphraseNeeded, {}));
    }
    if (*record && (*record)->keyring && m_options.useKeyring)
        co_return co_await fromKeyring((*record)->keyring->name, databaseExists || sealed);
    if (sealed)
        co_return Unexpected(makeError(ClientErrorCode::PassphraseNeeded, {}));
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
    if (*state == KeyringState::Slow)
        co_return Unexpected(makeError(ClientErrorCode::KeyringSlow, QStringLiteral("no answer within 5 s")));
    if (*state == KeyringState::Absent)
        co_return Unexpected(
            makeError(databaseExists ? ClientErrorCode::KeyringUnavailable : ClientErrorCode::KeyringAbsent,
                      QStringLiteral("no keyring service answers")));
    forgetKeyringSession();
    auto hexLater = readKeyring(entry);
    auto hex = co_await hexLater;
    if (!hex) {
        auto error = std::move(hex).error();
        if (error.code == ClientErrorCode::KeyMissing && !databaseExists)
            co_return co_await newInKeyring(entry);
        if (!databaseExists)
            co_return Unexpected(std::move(error));
        // What a failure means is told by the state behind it: "not found" and "no answer" can both mean "locked", and
        // a service that died meanwhile is away, not empty.
        auto afterLater = probeKeyring(this);
        auto after = co_await afterLater;
        if (after && *after == KeyringState::Locked)
            error.code = ClientErrorCode::KeyringLocked;
        else if (after && *after == KeyringState::Slow)
            error.code = ClientErrorCode::KeyringSlow;
        else if (after && *after == KeyringState::Absent)
            error.code = ClientErrorCode::KeyringUnavailable;
        else if (error.code == ClientErrorCode::KeyringAbsent)
            error.code = ClientErrorCode::KeyringUnavailable;
        co_return Unexpected(std::move(error));
    }
    auto bytes = crypto::fromHex(hex->toStdString());
    hex->fill('\0');
    if (!bytes || bytes->size() != crypto::kKeyBytes)
        co_return Unexpected(makeError(ClientErrorCode::KeyMissing, QStringLiteral("the keyring's entry is damaged")));
    co_return crypto::Secret::take(std::move(*bytes));
}

QCoro::Task<Result<QString>> CredentialStore::putInKeyring(QString entry, const crypto::Secret &key)
{
    const auto kept = key.clone(); // the caller's may go while we wait
    auto stateLater = probeKeyring(this);
    auto state = co_await stateLater;
    if (!state)
        co_return Unexpected(std::move(state).error());
    if (*state == KeyringState::Slow)
        co_return Unexpected(makeError(ClientErrorCode::KeyringSlow, QStringLiteral("no answer within 5 s")));
    if (*state == KeyringState::Absent)
        co_return Unexpected(makeError(ClientErrorCode::KeyringAbsent, QStringLiteral("no keyring service answers")));
    forgetKeyringSession();
    auto hex = QByteArray::fromStdString(crypto::toHex(kept.view()));
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
    co_return entry;
}

QCoro::Task<Result<crypto::Secret>> CredentialStore::newInKeyring(QString entry)
{
    auto key = crypto::Secret::random(crypto::kKeyBytes);
    auto placedTask = putInKeyring(entry, key);
    auto placed = co_await placedTask;
    if (!placed)
        co_return Unexpected(std::move(placed).error());
    auto notedLater = m_worker.perform([file = path(kRecord), entry] {
        KeyRecord record;
        record.keyring = KeyringEntry{entry};
        return writeKeyRecord(file, record);
    });
    auto noted = co_await notedLater;
    if (!noted)
        co_return Unexpected(std::move(noted).error());
    co_return std::move(key);
}

QCoro::Task<Result<crypto::Secret>> CredentialStore::obtainWithPassphrase(crypto::Secret passphrase,
                                                                          bool databaseExists)
{
    auto answerLater =
        m_worker.perform([file = path(kRecord), attemptsFile = path(kAttempts), lockedFile = path(kLocked),
                          cost = m_options.cost, databaseExists, now = toUnixMs(m_options.clock->now()),
                          phrase = std::move(passphrase)]() -> Result<crypto::Secret> {
            auto record = readKeyRecord(file);
            if (!record)
                return Unexpected(std::move(record).error());
            if (*record && ((*record)->passphrase || (*record)->recovery)) {
                UnlockAttempts attempts = readUnlockAttempts(attemptsFile);
                if (attempts.lastMs > now) {
                    // The clock was ahead: the pause begins now, and does not last until then.
                    attempts.lastMs = now;
                    writeUnlockAttempts(attemptsFile, attempts);
                }
                if (const auto wait = attempts.waitAt(now); wait.count() > 0) {
                    auto error = makeError(ClientErrorCode::UnlockThrottled, {});
                    error.retryAfter = wait;
                    return Unexpected(std::move(error));
                }
                // Written before the outcome is known: ending the program does not save a guess.
                ++attempts.failures;
                attempts.lastMs = now;
                writeUnlockAttempts(attemptsFile, attempts);
                auto key = openSealed(**record, phrase);
                if (key) {
                    writeUnlockAttempts(attemptsFile, {});
                    QFile::remove(lockedFile);
                }
                return key;
            }
            if (databaseExists || *record)
                return Unexpected(
                    makeError(ClientErrorCode::KeyMissing, QStringLiteral("no passphrase protects this history")));
            auto key = crypto::Secret::random(crypto::kKeyBytes);
            auto sealed = sealKey(key, phrase, cost);
            if (!sealed)
                return Unexpected(std::move(sealed).error());
            KeyRecord made;
            made.passphrase = std::move(*sealed);
            if (auto written = writeKeyRecord(file, made); !written)
                return Unexpected(std::move(written).error());
            return key;
        });
    co_return co_await answerLater;
}

QCoro::Task<Result<KeyWays>> CredentialStore::ways()
{
    auto answerLater =
        m_worker.perform([file = path(kRecord), byFile = m_options.keyFile.has_value()]() -> Result<KeyWays> {
            KeyWays ways;
            ways.keyFile = byFile;
            if (byFile)
                return ways;
            auto record = readKeyRecord(file);
            if (!record)
                return Unexpected(std::move(record).error());
            if (*record) {
                ways.keyring = (*record)->keyring.has_value();
                ways.passphrase = (*record)->passphrase.has_value();
                ways.recoveryKey = (*record)->recovery.has_value();
            }
            return ways;
        });
    co_return co_await answerLater;
}

Result<void> CredentialStore::refuseKeyFile() const
{
    if (m_options.keyFile)
        return Unexpected(makeError(ClientErrorCode::KeyFileBad, QStringLiteral("this profile uses a key file")));
    return {};
}

Later<void> CredentialStore::change(std::function<Result<void>(KeyRecord &)> edit)
{
    return m_worker.perform([file = path(kRecord), edit = std::move(edit)]() -> Result<void> {
        auto record = readKeyRecord(file);
        if (!record)
            return Unexpected(std::move(record).error());
        KeyRecord changed = *record ? std::move(**record) : KeyRecord{};
        if (auto edited = edit(changed); !edited)
            return edited;
        // The recovery key lies in a drawer: alone it is no way to open the history every day.
        if (!changed.keyring && !changed.passphrase)
            return Unexpected(makeError(ClientErrorCode::KeyMissing,
                                        QStringLiteral("the history would be left without a way to open it")));
        return writeKeyRecord(file, changed);
    });
}

QCoro::Task<Result<void>> CredentialStore::setPassphrase(const crypto::Secret &key, crypto::Secret passphrase)
{
    if (auto allowed = refuseKeyFile(); !allowed)
        co_return allowed;
    auto held = std::make_shared<std::pair<crypto::Secret, crypto::Secret>>(key.clone(), std::move(passphrase));
    auto done = change([held, cost = m_options.cost](KeyRecord &record) -> Result<void> {
        auto sealed = sealKey(held->first, held->second, cost);
        if (!sealed)
            return Unexpected(std::move(sealed).error());
        record.passphrase = std::move(*sealed);
        return {};
    });
    co_return co_await done;
}

QCoro::Task<Result<void>> CredentialStore::removePassphrase(const crypto::Secret &key)
{
    const auto kept = key.clone();
    auto recordLater = m_worker.perform([file = path(kRecord)] { return readKeyRecord(file); });
    auto record = co_await recordLater;
    if (!record)
        co_return Unexpected(std::move(record).error());
    if (!*record || !(*record)->keyring)
        co_return Unexpected(makeError(ClientErrorCode::KeyMissing,
                                       QStringLiteral("the history would be left without a way to open it")));
    // key.json only says that the keyring has it. A keyring that was reset since would lose the history.
    auto task = fromKeyring((*record)->keyring->name, true);
    auto there = co_await task;
    if (!there)
        co_return Unexpected(std::move(there).error());
    if (!there->equals(kept))
        co_return Unexpected(makeError(ClientErrorCode::KeyMissing,
                                       QStringLiteral("the keyring holds another key than this history's")));
    auto done = change([](KeyRecord &changed) -> Result<void> {
        changed.passphrase.reset();
        return {};
    });
    co_return co_await done;
}

QCoro::Task<Result<void>> CredentialStore::lock()
{
    auto answerLater = m_worker.perform([file = path(kLocked)] { return writePrivateFile(file, "1\n"); });
    co_return co_await answerLater;
}

QCoro::Task<Result<std::string>> CredentialStore::renewRecoveryKey(const crypto::Secret &key)
{
    if (auto allowed = refuseKeyFile(); !allowed)
        co_return Unexpected(std::move(allowed).error());
    auto held = std::make_shared<crypto::Secret>(key.clone());
    const std::string words = makeRecoveryKey();
    auto later = change([held, words](KeyRecord &record) -> Result<void> {
        auto sealed = sealKey(*held, crypto::Secret::copyOf(words), crypto::PasswordCost::cheapest());
        if (!sealed)
            return Unexpected(std::move(sealed).error());
        record.recovery = std::move(*sealed);
        return {};
    });
    auto done = co_await later;
    if (!done)
        co_return Unexpected(std::move(done).error());
    co_return words;
}

QCoro::Task<Result<void>> CredentialStore::addKeyring(const crypto::Secret &key)
{
    if (auto allowed = refuseKeyFile(); !allowed)
        co_return allowed;
    auto placedTask = putInKeyring(QString::fromStdString("database:" + crypto::makeUuid()), key);
    auto placed = co_await placedTask;
    if (!placed)
        co_return Unexpected(std::move(placed).error());
    auto older = std::make_shared<QString>();
    auto later = change([entry = *placed, older](KeyRecord &record) -> Result<void> {
        if (record.keyring)
            *older = record.keyring->name;
        record.keyring = KeyringEntry{entry};
        return {};
    });
    auto done = co_await later;
    if (done && !older->isEmpty()) {
        auto goneLater = deleteKeyring(*older); // no key lies about that nobody knows of
        if (auto gone = co_await goneLater; !gone)
            qCWarning(lcKey) << "an older entry stays in the keyring:" << gone.error().detail;
    }
    co_return done;
}

QCoro::Task<Result<void>> CredentialStore::removeKeyring()
{
    auto entry = std::make_shared<QString>();
    auto later = change([entry](KeyRecord &record) -> Result<void> {
        if (record.keyring)
            *entry = record.keyring->name;
        record.keyring.reset();
        return {};
    });
    auto done = co_await later;
    if (!done || entry->isEmpty())
        co_return done;
    // First the record, then the entry: whatever happens between, the passphrase opens the history.
    auto goneLater = deleteKeyring(*entry);
    auto gone = co_await goneLater;
    if (!gone)
        qCWarning(lcKey) << "the keyring keeps its entry" << *entry << gone.error().detail;
    co_return gone; // it is not used any more, but whoever reads the keyring still has the key
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

Later<void> CredentialStore::deleteKeyring(const QString &entry)
{
    Promise<void> promise;
    if (m_closed) {
        promise.finish(Unexpected(cancelledError()));
        return promise.later();
    }
    auto *job = new QKeychain::DeletePasswordJob(kService);
    job->setKey(entry);
    runJob(job, this, m_owed, promise, [](QKeychain::DeletePasswordJob *) -> Result<void> { return {}; });
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
