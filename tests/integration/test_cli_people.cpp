// SPDX-License-Identifier: GPL-3.0-or-later
// Groups, profiles and blocking by kith-cli, as processes against the real server.
#include "tests/integration/cli_process.h"
#include "tests/integration/real_server.h"

#include <QJsonArray>

using namespace kith;
using test::Ran;
using test::RealServer;

class TestCliPeople final : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    std::unique_ptr<RealServer> m_server;
    QString m_group;

    Ran run(const char *name, const char *command, const QByteArray &input = {}) const
    {
        QStringList all = test::cliGlobals(m_dir.path(), QLatin1String(name), m_server->url());
        all << QString::fromUtf8(command).replace(QStringLiteral("GROUP"), m_group).split(u' ');
        return test::runCli(all, input);
    }
    bool done(const char *who, const char *command, const QByteArray &input = {}) const
    {
        const Ran ran = run(who, command, input);
        if (ran.exit != 0)
            qWarning("%s %s: %d %s", who, command, ran.exit, ran.error.constData());
        return ran.exit == 0;
    }
    /// "username role" of each member.
    QStringList members(const char *who, const char *command = "group members GROUP") const
    {
        QStringList all;
        for (const QJsonObject &line : run(who, command).lines)
            all << line.value(QStringLiteral("username")).toString() + u' ' +
                       line.value(QStringLiteral("role")).toString();
        all.sort();
        return all;
    }

private slots:
    void initTestCase()
    {
        qputenv("TMPDIR", m_dir.path().toUtf8());
        m_server = std::make_unique<RealServer>(m_dir.filePath(QStringLiteral("server")));
        QVERIFY(m_server->start());
        const QByteArray password("a long enough pass phrase\n");
        for (const char *who : {"ann", "bob", "cara"}) {
            QVERIFY(done(who, (QByteArray("register ") + who).constData(), password));
            QVERIFY(done(who, (QByteArray("login ") + who).constData(), password));
        }
    }

    void group_isMadeDescribedAndManaged()
    {
        const Ran made = run("ann", "group create Hikes bob");
        QVERIFY2(made.exit == 0 && made.lines.size() == 1, made.error.constData());
        m_group = made.lines.front().value(QStringLiteral("conversation")).toString();
        QVERIFY(m_group.startsWith(QStringLiteral("g:")));
        QVERIFY(done("ann", "group invite GROUP cara"));
        QCOMPARE(members("bob"), (QStringList{"ann owner", "bob member", "cara member"}));
        QVERIFY(done("ann", "group about GROUP We walk on Saturdays."));
        QVERIFY(done("ann", "group rename GROUP Weekend hikes"));
        QVERIFY(done("bob", "history GROUP --limit 1"));
        const Ran seen = run("bob", "conversations");
        QVERIFY(!seen.lines.isEmpty());
        QCOMPARE(seen.lines.front().value(QStringLiteral("name")).toString(), QStringLiteral("Weekend hikes"));
        QVERIFY(done("ann", "group about GROUP --clear"));
        QCOMPARE(run("bob", "group rename GROUP Mine").exit, 1);
        QVERIFY(run("bob", "group rename GROUP Mine").error.contains("forbidden"));

        QVERIFY(done("ann", "group role GROUP bob admin"));
        QCOMPARE(members("cara"), (QStringList{"ann owner", "bob admin", "cara member"}));
        QVERIFY(done("bob", "group remove GROUP cara"));
        QCOMPARE(run("cara", "group members GROUP").exit, 1);
        QVERIFY(done("ann", "group role GROUP bob owner"));
        QCOMPARE(members("ann"), (QStringList{"ann admin", "bob owner"}));
        QCOMPARE(run("ann", "group role GROUP bob member").exit, 1);
        QVERIFY(done("bob", "group role GROUP ann member"));
        QCOMPARE(run("ann", "group role GROUP bob king").exit, 2);
    }

    void members_areFoundByName()
    {
        QVERIFY(done("bob", "group invite GROUP cara"));
        QVERIFY(done("cara", "profile --name 魏子涵"));
        QCOMPARE(members("bob", "group members GROUP --find wzh"), QStringList{"cara member"});
        QCOMPARE(members("bob", "group members GROUP --find weizi"), QStringList{"cara member"});
        QCOMPARE(members("bob", "group members GROUP --find nobody"), QStringList());
    }

    void profile_tellsNameAndSharedGroups()
    {
        const Ran own = run("ann", "profile");
        QVERIFY2(own.exit == 0, own.error.constData());
        QCOMPARE(own.lines.front().value(QStringLiteral("username")).toString(), QStringLiteral("ann"));
        const Ran other = run("ann", "profile cara");
        QVERIFY2(other.exit == 0, other.error.constData());
        QCOMPARE(other.lines.front().value(QStringLiteral("display_name")).toString(), QStringLiteral("魏子涵"));
        QCOMPARE(other.lines.front().value(QStringLiteral("shared")).toArray(), QJsonArray{m_group});
        QCOMPARE(other.lines.front().value(QStringLiteral("blocked")).toBool(true), false);
        QCOMPARE(run("ann", "profile nobody").exit, 1);
        QCOMPARE(run("ann", "profile cara --name X").exit, 2);
    }

    void blocked_areRefusedListedAndKnownOffline()
    {
        QVERIFY(done("ann", "block bob"));
        const Ran refused = run("bob", "send ann hello");
        QCOMPARE(refused.exit, 1);
        QVERIFY2(refused.error.contains("blocked"), refused.error.constData());
        const auto names = [&](const char *command) {
            QStringList all;
            for (const QJsonObject &line : run("ann", command).lines)
                all << line.value(QStringLiteral("username")).toString();
            return all;
        };
        QCOMPARE(names("blocked"), QStringList{"bob"});
        QCOMPARE(m_server->terminate(), 0);
        QCOMPARE(names("blocked --offline"), QStringList{"bob"});
        QCOMPARE(run("ann", "blocked").exit, 3);
        QVERIFY(m_server->start());
        QVERIFY(done("ann", "unblock bob"));
        QCOMPARE(names("blocked"), QStringList());
        QVERIFY(done("bob", "retry --all"));
        QVERIFY(done("ann", "group leave GROUP"));
        QCOMPARE(members("bob").size(), 2);
    }

    void avatar_isSetSavedAndCleared()
    {
        const QByteArray png = QByteArray::fromBase64(
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");
        const QString file = m_dir.filePath(QStringLiteral("own.png")), saved = m_dir.filePath(QStringLiteral("a.png"));
        QFile out(file);
        QVERIFY(out.open(QIODevice::WriteOnly));
        out.write(png);
        out.close();
        QString group;
        const auto words = [&](const char *command) {
            return QString::fromLatin1(command)
                .replace(QStringLiteral("FILE"), file)
                .replace(QStringLiteral("SAVED"), saved)
                .replace(QStringLiteral("FACES"), group)
                .toUtf8();
        };
        const Ran set = run("ann", words("avatar set FILE").constData());
        QVERIFY2(set.exit == 0 && set.lines.size() == 1, set.error.constData());
        const QString id = set.lines.front().value(QStringLiteral("avatar")).toString();
        QVERIFY(!id.isEmpty());
        const Ran got = run("bob", words("avatar save ann SAVED").constData());
        QVERIFY2(got.exit == 0, got.error.constData());
        QCOMPARE(got.lines.front().value(QStringLiteral("avatar")).toString(), id);
        QCOMPARE(got.lines.front().value(QStringLiteral("type")).toString(), QStringLiteral("image/png"));
        QFile in(saved);
        QVERIFY(in.open(QIODevice::ReadOnly));
        QVERIFY(in.readAll().startsWith("\x89PNG"));
        // A file that is there stays, unless it is said.
        QVERIFY(run("bob", words("avatar save ann SAVED").constData()).exit != 0);
        QVERIFY(done("bob", words("avatar save ann SAVED --force").constData()));
        QVERIFY(done("ann", "avatar clear"));
        const Ran none = run("bob", words("avatar save ann SAVED --force").constData());
        QVERIFY(none.exit == 1 && none.error.contains("not_found"));

        // Of a group: its admins only.
        const Ran made = run("ann", "group create Faces bob");
        QVERIFY2(made.exit == 0 && made.lines.size() == 1, made.error.constData());
        group = made.lines.front().value(QStringLiteral("conversation")).toString();
        QVERIFY(done("ann", words("avatar set FILE --in FACES").constData()));
        QVERIFY(done("bob", words("avatar save FACES SAVED --force").constData()));
        const Ran refused = run("bob", words("avatar clear --in FACES").constData());
        QVERIFY(refused.exit == 1 && refused.error.contains("forbidden"));
        QVERIFY(done("ann", words("avatar clear --in FACES").constData()));
        QVERIFY(run("bob", words("avatar save FACES SAVED --force").constData()).exit == 1);
        // What is no picture never leaves.
        QVERIFY(out.open(QIODevice::WriteOnly));
        out.write("words");
        out.close();
        const Ran bad = run("ann", words("avatar set FILE").constData());
        QVERIFY(bad.exit == 1 && bad.error.contains("malformed"));
        QCOMPARE(run("ann", "avatar set /not/there.png").exit, 2);
    }
};

QTEST_GUILESS_MAIN(TestCliPeople)
#include "test_cli_people.moc"
