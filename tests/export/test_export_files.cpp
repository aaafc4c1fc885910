// SPDX-License-Identifier: GPL-3.0-or-later
// An export that ends early, meets a file, a full disk or a history that changes: what is there afterwards.
#include "tests/export/export_fixture.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

using namespace kith;
using namespace kith::test;

class TestExportFiles final : public ExportFixture {
    Q_OBJECT

    /// `body` in a process of its own, with a connection of its own; its status as waitpid() gives it.
    template <class F>
    int inChild(F body)
    {
        m_store.reset();
        const auto child = fork();
        if (child == 0) {
            reopen();
            const int code = body();
            std::fflush(stdout);
            _exit(code);
        }
        int status = -1;
        waitpid(child, &status, 0);
        reopen();
        return status;
    }
private slots:
    void init() { begin(); }

    void cancelledAtAnyMoment_leavesWhatWasThere()
    {
        fill(1, 1000, 1000);
        QVERIFY(run(request(Format::Text)).has_value());
        const auto before = text();
        for (int after = 0; after <= 6; ++after) {
            auto again = request(Format::Json);
            again.replace = true;
            Job job(again, kNow);
            KITH_VERIFY(job.count(store()));
            QVERIFY(job.open().has_value());
            exporting::Result<void> written;
            bool last = false;
            for (int i = 0; written && !last; ++i) {
                if (i == after)
                    job.cancel();
                auto piece = job.read(store());
                QVERIFY(piece.has_value());
                last = piece->last;
                written = job.write(*piece);
            }
            if (after == 6) { // all is written: the last moment
                QVERIFY(written.has_value());
                job.cancel();
                const auto finished = job.finish();
                QVERIFY(!finished && finished.error().code == ErrorCode::Cancelled);
            } else {
                QVERIFY(!written && written.error().code == ErrorCode::Cancelled);
            }
            job.abandon();
            QCOMPARE(filesBeside(), QStringList{QStringLiteral("chat")});
            QCOMPARE(text(), before);
        }
    }

    void killedMidway_leavesOneNamedFile_thatTheNextExportUses()
    {
        fill(1, 1000, 1000);
        const int status = inChild([this] {
            Job job(request(Format::Text), kNow);
            if (!job.count(store()) || !job.open())
                return 1;
            for (int i = 0; i < 3; ++i)
                if (auto piece = job.read(store()); !piece || !job.write(*piece))
                    return 2;
            raise(SIGKILL);
            return 3;
        });
        QVERIFY(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
        QCOMPARE(filesBeside(), QStringList{QStringLiteral("chat.kith-part")});
        QVERIFY(run(request(Format::Text)).has_value());
        QCOMPARE(filesBeside(), QStringList{QStringLiteral("chat")});
        QVERIFY(text().contains("\n    message 1000\n"));
    }

    void fileThatIsThere_isKeptUnlessItIsToBeReplaced()
    {
        fill(1, 10, 10);
        QFile file(m_out);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write("mine") == 4);
        file.close();
        const auto refused = run(request(Format::Text));
        QVERIFY(!refused && refused.error().code == ErrorCode::Exists);
        QCOMPARE(text(), QByteArray("mine"));
        QCOMPARE(filesBeside(), QStringList{QStringLiteral("chat")});
        auto again = request(Format::Text);
        again.replace = true;
        QVERIFY(run(again).has_value());
        QVERIFY(text() != "mine");
    }

    void fileThatCameMeanwhile_isKept()
    {
        auto made = OutputFile::create(m_out.toStdString(), false);
        QVERIFY(made && made->write("ours").has_value() && made->sync().has_value());
        QFile file(m_out);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write("mine") == 4);
        file.close();
        const auto refused = made->commit();
        QVERIFY(!refused && refused.error().code == ErrorCode::Exists);
        {
            const auto gone = std::move(*made);
        }
        QCOMPARE(text(), QByteArray("mine"));
        QCOMPARE(filesBeside(), QStringList{QStringLiteral("chat")});
    }

    void twoAtOnce_excludeEachOther()
    {
        auto first = OutputFile::create(m_out.toStdString(), false);
        QVERIFY(first && first->write("whole").has_value());
        const auto second = OutputFile::create(m_out.toStdString(), true);
        QVERIFY(!second && second.error().code == ErrorCode::Busy);
        QVERIFY(first->sync().has_value() && first->commit().has_value());
        QCOMPARE(text(), QByteArray("whole"));
    }

    void placesThatCannotBeWritten_areTold()
    {
        const auto code = [](const QString &path, bool replace) {
            const auto made = OutputFile::create(path.toStdString(), replace);
            return made ? std::optional<ErrorCode>() : made.error().code;
        };
        QVERIFY(code(m_dir.filePath(QStringLiteral("nowhere/chat")), false) == ErrorCode::Unwritable);
        QVERIFY(code(m_dir.filePath(QStringLiteral("out")), true) == ErrorCode::Unwritable); // a folder
        QVERIFY(code(QStringLiteral("/dev/null"), true) == ErrorCode::Unwritable);
        // Laid there by somebody who wants another file to be written.
        const auto aim = m_dir.filePath(QStringLiteral("aim"));
        QFile file(aim);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write("mine") == 4);
        file.close();
        QVERIFY(QFile::link(aim, m_out + QStringLiteral(".kith-part")));
        QVERIFY(code(m_out, false) == ErrorCode::Unwritable);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), QByteArray("mine"));
    }

    void fullDisk_isSaid_andNothingStays()
    {
        // A small disk of one's own wants rights; a limit of the process is met by the same call.
        fill(1, 400, 400);
        const int status = inChild([this] {
            std::signal(SIGXFSZ, SIG_IGN);
            const rlimit little{8192, 8192};
            Job job(request(Format::Html), kNow);
            if (!job.count(store()) || setrlimit(RLIMIT_FSIZE, &little) != 0)
                return 1;
            const auto done = run(job);
            job.abandon();
            return !done && done.error().code == ErrorCode::DiskFull ? 0 : 3;
        });
        QVERIFY(WIFEXITED(status));
        QCOMPARE(WEXITSTATUS(status), 0);
        QVERIFY(filesBeside().isEmpty());
    }

    void memory_doesNotGrowWithTheHistory()
    {
        constexpr std::int64_t kMany = 30'000;
        const std::string words(2000, 'w'); // 60 MB of them
        for (std::int64_t top = kMany; top > 0; top -= 200) {
            PageQuery query;
            query.conversation = kChat;
            query.before = Seq(top + 1);
            query.limit = 200;
            auto page = test::serverPage(query, kMany);
            for (auto &one : page.messages)
                one.body = words;
            KITH_VERIFY(store().applyPage(query, page));
        }
        KITH_VERIFY(store().database().execute("PRAGMA cache_size=-2000")); // a window keeps 64 MB of the history
        const auto atFirst = inUse();
        const std::vector<char> ballast(16 << 20, 'b');
        if (inUse() < atFirst + ballast.size())
            QSKIP("this allocator does not say what is in use");
        for (const auto format : {Format::Json, Format::Html, Format::Text}) {
            auto all = request(format);
            all.replace = true;
            Job job(all, kNow);
            m_peak = 0;
            const auto before = inUse();
            const auto done = run(job);
            QVERIFY(done && done->bytes > 60'000'000);
            QVERIFY2(m_peak > before && m_peak < before + (6 << 20), qPrintable(QString::number(m_peak - before)));
        }
    }
    void serverReplacedMeanwhile_isSaid_andNothingStays()
    {
        fill(1, 600, 600);
        Job job(request(Format::Json), kNow);
        KITH_VERIFY(job.count(store()));
        QVERIFY(job.open().has_value());
        auto piece = job.read(store());
        QVERIFY(piece && job.write(*piece).has_value());
        KITH_VERIFY(store().dropCursors());
        piece = job.read(store());
        QVERIFY(piece.has_value());
        const auto refused = job.write(*piece);
        QVERIFY(!refused && refused.error().code == ErrorCode::Changed);
        job.abandon();
        QVERIFY(filesBeside().isEmpty());
    }

    void messagesThatCameMeanwhile_areNotInIt_andWhatWentIsSaid()
    {
        fill(1, 600, 600);
        Job job(request(Format::Json), kNow);
        KITH_VERIFY(job.count(store()));
        QVERIFY(job.open().has_value());
        auto piece = job.read(store());
        QVERIFY(piece && job.write(*piece).has_value());
        put(test::message(601));
        // As a repair leaves it.
        KITH_VERIFY(store().database().execute("DELETE FROM messages WHERE seq BETWEEN 301 AND 350; UPDATE ranges SET "
                                               "to_seq=300; INSERT INTO ranges SELECT id,351,601 FROM conversations"));
        do {
            piece = job.read(store());
            QVERIFY(piece && job.write(*piece).has_value());
        } while (!piece->last);
        const auto done = job.finish();
        QVERIFY(done.has_value());
        QCOMPARE(done->messages, 550);
        QCOMPARE(done->missing, 50);
        QVERIFY((holesIn(json()) == std::vector<std::pair<int, int>>{{301, 350}}));
        QCOMPARE(seqsIn(json()).back(), 600);
    }
};

QTEST_GUILESS_MAIN(TestExportFiles)
#include "test_export_files.moc"
