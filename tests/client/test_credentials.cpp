// SPDX-License-Identifier: GPL-3.0-or-later
// Where the database's key may come from, and that no new one is ever made over an existing history.
#include "core/client/credential_store.h"
#include "core/client/key_files.h"
#include "core/client/profile.h"
#include "tests/client/fake_rpc.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <sys/file.h>

using namespace kith;
using namespace kith::client;
using test::wait;

class TestCredentials final : public QObject {
    Q_OBJECT

private:
    static CredentialStore::Options options(const QTemporaryDir &dir)
    {
        CredentialStore::Options options;
        options.profileDir = dir.path();
        options.useKeyring = false;
        options.cost = crypto::PasswordCost::cheapest();
        return options;
    }
    static QByteArray contents(const QString &path)
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

private slots:
    void keyFile_isMadeOnce_privateAndReadBack()
    {
        QTemporaryDir dir;
        const auto path = dir.filePath(QStringLiteral("key"));
        const auto made = readKeyFile(path, true);
        QVERIFY(made.has_value());
        QCOMPARE(int(QFile::permissions(path) & (QFile::ReadGroup | QFile::ReadOther | QFile::WriteGroup)), 0);
        QCOMPARE(contents(path).trimmed().size(), 64);
        const auto again = readKeyFile(path, false);
        QVERIFY(again.has_value());
        QVERIFY(made->equals(*again));
    }

    void keyFile_bad_isRefused()
    {
        QTemporaryDir dir;
        const auto path = dir.filePath(QStringLiteral("key"));
        QVERIFY(readKeyFile(path, false).error().code == ClientErrorCode::KeyFileBad);
        QVERIFY(!QFile::exists(path));
        QVERIFY(writePrivateFile(path, QByteArray(63, 'a')).has_value());
        QVERIFY(readKeyFile(path, true).error().code == ClientErrorCode::KeyFileBad);
        QVERIFY(writePrivateFile(path, QByteArray(64, 'a')).has_value());
        QVERIFY(readKeyFile(path, true).has_value());
        QFile::setPermissions(path, QFile::ReadOwner | QFile::WriteOwner | QFile::ReadGroup);
        QVERIFY(readKeyFile(path, true).error().code == ClientErrorCode::KeyFileBad);
    }

    void passphrase_protectsANewProfile_andOpensItAgain()
    {
        QTemporaryDir dir;
        HistoryService worker;
        CredentialStore store(worker, options(dir));
        QVERIFY(wait(store.obtain(false)).error().code == ClientErrorCode::KeyringAbsent);
        const auto made = wait(store.obtainWithPassphrase(crypto::Secret::copyOf("correct horse"), false));
        QVERIFY(made.has_value());
        QVERIFY(wait(store.obtain(true)).error().code == ClientErrorCode::PassphraseNeeded);
        const auto wrong = wait(store.obtainWithPassphrase(crypto::Secret::copyOf("wrong horse"), true));
        QVERIFY(wrong.error().code == ClientErrorCode::PassphraseWrong);
        const auto again = wait(store.obtainWithPassphrase(crypto::Secret::copyOf("correct horse"), true));
        QVERIFY(again.has_value());
        QVERIFY(made->equals(*again));
        const auto json = contents(dir.filePath(QStringLiteral("key.json")));
        QVERIFY(!json.contains(crypto::toHex(made->view()).c_str()));
        QVERIFY(!json.contains("correct horse"));
    }

    void severalWays_eachOpensTheSameKey()
    {
        QTemporaryDir dir;
        HistoryService worker;
        CredentialStore store(worker, options(dir));
        const auto made = wait(store.obtainWithPassphrase(crypto::Secret::copyOf("correct horse"), false));
        QVERIFY(made.has_value());
        QVERIFY((*wait(store.ways()) == KeyWays{false, false, true, false}));
        const auto words = wait(store.renewRecoveryKey(*made));
        QVERIFY(words.has_value());
        QCOMPARE(words->size(), std::size_t(39)); // 32 characters of 5 bits in groups of four
        QVERIFY((*wait(store.ways()) == KeyWays{false, false, true, true}));
        const auto opens = [&](const std::string &typed) {
            const auto key = wait(store.obtainWithPassphrase(crypto::Secret::copyOf(typed), true));
            return key && key->equals(*made);
        };
        QVERIFY(opens("correct horse"));
        QVERIFY(opens(*words));
        std::string typed = " ";
        for (const char c : *words)
            typed += c == '-' ? ' ' : static_cast<char>(std::toupper(c));
        QVERIFY(opens(typed));
        QVERIFY(wait(store.setPassphrase(*made, crypto::Secret::copyOf("battery staple"))).has_value());
        QVERIFY(!opens("correct horse"));
        QVERIFY(opens("battery staple"));
        const auto fresh = wait(store.renewRecoveryKey(*made));
        QVERIFY(opens(*fresh));
        QVERIFY(!opens(*words)); // the older one is void
        const auto json = contents(dir.filePath(QStringLiteral("key.json")));
        QVERIFY(!json.contains(fresh->c_str()) && !json.contains("battery"));
        QCOMPARE(int(QFile::permissions(dir.filePath(QStringLiteral("key.json"))) & QFile::ReadOther), 0);
    }

    void lastWay_isNotTakenAway()
    {
        QTemporaryDir dir;
        HistoryService worker;
        CredentialStore store(worker, options(dir));
        const auto made = wait(store.obtainWithPassphrase(crypto::Secret::copyOf("correct horse"), false));
        QVERIFY(wait(store.renewRecoveryKey(*made)).has_value());
        const auto before = contents(dir.filePath(QStringLiteral("key.json")));
        QVERIFY(wait(store.removePassphrase(*made)).error().code == ClientErrorCode::KeyMissing);
        QCOMPARE(contents(dir.filePath(QStringLiteral("key.json"))), before);
        QVERIFY(wait(store.obtainWithPassphrase(crypto::Secret::copyOf("correct horse"), true)).has_value());
    }

    void keyFileProfile_hasNoOtherWays()
    {
        QTemporaryDir dir;
        HistoryService worker;
        auto withFile = options(dir);
        withFile.keyFile = dir.filePath(QStringLiteral("key"));
        CredentialStore store(worker, withFile);
        const auto made = wait(store.obtain(false));
        QVERIFY(made.has_value());
        QVERIFY((*wait(store.ways()) == KeyWays{true, false, false, false}));
        QVERIFY(wait(store.setPassphrase(*made, crypto::Secret::copyOf("a passphrase"))).error().code ==
                ClientErrorCode::KeyFileBad);
        QVERIFY(wait(store.renewRecoveryKey(*made)).error().code == ClientErrorCode::KeyFileBad);
        QVERIFY(!QFile::exists(dir.filePath(QStringLiteral("key.json"))));
    }

    void wrongPassphrases_areThrottledAcrossRestarts()
    {
        QTemporaryDir dir;
        HistoryService worker;
        auto clock = std::make_shared<ManualClock>(fromUnixMs(1'800'000'000'000));
        const auto store = [&] {
            auto timed = options(dir);
            timed.clock = clock;
            return std::make_unique<CredentialStore>(worker, timed);
        };
        const auto attempt = [&](const char *typed) {
            return wait(store()->obtainWithPassphrase(crypto::Secret::copyOf(typed), true)); // each a new start
        };
        QVERIFY(wait(store()->obtainWithPassphrase(crypto::Secret::copyOf("correct horse"), false)).has_value());
        for (int i = 0; i < 5; ++i)
            QVERIFY(attempt("wrong").error().code == ClientErrorCode::PassphraseWrong);
        auto refused = attempt("correct horse");
        QVERIFY(refused.error().code == ClientErrorCode::UnlockThrottled);
        QCOMPARE(refused.error().retryAfter.count(), 15'000);
        clock->advance(std::chrono::seconds{14});
        QCOMPARE(attempt("wrong").error().retryAfter.count(), 1'000); // asking does not make it longer
        clock->advance(std::chrono::seconds{1});
        QVERIFY(attempt("wrong").error().code == ClientErrorCode::PassphraseWrong);
        QCOMPARE(attempt("wrong").error().retryAfter.count(), 30'000); // twice as long
        clock->advance(std::chrono::seconds{30});
        QVERIFY(attempt("correct horse").has_value());
        QVERIFY(attempt("wrong").error().code == ClientErrorCode::PassphraseWrong); // forgiven
        QVERIFY(attempt("correct horse").has_value());
        // A clock that was ahead: the pause begins now and does not last until then.
        QVERIFY(
            writePrivateFile(dir.filePath(QStringLiteral("unlock.json")), R"({"failures":5,"last_ms":9000000000000})")
                .has_value());
        QCOMPARE(attempt("correct horse").error().retryAfter.count(), 15'000);
        clock->advance(std::chrono::seconds{15});
        QVERIFY(attempt("correct horse").has_value());
        QVERIFY(writePrivateFile(dir.filePath(QStringLiteral("unlock.json")), "{damaged").has_value());
        QVERIFY(attempt("correct horse").has_value());
    }

    void recordOfVersion1_isUnderstood()
    {
        QTemporaryDir dir;
        const auto key = crypto::Secret::random(crypto::kKeyBytes);
        const auto sealed = sealKey(key, crypto::Secret::copyOf("correct horse"), crypto::PasswordCost::cheapest());
        const auto json = QStringLiteral(R"({"version":1,"kind":"passphrase","salt":"%1","operations":%2,"memory":%3,)"
                                         R"("sealed":"%4"})")
                              .arg(QString::fromStdString(crypto::toHex(sealed->salt)))
                              .arg(sealed->cost.operations)
                              .arg(sealed->cost.memoryBytes)
                              .arg(QString::fromStdString(crypto::toBase64Url(sealed->sealed)));
        QVERIFY(writePrivateFile(dir.filePath(QStringLiteral("key.json")), json.toUtf8()).has_value());
        HistoryService worker;
        CredentialStore store(worker, options(dir));
        const auto opened = wait(store.obtainWithPassphrase(crypto::Secret::copyOf("correct horse"), true));
        QVERIFY(opened && opened->equals(key));
        QVERIFY(wait(store.renewRecoveryKey(key)).has_value());
        QVERIFY(contents(dir.filePath(QStringLiteral("key.json"))).contains("\"version\": 2"));
        QVERIFY(wait(store.obtainWithPassphrase(crypto::Secret::copyOf("correct horse"), true)).has_value());
    }

    void historyWithoutItsKey_neverGetsANewOne()
    {
        QTemporaryDir dir;
        HistoryService worker;
        CredentialStore store(worker, options(dir));
        QVERIFY(wait(store.obtain(true)).error().code == ClientErrorCode::KeyMissing);
        QVERIFY(wait(store.obtainWithPassphrase(crypto::Secret::copyOf("any"), true)).error().code ==
                ClientErrorCode::KeyMissing);
        QVERIFY(!QFile::exists(dir.filePath(QStringLiteral("key.json"))));
    }

    void damagedKeyRecord_isToldAndLeftAlone()
    {
        QTemporaryDir dir;
        const auto path = dir.filePath(QStringLiteral("key.json"));
        for (const QByteArray &bad :
             {QByteArray("{"), QByteArray(R"({"kind":"passphrase"})"), QByteArray(R"({"kind":"keyring"})"),
              QByteArray(R"({"kind":"passphrase","salt":"00","operations":3,"memory":67108864,"sealed":"AA"})"),
              QByteArray(R"({"kind":"passphrase","salt":"00112233445566778899aabbccddeeff","operations":1e99,)"
                         R"("memory":1e99,"sealed":"AA"})")}) {
            QVERIFY(writePrivateFile(path, bad).has_value());
            HistoryService worker;
            CredentialStore store(worker, options(dir));
            QVERIFY(wait(store.obtain(true)).error().code == ClientErrorCode::KeyMissing);
            QCOMPARE(contents(path), bad);
        }
    }

    void secondProcessOnOneProfile_isTold()
    {
        QTemporaryDir dir;
        const auto path = dir.filePath(QStringLiteral("profile"));
        auto first = Profile::open(path);
        QVERIFY(first.has_value());
        QCOMPARE(int(QFile::permissions(path) & (QFile::ReadGroup | QFile::ReadOther)), 0);
        const auto second = Profile::open(path);
        QVERIFY(!second);
        QVERIFY(second.error().code == ClientErrorCode::ProfileInUse);
        first = Unexpected(makeError(ClientErrorCode::Cancelled, {}));
        QVERIFY(Profile::open(path).has_value());
    }

    void lockFileThatNamesNobody_isTakenUnlessItIsHeld()
    {
        const QTemporaryDir dir;
        const QString path = dir.filePath(QStringLiteral("torn"));
        QVERIFY(QDir().mkpath(path));
        QFile left(path + QStringLiteral("/lock"));
        QVERIFY(left.open(QIODevice::WriteOnly));
        QCOMPARE(::flock(left.handle(), LOCK_EX | LOCK_NB), 0);
        QVERIFY(!Profile::open(path));
        left.close();
        QVERIFY(Profile::open(path));
        QVERIFY(!QFile::exists(left.fileName())); // gone with its profile, as any other
    }
};

QTEST_GUILESS_MAIN(TestCredentials)
#include "test_credentials.moc"
