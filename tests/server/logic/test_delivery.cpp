// SPDX-License-Identifier: GPL-3.0-or-later
// Registry, retransmission, sequencer, presence and fan-out, with peers that only count.
#include "core/base/limits.h"
#include "server/delivery/delivery.h"
#include "server/delivery/presence.h"
#include "server/delivery/sequencer.h"
#include "server/ops/metrics.h"

#include <QElapsedTimer>
#include <QTest>
#include <QThread>

#include <atomic>

using namespace kith;
using namespace kith::server;
using namespace std::chrono_literals;

namespace {

struct CountingPeer final : Peer {
    void push(Encoded envelope, Weight) override
    {
        const std::lock_guard lock(mutex);
        got.push_back(*envelope);
    }
    void close(protocol::CloseCode, std::string) override {}
    std::size_t thread() const override { return 0; }
    void resume() override {}
    std::vector<std::string> all() const
    {
        const std::lock_guard lock(mutex);
        return got;
    }
    mutable std::mutex mutex;
    std::vector<std::string> got;
};

/// Tasks wait until the test runs them, as on a busy I/O thread.
struct ManualThreads final : IoThreads {
    std::size_t count() const override { return 2; }
    void post(std::size_t thread, std::function<void()> task) override
    {
        const std::lock_guard lock(mutex);
        tasks.push_back(std::move(task));
        ++posted[thread];
    }
    std::size_t waiting() const
    {
        const std::lock_guard lock(mutex);
        return tasks.size();
    }
    void run()
    {
        for (;;) {
            std::function<void()> task;
            {
                const std::lock_guard lock(mutex);
                if (tasks.empty())
                    return;
                task = std::move(tasks.front());
                tasks.erase(tasks.begin());
            }
            task();
        }
    }
    mutable std::mutex mutex;
    std::vector<std::function<void()>> tasks;
    std::array<int, 2> posted{};
};

UserId user(int number)
{
    return UserId(std::to_string(1000 + number));
}

OutgoingPtr message(const std::string &text, const char *conversation = "g:1", std::int64_t seq = 0)
{
    return std::make_shared<const Outgoing>(
        Outgoing{std::make_shared<const std::string>(text), Weight::Log, ConversationId(conversation), Seq(seq)});
}

struct Bench {
    ManualClock clock{fromUnixMs(1'000'000)};
    Registry registry;
    Retransmitter retransmitter{clock};
    ManualThreads io;
    Metrics metrics;
    Delivery delivery{registry, retransmitter, io, clock, metrics};
    std::vector<std::shared_ptr<CountingPeer>> peers;

    ConnectionPtr connect(const UserId &id)
    {
        peers.push_back(std::make_shared<CountingPeer>());
        auto connection = std::make_shared<Connection>(id, DeviceId("d"), "f", peers.back(), peers.size() % 2);
        registry.add(connection, [] {});
        return connection;
    }
    MemberList members(int count)
    {
        auto list = std::make_shared<std::vector<UserId>>();
        for (int i = 0; i < count; ++i)
            list->push_back(user(i));
        return list;
    }
    Publication publication(const std::string &text, MemberList list)
    {
        return {ConversationId("g:1"), std::move(list), message(text), {}, {}};
    }
};

} // namespace

class TestDelivery final : public QObject {
    Q_OBJECT
private slots:
    void ackedInTime_isNotSentAgain()
    {
        Unacked unacked;
        const Unacked::Time start{};
        unacked.pushed(message("one", "g:1", 7), start);
        unacked.acked(ConversationId("g:2"), Seq(9));
        QCOMPARE(unacked.size(), 1u);
        unacked.acked(ConversationId("g:1"), Seq(6));
        QCOMPARE(unacked.size(), 1u);
        unacked.acked(ConversationId("g:1"), Seq(8)); // cumulative
        QVERIFY(unacked.empty());
        QVERIFY(unacked.due(start + 60s).empty());
    }
    void neverAcked_isSentAgainAfter5And10And20Seconds()
    {
        Unacked unacked;
        const Unacked::Time start{};
        unacked.pushed(message("one", "g:1", 1), start);
        std::vector<int> sentAt;
        for (int second = 1; second <= 60; ++second)
            if (!unacked.due(start + std::chrono::seconds(second)).empty())
                sentAt.push_back(second);
        QCOMPARE(sentAt, (std::vector<int>{5, 10, 20}));
        QVERIFY(unacked.empty()); // left to sync
    }
    void newerMessage_replacesTheOlderOfItsConversation()
    {
        Unacked unacked;
        const Unacked::Time start{};
        unacked.pushed(message("one", "g:1", 1), start);
        unacked.pushed(message("two", "g:1", 2), start + 1s);
        unacked.pushed(message("late", "g:1", 1), start + 2s);
        const auto due = unacked.due(start + 6s);
        QCOMPARE(due.size(), 1u);
        QCOMPARE(*due.front()->envelope, std::string("two"));
    }
    void manyConversations_areBounded()
    {
        Unacked unacked;
        for (int i = 0; i < 1000; ++i)
            unacked.pushed(message("m", ("g:" + std::to_string(i + 1)).c_str(), 1), {});
        QCOMPARE(unacked.size(), Unacked::kMaxConversations);
        QCOMPARE(unacked.due(Unacked::Time{} + 5s).back()->conversation, ConversationId("g:1000"));
    }
    void tick_resendsThroughThePeerAndForgetsTheAcked()
    {
        Bench bench;
        const auto connection = bench.connect(user(1));
        connection->pushTracked(message("m", "g:1", 1), bench.retransmitter, bench.clock.steady());
        QCOMPARE(bench.retransmitter.waiting(), 1u);
        bench.clock.advance(4s);
        bench.retransmitter.tick();
        QCOMPARE(bench.peers[0]->all().size(), 1u);
        bench.clock.advance(2s);
        bench.retransmitter.tick();
        bench.retransmitter.tick();
        QCOMPARE(bench.peers[0]->all().size(), 2u);
        connection->acked(ConversationId("g:1"), Seq(1));
        bench.clock.advance(60s);
        bench.retransmitter.tick();
        QCOMPARE(bench.peers[0]->all().size(), 2u);
        QCOMPARE(bench.retransmitter.waiting(), 0u);
        connection->pushTracked(message("m", "g:1", 2), bench.retransmitter, bench.clock.steady());
        QCOMPARE(bench.retransmitter.waiting(), 1u); // enrolled again
    }
    void closedConnection_isForgottenByTheTick()
    {
        Bench bench;
        auto connection = bench.connect(user(1));
        connection->pushTracked(message("m", "g:1", 1), bench.retransmitter, bench.clock.steady());
        bench.registry.remove(connection);
        connection.reset();
        bench.retransmitter.tick();
        QCOMPARE(bench.retransmitter.waiting(), 0u);
    }

    void registry_knowsFirstLastAndTooMany()
    {
        Registry registry;
        const auto peer = std::make_shared<CountingPeer>();
        const auto make = [&] { return std::make_shared<Connection>(user(1), DeviceId("d"), "f", peer, 0); };
        const auto first = make();
        int greeted = 0;
        QVERIFY(registry.add(first, [&] { ++greeted; }) == Registry::Added::First);
        const auto second = make();
        QVERIFY(registry.add(second, [&] { ++greeted; }) == Registry::Added::Another);
        QVERIFY(registry.online(user(1)) && !registry.online(user(2)));
        QVERIFY(!registry.remove(first));
        QVERIFY(!registry.remove(first)); // twice is harmless
        QVERIFY(registry.remove(second));
        QVERIFY(!registry.online(user(1)));
        for (std::size_t i = 0; i < Registry::kMaxPerUser; ++i)
            registry.add(make(), [&] { ++greeted; });
        greeted = 0;
        QVERIFY(registry.add(make(), [&] { ++greeted; }) == Registry::Added::TooMany);
        QCOMPARE(greeted, 0);
        QCOMPARE(registry.size(), Registry::kMaxPerUser);
    }

    void heldConversation_queuesAndKeepsOrder()
    {
        Sequencer sequencer;
        const ConversationId held("g:1"), free("g:2");
        std::string order;
        sequencer.run(held, [&] { order += 'a'; });
        sequencer.hold(held);
        sequencer.run(held, [&] { order += 'b'; });
        sequencer.run(free, [&] { order += 'x'; });
        sequencer.hold(held);
        sequencer.run(held, [&] {
            order += 'c';
            sequencer.run(held, [&] { order += 'd'; }); // while it drains: behind what waits
        });
        QCOMPARE(order, std::string("ax"));
        sequencer.release(held);
        QCOMPARE(order, std::string("ax")); // the second hold still stands
        sequencer.run(held, [&] { order += 'e'; });
        sequencer.release(held);
        QCOMPARE(order, std::string("axbced"));
        sequencer.run(held, [&] { order += 'f'; });
        QCOMPARE(order, std::string("axbcedf"));
        sequencer.release(held); // without a hold: harmless
    }

    void smallGroup_isDeliveredAtOnceWithOwnCopies()
    {
        Bench bench;
        const auto a = bench.connect(user(0));
        const auto a2 = bench.connect(user(0));
        bench.connect(user(1));
        bench.connect(user(2));
        auto publication = bench.publication("others", bench.members(3));
        publication.own = {{user(0), message("own")}, {user(2), nullptr}};
        publication.except = a;
        bench.delivery.publish(publication);
        QCOMPARE(bench.peers[0]->all().size(), 0u);
        QCOMPARE(bench.peers[1]->all(), (std::vector<std::string>{"own"}));
        QCOMPARE(bench.peers[2]->all(), (std::vector<std::string>{"others"}));
        QCOMPARE(bench.peers[3]->all().size(), 0u);
        QCOMPARE(bench.io.waiting(), 0u);
    }
    void largeGroup_postsOneTaskPerThreadAndBatch()
    {
        Bench bench;
        const int count = static_cast<int>(Delivery::kBatch) + 100;
        for (int i = 0; i < count; ++i)
            bench.connect(user(i));
        bench.delivery.publish(bench.publication("m", bench.members(count)));
        QTRY_COMPARE(bench.io.waiting(), 4u);
        QCOMPARE(bench.io.posted, (std::array<int, 2>{2, 2}));
        bench.io.run();
        for (const auto &peer : bench.peers)
            QCOMPARE(peer->all().size(), 1u);
    }
    void publicationsThatWait_goTogetherInOrderWithOwnCopies()
    {
        Bench bench;
        const auto members = bench.members(limits::kSmallGroup);
        ConnectionPtr first;
        for (const UserId &one : *members) {
            const auto connection = bench.connect(one);
            first = first ? first : connection;
        }
        bench.delivery.publish(bench.publication("0", members));
        QTRY_COMPARE(bench.io.waiting(), 2u); // taken: what follows waits until the threads have run
        bench.delivery.publish(bench.publication("1", members));
        QTRY_COMPARE(bench.io.waiting(), 4u);
        for (int i = 2; i < 12; ++i) {
            auto publication = bench.publication(std::to_string(i), members);
            if (i == 3)
                publication.except = first;
            if (i == 5)
                publication.own = {{user(0), message("five")}, {user(1), nullptr}};
            bench.delivery.publish(publication);
        }
        bench.delivery.publish(bench.publication("12", bench.members(limits::kSmallGroup))); // another snapshot
        QElapsedTimer timer;
        timer.start();
        while (bench.peers.back()->all().size() < 13 && timer.elapsed() < 10'000) {
            bench.io.run();
            QThread::yieldCurrentThread();
        }
        using List = std::vector<std::string>;
        QCOMPARE(bench.peers[0]->all(), (List{"0", "1", "2", "4", "five", "6", "7", "8", "9", "10", "11", "12"}));
        QCOMPARE(bench.peers[1]->all(), (List{"0", "1", "2", "3", "4", "6", "7", "8", "9", "10", "11", "12"}));
        QCOMPARE(bench.peers[2]->all(), (List{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"}));
        QVERIFY2(bench.io.posted[0] <= 5,
                 "the ten that waited went in one run"); // 0, 1, the first of a run, the run, 12
    }
    void runOfMessages_waitsForTheAckOfTheNewest()
    {
        Bench bench;
        const auto connection = bench.connect(user(1));
        connection->pushRun({message("1", "g:1", 1), message("2", "g:1", 2), message("edit")}, bench.retransmitter,
                            bench.clock.steady());
        QCOMPARE(bench.peers[0]->all().size(), 3u);
        bench.clock.advance(5s);
        bench.retransmitter.tick();
        QCOMPARE(bench.peers[0]->all().back(), std::string("2"));
        connection->pushRun({message("edit")}, bench.retransmitter, bench.clock.steady());
        connection->acked(ConversationId("g:1"), Seq(2));
        bench.clock.advance(60s);
        bench.retransmitter.tick();
        QCOMPARE(bench.peers[0]->all().size(), 5u);
    }
    void groupThatShrinks_doesNotOvertakeItsQueue()
    {
        Bench bench;
        for (int i = 0; i < limits::kSmallGroup; ++i)
            bench.connect(user(i));
        bench.delivery.publish(bench.publication("1", bench.members(limits::kSmallGroup)));
        QTRY_VERIFY(bench.io.waiting() > 0);
        bench.delivery.publish(bench.publication("2", bench.members(limits::kSmallGroup - 1)));
        QCOMPARE(bench.peers[0]->all().size(), 0u);
        QTRY_COMPARE(bench.io.waiting(), 4u);
        bench.io.run();
        QCOMPARE(bench.peers[0]->all(), (std::vector<std::string>{"1", "2"}));
        // Another conversation is not held up meanwhile, and this one is direct again when the queue is empty.
        QTRY_VERIFY([&] {
            bench.delivery.publish(bench.publication("3", bench.members(1)));
            return bench.io.waiting() == 0 && bench.peers[0]->all().back() == "3";
        }());
    }
    void floodOfLargeGroup_saysOverloadedAndStaysBounded()
    {
        Bench bench;
        bench.connect(user(0));
        QVERIFY(!bench.delivery.overloaded());
        const auto members = bench.members(limits::kSmallGroup);
        for (std::size_t i = 0; i < Delivery::kMaxFanout + 100; ++i)
            bench.delivery.publish(bench.publication("m", members));
        QVERIFY(bench.delivery.overloaded());
        QVERIFY(bench.metrics.text().find("kithd_dropped_total{weight=\"fanout\"} 100") != std::string::npos);
        QVERIFY(bench.io.waiting() <= 4);
        QElapsedTimer timer;
        timer.start();
        while (bench.delivery.overloaded() && timer.elapsed() < 10'000) {
            bench.io.run();
            QThread::yieldCurrentThread();
        }
        QVERIFY(!bench.delivery.overloaded());
    }
    void stopWithWorkWaiting_ends()
    {
        auto bench = std::make_unique<Bench>();
        bench->connect(user(0));
        for (int i = 0; i < 1000; ++i)
            bench->delivery.publish(bench->publication("m", bench->members(200)));
        bench->delivery.stop();
        bench.reset(); // tasks that never ran are thrown away after the delivery
    }

    void watcher_hearsOfChangesUntilItForgets()
    {
        Bench bench;
        Presences presences(bench.registry);
        const auto watcher = bench.connect(user(1));
        std::vector<Presence> states;
        presences.watch(watcher, {{user(2), PresenceState::Offline, fromUnixMs(5)}},
                        [&](std::vector<Presence> s) { states = std::move(s); });
        QCOMPARE(states, (std::vector<Presence>{{user(2), PresenceState::Offline, fromUnixMs(5)}}));
        const auto watched = bench.connect(user(2));
        presences.announce(user(2), bench.clock.now());
        bench.registry.remove(watched);
        presences.announce(user(2), fromUnixMs(77));
        presences.announce(user(3), fromUnixMs(77)); // nobody watches
        const auto got = bench.peers[0]->all();
        QCOMPARE(got.size(), 2u);
        QVERIFY(got[0].find(R"("state":"online")") != std::string::npos);
        QVERIFY(got[1].find(R"("state":"offline","last_seen":77)") != std::string::npos);
        presences.forget(watcher);
        presences.announce(user(2), fromUnixMs(78));
        QCOMPARE(bench.peers[0]->all().size(), 2u);
    }
    void watchOfOneWhoHasLeft_isNotKept()
    {
        Bench bench;
        Presences presences(bench.registry);
        const auto watcher = bench.connect(user(1));
        bench.registry.remove(watcher);
        presences.forget(watcher);
        presences.watch(watcher, {{user(2), PresenceState::Offline, {}}}, [](std::vector<Presence>) {});
        QCOMPARE(watcher.use_count(), 1L); // nothing else holds it
    }
};

QTEST_APPLESS_MAIN(TestDelivery)
#include "test_delivery.moc"
