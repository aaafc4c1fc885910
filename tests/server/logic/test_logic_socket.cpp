// SPDX-License-Identifier: GPL-3.0-or-later
// The socket against the logic: login, what is refused, and when it closes.
#include "core/base/limits.h"
#include "tests/server/logic/pair.h"

#include <QTest>

using namespace kith;
using namespace kith::server;
using namespace kith::server::test;
using namespace std::chrono_literals;
using protocol::CloseCode;
using protocol::Envelope;
using protocol::ErrorCode;
using protocol::Op;

class TestLogicSocket final : public QObject {
    Q_OBJECT
private slots:
    // --- login
    void login_answersHelloOnceWithTheServersFacts()
    {
        World world;
        Client ada(world, "ada");
        QVERIFY(!ada.session->loggedIn());
        const auto answer = ada.ask(Op::Login, {{"token", ada.token}});
        QVERIFY(answer.op == Op::Hello);
        const auto hello = protocol::decode<protocol::HelloPacket>(answer.data);
        QVERIFY(hello.has_value());
        QCOMPARE(hello->user.username, std::string("ada"));
        QCOMPARE(hello->device.id, ada.device);
        QCOMPARE(hello->epoch, std::string("epoch-of-tests"));
        QCOMPARE(hello->serverTime, world.clock.now());
        QCOMPARE(hello->heartbeatSeconds, 30);
        QCOMPARE(hello->limits.frameBytes, std::int64_t(limits::kMaxClientFrameBytes));
        QVERIFY(ada.session->loggedIn());
        QVERIFY(world.core().registry.online(ada.user));
        QVERIFY(ada.askForError(Op::Login, {{"token", ada.token}}) == ErrorCode::Forbidden);
        QVERIFY(ada.session->loggedIn());
    }
    void packetRightBehindTheHello_isAnswered()
    {
        World world;
        Client ada(world, "ada");
        ada.peer->afterPush = [&] { ada.post(Op::Heartbeat, {}, "quick"); };
        ada.post(Op::Login, {{"token", ada.token}}, "l");
        QCOMPARE(ada.names(), std::string("hello heartbeat"));
    }
    void allThatWaitedForTheHello_isAnsweredInOrder()
    {
        constexpr int kPackets = 200;
        World world;
        Client ada(world, "ada");
        ada.peer->afterPush = [&] {
            for (int i = 0; i < kPackets; ++i)
                ada.post(Op::Heartbeat, {}, std::to_string(i));
        };
        ada.post(Op::Login, {{"token", ada.token}}, "l");
        const auto got = ada.pushes();
        QCOMPARE(got.size(), std::size_t(kPackets + 1));
        for (int i = 0; i < kPackets; ++i) {
            const auto &answer = got[std::size_t(i) + 1];
            QCOMPARE(protocol::name(answer.op), std::string_view("heartbeat"));
            QCOMPARE(answer.id, std::to_string(i));
        }
    }
    void packetsBehindALoginThatIsNotDone_areBounded()
    {
        World world;
        Client ada(world, "ada");
        std::vector<std::string> envelopes{protocol::encodeEnvelope(Op::Login, "l", {{"token", ada.token}})};
        for (int i = 0; i < 100; ++i)
            envelopes.push_back(protocol::encodeEnvelope(Op::Heartbeat, std::to_string(i), {}));
        ada.raw(protocol::joinFrame(std::vector<std::string_view>(envelopes.begin(), envelopes.end())));
        const auto got = ada.pushes();
        int refused = 0;
        for (const auto &one : got)
            refused += one.op == Op::Error;
        QCOMPARE(got.size(), 101u);
        QCOMPARE(refused, 100 - 64);
    }
    void packetBeforeLogin_isUnauthenticatedAndTheSocketStays()
    {
        World world;
        Client ada(world, "ada");
        QVERIFY(ada.askForError(Op::Sync) == ErrorCode::Unauthenticated);
        QVERIFY(ada.askForError(Op::Heartbeat) == ErrorCode::Unauthenticated);
        QVERIFY(!ada.peer->closed());
    }
    void packetsBehindTheLoginInOneFrame_waitForIt()
    {
        World world;
        Client ada(world, "ada");
        ada.raw(R"([{"op":"login","id":"l","d":{"token":")" + ada.token + R"("}},{"op":"sync","id":"s","d":{}}])");
        const auto got = ada.pushes();
        QCOMPARE(got.size(), 2u);
        QVERIFY(got[0].id == "l" && got[0].op == Op::Hello);
        QVERIFY(got[1].id == "s" && got[1].op == Op::Sync);
        QVERIFY(!ada.peer->closed());
    }
    void packetsBehindARefusedLogin_areRefusedAndAnotherLoginWorks()
    {
        World world;
        Client ada(world, "ada");
        const auto earlier = world.core().tokens.issue(ada.user, ada.device, "an earlier login");
        ada.raw(R"([{"op":"login","id":"1","d":{"token":")" + earlier + R"("}},{"op":"sync","id":"2","d":{}},)" +
                R"({"op":"login","id":"3","d":{"token":")" + ada.token + R"("}},{"op":"heartbeat","id":"4","d":{}}])");
        const auto got = ada.pushes();
        QCOMPARE(got.size(), 4u);
        QVERIFY(got[0].id == "1" && got[0].op == Op::Error);
        QVERIFY(got[1].id == "2" && got[1].op == Op::Error);
        QVERIFY(got[2].id == "3" && got[2].op == Op::Hello);
        QVERIFY(got[3].id == "4" && got[3].op == Op::Heartbeat);
    }
    void tooManyPacketsBehindALogin_areRefusedOneByOne()
    {
        World world;
        Client ada(world, "ada");
        ada.post(Op::Login, {{"token", ada.token}}, "l");
        for (int i = 0; i < 70; ++i)
            ada.raw(R"({"op":"heartbeat","id":"h)" + std::to_string(i) + R"(","d":{}})");
        const auto got = ada.pushes();
        QCOMPARE(got.size(), 71u);
        QCOMPARE(std::count_if(got.begin(), got.end(), [](const auto &one) { return one.op == Op::Error; }), 6);
        QVERIFY(ada.session->loggedIn());
    }
    void badToken_isRefusedAndTheNextOneWorks()
    {
        World world;
        Client ada(world, "ada");
        QVERIFY(ada.askForError(Op::Login, {{"token", "nonsense"}}) == ErrorCode::Unauthenticated);
        const auto earlier = world.core().tokens.issue(ada.user, ada.device, "an earlier login");
        QVERIFY(ada.askForError(Op::Login, {{"token", earlier}}) == ErrorCode::Unauthenticated);
        const auto stranger = world.core().tokens.issue(UserId("9"), ada.device, ada.family);
        QVERIFY(ada.askForError(Op::Login, {{"token", stranger}}) == ErrorCode::Unauthenticated);
        world.store.failWith(StoreError::Unavailable);
        QVERIFY(ada.askForError(Op::Login, {{"token", ada.token}}) == ErrorCode::Internal);
        world.store.failWith(std::nullopt);
        QVERIFY(ada.logIn());
    }
    void expiredToken_isToldSo()
    {
        World world;
        Client ada(world, "ada");
        world.clock.advance(7200s);
        QVERIFY(ada.askForError(Op::Login, {{"token", ada.token}}) == ErrorCode::TokenExpired);
    }
    void sessionThatEndsDuringTheLogin_isClosed()
    {
        World world;
        Client ada(world, "ada");
        ada.post(Op::Login, {{"token", ada.token}}, "l");
        // Between the store's answer and the registration nobody finds the socket: the login looks again itself.
        world.store.closeSession(ada.user, ada.device, [&](StoreResult<void>) { world.core().revocations += 1; });
        world.settle();
        QVERIFY(ada.peer->closed() == CloseCode::Revoked);
        QVERIFY(!world.core().registry.online(ada.user));
    }
    void socketThatClosesDuringTheLogin_leavesNothing()
    {
        World world;
        Client ada(world, "ada");
        ada.post(Op::Login, {{"token", ada.token}}, "l");
        ada.disconnect();
        world.settle();
        QCOMPARE(world.core().registry.size(), 0u);
    }
    void runOutToken_isAnsweredThenClosedUnlessRenewed()
    {
        World world;
        Client ada(world, "ada"), bob(world, "bob");
        QVERIFY(ada.logIn() && bob.logIn());
        world.clock.advance(7200s);
        QVERIFY(ada.askForError(Op::Sync) == ErrorCode::TokenExpired);
        QVERIFY(ada.ask(Op::Heartbeat).op == Op::Heartbeat);
        QVERIFY(!ada.peer->closed());
        QVERIFY(ada.askForError(Op::Token, {{"token", ada.token}}) == ErrorCode::TokenExpired);
        const auto others = world.core().tokens.issue(bob.user, bob.device, bob.family);
        QVERIFY(ada.askForError(Op::Token, {{"token", others}}) == ErrorCode::Forbidden);
        const auto fresh = world.core().tokens.issue(ada.user, ada.device, ada.family);
        QVERIFY(ada.ask(Op::Token, {{"token", fresh}}).op == Op::Ok);
        QVERIFY(ada.ask(Op::Sync).op == Op::Sync);
        world.clock.advance(60s);
        bob.post(Op::Heartbeat, {}, "h");
        QVERIFY(bob.peer->closed() == CloseCode::LogInAgain);
        QVERIFY(!world.core().registry.online(bob.user));
        QVERIFY(ada.ask(Op::Sync).op == Op::Sync);
    }
    void logout_answersThenCloses()
    {
        World world;
        Client ada(world, "ada");
        ada.logIn();
        QVERIFY(ada.ask(Op::Logout).op == Op::Ok);
        QVERIFY(ada.peer->closed().has_value());
        QVERIFY(!world.core().registry.online(ada.user));
        ada.post(Op::Sync, {}, "late");
        QVERIFY(ada.pushes().empty());
    }
    void draining_refusesLoginsOnly()
    {
        Pair pair;
        Client late(pair.world, "late");
        pair.world.services->drain();
        QVERIFY(late.askForError(Op::Login, {{"token", late.token}}) == ErrorCode::Draining);
        QVERIFY(pair.ada.sendIn(pair.conversation, "still").op == Op::Accepted);
    }
    void tooManySockets_areClosedWith4504()
    {
        World world;
        std::vector<std::unique_ptr<Client>> clients;
        for (std::size_t i = 0; i < Registry::kMaxPerUser; ++i) {
            clients.push_back(std::make_unique<Client>(world, "ada"));
            QVERIFY(clients.back()->logIn());
        }
        Client one(world, "ada");
        QVERIFY(!one.logIn());
        QVERIFY(one.peer->closed() == CloseCode::TooManyDevices);
    }

    // --- frames
    void tenMalformedFramesInAMinute_closeTheSocket()
    {
        World world;
        Client ada(world, "ada");
        const std::vector<std::string> bad{"",
                                           "{",
                                           "[]",
                                           "42",
                                           "\xff\xfe",
                                           R"({"op":"nonsense","id":"1"})",
                                           R"({"op":"message","id":"2","d":{}})",
                                           R"({"id":"3"})"};
        for (const auto &frame : bad) {
            ada.raw(frame);
            const auto got = ada.pushes();
            QVERIFY2(got.size() == 1 && got[0].op == Op::Error, frame.c_str());
        }
        ada.session->frameTooLarge();
        QCOMPARE(text(ada.pushes().at(0).data, "code"), std::string("too_large"));
        QVERIFY(!ada.peer->closed());
        world.clock.advance(59s);
        ada.raw("[");
        QVERIFY(ada.peer->closed() == CloseCode::Protocol);
    }
    void nineMalformedFramesAMinute_areBorneForEver()
    {
        World world;
        Client ada(world, "ada");
        for (int minute = 0; minute < 5; ++minute) {
            for (int i = 0; i < 9; ++i)
                ada.raw("nonsense");
            world.clock.advance(60s);
        }
        QVERIFY(!ada.peer->closed());
        QVERIFY(ada.logIn());
    }
    void arrayOfRequests_getsOneAnswerEach()
    {
        Pair pair;
        pair.ada.raw(R"([{"op":"heartbeat","id":"a","d":{"t":5}},{"code":1010,"id":"b"},{"op":"nope","id":"c"},7,)"
                     R"({"op":"page","id":"d","d":{"conversation":")" +
                     pair.conversation.str() + R"("}}])");
        std::string seen;
        for (const auto &envelope : pair.ada.pushes())
            seen += envelope.id + ":" + std::string(protocol::name(envelope.op)) + " ";
        QCOMPARE(seen, std::string("a:heartbeat b:heartbeat c:error :error d:page "));
    }
    void badField_isNamed()
    {
        Pair pair;
        const auto answer = pair.ada.ask(Op::Send, {{"to", "x"}, {"cid", cidOf(9)}, {"kind", "text"}, {"body", "b"}});
        QCOMPARE(text(answer.data, "field"), std::string("d.to"));
        QVERIFY(!text(answer.data, "trace").empty());
    }
};

QTEST_APPLESS_MAIN(TestLogicSocket)
#include "test_logic_socket.moc"
