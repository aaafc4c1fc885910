// SPDX-License-Identifier: GPL-3.0-or-later
// The logic on the real store: accounts, two people and a group, with senders on several threads at once.
#include "core/crypto/crypto.h"
#include "core/protocol/http.h"
#include "server/store/embedded/embedded_store.h"
#include "tests/server/logic/world.h"

#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>

#include <algorithm>
#include <future>
#include <thread>

using namespace kith;
using namespace kith::server;
using namespace kith::server::test;
using protocol::Envelope;
using protocol::Op;

namespace {

constexpr const char *kPassword = "a quiet garden";

struct Server {
    QTemporaryDir folder;
    SystemClock clock;
    InlineThreads io;
    Metrics metrics;
    std::unique_ptr<EmbeddedStore> store;
    std::unique_ptr<Services> services; // before the store: its answers use the services' parts

    Server()
    {
        auto opened = EmbeddedStore::open(folder.filePath("kithd.db").toStdString(), crypto::Secret::random(32), clock);
        if (opened)
            store = std::move(opened).value();
        if (store)
            services = std::make_unique<Services>(settings(), *store, io, clock, metrics, crypto::Secret::random(32));
    }
    ~Server()
    {
        if (store)
            store->close();
        services.reset();
    }
    static LogicSettings settings()
    {
        LogicSettings s = World::quickSettings();
        s.sendsPerSecond = 1'000'000;
        return s;
    }
    HttpResponse call(std::string path, const boost::json::object &body)
    {
        auto answer = std::make_shared<std::promise<HttpResponse>>();
        auto future = answer->get_future();
        handleHttp(*services, {"POST", std::move(path), {}, {}, boost::json::serialize(body), "192.0.2.7"},
                   [answer](HttpResponse response) { answer->set_value(std::move(response)); });
        return future.wait_for(std::chrono::seconds{20}) == std::future_status::ready ? future.get() : HttpResponse{};
    }
};

/// A person on one socket; everything that came is kept.
struct Person {
    UserId user;
    std::shared_ptr<FakePeer> peer = std::make_shared<FakePeer>();
    std::shared_ptr<SocketSession> session;
    std::vector<Envelope> got;

    Person(Server &server, const std::string &name, int device)
    {
        server.call("/v1/register", {{"username", name}, {"password", kPassword}, {"display_name", name}});
        const auto response = server.call(
            "/v1/login", {{"username", name},
                          {"password", kPassword},
                          {"device", {{"id", deviceOf(device).str()}, {"name", "desk"}, {"platform", "linux"}}}});
        const auto reply = protocol::decode<protocol::TokenReply>(parse(response.body));
        if (!reply || !reply->user)
            return;
        user = reply->user->id;
        session = SocketSession::create(*server.services, peer, "192.0.2.7");
        session->receive(protocol::encodeEnvelope(Op::Login, "login", {{"token", reply->accessToken}}));
    }
    bool waitFor(const std::function<bool(const std::vector<Envelope> &)> &enough)
    {
        QElapsedTimer timer;
        timer.start();
        while (timer.elapsed() < 20'000) {
            for (Envelope &envelope : peer->take())
                got.push_back(std::move(envelope));
            if (enough(got))
                return true;
            QThread::yieldCurrentThread();
        }
        return false;
    }
    bool waitForOnline()
    {
        return session && waitFor([](const auto &all) { return !all.empty() && all[0].op == Op::Hello; });
    }
    int count(Op op) const
    {
        return static_cast<int>(
            std::count_if(got.begin(), got.end(), [op](const Envelope &one) { return one.op == op; }));
    }
    bool waitForCount(Op op, int wanted)
    {
        return waitFor([&](const auto &) { return count(op) >= wanted; });
    }
    void send(const boost::json::object &where, const std::string &body, const std::string &id)
    {
        boost::json::object data = where;
        data["cid"] = crypto::makeUuid();
        data["kind"] = "text";
        data["body"] = body;
        session->receive(protocol::encodeEnvelope(Op::Send, id, data));
    }
    /// Pushed messages with a sender other than oneself must come with rising seq.
    bool seqsRise() const
    {
        Seq last;
        for (const Envelope &one : got) {
            if (one.op != Op::Message)
                continue;
            const auto packet = protocol::decode<protocol::MessagePacket>(one.data);
            if (!packet || packet->message.seq <= last)
                return false;
            last = packet->message.seq;
        }
        return true;
    }
};

} // namespace

class TestLogicEmbedded final : public QObject {
    Q_OBJECT
private slots:
    void newPrivateChat_headThenEveryMessageInOrder()
    {
        Server server;
        QVERIFY(server.services);
        Person ada(server, "ada", 1), bob(server, "bob", 2);
        QVERIFY(ada.waitForOnline() && bob.waitForOnline());
        for (int i = 0; i < 200; ++i)
            ada.send({{"to", bob.user.str()}}, std::to_string(i), "s" + std::to_string(i));
        QVERIFY(ada.waitForCount(Op::Accepted, 200));
        QVERIFY(bob.waitForCount(Op::Message, 200));
        QVERIFY(bob.got[1].op == Op::Conversation);
        QVERIFY(bob.seqsRise());
        QCOMPARE(ada.count(Op::Message), 0);
        const auto id = privateConversation(ada.user, bob.user);
        bob.session->receive(protocol::encodeEnvelope(Op::Read, "r", {{"conversation", id.str()}, {"seq", 200}}));
        QVERIFY(ada.waitForCount(Op::Receipt, 1));
    }
    void groupWithSendersOnThreeThreads_isSeenInOneOrder()
    {
        Server server;
        QVERIFY(server.services);
        Person ada(server, "ada", 1), bob(server, "bob", 2), cem(server, "cem", 3), eve(server, "eve", 4);
        for (Person *one : {&ada, &bob, &cem, &eve})
            QVERIFY(one->waitForOnline());
        ada.session->receive(protocol::encodeEnvelope(
            Op::ConversationCreate, "c",
            {{"name", "Garden"}, {"members", {bob.user.str(), cem.user.str(), eve.user.str()}}}));
        QVERIFY(ada.waitForCount(Op::Conversation, 1));
        const auto made = std::find_if(ada.got.begin(), ada.got.end(),
                                       [](const Envelope &one) { return one.op == Op::Conversation; });
        const auto head = protocol::decode<protocol::ConversationPacket>(made->data);
        QVERIFY(head.has_value());
        const boost::json::object where{{"conversation", head->head.conversation.str()}};
        std::vector<std::thread> threads;
        for (Person *one : {&ada, &bob, &cem})
            threads.emplace_back([one, where] {
                for (int i = 0; i < 300; ++i)
                    one->send(where, "m", "s" + std::to_string(i));
            });
        for (std::thread &thread : threads)
            thread.join();
        const int notices = static_cast<int>(head->head.headSeq.value());
        QVERIFY(eve.waitForCount(Op::Message, 900 + notices));
        QVERIFY(eve.seqsRise());
        for (Person *one : {&ada, &bob, &cem}) {
            QVERIFY(one->waitForCount(Op::Accepted, 300));
            QVERIFY(one->waitForCount(Op::Message, 600 + notices));
            QVERIFY(one->seqsRise());
        }
    }
    void wrongPasswordAndTakenName_areRefused()
    {
        Server server;
        QVERIFY(server.services);
        Person ada(server, "ada", 1);
        QVERIFY(ada.waitForOnline());
        QCOMPARE(
            server.call("/v1/register", {{"username", "ada"}, {"password", kPassword}, {"display_name", "x"}}).status,
            409);
        const boost::json::object device{{"id", deviceOf(5).str()}, {"name", "d"}, {"platform", "linux"}};
        QCOMPARE(
            server.call("/v1/login", {{"username", "ada"}, {"password", "wrong password"}, {"device", device}}).status,
            401);
    }
};

QTEST_GUILESS_MAIN(TestLogicEmbedded)
#include "test_logic_embedded.moc"
