// SPDX-License-Identifier: GPL-3.0-or-later
// What is on disk, what an unusable file says, and that no query of every day walks a whole table.
#include "tests/history/history_fixture.h"

#include <QDirIterator>
#include <QProcess>

#include <sys/stat.h>

using namespace kith;
using namespace kith::history;
using namespace kith::test;

namespace kith::history {
std::span<const sql::Migration> migrations(); // compiled in by kith_embed_sql()
}

class TestHistorySafety final : public HistoryFixture {
    Q_OBJECT

    void fill()
    {
        for (std::int64_t seq = 1; seq <= 200; ++seq)
            KITH_VERIFY(store().applyLive(
                kChat, message(seq, kPeer, "a secret meeting by the river " + std::to_string(seq)), Rev(seq)));
    }
    sql::SqlErrorCode errorOfOpening(const crypto::Secret &key)
    {
        const auto opened = HistoryStore::open(path(), key);
        return opened ? sql::SqlErrorCode::Misuse : opened.error().code;
    }
    QByteArray bytes() const
    {
        QFile file(QString::fromStdString(path()));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    void overwrite(const QByteArray &data) const
    {
        QFile file(QString::fromStdString(path()));
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
        QCOMPARE(file.write(data), data.size());
    }

private slots:
    void init() { fresh(); }

    void everyFile_holdsNoMessageAndIsPrivate()
    {
        fill();
        KITH_VERIFY(store().setSetting("refresh_token", "token-of-gold"));
        int files = 0;
        for (QDirIterator it(m_dir.path(), QDir::Files, QDirIterator::Subdirectories); it.hasNext();) {
            const QString name = it.next();
            QFile file(name);
            QVERIFY(file.open(QIODevice::ReadOnly));
            const QByteArray data = file.readAll();
            QVERIFY2(!data.contains("secret meeting") && !data.contains("token-of-gold"), qPrintable(name));
            struct stat status = {};
            QCOMPARE(::stat(qPrintable(name), &status), 0);
            QVERIFY2((status.st_mode & 077) == 0, qPrintable(name));
            ++files;
        }
        QVERIFY(files >= 2); // the database and its WAL
    }

    void sqlcipherTool_readsItWithTheKeyOnly()
    {
        fill();
        m_store.reset();
        const QByteArray hex = QByteArray(reinterpret_cast<const char *>(m_key.bytes().data()), 32).toHex();
        const auto ask = [&](const QByteArray &key) {
            QProcess tool;
            tool.start("sqlcipher", {"-batch", QString::fromStdString(path())});
            tool.write(key + "SELECT 'rows', count(*) FROM messages WHERE body LIKE '%secret meeting%';\n");
            tool.closeWriteChannel();
            return tool.waitForFinished() ? tool.readAllStandardOutput() : QByteArray("did not finish");
        };
        QVERIFY(ask("PRAGMA key = \"x'" + hex + "'\";\n").contains("rows|200"));
        QVERIFY(!ask("").contains("rows|"));
        QVERIFY(!ask("PRAGMA key = \"x'" + QByteArray(64, '0') + "'\";\n").contains("rows|"));
    }

    void olderSchemas_becomeTheNewest()
    {
        const auto schemaOf = [](sql::Database &db) {
            std::string all;
            auto rows = db.prepare("SELECT type,name,coalesce(sql,'') FROM sqlite_master ORDER BY 1,2");
            for (auto row = rows->step(); row && *row; row = rows->step())
                all += rows->text(0) + " " + rows->text(1) + " " + rows->text(2) + "\n";
            return all;
        };
        const std::string fresh = schemaOf(store().database());
        const auto all = migrations();
        for (std::size_t version = 1; version < all.size(); ++version) {
            this->fresh();
            m_store.reset();
            QVERIFY(QFile::remove(QString::fromStdString(path())));
            {
                auto old = sql::Database::open(path(), m_key, {});
                KITH_VERIFY(old);
                QVERIFY(sql::migrate(*old, all.subspan(0, version)));
                QVERIFY(old->execute("INSERT INTO settings VALUES('kept','yes')"));
            }
            reopen();
            QVERIFY(schemaOf(store().database()) == fresh);
            const auto kept = store().setting("kept");
            QVERIFY(kept && *kept == "yes");
        }
    }

    void wrongKey_saysSoAndLeavesTheFile()
    {
        fill();
        m_store.reset();
        const auto before = bytes();
        QCOMPARE(errorOfOpening(crypto::Secret::random(32)), sql::SqlErrorCode::WrongKey);
        QCOMPARE(bytes(), before);
        reopen();
        const auto count = store().messageCount();
        KITH_VERIFY(count);
        QCOMPARE(*count, 200);
    }

    void foreignFile_isRefusedAndUntouched()
    {
        m_store.reset();
        QByteArray foreign(8192, 'x');
        overwrite(foreign);
        QCOMPARE(errorOfOpening(m_key), sql::SqlErrorCode::WrongKey);
        QCOMPARE(bytes(), foreign);
        foreign.truncate(5000);
        overwrite(foreign);
        QCOMPARE(errorOfOpening(m_key), sql::SqlErrorCode::Truncated);
        QCOMPARE(bytes(), foreign);
    }

    void secondOpener_getsBusy()
    {
        fill();
        const auto second = HistoryStore::open(path(), m_key);
        QVERIFY(!second);
        QCOMPARE(second.error().code, sql::SqlErrorCode::Busy);
        const auto count = store().messageCount();
        KITH_VERIFY(count);
        QCOMPARE(*count, 200);
    }

    void fullDisk_losesNothingThatWasSaved()
    {
        fill();
        KITH_VERIFY(store().database().execute("PRAGMA max_page_count=1")); // the file may not grow any more
        bool refused = false;
        std::int64_t saved = 200;
        for (std::int64_t seq = 201; seq <= 2000 && !refused; ++seq) {
            const auto stored = store().applyLive(kChat, message(seq, kPeer, std::string(2000, 'y')), Rev(seq));
            refused = !stored;
            if (stored)
                ++saved;
            else
                QCOMPARE(stored.error().code, sql::SqlErrorCode::DiskFull);
        }
        QVERIFY(refused);
        QCOMPARE(seqs(page({kChat, {}, {}, {}, 5})).front(), saved);
        KITH_VERIFY(store().database().execute("PRAGMA max_page_count=1000000")); // there is room again
        KITH_VERIFY(store().applyLive(kChat, message(saved + 1), Rev(saved + 1)));
        reopen();
        const auto count = store().messageCount();
        KITH_VERIFY(count);
        QCOMPARE(*count, saved + 1);
        KITH_VERIFY(store().database().integrityCheck());
    }

    void everydayQueries_useTheirIndexes()
    {
        fill();
        // What page(), rangeOf(), put(), dueJobs() and the unread count ask, word for word where it matters.
        for (const char *query :
             {"SELECT m.id FROM messages m JOIN conversations c ON c.id=m.conversation WHERE m.conversation=1 AND "
              "m.seq "
              "BETWEEN 1 AND 9 ORDER BY m.seq DESC LIMIT 50",
              "SELECT from_seq,to_seq FROM ranges WHERE conversation=1 AND from_seq<=7 ORDER BY from_seq DESC LIMIT 1",
              "SELECT id FROM messages WHERE cid<>'' AND cid='x' AND sender='1'",
              "SELECT m.id FROM messages m INDEXED BY messages_unsent WHERE m.state>0 AND m.state=1 ORDER BY m.id "
              "LIMIT 8",
              "SELECT m.id FROM messages m INDEXED BY messages_unsent WHERE m.state>0 AND m.conversation=1 ORDER BY "
              "m.id",
              "SELECT count(*) FROM messages m WHERE m.conversation=1 AND m.seq>5 AND m.sender<>'1' AND "
              "m.recalled=0"}) {
            auto plan = store().database().prepare(std::string("EXPLAIN QUERY PLAN ") + query);
            KITH_VERIFY(plan);
            int steps = 0;
            for (;;) {
                const auto row = plan->step();
                KITH_VERIFY(row);
                if (!*row)
                    break;
                ++steps;
                const std::string step = plan->text(3);
                // The partial index holds the unsent rows and no other: to walk it whole is what is wanted.
                if (step == "SCAN m USING INDEX messages_unsent")
                    continue;
                QVERIFY2(step.find("SCAN") == std::string::npos, (step + " in " + query).c_str());
            }
            QVERIFY(steps > 0);
        }
    }
};

QTEST_GUILESS_MAIN(TestHistorySafety)
#include "test_history_safety.moc"
