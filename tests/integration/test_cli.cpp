// SPDX-License-Identifier: GPL-3.0-or-later
// kith-cli as a script sees it: a process, its output lines and its exit status, against the real server.
#include "app/kith-cli/cli.h"
#include "core/history/history.h"
#include "tests/integration/cli_process.h"
#include "tests/integration/real_server.h"

#include <QJsonArray>

using namespace kith;
using test::Ran;
using test::RealServer;

class TestCli final : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_dir;
    std::unique_ptr<RealServer> m_server;

    QStringList globals(const QString &who) const { return test::cliGlobals(m_dir.path(), who, m_server->url()); }
    Ran run(const QString &who, const QStringList &command, const QByteArray &input = {}) const
    {
        return test::runCli(globals(who) + command, input);
    }

private slots:
    void initTestCase()
    {
        qputenv("TMPDIR", m_dir.path().toUtf8());
        m_server = std::make_unique<RealServer>(m_dir.filePath(QStringLiteral("server")));
        QVERIFY(m_server->start());
    }

    void usage_isExit2()
    {
        QCOMPARE(run(QStringLiteral("x"), {QStringLiteral("dance")}).exit, 2);
        QCOMPARE(run(QStringLiteral("x"), {}).exit, 2);
        QCOMPARE(run(QStringLiteral("x"),
                     {QStringLiteral("history"), QStringLiteral("g:1"), QStringLiteral("--limit"), QStringLiteral("0")})
                     .exit,
                 2);
    }

    void notLoggedIn_isExit4()
    {
        const auto ran = run(QStringLiteral("nobody"), {QStringLiteral("whoami")});
        QCOMPARE(ran.exit, 4);
        QVERIFY(ran.error.contains("not_logged_in"));
    }

    void twoPeople_talkByScript()
    {
        const QByteArray password = "a long enough pass phrase\n";
        for (const auto &who : {QStringLiteral("ann"), QStringLiteral("bob")}) {
            QCOMPARE(run(who, {QStringLiteral("register"), who}, password).exit, 0);
            const auto in = run(who, {QStringLiteral("login"), who}, password);
            QVERIFY2(in.exit == 0, in.error.constData());
        }
        const auto wrong = run(QStringLiteral("cat"), {QStringLiteral("login"), QStringLiteral("ann")}, "wrong word\n");
        QCOMPARE(wrong.exit, 1);
        QVERIFY(wrong.error.contains("invalid_credentials"));
        QCOMPARE(run(QStringLiteral("ann"), {QStringLiteral("whoami")})
                     .lines.value(0)
                     .value(QStringLiteral("user"))
                     .toObject()
                     .value(QStringLiteral("username"))
                     .toString(),
                 QStringLiteral("ann"));

        const auto sent = run(QStringLiteral("ann"), {QStringLiteral("send"), QStringLiteral("bob"),
                                                      QStringLiteral("hello"), QStringLiteral("from a script")});
        QVERIFY2(sent.exit == 0, sent.error.constData());
        QCOMPARE(sent.lines.value(0).value(QStringLiteral("state")).toString(), QStringLiteral("settled"));
        const auto nobody =
            run(QStringLiteral("ann"), {QStringLiteral("send"), QStringLiteral("zoe"), QStringLiteral("hi")});
        QCOMPARE(nobody.exit, 1);
        QVERIFY(nobody.error.contains("not_found"));

        const auto listed = run(QStringLiteral("bob"), {QStringLiteral("conversations")});
        QCOMPARE(listed.exit, 0);
        QCOMPARE(listed.lines.size(), 1);
        const auto history = run(QStringLiteral("bob"), {QStringLiteral("history"), QStringLiteral("ann")});
        QVERIFY2(history.exit == 0, history.error.constData());
        QCOMPARE(history.lines.size(), 1);
        QCOMPARE(history.lines[0].value(QStringLiteral("message")).toObject().value(QStringLiteral("body")).toString(),
                 QStringLiteral("hello from a script"));
        const auto status = run(QStringLiteral("bob"), {QStringLiteral("status")});
        QCOMPARE(status.exit, 0);
        QCOMPARE(status.lines.value(0).value(QStringLiteral("link")).toString(), QStringLiteral("online"));
        QCOMPARE(status.lines.value(0).value(QStringLiteral("messages")).toInt(), 1);

        const auto wire =
            run(QStringLiteral("bob"), {QStringLiteral("wire"), QStringLiteral("--for"), QStringLiteral("1")});
        QCOMPARE(wire.exit, 0);
        QVERIFY(wire.lines.size() >= 2);
        QCOMPARE(wire.lines[0].value(QStringLiteral("direction")).toString(), QStringLiteral("out"));
        QCOMPARE(wire.lines[0]
                     .value(QStringLiteral("frame"))
                     .toObject()
                     .value(QStringLiteral("d"))
                     .toObject()
                     .value(QStringLiteral("token"))
                     .toString(),
                 QStringLiteral("redacted"));
    }

    void secondFactor_byScriptWithOathtool()
    {
        const auto who = QStringLiteral("mina");
        const QByteArray password = "a long enough passphrase\n";
        const auto words = [](const char *text) { return QString::fromLatin1(text).split(QLatin1Char(' ')); };
        QCOMPARE(run(who, words("register mina"), password).exit, 0);
        QCOMPARE(run(who, words("mfa status")).exit, 4); // not logged in
        QCOMPARE(run(who, words("login mina"), password).exit, 0);
        QCOMPARE(run(who, words("mfa status")).lines.value(0).value(QStringLiteral("enabled")).toBool(true), false);
        const auto picture = m_dir.filePath(QStringLiteral("qr.png"));
        const auto enrolment = run(who, words("mfa enroll --qr") << picture).lines.value(0);
        const auto secret = enrolment.value(QStringLiteral("secret")).toString();
        QCOMPARE(secret.size(), 32);
        QCOMPARE(int(QFile::permissions(picture) & (QFile::ReadGroup | QFile::ReadOther)), 0);
        QProcess scanner;
        scanner.start(QStringLiteral("zbarimg"), {QStringLiteral("--quiet"), QStringLiteral("--raw"), picture});
        QVERIFY(scanner.waitForFinished());
        QCOMPARE(QString::fromUtf8(scanner.readAllStandardOutput().trimmed()),
                 enrolment.value(QStringLiteral("otpauth_uri")).toString());
        const auto code = [&](int steps) {
            QProcess tool;
            tool.start(QStringLiteral("oathtool"),
                       {QStringLiteral("--totp"), QStringLiteral("--base32"), secret, QStringLiteral("--now"),
                        QStringLiteral("@%1").arg(QDateTime::currentSecsSinceEpoch() + steps * 30)});
            tool.waitForFinished();
            return tool.readAllStandardOutput().trimmed() + '\n';
        };
        const auto bound = run(who, words("mfa bind"), secret.toUtf8() + '\n' + code(-1));
        QCOMPARE(bound.exit, 0);
        const auto codes = bound.lines.value(0).value(QStringLiteral("recovery_codes")).toArray();
        QCOMPARE(codes.size(), 10);
        QCOMPARE(run(who, words("mfa bind"), secret.toUtf8() + '\n').exit, 2); // input ended too early
        QCOMPARE(run(who, words("logout")).exit, 0);

        const auto refused = run(who, words("login mina"), password);
        QCOMPARE(refused.exit, 1);
        QVERIFY(refused.error.contains("mfa_required"));
        QVERIFY(run(who, words("login mina"), password + "000000x\n").error.contains("mfa_invalid"));
        QCOMPARE(run(who, words("login mina"), password + code(0)).exit, 0);
        const auto other = QStringLiteral("mina2");
        const auto recovery = codes.at(0).toString().toUtf8() + '\n';
        QCOMPARE(run(other, words("login mina --recovery-code"), password + recovery).exit, 0);
        const auto devices = run(who, words("devices")).lines;
        QCOMPARE(devices.size(), 2);
        QString second;
        for (const auto &device : devices)
            if (!device.value(QStringLiteral("this")).toBool())
                second = device.value(QStringLiteral("id")).toString();
        QCOMPARE(run(who, words("devices revoke") << second).exit, 0);
        QCOMPARE(run(who, words("devices revoke") << second).exit, 1);
        QCOMPARE(run(other, words("devices")).exit, 4);
        const auto renewed = run(who, words("mfa recovery-codes"), password + codes.at(1).toString().toUtf8() + '\n');
        QCOMPARE(renewed.exit, 0);
        const auto last = renewed.lines.value(0).value(QStringLiteral("recovery_codes")).toArray().at(0).toString();
        QCOMPARE(run(who, words("mfa unbind"), password + last.toUtf8() + '\n').exit, 0);
        QCOMPARE(run(who, words("password"), password + "another quiet garden\n").exit, 0);
        QVERIFY(run(other, words("login mina"), password).error.contains("invalid_credentials"));
        QCOMPARE(run(other, words("login mina"), "another quiet garden\n").exit, 0);
        QStringList events;
        for (const auto &event : run(who, words("audit --limit 4")).lines)
            events << event.value(QStringLiteral("event")).toString();
        QCOMPARE(events, words("login login_failed password_changed mfa_unbound"));
        QCOMPARE(run(who, words("logout --everywhere")).exit, 0);
        QCOMPARE(run(other, words("devices")).exit, 4);
        QVERIFY(run(who, words("key status")).lines.value(0).value(QStringLiteral("key_file")).toBool());
        QVERIFY(run(who, words("key recovery")).error.contains("key_file_bad"));
    }

    void editsRecallsAndLikes_byScript()
    {
        const auto kim = QStringLiteral("kim"), lee = QStringLiteral("lee");
        const QByteArray password = "a long enough passphrase\n";
        const auto words = [](const char *text) { return QString::fromLatin1(text).split(QLatin1Char(' ')); };
        for (const auto &who : {kim, lee}) {
            QCOMPARE(run(who, words("register") << who, password).exit, 0);
            QCOMPARE(run(who, words("login") << who, password).exit, 0);
        }
        QCOMPARE(run(kim, words("send lee first thougth")).exit, 0);
        QCOMPARE(run(kim, words("send lee second")).exit, 0);
        QCOMPARE(run(lee, words("history kim")).lines.size(), 2);
        const auto message = [](const Ran &ran) {
            return ran.lines.value(0).value(QStringLiteral("message")).toObject();
        };
        const auto edited = run(kim, words("edit lee 1 first thought"));
        QVERIFY2(edited.exit == 0, edited.error.constData());
        QCOMPARE(message(edited).value(QStringLiteral("body")).toString(), QStringLiteral("first thought"));
        QVERIFY(message(edited).value(QStringLiteral("edited_at")).toDouble() > 0);
        QCOMPARE(message(run(lee, words("like kim 1"))).value(QStringLiteral("likes")).toInt(), 1);
        QCOMPARE(run(lee, words("like kim 1")).exit, 0); // wanted, and so
        QVERIFY(run(lee, words("edit kim 1 mine")).error.contains("forbidden"));
        QCOMPARE(run(kim, words("recall lee 2")).exit, 0);
        QCOMPARE(run(kim, words("recall lee 9")).exit, 1);
        const auto history = run(lee, words("history kim")).lines;
        QCOMPARE(history.size(), 2);
        QVERIFY(history.at(1).value(QStringLiteral("message")).toObject().value(QStringLiteral("recalled")).toBool());
        QCOMPARE(message(run(lee, words("unlike kim 1"))).value(QStringLiteral("likes")).toInt(-1), 0);
    }

    void refusedMessages_areListedTriedAgainAndTakenBack_byScript()
    {
        const auto words = [](const char *text) { return QString::fromLatin1(text).split(QLatin1Char(' ')); };
        const auto gus = QStringLiteral("gus");
        const QByteArray password = "a long enough passphrase\n";
        QCOMPARE(run(gus, words("register gus"), password).exit, 0);
        QCOMPARE(run(gus, words("login gus"), password).exit, 0);
        QVERIFY(run(gus, words("outbox")).lines.isEmpty());
        test::Person host(m_dir.path(), "host");
        QVERIFY(host.enter(m_server->url()));
        const auto found = test::wait(host->findUsers("gus"));
        QVERIFY(found && found->size() == 1);
        const auto member = found->front().id;
        const auto group = test::wait(host->createGroup("Choir", {member}));
        QVERIFY(group.has_value());
        const auto id = QString::fromStdString(group->str());
        const auto said = run(gus, {QStringLiteral("send"), id, QStringLiteral("let in")});
        QVERIFY2(said.exit == 0, said.error.constData());
        QVERIFY(test::wait(host->removeFromGroup(*group, {member})).has_value());
        for (const auto &text : {QStringLiteral("first"), QStringLiteral("second")}) {
            const auto refused = run(gus, {QStringLiteral("send"), id, text});
            QCOMPARE(refused.exit, 1);
            QVERIFY2(refused.error.contains("not_member"), refused.error.constData());
        }

        const auto listed = run(gus, {QStringLiteral("outbox"), id}).lines;
        QCOMPARE(listed.size(), 2);
        QCOMPARE(run(gus, words("outbox")).lines, listed);
        const auto text = [](const QJsonObject &line, const char *name) {
            return line.value(QLatin1String(name)).toString();
        };
        QCOMPARE(text(listed[0], "body"), QStringLiteral("first"));
        QCOMPARE(text(listed[0], "state"), QStringLiteral("failed"));
        QCOMPARE(text(listed[0], "failure"), QStringLiteral("not_member"));
        QCOMPARE(text(listed[0], "conversation"), id);

        // Refused again: it stays, and the script hears why.
        const auto again = run(gus, words("retry") << text(listed[0], "cid"));
        QCOMPARE(again.exit, 1);
        QVERIFY2(again.error.contains("not_member"), again.error.constData());
        QCOMPARE(run(gus, words("outbox")).lines.size(), 2);
        QCOMPARE(run(gus, words("retry")).exit, 2);
        QCOMPARE(run(gus, words("retry --all") << text(listed[0], "cid")).exit, 2);
        QVERIFY(run(gus, words("retry nothing")).error.contains("not_found"));
        QVERIFY(run(gus, words("discard nothing")).error.contains("not_found"));

        QCOMPARE(run(gus, words("discard") << text(listed[0], "cid")).exit, 0);
        QCOMPARE(run(gus, words("outbox")).lines.size(), 1);
        QVERIFY(test::wait(host->inviteToGroup(*group, {member})).has_value());
        const auto sent = run(gus, words("retry --all"));
        QVERIFY2(sent.exit == 0, sent.error.constData());
        QCOMPARE(sent.lines.size(), 1);
        QCOMPARE(text(sent.lines[0], "state"), QStringLiteral("settled"));
        QVERIFY(run(gus, words("outbox")).lines.isEmpty());
        QTRY_VERIFY_WITH_TIMEOUT(host.bodies(*group) == (std::vector<std::string>{"let in", "second"}), 20000);
    }

    void export_worksWithoutServer_andAfterLogOut()
    {
        const auto words = [](const char *text) { return QString::fromLatin1(text).split(QLatin1Char(' ')); };
        const auto ida = QStringLiteral("ida"), jon = QStringLiteral("jon");
        const QByteArray password = "a long enough passphrase\n";
        for (const auto &who : {ida, jon}) {
            QCOMPARE(run(who, words("register") << who << QStringLiteral("--name") << who.toUpper(), password).exit, 0);
            QCOMPARE(run(who, words("login") << who, password).exit, 0);
        }
        for (int i = 1; i <= 5; ++i)
            QCOMPARE(run(ida, words("send jon message") << QString::number(i)).exit, 0);
        QCOMPARE(run(jon, words("send ida --reply-to 2 an answer")).exit, 0);
        QCOMPARE(run(jon, words("history ida")).lines.size(), 6);
        m_server->kill();
        const auto out = [this](const char *name) { return m_dir.filePath(QLatin1String(name)); };
        const auto read = [](const QString &path) {
            QFile file(path);
            return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
        };
        const auto done = run(jon, words("export ida --format json --out") << out("chat.json"));
        QVERIFY2(done.exit == 0, done.error.constData());
        QCOMPARE(done.lines.value(0).value(QStringLiteral("messages")).toInt(), 6);
        QCOMPARE(done.lines.value(0).value(QStringLiteral("missing")).toInt(-1), 0);
        const auto messages =
            QJsonDocument::fromJson(read(out("chat.json"))).object().value(QStringLiteral("messages")).toArray();
        QCOMPARE(messages.size(), 6);
        QCOMPARE(messages[1].toObject().value(QStringLiteral("text")).toString(), QStringLiteral("message 2"));
        QCOMPARE(messages[1].toObject().value(QStringLiteral("sender_name")).toString(), QStringLiteral("IDA"));
        QCOMPARE(messages[5].toObject().value(QStringLiteral("reply_to")).toInt(), 2);

        const auto again = run(jon, words("export ida --format html --out") << out("chat.json"));
        QCOMPARE(again.exit, 1);
        QVERIFY2(again.error.contains("file_exists"), again.error.constData());
        QCOMPARE(run(jon, words("export ida --force --format html --out") << out("chat.json")).exit, 0);
        QVERIFY(read(out("chat.json")).startsWith("<!DOCTYPE html>"));
        const auto nowhere = run(jon, words("export ida --format txt --out") << out("no such folder/chat.txt"));
        QCOMPARE(nowhere.exit, 1);
        QVERIFY2(nowhere.error.contains("file_unwritable"), nowhere.error.constData());
        QVERIFY(run(jon, words("export zoe --format txt --out") << out("zoe.txt")).error.contains("not_found"));
        QVERIFY(run(jon, words("export g:999 --format txt --out") << out("zoe.txt")).error.contains("not_found"));
        QCOMPARE(run(jon, words("export ida --format pdf --out") << out("chat.pdf")).exit, 2);
        QCOMPARE(run(jon, words("export ida --format txt --from yesterday --out") << out("chat.txt")).exit, 2);
        const auto today = QDate::currentDate();
        const auto day = [](const QDate &date) { return date.toString(Qt::ISODate); };
        const auto before = run(jon, words("export ida --format txt --out")
                                         << out("before.txt") << QStringLiteral("--to") << day(today.addDays(-2)));
        QCOMPARE(before.lines.value(0).value(QStringLiteral("messages")).toInt(-1), 0);
        const auto since = run(jon, words("export ida --format txt --out")
                                        << out("since.txt") << QStringLiteral("--from") << day(today.addDays(-2))
                                        << QStringLiteral("--to") << day(today.addDays(2)));
        QCOMPARE(since.lines.value(0).value(QStringLiteral("messages")).toInt(), 6);
        QVERIFY(read(out("since.txt")).contains("    > IDA:\n    > message 2\n    an answer\n"));

        QVERIFY(m_server->start());
        QCOMPARE(run(jon, words("logout")).exit, 0);
        const auto after = run(jon, words("export ida --format txt --out") << out("after.txt"));
        QVERIFY2(after.exit == 0, after.error.constData());
        QCOMPARE(after.lines.value(0).value(QStringLiteral("messages")).toInt(), 6);
        QCOMPARE(QDir(m_dir.path()).entryList({QStringLiteral("*.kith-part")}, QDir::Files | QDir::Hidden),
                 QStringList());
    }

    void exportInterrupted_leavesNothing()
    {
        const auto max = QStringLiteral("max");
        QCOMPARE(run(max, {QStringLiteral("status")}).exit, 4); // makes profile and key
        QFile keyFile(m_dir.filePath(QStringLiteral("max.key")));
        QVERIFY(keyFile.open(QIODevice::ReadOnly));
        {
            auto store = history::HistoryStore::open(
                m_dir.filePath(QStringLiteral("max/history.db")).toStdString(),
                crypto::Secret::take(QByteArray::fromHex(keyFile.readAll().trimmed()).toStdString()));
            QVERIFY2(store, store ? "" : store.error().detail.c_str());
            constexpr std::int64_t kMany = 100'000;
            for (std::int64_t top = kMany; top > 0; top -= 1000) {
                PageQuery query;
                query.conversation = ConversationId("g:1");
                query.before = Seq(top + 1);
                Page page{{}, Seq(kMany), Rev(kMany), Seq(1)};
                for (std::int64_t seq = top; seq > top - 1000; --seq) {
                    Message one;
                    one.seq = Seq(seq);
                    one.id = MessageId("m" + std::to_string(seq));
                    one.sender = UserId("2");
                    one.body = "message " + std::to_string(seq);
                    one.createdAt = fromUnixMs(1'700'000'000'000 + seq);
                    page.messages.push_back(std::move(one));
                }
                QVERIFY(store->applyPage(query, page).has_value());
            }
        }
        const auto out = m_dir.filePath(QStringLiteral("long.html")), part = out + QStringLiteral(".kith-part");
        const QStringList command{QStringLiteral("export"), QStringLiteral("g:1"),   QStringLiteral("--format"),
                                  QStringLiteral("html"),   QStringLiteral("--out"), out};
        QProcess process;
        process.start(QStringLiteral(KITH_CLI), globals(max) + command);
        QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(part), 30000);
        ::kill(static_cast<pid_t>(process.processId()), SIGINT);
        QVERIFY(process.waitForFinished(30000));
        QCOMPARE(process.exitStatus(), QProcess::NormalExit);
        const auto said = process.readAllStandardError();
        QVERIFY2(process.exitCode() == 1 && said.contains("cancelled"), said.constData());
        QVERIFY(!QFile::exists(out) && !QFile::exists(part));
        // And to the end, by somebody who is not in a hurry.
        const auto whole = run(max, command);
        QVERIFY2(whole.exit == 0, whole.error.constData());
        QCOMPARE(whole.lines.value(0).value(QStringLiteral("messages")).toInt(), 100'000);
        QVERIFY(QFile::exists(out) && !QFile::exists(part));
    }

    void conversations_areArranged()
    {
        const auto arrange = [this](const QString &state, const QStringList &more = {}) {
            return run(QStringLiteral("bob"),
                       QStringList{QStringLiteral("arrange"), QStringLiteral("ann"), state} + more);
        };
        const auto is = [](const auto &result, const char *field) {
            return result.exit == 0 && result.lines.size() == 1 && result.lines[0].value(QLatin1String(field)).toBool();
        };
        const QStringList offline{QStringLiteral("--offline")};
        QVERIFY(arrange(QStringLiteral("pinned"), offline).lines.value(0).contains(QStringLiteral("pinned_at")));
        QVERIFY(!arrange(QStringLiteral("unpinned")).lines.value(0).contains(QStringLiteral("pinned_at")));
        QVERIFY(is(arrange(QStringLiteral("archived")), "archived"));
        QVERIFY(!is(arrange(QStringLiteral("unarchived")), "archived"));
        QVERIFY(is(arrange(QStringLiteral("unread"), offline), "marked_unread"));
        QVERIFY(!is(arrange(QStringLiteral("read")), "marked_unread"));
        const auto until = [](const auto &result) {
            return result.lines.value(0).value(QStringLiteral("muted_until")).toDouble();
        };
        const double now = static_cast<double>(QDateTime::currentMSecsSinceEpoch());
        const double muted = until(arrange(QStringLiteral("muted"), {QStringLiteral("--hours"), QStringLiteral("8")}));
        QVERIFY(muted > now + 7.9 * 3600e3 && muted < now + 8.1 * 3600e3);
        QVERIFY(until(arrange(QStringLiteral("muted"))) > now + 1e12);
        QCOMPARE(until(arrange(QStringLiteral("unmuted"))), 0.0);
        QVERIFY(arrange(QStringLiteral("muted"), offline).exit != 0); // the server's to know
        QCOMPARE(arrange(QStringLiteral("upside-down")).exit, 2);
    }

    void search_neverAsksTheNetwork_andSaysWhatItLookedAt()
    {
        const auto search = [this](const QStringList &words) {
            return run(QStringLiteral("bob"), QStringList{QStringLiteral("search")} + words);
        };
        const auto found = search({QStringLiteral("script"), QStringLiteral("hello"), QStringLiteral("from:ann")});
        QVERIFY2(found.exit == 0, found.error.constData());
        QCOMPARE(found.lines.size(), 2);
        QCOMPARE(found.lines[0].value(QStringLiteral("snippet")).toString(), QStringLiteral("hello from a script"));
        QCOMPARE(found.lines[0].value(QStringLiteral("marks")).toArray(),
                 (QJsonArray{QJsonArray{0, 5}, QJsonArray{13, 19}}));
        const auto searched = found.lines[1].value(QStringLiteral("searched")).toObject();
        QVERIFY(searched.value(QStringLiteral("messages")).toInt() > 0);
        QCOMPARE(searched.value(QStringLiteral("missing")).toInt(), 0);
        QCOMPARE(search({QStringLiteral("scri")}).lines.size(), 1); // a word, not a beginning: nobody is typing
        QCOMPARE(search({QStringLiteral("script"), QStringLiteral("--in"), QStringLiteral("ann")}).lines.size(), 2);
        QCOMPARE(search({QStringLiteral("script"), QStringLiteral("from:me")}).lines.size(), 1);
        const auto unknown = search({QStringLiteral("script"), QStringLiteral("from:zoe")});
        QCOMPARE(unknown.exit, 2);
        QVERIFY(unknown.error.contains("nobody here is called zoe"));
        QCOMPARE(search({QStringLiteral(" ")}).exit, 2);
    }

    void serverGone_offlineReads_restIsExit3()
    {
        m_server->kill();
        QCOMPARE(run(QStringLiteral("bob"), {QStringLiteral("search"), QStringLiteral("script")}).exit, 0);
        const auto offline =
            run(QStringLiteral("bob"), {QStringLiteral("history"), QStringLiteral("ann"), QStringLiteral("--offline")});
        QVERIFY2(offline.exit == 0, offline.error.constData());
        QCOMPARE(offline.lines.size(), 1);
        const auto online = run(QStringLiteral("bob"), {QStringLiteral("conversations")});
        QCOMPARE(online.exit, 3);
        QVERIFY(m_server->start());
        QCOMPARE(run(QStringLiteral("bob"), {QStringLiteral("logout")}).exit, 0);
        QCOMPARE(run(QStringLiteral("bob"), {QStringLiteral("conversations")}).exit, 4);
    }

    void databaseThatIsNone_isRefusedAndLeftAsItIs_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("foreign") << QByteArray(16384, 'x');
        QTest::newRow("truncated") << QByteArray(5000, 'x');
        QTest::newRow("plaintext") << QByteArray("SQLite format 3\0 and somebody's words", 37) + QByteArray(4059, '\0');
    }
    void databaseThatIsNone_isRefusedAndLeftAsItIs()
    {
        QFETCH(QByteArray, bytes);
        const QString who = QStringLiteral("dora-") + QString::fromLatin1(QTest::currentDataTag());
        QCOMPARE(run(who, {QStringLiteral("status")}).exit, 4); // makes profile and key
        QFile file(m_dir.filePath(who + QStringLiteral("/history.db")));
        QVERIFY(file.open(QIODevice::ReadWrite | QIODevice::Truncate));
        file.write(bytes);
        file.close();
        const auto ran = run(who, {QStringLiteral("status")});
        QCOMPARE(ran.exit, 1);
        QVERIFY2(ran.error.contains("storage"), ran.error.constData());
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), bytes);
    }

    void secondProcessOnOneProfile_isSaidAndTheFirstGoesOn()
    {
        const QByteArray password = "a long enough pass phrase\n";
        const auto eve = QStringLiteral("eve");
        QCOMPARE(run(eve, {QStringLiteral("register"), eve}, password).exit, 0);
        QCOMPARE(run(eve, {QStringLiteral("login"), eve}, password).exit, 0);
        QProcess first;
        first.start(QStringLiteral(KITH_CLI), globals(eve) + QStringList{QStringLiteral("wire")});
        QVERIFY(first.waitForReadyRead(30000)); // it is there and speaks
        const auto second = run(eve, {QStringLiteral("status")});
        QCOMPARE(second.exit, 1);
        QVERIFY2(second.error.contains("profile_in_use"), second.error.constData());
        QCOMPARE(first.state(), QProcess::Running);
        first.terminate();
        QVERIFY(first.waitForFinished(30000));
        QCOMPARE(run(eve, {QStringLiteral("status")}).exit, 0);
    }

    void certificateThatNobodySigned_isExit3AndSaysTls()
    {
        const QString key = m_dir.filePath(QStringLiteral("key.pem")),
                      certificate = m_dir.filePath(QStringLiteral("cert.pem"));
        QProcess openssl;
        openssl.start(
            QStringLiteral("openssl"),
            QStringLiteral("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=localhost")
                    .split(QLatin1Char(' ')) +
                QStringList{QStringLiteral("-keyout"), key, QStringLiteral("-out"), certificate});
        QVERIFY(openssl.waitForFinished() && openssl.exitCode() == 0);
        const QString ready = m_dir.filePath(QStringLiteral("tls-ready.json"));
        QProcess server;
        server.start(QStringLiteral(KITHD),
                     {QStringLiteral("serve"), QStringLiteral("--data"), m_dir.filePath(QStringLiteral("tls")),
                      QStringLiteral("--listen"), QStringLiteral("127.0.0.1:0"), QStringLiteral("--ops-listen"),
                      QStringLiteral("off"), QStringLiteral("--tls-cert"), certificate, QStringLiteral("--tls-key"),
                      key, QStringLiteral("--ready-file"), ready});
        QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(ready), 30000);
        QFile file(ready);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QString listen =
            QJsonDocument::fromJson(file.readAll()).object().value(QStringLiteral("listen")).toString();
        QProcess login;
        login.start(QStringLiteral(KITH_CLI),
                    {QStringLiteral("--profile"), m_dir.filePath(QStringLiteral("fay")), QStringLiteral("--key-file"),
                     m_dir.filePath(QStringLiteral("fay.key")), QStringLiteral("--server"),
                     QStringLiteral("https://") + listen, QStringLiteral("--json"), QStringLiteral("login"),
                     QStringLiteral("fay")});
        login.write("a long enough pass phrase\n");
        login.closeWriteChannel();
        QVERIFY(login.waitForFinished(60000));
        const QByteArray error = login.readAllStandardError();
        QVERIFY2(error.contains("tls"), error.constData());
        QCOMPARE(login.exitCode(), 3);
        server.kill();
        server.waitForFinished();
    }

    void messageText_doesNotReachTheTerminalRaw()
    {
        QCOMPARE(cli::escapeForTerminal("\x1b[2Jbye\n\xe2\x80\xaegnp.exe"),
                 std::string("\\u{1b}[2Jbye⏎\\u{202e}gnp.exe"));
        QCOMPARE(cli::escapeForTerminal("你好 👍"), std::string("你好 👍"));
    }

    void replyMentionAndReceipts_travelThroughTheServer()
    {
        const QByteArray password("a long enough pass phrase\n");
        for (const auto &who : {QStringLiteral("ruth"), QStringLiteral("sven")}) {
            QCOMPARE(run(who, {QStringLiteral("register"), who}, password).exit, 0);
            QCOMPARE(run(who, {QStringLiteral("login"), who}, password).exit, 0);
        }
        const auto first =
            run(QStringLiteral("ruth"), {QStringLiteral("send"), QStringLiteral("sven"), QStringLiteral("hello")});
        QVERIFY2(first.exit == 0, first.error.constData());
        const auto chat = first.lines.front().value(QStringLiteral("conversation")).toString();
        const auto answer =
            run(QStringLiteral("sven"), {QStringLiteral("send"), QStringLiteral("ruth"), QStringLiteral("--reply-to"),
                                         QStringLiteral("1"), QStringLiteral("--mention"), QStringLiteral("ruth"),
                                         QStringLiteral("hello"), QStringLiteral("@ruth")});
        QVERIFY2(answer.exit == 0, answer.error.constData());
        const auto seen = run(QStringLiteral("ruth"), {QStringLiteral("history"), chat});
        QCOMPARE(seen.exit, 0);
        const auto last = seen.lines.last().value(QStringLiteral("message")).toObject();
        QCOMPARE(last.value(QStringLiteral("body")).toString(), QStringLiteral("hello @ruth"));
        QCOMPARE(last.value(QStringLiteral("reply_to")).toInt(), 1);
        QCOMPARE(last.value(QStringLiteral("mentions")).toArray().size(), 1);
        const auto receipts = run(QStringLiteral("ruth"), {QStringLiteral("receipts"), chat, QStringLiteral("1")});
        QVERIFY2(receipts.exit == 0, receipts.error.constData());
        // Who answers has read what came before.
        QVERIFY(receipts.lines.front().value(QStringLiteral("read_count")).toInt() >= 1);
        QVERIFY(receipts.lines.front().value(QStringLiteral("delivered_to")).toArray().size() >= 1);
        QCOMPARE(run(QStringLiteral("ruth"), {QStringLiteral("receipts"), chat, QStringLiteral("999")}).exit, 1);
    }
};

QTEST_GUILESS_MAIN(TestCli)
#include "test_cli.moc"
