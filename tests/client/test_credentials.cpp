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
};

QTEST_GUILESS_MAIN(TestCredentials)
#include "test_credentials.moc"
