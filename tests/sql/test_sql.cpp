// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sql/cjk_tokenizer.h"
#include "core/sql/guard.h"
#include "core/sql/sql.h"
#include "core/sql/worker.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <future>

using kith::crypto::Secret;
using namespace kith::sql;

namespace {

QByteArray bytesOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QString hexOf(const Secret &key)
{
    return QString::fromLatin1(
        QByteArray(reinterpret_cast<const char *>(key.bytes().data()), qsizetype(key.size())).toHex());
}

} // namespace

class TestSql final : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_dir;
    QString m_path;
    int m_count = 0;
    Secret m_key = Secret::random(32);

    Result<Database> openIt(const OpenOptions &options = {})
    {
        return Database::open(m_path.toStdString(), m_key, options);
    }
    void makeOne()
    {
        auto db = openIt();
        QVERIFY(db);
        QVERIFY(db->execute("CREATE TABLE t(a TEXT); INSERT INTO t VALUES('the quick brown fox')"));
    }

private slots:
    void init() { m_path = m_dir.filePath(QString::number(++m_count) + ".db"); }

    void notSqlCipher_isRefused()
    {
        QCOMPARE(checkCipherVersion("").error().code, SqlErrorCode::NotSqlCipher);
        QVERIFY(checkCipherVersion("4.6.1 community"));
    }

    void newFile_holdsNoPlaintext()
    {
        makeOne();
        const auto dir = QFileInfo(m_path).dir();
        for (const auto &name : dir.entryList({QFileInfo(m_path).fileName() + "*"}, QDir::Files)) {
            const auto bytes = bytesOf(dir.filePath(name));
            QVERIFY2(!bytes.contains("quick brown"), qPrintable(name));
            QVERIFY2(!bytes.startsWith("SQLite format 3"), qPrintable(name));
        }
    }

    void plainFile_isRefusedAndUntouched()
    {
        QProcess tool;
        tool.start("sqlite3", {m_path, "CREATE TABLE t(a); INSERT INTO t VALUES('x');"});
        QVERIFY(tool.waitForFinished() && tool.exitCode() == 0);
        const auto before = bytesOf(m_path);
        QVERIFY(!before.isEmpty());
        const auto db = openIt();
        QVERIFY(!db);
        QCOMPARE(db.error().code, SqlErrorCode::Plaintext);
        QCOMPARE(bytesOf(m_path), before);
    }

    void commandLineTool_readsItWithTheKeyOnly()
    {
        makeOne();
        const auto run = [&](const QString &pragma) {
            QProcess tool;
            tool.start("sqlcipher", {m_path, pragma + "SELECT a FROM t;"});
            tool.waitForFinished();
            return tool.readAllStandardOutput();
        };
        QVERIFY(run("PRAGMA key=\"x'" + hexOf(m_key) + "'\";").contains("quick brown"));
        QVERIFY(!run("").contains("quick"));
        QVERIFY(!run("PRAGMA key=\"x'" + hexOf(Secret::random(32)) + "'\";").contains("quick"));
    }

    void wrongKey_isRefused()
    {
        makeOne();
        const auto other = Database::open(m_path.toStdString(), Secret::random(32));
        QVERIFY(!other);
        QCOMPARE(other.error().code, SqlErrorCode::WrongKey);
        QVERIFY(openIt());
    }

    void truncatedFile_isToldApart()
    {
        makeOne();
        QVERIFY(QFile::resize(m_path, 5000));
        const auto db = openIt();
        QVERIFY(!db);
        QCOMPARE(db.error().code, SqlErrorCode::Truncated);
    }

    void tornByALossOfPower_isRepairedFromTheLog()
    {
        auto db = openIt();
        QVERIFY(db && db->execute("CREATE TABLE t(a TEXT); INSERT INTO t VALUES('before')"));
        QVERIFY(db->execute("PRAGMA wal_checkpoint(TRUNCATE); UPDATE t SET a='after'"));
        // As in the midst of moving the log into the file.
        const QString copy = m_path + "-copy";
        QVERIFY(QFile::copy(m_path, copy) && QFile::copy(m_path + "-wal", copy + "-wal"));
        QFile file(copy);
        QVERIFY(file.open(QIODevice::ReadWrite) && file.seek(4096 + 512) && file.write(QByteArray(512, 'x')) == 512);
        file.close();
        auto left = Database::open(copy.toStdString(), m_key);
        QVERIFY(left);
        const auto sound = left->integrityCheck();
        QVERIFY2(sound, sound ? "" : sound.error().detail.c_str());
        QCOMPARE(left->scalar("SELECT count(*) FROM t WHERE a='after'").value(), 1);
    }

    void halfAPageWithAJournal_isLeftToSqlite()
    {
        makeOne();
        QVERIFY(QFile::resize(m_path, 5000));
        QVERIFY(!checkFile(m_path.toStdString()));
        QFile journal(m_path + "-journal");
        QVERIFY(journal.open(QIODevice::WriteOnly));
        QVERIFY(checkFile(m_path.toStdString()));
    }

    void secondOpener_getsBusy()
    {
        OpenOptions options;
        options.exclusive = true;
        const auto first = openIt(options);
        QVERIFY(first);
        const auto second = openIt(options);
        QVERIFY(!second);
        QCOMPARE(second.error().code, SqlErrorCode::Busy);
    }

    void uncommittedTransaction_rollsBack()
    {
        makeOne();
        auto db = openIt();
        QVERIFY(db);
        {
            auto transaction = Transaction::begin(*db);
            QVERIFY(transaction);
            QVERIFY(db->execute("DELETE FROM t"));
        }
        QCOMPARE(*db->scalar("SELECT count(*) FROM t"), 1);
    }

    void fullDisk_isToldAndLosesNothing()
    {
        makeOne();
        auto db = openIt();
        QVERIFY(db);
        QVERIFY(db->execute("PRAGMA max_page_count=4"));
        const auto failed = db->execute("INSERT INTO t SELECT hex(randomblob(4000)) FROM (VALUES(1),(2),(3),(4),(5))");
        QVERIFY(!failed);
        QCOMPARE(failed.error().code, SqlErrorCode::DiskFull);
        QCOMPARE(*db->scalar("SELECT count(*) FROM t"), 1);
    }

    void newerSchema_isRefused()
    {
        auto db = openIt();
        QVERIFY(db);
        const std::array steps{Migration{1, "one", "CREATE TABLE a(x)"}, Migration{2, "two", "CREATE TABLE b(x)"}};
        QVERIFY(migrate(*db, steps));
        QCOMPARE(*db->scalar("PRAGMA user_version"), 2);
        const auto refused = migrate(*db, std::span(steps).first(1));
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, SqlErrorCode::NewerSchema);
    }

    void failedMigration_leavesTheVersionBefore()
    {
        auto db = openIt();
        QVERIFY(db);
        const std::array steps{Migration{1, "one", "CREATE TABLE a(x)"},
                               Migration{2, "two", "CREATE TABLE b(x); CREATE TABLE a(x)"}};
        QVERIFY(!migrate(*db, steps));
        QCOMPARE(*db->scalar("PRAGMA user_version"), 1);
        QCOMPARE(*db->scalar("SELECT count(*) FROM sqlite_schema WHERE name='b'"), 0);
    }

    void tokenizer_splitsCjkAndFoldsWords()
    {
        QStringList tokens;
        tokenizeCjk("Hello, 世界! Ünïcode ＡＢＣ x\xff"
                    "y",
                    [&](std::string_view token, std::size_t, std::size_t) {
                        tokens += QString::fromUtf8(token.data(), qsizetype(token.size()));
                        return true;
                    });
        QCOMPARE(tokens, QStringList({"hello", "世", "界", "ünïcode", "abc", "x", "y"}));
    }

    void twoCharacterChineseWord_isFound()
    {
        auto db = openIt();
        QVERIFY(db);
        QVERIFY(db->execute("CREATE VIRTUAL TABLE f USING fts5(body, tokenize='cjk', prefix='3');"
                            "INSERT INTO f VALUES('我们明天开会讨论'),('会开始了'),('meeting Tomorrow')"));
        QCOMPARE(*db->scalar("SELECT count(*) FROM f WHERE f MATCH '\"开会\"'"), 1);
        QCOMPARE(*db->scalar("SELECT count(*) FROM f WHERE f MATCH '\"tomorrow\"'"), 1);
    }

    void worker_runsInOrderAndDrainsOnExit()
    {
        std::vector<int> order;
        bool onThread = false;
        {
            Worker worker("test");
            for (int i = 0; i < 100; ++i)
                worker.post([&, i] { order.push_back(i); });
            worker.post([&] { onThread = worker.onThread(); });
            QVERIFY(!worker.onThread());
        }
        QCOMPARE(order.size(), 100U);
        QVERIFY(std::is_sorted(order.begin(), order.end()));
        QVERIFY(onThread);
    }
};

QTEST_APPLESS_MAIN(TestSql)
#include "test_sql.moc"
