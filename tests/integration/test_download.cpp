// SPDX-License-Identifier: GPL-3.0-or-later
// Downloads everything from the real server: a fresh device, killed midway, and the server too.
#include "tests/integration/bulk_send.h"
#include "tests/integration/real_server.h"

#include <QDate>
#include <QElapsedTimer>
#include <QJsonArray>

#include <limits>
#include <map>

using namespace kith;
using client::DownloadState;
using test::Person;
using test::RealServer;
using test::wait;

namespace {

constexpr int kPrivate = 12000, kGroup = 1500;

struct Held {
    std::int64_t seq = 0;
    MessageKind kind = MessageKind::Text;
    std::string body;
};

} // namespace

class TestDownload final : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    std::unique_ptr<RealServer> m_server;
    std::unique_ptr<Person> m_ann;
    ConversationId m_chat, m_group;
    UserId m_bob;
    QJsonObject m_toBob;
    test::Accepted m_accepted;

    QStringList globals(const QString &who) const
    {
        return {QStringLiteral("--profile"), m_dir.filePath(who),          QStringLiteral("--server"),
                m_server->url().toString(),  QStringLiteral("--key-file"), m_dir.filePath(who + QStringLiteral(".key")),
                QStringLiteral("--json")};
    }
    static QList<QJsonObject> linesOf(const QByteArray &text)
    {
        QList<QJsonObject> lines;
        for (const auto &line : text.split('\n'))
            if (line.startsWith('{'))
                lines << QJsonDocument::fromJson(line).object();
        return lines;
    }
    struct Ran {
        int exit = -1;
        QList<QJsonObject> lines;
        QByteArray error;
    };
    /// `atProgress`: called with the first line of progress.
    Ran run(const QString &who, const QStringList &command, const std::function<void(QProcess &)> &atProgress = {},
            const QByteArray &input = {}) const
    {
        QProcess process;
        process.start(QStringLiteral(KITH_CLI), globals(who) + command);
        process.write(input);
        process.closeWriteChannel();
        Ran ran;
        process.setReadChannel(QProcess::StandardError);
        if (atProgress) {
            while (!ran.error.contains("\"running\"") && process.waitForReadyRead(30000))
                ran.error += process.readAllStandardError();
            if (process.state() == QProcess::Running)
                atProgress(process);
        }
        if (!process.waitForFinished(60000))
            process.kill();
        ran.exit = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
        ran.error += process.readAllStandardError();
        ran.lines = linesOf(process.readAllStandardOutput());
        return ran;
    }
    int holesOf(const QString &who) const
    {
        const auto status = run(who, {QStringLiteral("status"), QStringLiteral("--offline")});
        return status.lines.value(0).value(QStringLiteral("holes")).toInt(-1);
    }
    bool login(const QString &who, const QString &account) const
    {
        const auto in =
            run(who, {QStringLiteral("login"), account}, {}, QByteArrayLiteral("a long enough pass phrase\n"));
        if (in.exit != 0)
            qWarning("%s", in.error.constData());
        return in.exit == 0;
    }
    static std::vector<Held> all(client::Client &client, const ConversationId &conversation)
    {
        std::vector<Held> held;
        PageQuery query;
        query.conversation = conversation;
        query.limit = limits::kMaxPage;
        for (;;) {
            const auto page = wait(client.page(query));
            if (!page || page->messages.empty())
                return held;
            for (const auto &one : page->messages)
                held.push_back({one.message.seq.value(), one.message.kind, one.message.body});
            query.before = page->messages.back().message.seq;
        }
    }
    bool sendMany(const QString &user, const QJsonObject &to, int count)
    {
        return test::sendMany(m_server->url(), user, to, count, m_accepted);
    }
    /// Every message that was accepted, with its body, its number and in order; nothing twice.
    static bool isAll(const std::vector<Held> &here, const std::map<std::int64_t, std::string> &accepted)
    {
        std::map<std::int64_t, std::string> found;
        std::int64_t above = std::numeric_limits<std::int64_t>::max();
        for (const auto &one : here) {
            if (one.seq >= above)
                return false;
            above = one.seq;
            if (one.kind == MessageKind::Text)
                found[one.seq] = one.body;
        }
        return found == accepted;
    }

private slots:
    void initTestCase()
    {
        qputenv("TMPDIR", m_dir.path().toUtf8());
        m_server = std::make_unique<RealServer>(m_dir.filePath(QStringLiteral("server")), test::kNoSendLimit);
        QVERIFY(m_server->start());
        m_ann = std::make_unique<Person>(m_dir.filePath(QStringLiteral("ann")), "ann");
        QVERIFY(m_ann->enter(m_server->url()));
        Person bob(m_dir.filePath(QStringLiteral("bob")), "bob");
        QVERIFY(bob.enter(m_server->url()));
        User other;
        other.id = bob.id();
        other.username = "bob";
        m_chat = *wait((*m_ann)->openPrivate(other));
        m_group = *wait((*m_ann)->createGroup("Walks", {bob.id()}));
        const auto text = [](const auto &id) { return QString::fromStdString(id.str()); };
        m_toBob = {{QStringLiteral("to"), text(bob.id())}};
        m_bob = bob.id();
        bob.close();
        m_ann->close();
        QElapsedTimer clock;
        clock.start();
        QVERIFY(sendMany(QStringLiteral("ann"), m_toBob, kPrivate));
        QVERIFY(sendMany(QStringLiteral("bob"), {{QStringLiteral("conversation"), text(m_group)}}, kGroup));
        qInfo("%d messages sent in %lld ms", kPrivate + kGroup, clock.elapsed());
    }
    void cleanupTestCase() { m_ann.reset(); }

    void freshDevice_killedMidway_goesOnWhereItWas_andEndsWithoutAHole()
    {
        const auto who = QStringLiteral("bob2");
        QVERIFY(login(who, QStringLiteral("bob")));
        const QStringList download{QStringLiteral("download")};
        const auto killed = run(who, download, [](QProcess &process) { process.kill(); });
        QCOMPARE(killed.exit, -1);
        QVERIFY(holesOf(who) > 0);
        // Ctrl-C ends it in order, with what is lacking.
        const auto stopped = run(who, download, [](QProcess &process) { ::kill(pid_t(process.processId()), SIGINT); });
        QCOMPARE(stopped.exit, 1);
        QVERIFY2(stopped.error.contains("cancelled"), stopped.error.constData());
        const auto before = stopped.lines.value(0);
        QCOMPARE(before.value(QStringLiteral("state")).toString(), QStringLiteral("paused"));
        QVERIFY(before.value(QStringLiteral("messages_here")).toInt() <
                before.value(QStringLiteral("messages_total")).toInt());
        QVERIFY(stopped.lines.size() > 1); // the holes
        QVERIFY(holesOf(who) > 0);
        QElapsedTimer clock;
        clock.start();
        const auto done = run(who, download);
        QVERIFY2(done.exit == 0, done.error.constData());
        qInfo("the rest of it took %lld ms", clock.elapsed());
        const auto end = done.lines.value(0);
        QCOMPARE(done.lines.size(), 1);
        QCOMPARE(end.value(QStringLiteral("state")).toString(), QStringLiteral("done"));
        QCOMPARE(end.value(QStringLiteral("conversations_done")).toInt(), 2);
        QVERIFY(end.value(QStringLiteral("messages_here")).toInt() >= kPrivate + kGroup);
        QCOMPARE(holesOf(who), 0);
        client::ClientOptions options;
        options.profileDir = m_dir.filePath(who);
        options.keyFile = m_dir.filePath(who + QStringLiteral(".key"));
        auto reader = std::make_unique<client::Client>(options);
        QVERIFY(wait(reader->open()).has_value());
        for (const auto &id : {m_chat, m_group}) {
            QCOMPARE(m_accepted[id].size(), std::size_t(id == m_chat ? kPrivate : kGroup));
            QVERIFY(isAll(all(*reader, id), m_accepted[id]));
        }
        reader.reset(); // one program at a time on a profile
        QCOMPARE(run(who, download).exit, 0);
    }

    void forgotten_staysAwayUntilItsConversationIsAskedFor_afterALogOutToo()
    {
        const auto who = QStringLiteral("bob2"); // who has everything
        const auto words = [](const char *text) { return QString::fromLatin1(text).split(QLatin1Char(' ')); };
        const auto of = [](const Ran &ran, const ConversationId &id) {
            for (const auto &one : ran.lines)
                if (one.value(QStringLiteral("conversation")).toString().toStdString() == id.str())
                    return one;
            return QJsonObject();
        };
        const auto covered = run(who, words("coverage"));
        QCOMPARE(covered.exit, 0);
        QVERIFY(of(covered, m_chat).value(QStringLiteral("messages_here")).toInt() >= kPrivate);
        QCOMPARE(of(covered, m_chat).value(QStringLiteral("messages_missing")).toInt(), 0);
        const auto file = covered.lines.last().value(QStringLiteral("file_bytes")).toInteger();
        QVERIFY(of(covered, m_chat).value(QStringLiteral("estimated_bytes")).toInteger() > file / 2);
        QCOMPARE(run(who, words("forget --all")).exit, 2);
        QCOMPARE(run(who, words("forget ann --all --older-than 30")).exit, 2);
        const QString tomorrow = QDate::currentDate().addDays(1).toString(Qt::ISODate);
        const QStringList forget{QStringLiteral("forget"), QString::fromStdString(m_chat.str()),
                                 QStringLiteral("--before"), tomorrow};
        const auto asked = run(who, forget + words("--dry-run"));
        QCOMPARE(asked.exit, 0);
        QVERIFY(asked.lines.value(0).value(QStringLiteral("messages")).toInt() >= kPrivate);
        QCOMPARE(holesOf(who), 0);
        QCOMPARE(
            run(who, words("forget --all --older-than 30")).lines.value(0).value(QStringLiteral("messages")).toInt(),
            0);
        QCOMPARE(run(who, words("logout")).exit, 0);
        const auto done = run(who, forget);
        QVERIFY2(done.exit == 0, done.error.constData());
        QVERIFY(done.lines.value(0).value(QStringLiteral("freed_bytes")).toInteger() > file / 2);
        const auto after = run(who, words("coverage"));
        QCOMPARE(of(after, m_chat).value(QStringLiteral("messages_here")).toInt(), 0);
        QVERIFY(of(after, m_chat)
                    .value(QStringLiteral("holes"))
                    .toArray()
                    .at(0)
                    .toObject()
                    .value(QStringLiteral("forgotten"))
                    .toBool());
        QVERIFY(of(after, m_group).value(QStringLiteral("messages_here")).toInt() >= kGroup);
        // Online again: not by the catch-up, nor by history, nor by a download of everything.
        QVERIFY(login(who, QStringLiteral("bob")));
        const QStringList history{QStringLiteral("history"), QString::fromStdString(m_chat.str())};
        QCOMPARE(run(who, history).exit, 0);
        const auto everything = run(who, words("download"));
        QVERIFY2(everything.exit == 0, everything.error.constData());
        QVERIFY(everything.lines.value(0).value(QStringLiteral("messages_forgotten")).toInt() >= kPrivate);
        QCOMPARE(of(run(who, words("coverage")), m_chat).value(QStringLiteral("messages_here")).toInt(), 0);
        const auto named =
            run(who, {QStringLiteral("download"), QStringLiteral("--in"), QString::fromStdString(m_chat.str())});
        QVERIFY2(named.exit == 0, named.error.constData());
        QCOMPARE(of(run(who, words("coverage")), m_chat).value(QStringLiteral("messages_missing")).toInt(), 0);
        client::ClientOptions options;
        options.profileDir = m_dir.filePath(who);
        options.keyFile = m_dir.filePath(who + QStringLiteral(".key"));
        client::Client reader(options);
        QVERIFY(wait(reader.open()).has_value());
        QVERIFY(isAll(all(reader, m_chat), m_accepted[m_chat]));
    }

    void serverKilledMidway_theClientGoesOnByItself()
    {
        Person bob(m_dir.filePath(QStringLiteral("bob3")), "bob");
        QVERIFY(bob.open());
        QVERIFY(wait(bob->login(m_server->url(), "bob", bob.password)).has_value());
        QVERIFY(bob.connect());
        bool waited = false, killed = false;
        const auto watching = connect(&*bob, &client::Client::downloadChanged, this, [&](const auto &progress) {
            waited = waited || progress.state == DownloadState::Waiting;
            if (!killed && progress.state == DownloadState::Running && progress.messagesHere > 300) {
                killed = true;
                m_server->kill();
            }
        });
        bob->downloadAll();
        QTRY_VERIFY_WITH_TIMEOUT(waited, 20000);
        QVERIFY(!wait(bob->status())->holes.empty());
        QVERIFY(m_server->start());
        bob->reconnectNow();
        QTRY_COMPARE_WITH_TIMEOUT(bob->downloadProgress().state, DownloadState::Done, 30000);
        disconnect(watching);
        QVERIFY(wait(bob->status())->holes.empty());
        for (const auto &id : {m_chat, m_group})
            QVERIFY(isAll(all(*bob, id), m_accepted[id]));
        // The wish stays: what was missed in an absence is fetched at the next start, without being asked.
        bob.close();
        QVERIFY(sendMany(QStringLiteral("ann"), m_toBob, 700));
        QVERIFY(bob.open());
        QVERIFY(bob.connect());
        QTRY_COMPARE_WITH_TIMEOUT(bob->downloadProgress().state, DownloadState::Done, 30000);
        QVERIFY(wait(bob->status())->holes.empty());
        QVERIFY(isAll(all(*bob, m_chat), m_accepted[m_chat]));
    }

    void groupThatWasLeft_isToldHonestly()
    {
        const auto who = QStringLiteral("bob4");
        QVERIFY(login(who, QStringLiteral("bob")));
        QCOMPARE(run(who, {QStringLiteral("conversations")}).exit, 0);
        QVERIFY(m_ann->open() && m_ann->connect());
        QVERIFY(wait((*m_ann)->removeFromGroup(m_group, {m_bob})).has_value());
        const auto done = run(who, {QStringLiteral("download")});
        QCOMPARE(done.exit, 1);
        QVERIFY2(done.error.contains("not_member"), done.error.constData());
        const auto end = done.lines.value(0);
        QCOMPARE(end.value(QStringLiteral("state")).toString(), QStringLiteral("done"));
        QVERIFY(end.value(QStringLiteral("messages_refused")).toInt() >= kGroup - 100);
        QCOMPARE(done.lines.value(1).value(QStringLiteral("conversation")).toString().toStdString(), m_group.str());
        const auto one = run(who, {QStringLiteral("download"), QStringLiteral("--in"), QStringLiteral("ann")});
        QVERIFY2(one.exit == 0, one.error.constData());
    }
};

QTEST_GUILESS_MAIN(TestDownload)
#include "test_download.moc"
