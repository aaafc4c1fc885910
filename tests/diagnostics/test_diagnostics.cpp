// SPDX-License-Identifier: GPL-3.0-or-later
// For testers, at a real server: no secret ever reaches the recording, a worse network is one, and no word of anybody
// is in a report.
#include "core/client/errors.h"
#include "core/diagnostics/diagnostics.h"
#include "tests/integration/real_server.h"

#include <QElapsedTimer>
#include <QSignalSpy>

using namespace kith;
using client::LinkPhase;
using client::WireEntry;
using test::Person;
using test::RealServer;
using test::wait;

namespace {

using std::chrono::seconds;

QString outputOf(const QString &program, const QStringList &arguments)
{
    QProcess process;
    process.start(program, arguments);
    process.waitForFinished();
    return QString::fromUtf8(process.readAllStandardOutput()).trimmed();
}

bool recorded(client::Client &client, const QByteArray &text)
{
    for (const auto &entry : client.recorder().wire())
        if (entry.json.contains(text) || entry.path.contains(QString::fromUtf8(text)))
            return true;
    return false;
}

} // namespace

class TestDiagnostics final : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    std::unique_ptr<RealServer> m_server;
    std::unique_ptr<Person> m_ada, m_bob;
    QStringList m_secrets; // of Ada: tokens, passwords, codes, keys
    QStringList m_words;   // names and texts
    ConversationId m_private, m_group;

    /// As they rest in the encrypted history.
    QStringList tokens(Person &who)
    {
        auto stored = wait(who->setting("account"));
        if (!stored || !*stored)
            return {};
        const auto json = QJsonDocument::fromJson(QByteArray::fromStdString(**stored)).object();
        return {json.value(QStringLiteral("access")).toString(), json.value(QStringLiteral("refresh")).toString()};
    }
    QString code(const QString &secret, int steps)
    {
        return outputOf(QStringLiteral("oathtool"),
                        {QStringLiteral("--totp"), QStringLiteral("--base32"), secret, QStringLiteral("--now"),
                         QStringLiteral("@%1").arg(QDateTime::currentSecsSinceEpoch() + steps * 30)});
    }
    bool online(Person &who) { return who->linkStatus().phase == LinkPhase::Online && !who->linkStatus().catchingUp; }
    std::pair<int, QString> search(const QString &zip, const QStringList &words)
    {
        QProcess python;
        python.start(QStringLiteral(PYTHON), {QStringLiteral(SEARCH), zip});
        python.write(words.join(QLatin1Char('\n')).toUtf8());
        python.closeWriteChannel();
        python.waitForFinished();
        return {python.exitCode(), QString::fromUtf8(python.readAllStandardOutput() + python.readAllStandardError())};
    }

private slots:
    void initTestCase()
    {
        m_server = std::make_unique<RealServer>(m_dir.filePath(QStringLiteral("server")));
        QVERIFY(m_server->start());
        m_ada = std::make_unique<Person>(m_dir.path(), "adaquill");
        m_bob = std::make_unique<Person>(m_dir.path(), "bobthorn");
        m_ada->password = "violet umbrella ninety one";
        m_words << QStringLiteral("adaquill") << QStringLiteral("bobthorn");
    }

    void login_leavesNoSecretInTheRecording()
    {
        auto &ada = *m_ada;
        QVERIFY(ada.enter(m_server->url()));
        QVERIFY(m_bob->enter(m_server->url()));
        m_secrets << QString::fromStdString(ada.password) << tokens(ada);
        QCOMPARE(m_secrets.size(), 3);
        for (const auto &secret : m_secrets)
            QVERIFY2(secret.size() > 20, qPrintable(secret));
        const auto &wire = ada->recorder().wire();
        QVERIFY(std::any_of(wire.begin(), wire.end(), [](const WireEntry &entry) {
            return entry.kind == WireEntry::Kind::Http && entry.path == QLatin1String("/v1/login") &&
                   entry.status == 200 && entry.method == "POST" && entry.bytes > 100;
        }));
        QVERIFY(recorded(*ada, R"("op":"login")"));
        QVERIFY(recorded(*ada, R"("token":"redacted")"));
    }

    void secondFactorRecoveryKeyAndPassword_leaveNoneEither()
    {
        auto &ada = *m_ada;
        auto enrolment = wait(ada->enrollMfa());
        QVERIFY(enrolment.has_value());
        const auto secret = QString::fromStdString(enrolment->secret);
        const QString first = code(secret, -1);
        auto codes = wait(ada->bindMfa(enrolment->secret, first.toStdString()));
        QVERIFY(codes.has_value());
        QCOMPARE(codes->size(), std::size_t(10));
        m_secrets << secret << QString::fromStdString(enrolment->otpauthUri);
        for (const auto &one : *codes)
            m_secrets << QString::fromStdString(one);
        // Out and in again with the second factor: another pair of tokens.
        QVERIFY(wait(ada->logout()).has_value());
        QVERIFY(ada->recorder().wire().size() <= 1); // whoever is next does not see what was before
        using Kind = client::SecondFactorCode::Kind;
        const std::string spent = codes->front();
        QVERIFY(wait(ada->login(m_server->url(), ada.name, ada.password,
                                client::SecondFactorCode{Kind::RecoveryCode, spent}))
                    .has_value());
        QVERIFY(ada.connect());
        m_secrets << tokens(ada);
        const std::string changed = "turquoise lantern forty two";
        QVERIFY(wait(ada->changePassword(ada.password, changed)).has_value());
        ada.password = changed;
        m_secrets << QString::fromStdString(changed) << tokens(ada);
        auto &bob = *m_bob;
        if (auto key = wait(bob->renewRecoveryKey())) // not with a key file
            m_secrets << QString::fromStdString(*key);
        const QString key = [&] {
            QFile file(ada.keyFile());
            return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()).trimmed() : QString();
        }();
        QCOMPARE(key.size(), 64);
        m_secrets << key;
        for (const auto &one : m_secrets) {
            QVERIFY(!one.isEmpty());
            QVERIFY2(!recorded(*ada, one.toUtf8()), qPrintable(one));
            QVERIFY2(!recorded(*bob, one.toUtf8()), qPrintable(one));
        }
        // The codes of the authenticator have six digits: only calls carried them, and of calls no body is kept.
        for (const auto &entry : ada->recorder().wire())
            if (entry.kind == WireEntry::Kind::Http)
                QVERIFY(entry.json.isEmpty() && !entry.path.contains(QLatin1Char('?')));
        QTRY_VERIFY(online(ada));
    }

    void messages_areInTheRecordingAndInNoReport()
    {
        auto &ada = *m_ada;
        auto &bob = *m_bob;
        auto chat = wait(ada->openPrivate(bob->self()));
        QVERIFY(chat.has_value());
        m_private = *chat;
        const QStringList texts{QStringLiteral("the heron stood still"), QStringLiteral("周六去爬山吗"),
                                QStringLiteral("quote \" backslash \\ done")};
        for (const auto &text : texts)
            QVERIFY(wait(ada->send(m_private, text.toStdString())).has_value());
        auto group = wait(ada->createGroup("Marsh wardens", {bob.id()}));
        QVERIFY(group.has_value());
        m_group = *group;
        QVERIFY(wait(bob->findUsers("adaquill")).has_value());
        QVERIFY(wait(ada->flushOutbox(seconds{20})).has_value());
        QTRY_COMPARE(bob.bodies(m_private).size(), std::size_t(3));
        bob->sendTyping(m_private);
        QVERIFY(wait(bob->send(m_private, "wading birds, all of them")).has_value());
        QVERIFY(wait(bob->flushOutbox(seconds{20})).has_value());
        QTRY_COMPARE(ada.bodies(m_private).size(), std::size_t(4));
        ada->setDraft(m_private, "an unfinished thought");
        m_words << texts << QStringLiteral("Marsh wardens") << QStringLiteral("wading birds, all of them")
                << QStringLiteral("an unfinished thought") << QStringLiteral("heron")
                << QStringLiteral("bobthorn (shown)");
        QVERIFY(recorded(*ada, "the heron stood still")); // a tester reads what passed
        const QString zip = m_dir.filePath(QStringLiteral("report.zip"));
        auto done = wait(diagnostics::exportTo(*ada, zip, {{QStringLiteral("theme"), 1}}));
        QVERIFY2(done.has_value(), done ? "" : qPrintable(done.error().detail));
        QCOMPARE(int(QFile::permissions(zip) & (QFile::ReadGroup | QFile::ReadOther)), 0);
        const auto [exit, said] = search(zip, m_words + m_secrets);
        QVERIFY2(exit == 0, qPrintable(said));
        for (const char *member :
             {"README.txt", "about.json", "settings.json", "state.json", "connection.json", "wire.jsonl", "log.txt"})
            QVERIFY2(said.contains(QStringLiteral("member %1 ").arg(QLatin1String(member))), qPrintable(said));
        // The search itself can find: what has to be in there.
        const auto user = QString::fromStdString(ada.id().str());
        for (const QString &there :
             {user, QString::fromStdString(m_private.str()), QString::fromStdString(m_group.str()), ada->deviceId(),
              QStringLiteral("\"messages_here\""), QStringLiteral("\"holes\""), QStringLiteral("POST /v1/login"),
              QStringLiteral("\"body\":\"<21>\""), QStringLiteral("\"phase\": \"online\""),
              QString::fromLatin1(qVersion()), QStringLiteral("community")}) // SQLCipher's edition
            QVERIFY2(search(zip, {there}).second.contains(QStringLiteral("FOUND")), qPrintable(there));
    }

    void reportByScript_holdsNoWordEither()
    {
        m_ada->close();
        const QString zip = m_dir.filePath(QStringLiteral("by-script.zip"));
        QProcess cli;
        cli.start(QStringLiteral(KITH_CLI),
                  {QStringLiteral("--profile"), m_ada->profile(), QStringLiteral("--key-file"), m_ada->keyFile(),
                   QStringLiteral("diagnostics"), QStringLiteral("--out"), zip});
        QVERIFY(cli.waitForFinished(60000));
        QVERIFY2(cli.exitCode() == 0, cli.readAllStandardError().constData());
        const auto [exit, said] = search(zip, m_words + m_secrets);
        QVERIFY2(exit == 0, qPrintable(said));
        QVERIFY(search(zip, {QStringLiteral("\"phase\": \"online\"")}).second.contains(QStringLiteral("FOUND")));
        const QString nowhere = m_dir.filePath(QStringLiteral("no such folder/report.zip"));
        cli.start(QStringLiteral(KITH_CLI),
                  {QStringLiteral("--profile"), m_ada->profile(), QStringLiteral("--key-file"), m_ada->keyFile(),
                   QStringLiteral("diagnostics"), QStringLiteral("--offline"), QStringLiteral("--out"), nowhere});
        QVERIFY(cli.waitForFinished(60000));
        QCOMPARE(cli.exitCode(), 1);
        QVERIFY(!cli.readAllStandardError().isEmpty());
    }

    void rawFrame_isAnsweredAndShown()
    {
        const auto run = [&](const char *frame) {
            auto cli = std::make_unique<QProcess>();
            cli->start(QStringLiteral(KITH_CLI),
                       {QStringLiteral("--profile"), m_ada->profile(), QStringLiteral("--key-file"), m_ada->keyFile(),
                        QStringLiteral("--json"), QStringLiteral("wire"), QStringLiteral("--send"),
                        QString::fromUtf8(frame)});
            cli->waitForFinished(60000);
            return cli;
        };
        const auto good = run(R"({"op":"heartbeat","id":"x1","d":{"t":5}})");
        QCOMPARE(good->exitCode(), 0);
        const QByteArray said = good->readAllStandardOutput();
        QVERIFY2(said.contains("raw-x1") && said.contains("server_time"), said.constData());
        const auto refused = run(R"([{"op":"page","id":"x2","d":{}},{"op":"read","d":{}}])");
        QCOMPARE(refused->exitCode(), 1);
        QVERIFY(refused->readAllStandardError().contains("malformed"));
        QCOMPARE(run("no json")->exitCode(), 1);
        QCOMPARE(run(R"({"op":"typing","d":{"conversation":"p:1:2"}})")->exitCode(), 0); // wants no answer
        QVERIFY(m_ada->open());
        QVERIFY(m_ada->connect());
    }

    void simulatedOffline_breaksEverythingAndComesBackAtOnce()
    {
        auto &ada = *m_ada;
        QSignalSpy changed(&*ada, &client::Client::simulationChanged);
        ada->simulate({true, {}});
        QCOMPARE(changed.count(), 1);
        QVERIFY(ada->linkStatus().phase == LinkPhase::Waiting);
        QVERIFY(ada->linkStatus().reason.contains(QStringLiteral("simulated")));
        const auto devices = wait(ada->devices());
        QVERIFY(!devices && devices.error().code == client::ClientErrorCode::Unreachable);
        QVERIFY(wait(ada->send(m_private, "said into the void")).has_value());
        ada->reconnectNow();
        QVERIFY(ada->linkStatus().phase == LinkPhase::Connecting);
        QTRY_VERIFY(ada->linkStatus().phase == LinkPhase::Waiting);
        QCOMPARE(m_bob->bodies(m_private).size(), std::size_t(4));
        ada->simulate({});
        QVERIFY(ada->linkStatus().phase == LinkPhase::Connecting); // not after the backoff
        QTRY_COMPARE(m_bob->bodies(m_private).size(), std::size_t(5));
        QVERIFY(wait(ada->devices()).has_value());
        m_words << QStringLiteral("said into the void");
    }

    void simulatedSlow_isLateBothWaysAndInOrder()
    {
        auto &ada = *m_ada;
        QTRY_VERIFY(online(ada));
        constexpr auto kLatency = std::chrono::milliseconds{150};
        ada->simulate({false, kLatency});
        QElapsedTimer clock;
        clock.start();
        QVERIFY(wait(ada->messageReceipts(m_private, Seq(1))).has_value());
        QVERIFY2(clock.elapsed() >= 2 * kLatency.count(), qPrintable(QString::number(clock.elapsed())));
        clock.restart();
        QVERIFY(wait(ada->devices()).has_value());
        QVERIFY2(clock.elapsed() >= 2 * kLatency.count(), qPrintable(QString::number(clock.elapsed())));
        for (int i = 0; i < 20; ++i)
            QVERIFY(wait(ada->send(m_private, "late " + std::to_string(i))).has_value());
        QVERIFY(wait(ada->flushOutbox(seconds{30})).has_value());
        QTRY_COMPARE(m_bob->bodies(m_private).size(), std::size_t(25));
        const auto bodies = m_bob->bodies(m_private);
        for (int i = 0; i < 20; ++i)
            QCOMPARE(bodies[static_cast<std::size_t>(5 + i)], "late " + std::to_string(i));
        ada->cutLink(); // and a new connection is made over the slow network
        QVERIFY(!online(ada));
        QTRY_VERIFY_WITH_TIMEOUT(online(ada), 20000);
        ada->simulate({});
        QVERIFY(online(ada)); // what was only slow is not broken for it
        QVERIFY(wait(ada->messageReceipts(m_private, Seq(1))).has_value());
    }

    void cut_isSeenByBothSidesAndNothingIsLost()
    {
        auto &ada = *m_ada;
        const auto before = ada->recorder().changes().size();
        QVERIFY(wait(ada->send(m_private, "just before the cut")).has_value());
        ada->cutLink();
        QVERIFY(ada->linkStatus().phase == LinkPhase::Waiting);
        QVERIFY(ada->linkStatus().reason.contains(QStringLiteral("cut")));
        QVERIFY(!ada->simulation().on());
        QVERIFY(wait((*m_bob)->send(m_private, "while she was away")).has_value());
        QTRY_VERIFY_WITH_TIMEOUT(online(ada), 30000);
        QTRY_COMPARE(ada.bodies(m_private).size(), std::size_t(27));
        QTRY_COMPARE(m_bob->bodies(m_private).size(), std::size_t(27));
        const auto &changes = ada->recorder().changes();
        QVERIFY(changes.size() >= before + 3); // waiting, connecting, connected
        const auto cut = std::find_if(changes.begin(), changes.end(), [](const client::LinkChange &change) {
            return change.status.reason.contains(QStringLiteral("cut"));
        });
        QVERIFY(cut != changes.end());
        QVERIFY(cut->status.phase == LinkPhase::Waiting && cut->status.retryIn.count() > 0);
    }

    void lock_forgetsTheFramesAndKeepsTheStory()
    {
        auto &ada = *m_ada;
        QVERIFY(!ada->recorder().wire().empty());
        QVERIFY(wait(ada->lock()).has_value());
        QVERIFY(ada->recorder().wire().empty());
        QVERIFY(ada->recorder().changes().size() > 3);
        // A report of a locked client lacks what is locked, and is made.
        const QString zip = m_dir.filePath(QStringLiteral("locked.zip"));
        QVERIFY(wait(diagnostics::exportTo(*ada, zip, {})).has_value());
        QCOMPARE(search(zip, m_words + m_secrets).first, 0);
        QVERIFY(search(zip, {QStringLiteral("\"history_open\": false")}).second.contains(QStringLiteral("FOUND")));
    }
};

QTEST_GUILESS_MAIN(TestDiagnostics)
#include "test_diagnostics.moc"
