// SPDX-License-Identifier: GPL-3.0-or-later
// kithd backup and restore, and what clients keep that the restored server has lost.
#include "tests/integration/real_server.h"

#include <QSignalSpy>

using namespace kith;
using namespace kith::client;
using test::Person;
using test::RealServer;
using test::wait;

namespace {

/// The exit status of `kithd ARGUMENTS`; what it said in `said`.
int kithd(const QStringList &arguments, QByteArray *said = nullptr)
{
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(QStringLiteral(KITHD), arguments);
    if (!process.waitForFinished(60000))
        return -1;
    const QByteArray words = process.readAll();
    if (said)
        *said = words;
    return process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
}

} // namespace

class TestRestore final : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_dir;
    QString folder(const char *name) const
    {
        const auto path = m_dir.filePath(QString::fromLatin1(name));
        QDir().mkpath(path);
        return path;
    }
    int backUp(const RealServer &server, const QString &to)
    {
        return kithd({QStringLiteral("backup"), QStringLiteral("--data"), server.data(), to});
    }
    int restore(const RealServer &server, const QString &from, QByteArray *said = nullptr)
    {
        return kithd({QStringLiteral("restore"), QStringLiteral("--data"), server.data(), from}, said);
    }

private slots:
    void initTestCase() { qputenv("TMPDIR", folder("tmp").toUtf8()); }

    void restoredServer_clientsKeepWhatItLost()
    {
        const QString copy = folder("lost") + QStringLiteral("/copy");
        RealServer server(folder("lost"));
        QVERIFY(server.start());
        Person ann(folder("lost"), "ann"), bob(folder("lost"), "bob");
        QVERIFY(ann.enter(server.url()));
        QVERIFY(bob.enter(server.url()));
        const auto chat = wait(ann->openPrivate(User{bob.id(), "bob", "Bob", {}, {}}));
        QVERIFY(chat.has_value());
        const auto say = [&](Person &who, int from, int to, const std::string &prefix) {
            for (int i = from; i <= to; ++i)
                if (!wait(who->send(*chat, prefix + std::to_string(i))))
                    return false;
            return wait(who->flushOutbox(std::chrono::seconds{20})).has_value();
        };
        QVERIFY(say(ann, 1, 30, "kept "));
        QTRY_COMPARE(bob.bodies(*chat).size(), std::size_t(30));
        const auto before = bob.bodies(*chat);

        QCOMPARE(backUp(server, copy), 0); // beside the running server
        QCOMPARE(backUp(server, copy), 2); // never over another copy
        QFile made(copy + QStringLiteral("/kithd.db"));
        QVERIFY(made.open(QIODevice::ReadOnly));
        QVERIFY(!made.permissions().testFlag(QFile::ReadGroup) && !made.permissions().testFlag(QFile::ReadOther));
        const QByteArray bytes = made.readAll();
        QVERIFY(bytes.size() > 4096 && !bytes.contains("kept ") && !bytes.startsWith("SQLite format 3"));
        QCOMPARE(QDir(copy).entryList(QDir::Files).size(), 1);

        QVERIFY(say(ann, 1, 10, "lost "));
        const auto group = wait(ann->createGroup("made after the backup", {bob.id()}));
        QVERIFY(group.has_value());
        QVERIFY(wait(ann->send(*group, "in the lost group")).has_value());
        QTRY_COMPARE(bob.bodies(*chat).size(), std::size_t(40));
        QTRY_COMPARE(bob.bodies(*group).size(), std::size_t(1));
        QByteArray said;
        QCOMPARE(restore(server, copy, &said), 1); // it is being used
        QVERIFY2(said.contains("another kithd is using it"), said.constData());
        QCOMPARE(bob.bodies(*chat).size(), std::size_t(40));
        ann.close(); // comes back to find another server
        server.kill();
        QCOMPARE(restore(server, copy, &said), 0);
        QVERIFY2(said.contains("kithd.db.replaced-1"), said.constData());

        QSignalSpy moved(&*bob, &Client::movedToArchive);
        QVERIFY(server.start());
        bob->reconnectNow();
        QTRY_COMPARE_WITH_TIMEOUT(bob.bodies(*chat), before, 20000);
        QTRY_COMPARE(moved.count(), 1);
        const auto archive = moved.front().front().value<ConversationId>();
        QCOMPARE(archivedFrom(archive), *chat);
        std::vector<std::string> lost;
        for (int i = 1; i <= 10; ++i)
            lost.push_back("lost " + std::to_string(i));
        QCOMPARE(bob.bodies(archive), lost);
        const auto kept = wait(bob->head(archive));
        QVERIFY(kept && *kept && (*kept)->archive && (*kept)->head.unread == 0);
        QTRY_VERIFY(wait(bob->head(*group))->value().head.removed);
        QCOMPARE(bob.bodies(*group), (std::vector<std::string>{"in the lost group"}));
        const auto refused = wait(bob->send(archive, "to nobody"));
        QVERIFY(!refused);

        // Life goes on over the seqs that the lost messages had.
        QVERIFY(say(bob, 1, 5, "new "));
        QVERIFY(ann.open());
        QVERIFY(ann->isLoggedIn());
        QVERIFY(ann.connect());
        auto now = before;
        for (int i = 1; i <= 5; ++i)
            now.push_back("new " + std::to_string(i));
        QTRY_COMPARE_WITH_TIMEOUT(ann.bodies(*chat), now, 20000);
        QCOMPARE(bob.bodies(*chat), now);
        QTRY_COMPARE(ann.bodies(archive), lost);
        QTRY_COMPARE(wait(ann->head(*chat))->value().head.unread, std::int64_t(5));
        ann->markRead(*chat, Seq(35));
        QTRY_COMPARE(bob.cursorOf(*chat, ann.id()).readSeq, Seq(35));
        const auto hits = wait(ann->search({"lost 7", archive, {}, 5}));
        QVERIFY(hits.has_value());
        QCOMPARE(hits->hits.size(), std::size_t(1));
        QCOMPARE(server.terminate(), 0);
    }

    void restoreOverADamagedDatabase_keepsIt()
    {
        const QString copy = folder("damaged") + QStringLiteral("/copy");
        RealServer server(folder("damaged"));
        QVERIFY(server.start());
        Person ann(folder("damaged"), "ann");
        QVERIFY(ann.enter(server.url()));
        QCOMPARE(server.terminate(), 0);
        QCOMPARE(backUp(server, copy), 0);
        const QString path = server.data() + QStringLiteral("/kithd.db");
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadWrite));
        const QByteArray noise(8192, 'x');
        file.seek(0);
        QCOMPARE(file.write(noise), noise.size());
        file.close();
        QByteArray said;
        QCOMPARE(backUp(server, folder("damaged") + QStringLiteral("/other")), 1); // no copy of what is broken
        QVERIFY(!QFile::exists(folder("damaged") + QStringLiteral("/other/kithd.db")));
        QCOMPARE(restore(server, copy, &said), 0);
        QFile aside(path + QStringLiteral(".replaced-1"));
        QVERIFY(aside.open(QIODevice::ReadOnly));
        QCOMPARE(aside.read(noise.size()), noise);
        QVERIFY(server.start());
        ann->reconnectNow();
        QTRY_COMPARE_WITH_TIMEOUT(ann->linkStatus().phase, LinkPhase::Online, 20000);

        // A damaged copy, or none, changes nothing.
        QCOMPARE(server.terminate(), 0);
        QFile broken(copy + QStringLiteral("/kithd.db"));
        QVERIFY(broken.open(QIODevice::ReadWrite));
        broken.seek(broken.size() / 2);
        broken.write(noise);
        broken.close();
        QCOMPARE(restore(server, copy, &said), 1);
        QCOMPARE(restore(server, folder("damaged") + QStringLiteral("/nowhere"), &said), 2);
        QVERIFY(server.start());
        ann->reconnectNow();
        QTRY_COMPARE_WITH_TIMEOUT(ann->linkStatus().phase, LinkPhase::Online, 20000);
        QCOMPARE(QDir(server.data()).entryList({QStringLiteral("*restoring*")}).size(), 0);
    }
};

QTEST_GUILESS_MAIN(TestRestore)
#include "test_restore.moc"
