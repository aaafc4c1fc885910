// SPDX-License-Identifier: GPL-3.0-or-later
// Two client cores and the real server: what issue 2 calls a conversation, end to end.
#include "tests/integration/real_server.h"

#include <QSignalSpy>

using namespace kith;
using namespace kith::client;
using test::Person;
using test::RealServer;
using test::wait;

class TestTwoPeople final : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_dir;
    QString folder(const char *name) const
    {
        const auto path = m_dir.filePath(QString::fromLatin1(name));
        QDir().mkpath(path);
        return path;
    }

private slots:
    void initTestCase()
    {
        // What leaks into the temporary folder must be found: give it one of our own.
        qputenv("TMPDIR", folder("tmp").toUtf8());
    }

    void privateMessages_travelBothWays_andAreDeliveredAndRead()
    {
        RealServer server(folder("private"));
        QVERIFY(server.start());
        Person ann(folder("private"), "ann"), bob(folder("private"), "bob");
        QVERIFY(ann.enter(server.url()));
        QVERIFY(bob.enter(server.url()));
        QVERIFY(QFile::permissions(ann.profile()) ==
                (QFile::permissions(ann.profile()) & ~(QFile::ReadGroup | QFile::ReadOther)));

        const auto found = wait(ann->findUsers("bob"));
        QVERIFY(found.has_value());
        QCOMPARE(found->size(), std::size_t(1));
        QCOMPARE(found->front().displayName, std::string("bob (shown)"));
        const auto chat = wait(ann->openPrivate(found->front()));
        QVERIFY(chat.has_value());

        QSignalSpy settled(&*ann, &Client::messageSettled);
        const auto queued = wait(ann->send(*chat, "Hello Bob, 你好"));
        QVERIFY(queued.has_value());
        QVERIFY(queued->state == history::SendState::Sending);
        QTRY_VERIFY(settled.count() >= 1);
        QTRY_COMPARE(bob.bodies(*chat), (std::vector<std::string>{"Hello Bob, 你好"}));
        QTRY_COMPARE(ann.cursorOf(*chat, bob.id()).deliveredSeq, Seq(1));
        QCOMPARE(ann.cursorOf(*chat, bob.id()).readSeq, Seq(0));

        bob->markRead(*chat, Seq(1));
        QTRY_COMPARE(ann.cursorOf(*chat, bob.id()).readSeq, Seq(1));

        QVERIFY(wait(bob->send(*chat, "Hello Ann")).has_value());
        QTRY_COMPARE(ann.bodies(*chat), (std::vector<std::string>{"Hello Bob, 你好", "Hello Ann"}));
        QTRY_VERIFY(!wait(bob->users({ann.id()}))->empty());
        const auto heads = wait(ann->heads());
        QVERIFY(heads.has_value());
        QCOMPARE(heads->front().head.unread, std::int64_t(1));
        ann->markRead(*chat, Seq(2));
        QTRY_COMPARE(wait(ann->head(*chat))->value().head.unread, std::int64_t(0));
        QTRY_COMPARE(bob.cursorOf(*chat, ann.id()).readSeq, Seq(2));
        QCOMPARE(server.terminate(), 0);
    }

    void typing_reachesTheOther()
    {
        RealServer server(folder("typing"));
        QVERIFY(server.start());
        Person ann(folder("typing"), "ann"), bob(folder("typing"), "bob");
        QVERIFY(ann.enter(server.url()));
        QVERIFY(bob.enter(server.url()));
        const auto chat = wait(ann->openPrivate(User{bob.id(), "bob", "Bob", {}, {}}));
        QVERIFY(wait(ann->send(*chat, "first")).has_value());
        QTRY_COMPARE(bob.bodies(*chat).size(), std::size_t(1));
        QSignalSpy typing(&*bob, &Client::typing);
        ann->sendTyping(*chat);
        ann->sendTyping(*chat);
        QTRY_COMPARE(typing.count(), 1);
    }

    void group_isMadeAndEverybodyReads()
    {
        RealServer server(folder("group"));
        QVERIFY(server.start());
        Person ann(folder("group"), "ann"), bob(folder("group"), "bob"), cat(folder("group"), "cat");
        for (auto *one : {&ann, &bob, &cat})
            QVERIFY(one->enter(server.url()));
        const auto group = wait(ann->createGroup("Hill walkers 登山", {bob.id()}));
        QVERIFY(group.has_value());
        QTRY_VERIFY(wait(bob->head(*group))->has_value());
        QCOMPARE(wait(bob->head(*group))->value().head.name, std::string("Hill walkers 登山"));
        QVERIFY(wait(ann->inviteToGroup(*group, {cat.id()})).has_value());
        QTRY_VERIFY(wait(cat->head(*group))->has_value());
        QVERIFY(wait(bob->send(*group, "to all")).has_value());
        QTRY_COMPARE(cat.bodies(*group), (std::vector<std::string>{"to all"}));
        QTRY_COMPARE(ann.bodies(*group), (std::vector<std::string>{"to all"}));
        const auto members = wait(cat->groupMembers(*group));
        QVERIFY(members.has_value());
        QCOMPARE(members->size(), std::size_t(3));
        QVERIFY(wait(ann->renameGroup(*group, "Walkers")).has_value());
        for (auto *one : {&bob, &cat})
            QTRY_COMPARE(wait((*one)->head(*group))->value().head.name, std::string("Walkers"));
        QVERIFY(wait(cat->leaveGroup(*group)).has_value());
        QVERIFY(wait(cat->head(*group))->value().head.removed);
        QTRY_COMPARE(wait(ann->groupMembers(*group))->size(), std::size_t(2));
        QCOMPARE(wait(cat->head(*group))->value().head.name, std::string("Walkers"));
    }

    void serverKilled_queueIsSentOnceInOrder()
    {
        RealServer server(folder("kill"));
        QVERIFY(server.start());
        Person ann(folder("kill"), "ann"), bob(folder("kill"), "bob");
        QVERIFY(ann.enter(server.url()));
        QVERIFY(bob.enter(server.url()));
        const auto chat = wait(ann->openPrivate(User{bob.id(), "bob", "Bob", {}, {}}));
        QVERIFY(wait(ann->send(*chat, "m0")).has_value());
        QTRY_COMPARE(bob.bodies(*chat).size(), std::size_t(1));

        server.kill();
        QTRY_VERIFY(ann->linkStatus().phase != LinkPhase::Online);
        std::vector<std::string> expected{"m0"};
        for (int i = 1; i <= 25; ++i) {
            expected.push_back("m" + std::to_string(i));
            QVERIFY(wait(ann->send(*chat, expected.back())).has_value());
        }
        QCOMPARE(wait(ann->status())->unsent, std::int64_t(25));
        // The client is restarted too: the outbox is on disk.
        ann.close();
        QVERIFY(server.start());
        QVERIFY(ann.open());
        QVERIFY(ann->isLoggedIn());
        QVERIFY(ann.connect());
        QVERIFY(wait(ann->flushOutbox(std::chrono::seconds{20})).has_value());
        bob->reconnectNow();
        QTRY_COMPARE_WITH_TIMEOUT(bob.bodies(*chat), expected, 20000);
        QCOMPARE(ann.bodies(*chat), expected);
        QCOMPARE(wait(ann->status())->unsent, std::int64_t(0));
    }

    void serverGone_everythingIsReadableAfterARestart()
    {
        RealServer server(folder("offline"));
        QVERIFY(server.start());
        Person ann(folder("offline"), "ann"), bob(folder("offline"), "bob");
        QVERIFY(ann.enter(server.url()));
        QVERIFY(bob.enter(server.url()));
        const auto chat = wait(ann->openPrivate(User{bob.id(), "bob", "Bob", {}, {}}));
        for (int i = 0; i < 10; ++i)
            QVERIFY(wait(ann->send(*chat, "line " + std::to_string(i))).has_value());
        QTRY_COMPARE(bob.bodies(*chat).size(), std::size_t(10));
        const auto before = bob.bodies(*chat);
        server.kill();
        bob.close();
        QVERIFY(bob.open());
        QVERIFY(bob->isLoggedIn());
        QCOMPARE(bob.bodies(*chat), before);
        QCOMPARE(wait(bob->heads())->size(), std::size_t(1));
        const auto hits = wait(bob->search({"line 7", {}, {}, 10}));
        QVERIFY(hits.has_value());
        QCOMPARE(hits->hits.size(), std::size_t(1));
        bob->connectToServer();
        const auto away = wait(bob->waitCaughtUp(std::chrono::milliseconds{1500}));
        QVERIFY(!away);
        QVERIFY(away.error().code == ClientErrorCode::Unreachable);
    }

    void longAbsence_leavesAHole_thatFillsWhenLookedAt()
    {
        RealServer server(folder("hole"));
        QVERIFY(server.start());
        Person ann(folder("hole"), "ann"), bob(folder("hole"), "bob");
        QVERIFY(ann.enter(server.url()));
        QVERIFY(bob.enter(server.url()));
        const auto chat = wait(ann->openPrivate(User{bob.id(), "bob", "Bob", {}, {}}));
        std::vector<std::string> expected;
        for (int i = 0; i < 120; ++i) {
            expected.push_back("n" + std::to_string(i));
            QVERIFY(wait(ann->send(*chat, expected.back())).has_value());
        }
        QVERIFY(wait(ann->flushOutbox(std::chrono::seconds{20})).has_value());
        // A second computer of Bob sees the conversation for the first time: its newest page only.
        Person second(folder("hole") + QStringLiteral("/second"), "bob");
        QVERIFY(second.open());
        QVERIFY(wait(second->login(server.url(), "bob", second.password)).has_value());
        QVERIFY(second.connect());
        QCOMPARE(second.messages(*chat).size(), std::size_t(50));
        for (int rounds = 0; rounds < 5; ++rounds) {
            const auto covered = wait(second->coverage(*chat));
            QVERIFY(covered.has_value());
            if (covered->holes.empty())
                break;
            const auto hole = covered->holes.back();
            QVERIFY(wait(second->fillHole(*chat, hole, hole.to)).has_value());
        }
        QCOMPARE(second.bodies(*chat), expected);
    }

    void token_isRenewedInPlace()
    {
        RealServer server(folder("token"), "[accounts]\naccess_token_s = 5\n");
        QVERIFY(server.start());
        Person ann(folder("token"), "ann");
        QVERIFY(ann.enter(server.url()));
        QSignalSpy frames(&*ann, &Client::frame);
        QSignalSpy status(&*ann, &Client::linkStatusChanged);
        const auto renewals = [&] {
            int count = 0;
            for (const auto &one : frames) {
                const auto json = one[1].toByteArray();
                count += one[0].toBool() && json.contains("\"token\"") && json.contains("redacted");
            }
            return count;
        };
        QTRY_VERIFY_WITH_TIMEOUT(renewals() >= 2, 15000);
        for (const auto &one : status)
            QVERIFY(one[0].value<LinkStatus>().phase == LinkPhase::Online);
        const auto group = wait(ann->createGroup("still allowed", {}));
        QVERIFY(group.has_value());
    }

    void editsRecallsAndLikes_reachTheOtherAlsoFromOffline()
    {
        RealServer server(folder("changes"));
        QVERIFY(server.start());
        Person ann(folder("changes"), "ann"), bob(folder("changes"), "bob");
        QVERIFY(ann.enter(server.url()));
        QVERIFY(bob.enter(server.url()));
        const auto chat = wait(ann->openPrivate(wait(ann->findUsers("bob"))->front()));
        for (const char *body : {"one", "two", "three"})
            QVERIFY(wait(ann->send(*chat, body)).has_value());
        QTRY_COMPARE(bob.bodies(*chat), (std::vector<std::string>{"one", "two", "three"}));
        QVERIFY(wait(ann->flushOutbox(std::chrono::seconds{10})).has_value());
        const auto at = [&](Person &who, std::int64_t seq) {
            const auto found = wait(who->message(*chat, Seq(seq)));
            return found && *found ? **found : history::StoredMessage();
        };
        QVERIFY(wait(ann->edit(*chat, at(ann, 1).localId, "one, corrected")).has_value());
        QVERIFY(wait(bob->like(*chat, at(bob, 2).localId, true)).has_value());
        QVERIFY(at(bob, 2).message.liked); // at once
        QTRY_COMPARE(at(bob, 1).message.body, std::string("one, corrected"));
        QVERIFY(at(bob, 1).message.editedAt);
        QTRY_COMPARE(at(ann, 2).message.likes, 1);
        QVERIFY(!at(ann, 2).message.liked);
        QTRY_VERIFY(!at(ann, 1).changing && !at(bob, 2).changing);

        // Without a server: shown here, kept over a restart, told when it is back, behind the messages they are about.
        server.kill();
        QTRY_VERIFY(ann->linkStatus().phase != LinkPhase::Online);
        QVERIFY(wait(ann->recall(*chat, at(ann, 3).localId)).has_value());
        QVERIFY(wait(ann->like(*chat, at(ann, 2).localId, true)).has_value());
        const auto fresh = wait(ann->send(*chat, "a tyop"));
        QVERIFY(wait(ann->edit(*chat, fresh->localId, "a typo")).has_value());
        const auto gone = wait(ann->send(*chat, "never sent"));
        QVERIFY(wait(ann->recall(*chat, gone->localId)).has_value());
        QVERIFY(at(ann, 3).message.recalled);
        ann.close();
        QVERIFY(ann.open());
        QVERIFY(at(ann, 3).message.recalled && at(ann, 3).changing);
        const auto older = wait(ann->unsent(*chat));
        QCOMPARE(older->size(), std::size_t(1));
        QCOMPARE(older->front().message.body, std::string("a typo"));
        // Queued by the program before: the server may have it, so the edit goes behind it.
        QVERIFY(wait(ann->edit(*chat, older->front().localId, "a typo, twice")).has_value());
        QVERIFY(server.start());
        QVERIFY(ann.connect());
        bob->reconnectNow();
        QTRY_COMPARE_WITH_TIMEOUT(bob.bodies(*chat),
                                  (std::vector<std::string>{"one, corrected", "two", "", "a typo, twice"}), 30000);
        QVERIFY(at(bob, 3).message.recalled);
        QTRY_COMPARE(at(bob, 2).message.likes, 2);
        QTRY_VERIFY(!at(ann, 4).changing && !at(ann, 3).changing && !at(ann, 2).changing);
        QCOMPARE(ann.bodies(*chat), bob.bodies(*chat));

        // Refused: it is as it was, and the text comes back.
        QSignalSpy refused(&*bob, &Client::changeRefused);
        QVERIFY(wait(bob->edit(*chat, at(bob, 2).localId, "not mine to change")).has_value());
        QTRY_COMPARE(refused.count(), 1);
        QCOMPARE(refused.at(0).at(1).value<history::PendingChange>().body, std::string("not mine to change"));
        QCOMPARE(at(bob, 2).message.body, std::string("two"));
        QVERIFY(!wait(bob->like(*chat, 4711, true)));
    }

    void lockedClient_holdsNothingAndComesBackWhereItWas()
    {
        // Tokens live a second, so that some of the locks fall into a renewal: a pair that is lost there ends the
        // session.
        RealServer server(folder("lock"), "[accounts]\naccess_token_s = 1\n");
        QVERIFY(server.start());
        Person ann(folder("lock"), "ann"), bob(folder("lock"), "bob");
        QVERIFY(ann.enter(server.url()));
        QVERIFY(bob.enter(server.url()));
        const auto chat = wait(ann->openPrivate(wait(ann->findUsers("bob"))->front()));
        QVERIFY(chat.has_value());
        std::vector<std::string> said;
        for (int i = 0; i < 40; ++i) {
            said.push_back("before lock " + std::to_string(i));
            QVERIFY(wait(ann->send(*chat, said.back())).has_value());
            QVERIFY(wait(ann->lock()).has_value());
            QVERIFY(!ann->isOpen() && !ann->isLoggedIn());
            QVERIFY(ann.id().empty());
            QVERIFY(!wait(ann->heads()));
            QVERIFY(!wait(ann->findUsers("bob")));
            QVERIFY(wait(ann->lock()).has_value()); // twice is no harm
            const auto opened = wait(ann->open());
            QVERIFY2(opened.has_value(), opened ? "" : qPrintable(opened.error().detail));
            QVERIFY(ann->isLoggedIn());
            if (i % 2 == 0)
                QVERIFY(ann.connect());
            else
                ann->connectToServer();
        }
        QVERIFY(ann.connect());
        QTRY_COMPARE_WITH_TIMEOUT(bob.bodies(*chat), said, 30000); // nothing lost, nothing doubled, in order
        QTRY_COMPARE(ann.bodies(*chat), said);
    }

    void revokedSession_logsOut_andKeepsTheHistory()
    {
        RealServer server(folder("revoked"));
        QVERIFY(server.start());
        Person ann(folder("revoked"), "ann");
        QVERIFY(ann.enter(server.url()));
        const auto group = wait(ann->createGroup("kept", {}));
        QVERIFY(group.has_value());
        QVERIFY(wait(ann->logout()).has_value());
        QVERIFY(!ann->isLoggedIn());
        QVERIFY(ann->linkStatus().phase == LinkPhase::LoggedOut);
        QVERIFY(wait(ann->head(*group))->has_value());
        QVERIFY(wait(ann->login(server.url(), "ann", ann.password)).has_value());
        QVERIFY(ann.connect());
    }

    void wrongPassword_wrongPort_otherServer_areTold()
    {
        RealServer server(folder("errors"));
        QVERIFY(server.start());
        Person ann(folder("errors"), "ann");
        QVERIFY(ann.enter(server.url()));
        const auto wrong = wait(ann->login(server.url(), "ann", "not the password"));
        QVERIFY(!wrong);
        QVERIFY(wrong.error().code == ClientErrorCode::Server);
        QVERIFY(wrong.error().wire->code == protocol::ErrorCode::InvalidCredentials);
        const auto away = wait(ann->login(QUrl(QStringLiteral("http://127.0.0.1:1")), "ann", ann.password));
        QVERIFY(away.error().code == ClientErrorCode::Unreachable);
        QUrl tls = server.url();
        tls.setScheme(QStringLiteral("https"));
        const auto handshake = wait(ann->login(tls, "ann", ann.password));
        QVERIFY(handshake.error().code == ClientErrorCode::Tls);
        const auto far = wait(ann->login(QUrl(QStringLiteral("http://192.0.2.1")), "ann", ann.password));
        QVERIFY(far.error().code == ClientErrorCode::InsecureRefused);
        const auto taken = wait(ann->registerAccount(server.url(), "ann", ann.password, "Ann"));
        QVERIFY(taken.error().code == ClientErrorCode::Server);
        Person again(folder("errors"), "ann");
        QVERIFY(!again.open()); // two clients on one profile
    }

    void nothingIsInPlaintext_anywhere()
    {
        RealServer server(folder("plain"));
        QVERIFY(server.start());
        Person ann(folder("plain"), "ann"), bob(folder("plain"), "bob");
        QVERIFY(ann.enter(server.url()));
        QVERIFY(bob.enter(server.url()));
        const QString secret = QStringLiteral("zebra quilt 紫色的斑马 marzipan");
        const auto chat = wait(ann->openPrivate(User{bob.id(), "bob", "Bob", {}, {}}));
        QVERIFY(wait(ann->send(*chat, secret.toStdString())).has_value());
        ann->setDraft(*chat, QStringLiteral("draft of aubergine velvet").toStdString());
        QTRY_COMPARE(bob.bodies(*chat).size(), std::size_t(1));
        QVERIFY(wait(bob->search({"quilt", {}, {}, 5})).has_value());
        const QStringList everywhere{folder("plain"), folder("tmp")};
        const auto check = [&] {
            for (const auto &text : {secret, QStringLiteral("marzipan"), QStringLiteral("紫色的斑马"),
                                     QStringLiteral("aubergine velvet"), QString::fromStdString(ann.password)})
                QCOMPARE(test::filesWith(everywhere, text), QStringList());
        };
        check(); // while all run, WAL and all
        ann.close();
        bob.close();
        QCOMPARE(server.terminate(), 0);
        check();

        // The sqlcipher command line reads it with the key and not without.
        QFile keyFile(ann.keyFile());
        QVERIFY(keyFile.open(QIODevice::ReadOnly));
        const auto hex = keyFile.readAll().trimmed();
        const auto ask = [&](const QByteArray &key) {
            QProcess shell;
            shell.start(QStringLiteral("sqlcipher"), {ann.profile() + QStringLiteral("/history.db")});
            if (!key.isEmpty())
                shell.write("PRAGMA key = \"x'" + key + "'\";\n");
            shell.write("SELECT count(*) FROM sqlite_master;\n.quit\n");
            shell.closeWriteChannel();
            shell.waitForFinished();
            return shell.readAllStandardOutput();
        };
        bool number = false;
        const auto withKey = ask(hex);
        QVERIFY2(withKey.trimmed().split('\n').last().toInt(&number) > 0 && number, withKey.constData());
        ask({}).trimmed().toInt(&number);
        QVERIFY(!number);
        ask(QByteArray(64, 'a')).trimmed().split('\n').last().toInt(&number);
        QVERIFY(!number);
    }
};

QTEST_GUILESS_MAIN(TestTwoPeople)
#include "test_two_people.moc"
