// SPDX-License-Identifier: GPL-3.0-or-later
// The synchroniser over a real encrypted store and a pretended server.
#include "tests/client/sync_rig.h"

#include <QSignalSpy>
#include <QTest>

#include <algorithm>

using namespace kith;
using namespace kith::client;
using protocol::Op;
using test::hello;
using test::kChat;
using test::kGroup;
using test::kMe;
using test::kPeer;
using test::wait;
using Rig = test::SyncRig;

namespace {

/// 80 messages, of which the newest 50 are here.
std::optional<history::Hole> aHole(Rig &rig)
{
    for (int i = 0; i < 80; ++i)
        rig.server.write(kChat, kPeer, "m" + std::to_string(i));
    if (!rig.catchUp())
        return std::nullopt;
    return rig.newest(kChat).olderHole;
}

} // namespace

class TestSync final : public QObject {
    Q_OBJECT

private slots:
    void firstSight_fetchesTheNewestPageOnly()
    {
        Rig rig;
        for (int i = 0; i < 300; ++i)
            rig.server.write(kChat, kPeer, "m" + std::to_string(i));
        QVERIFY(rig.catchUp());
        const auto page = rig.newest(kChat);
        QCOMPARE(page.messages.size(), std::size_t(50));
        QVERIFY(page.atHead);
        QVERIFY(page.olderHole.has_value());
        QCOMPARE(rig.server.count(Op::Page), std::size_t(1));
        QTRY_VERIFY(!rig.server.acks.empty());
        QCOMPARE(rig.server.acks.back().seq, Seq(300));
    }

    void openConversation_comesFirst()
    {
        Rig rig;
        rig.server.write(kGroup, kPeer, "group");
        rig.server.write(kChat, kPeer, "chat");
        rig.server.logs[kGroup].head.changedAt = fromUnixMs(1'800'000'000'000);
        rig.sync.setOpen(kChat);
        QVERIFY(rig.catchUp());
        const auto first = std::find_if(rig.server.asked.begin(), rig.server.asked.end(),
                                        [](const auto &a) { return a.op == Op::Page; });
        QVERIFY(first != rig.server.asked.end());
        QCOMPARE(protocol::decode<protocol::PagePacket>(first->data)->query.conversation, kChat);
    }

    void shortAbsence_isFilledByChanges()
    {
        Rig rig;
        for (int i = 0; i < 10; ++i)
            rig.server.write(kChat, kPeer, "m" + std::to_string(i));
        QVERIFY(rig.catchUp());
        rig.sync.stop();
        for (int i = 0; i < 120; ++i)
            rig.server.write(kChat, kPeer, "n" + std::to_string(i));
        rig.server.edit(kChat, Seq(3), "edited while away");
        QVERIFY(rig.catchUp());
        const auto page = rig.newest(kChat);
        QCOMPARE(page.messages.size(), std::size_t(130));
        QVERIFY(!page.olderHole);
        QCOMPARE(page.messages[127].message.body, std::string("edited while away"));
        QCOMPARE(rig.known(kChat), rig.server.logs[kChat].head.headRev);
    }

    void longAbsence_newestPageFirst_thenEditsOfWhatIsHere()
    {
        Rig rig;
        for (int i = 0; i < 10; ++i)
            rig.server.write(kChat, kPeer, "m" + std::to_string(i));
        QVERIFY(rig.catchUp());
        rig.sync.stop();
        for (int i = 0; i < 700; ++i)
            rig.server.write(kChat, kPeer, "n" + std::to_string(i));
        rig.server.edit(kChat, Seq(3), "edited while away");
        rig.server.asked.clear();
        QVERIFY(rig.catchUp());
        std::vector<Op> order;
        for (const auto &one : rig.server.asked)
            order.push_back(one.op);
        QVERIFY(order.size() >= 3);
        QCOMPARE(order[0], Op::Sync);
        QCOMPARE(order[1], Op::Page);
        QCOMPARE(order[2], Op::Changes);
        QCOMPARE(rig.newest(kChat, 1).messages.front().message.seq, Seq(710));
        const auto third = wait(rig.history.run([](history::HistoryStore &s) { return s.message(kChat, Seq(3)); }));
        QVERIFY(third && *third);
        QCOMPARE((*third)->message.body, std::string("edited while away"));
    }

    void gapInPush_fetchesChanges()
    {
        Rig rig;
        rig.server.write(kChat, kPeer, "one");
        QVERIFY(rig.catchUp());
        rig.server.asked.clear();
        rig.server.write(kChat, kPeer, "two, never pushed");
        const auto third = rig.server.write(kChat, kPeer, "three");
        rig.sync.push(rig.server.push(Op::Message, kChat, third, Rev(3)));
        QTRY_COMPARE(rig.known(kChat), Rev(3));
        QCOMPARE(rig.server.count(Op::Changes), std::size_t(1));
        const auto page = rig.newest(kChat);
        QCOMPARE(page.messages.size(), std::size_t(3));
        QVERIFY(!page.olderHole);
    }

    void lostAck_isRepeatedByTheNextRunOfTheProgram()
    {
        // Acks have no answer. One that went into a dead connection, with the process that sent it, would be lost for
        // good where nothing in the conversation has changed since the last list of heads.
        Rig rig;
        rig.server.write(kChat, kPeer, "one");
        QVERIFY(rig.catchUp());
        QTRY_VERIFY(!rig.server.acks.empty());
        rig.sync.stop();
        rig.server.unchanged = true;
        rig.server.acks.clear();
        Synchroniser next(rig.history, rig.server);
        next.setSelf(kMe);
        next.start(hello());
        QTRY_VERIFY(next.caughtUp());
        QTRY_VERIFY(!rig.server.acks.empty());
        QCOMPARE(rig.server.acks.back().seq, Seq(1));
        next.stop();
    }

    void refusedAck_isRepeated()
    {
        // An ack has no id: the token that ran out (or an overload) is told by an error that names nothing.
        Rig rig;
        rig.server.write(kChat, kPeer, "one");
        QVERIFY(rig.catchUp());
        QTRY_VERIFY(!rig.server.acks.empty());
        rig.server.acks.clear();
        const auto refuse = [&](protocol::ErrorCode code) {
            rig.sync.push({Op::Error, {}, protocol::encode(protocol::makeError(code, "later")), {}});
        };
        refuse(protocol::ErrorCode::TokenExpired);
        QTRY_VERIFY(!rig.server.acks.empty());
        QCOMPARE(rig.server.acks.back().seq, Seq(1));
        rig.server.acks.clear();
        refuse(protocol::ErrorCode::Overloaded);
        QTRY_VERIFY(!rig.server.acks.empty());
    }

    void messageThatComesAgain_isAckedAgain()
    {
        Rig rig;
        rig.server.write(kChat, kPeer, "one");
        QVERIFY(rig.catchUp());
        const auto second = rig.server.write(kChat, kPeer, "two");
        rig.sync.push(rig.server.push(Op::Message, kChat, second, Rev(2)));
        QTRY_VERIFY(!rig.server.acks.empty() && rig.server.acks.back().seq == Seq(2));
        QTRY_VERIFY(rig.nothingUnacked());
        rig.server.acks.clear();
        rig.sync.push(rig.server.push(Op::Message, kChat, second, Rev(2)));
        QTRY_VERIFY(!rig.server.acks.empty());
        QCOMPARE(rig.server.acks.back().seq, Seq(2));
    }

    void pushInOrder_asksNothing_andIsAcked()
    {
        Rig rig;
        rig.server.write(kChat, kPeer, "one");
        QVERIFY(rig.catchUp());
        rig.server.asked.clear();
        rig.server.acks.clear();
        const auto second = rig.server.write(kChat, kPeer, "two");
        rig.sync.push(rig.server.push(Op::Message, kChat, second, Rev(2)));
        rig.sync.push(rig.server.push(Op::Message, kChat, second, Rev(2))); // sent again by the server
        QTRY_VERIFY(!rig.server.acks.empty());
        QCOMPARE(rig.server.acks.back().seq, Seq(2));
        QCOMPARE(rig.newest(kChat).messages.size(), std::size_t(2));
        QCOMPARE(rig.server.count(Op::Changes), std::size_t(0));
    }

    void catchUpWithoutAnswer_isTriedAgain_data()
    {
        QTest::addColumn<Op>("op");
        QTest::newRow("heads") << Op::Sync;
        QTest::newRow("page") << Op::Page;
        QTest::newRow("changes") << Op::Changes;
    }
    void catchUpWithoutAnswer_isTriedAgain()
    {
        QFETCH(Op, op);
        Rig rig;
        rig.server.write(kChat, kPeer, "first");
        if (op == Op::Changes) { // nothing lacks of what is seen for the first time
            QVERIFY(rig.catchUp());
            rig.sync.stop();
        }
        for (int i = 1; i < 10; ++i)
            rig.server.write(kChat, kPeer, "m" + std::to_string(i));
        rig.server.edit(kChat, Seq(3), "edited");
        rig.server.unanswered[op] = 1000;
        rig.sync.start(hello());
        QTRY_VERIFY_WITH_TIMEOUT(rig.server.count(op) >= 2, 20000);
        QVERIFY(!rig.sync.caughtUp() && rig.sync.catchingUp()); // what lacks is not called complete
        rig.server.unanswered.clear();
        QTRY_VERIFY_WITH_TIMEOUT(rig.sync.caughtUp(), 20000);
        QVERIFY(!rig.sync.catchingUp());
        QCOMPARE(rig.newest(kChat).messages.size(), std::size_t(10));
        QCOMPARE(rig.known(kChat), Rev(11));
    }

    void changesOfAPushWithoutAnswer_areAskedForAgain()
    {
        Rig rig;
        rig.server.write(kChat, kPeer, "one");
        QVERIFY(rig.catchUp());
        rig.server.unanswered[Op::Changes] = 1;
        bool claimed = true;
        rig.server.onRequest = [&](Op op) {
            if (op == Op::Sync)
                claimed = rig.sync.caughtUp();
        };
        rig.server.write(kChat, kPeer, "two, never pushed");
        const auto third = rig.server.write(kChat, kPeer, "three");
        rig.sync.push(rig.server.push(Op::Message, kChat, third, Rev(3)));
        QTRY_COMPARE_WITH_TIMEOUT(rig.known(kChat), Rev(3), 20000);
        QVERIFY(!rig.newest(kChat).olderHole);
        QTRY_VERIFY(rig.sync.caughtUp());
        QVERIFY(!claimed); // not before what was missed is here
    }

    void pushDuringCatchUp_claimsNothingItDoesNotProve()
    {
        Rig rig;
        for (int i = 0; i < 10; ++i)
            rig.server.write(kChat, kPeer, "m" + std::to_string(i));
        QVERIFY(rig.catchUp());
        rig.sync.stop();
        for (int i = 0; i < 90; ++i)
            rig.server.write(kChat, kPeer, "n" + std::to_string(i));
        rig.server.hold = true;
        rig.sync.start(hello());
        QTRY_COMPARE(rig.server.count(Op::Sync) >= 2, true);
        const auto live = rig.server.write(kChat, kPeer, "live");
        rig.sync.push(rig.server.push(Op::Message, kChat, live, Rev(101)));
        QTRY_VERIFY(
            wait(rig.history.run([](history::HistoryStore &s) { return s.message(kChat, Seq(101)); }))->has_value());
        const auto before = rig.newest(kChat);
        QCOMPARE(before.messages.size(), std::size_t(1));
        QVERIFY(before.olderHole.has_value());
        rig.server.release();
        QTRY_VERIFY(rig.sync.caughtUp());
        QTRY_COMPARE(rig.newest(kChat).messages.size(), std::size_t(101));
        QVERIFY(!rig.newest(kChat).olderHole);
    }

    void holeIsFilled_whenLookedAt()
    {
        Rig rig;
        const auto hole = aHole(rig);
        QVERIFY(hole.has_value());
        QSignalSpy covered(&rig.sync, &Synchroniser::coverageChanged);
        QVERIFY(wait(rig.sync.fillHole(kChat, *hole, hole->to)).has_value());
        QVERIFY(covered.count() > 0);
        QCOMPARE(rig.newest(kChat).messages.size(), std::size_t(80));
        QVERIFY(rig.newest(kChat).atFloor);
    }

    void pageOvertakenByAChange_fetchesChangesAtOnce()
    {
        Rig rig;
        const auto hole = aHole(rig);
        QVERIFY(hole.has_value());
        const auto asked = rig.server.count(Op::Changes);
        rig.server.hold = rig.server.early = true;
        auto filled = rig.sync.fillHole(kChat, *hole, hole->to);
        QTRY_COMPARE(rig.server.count(Op::Page), std::size_t(2));
        // The page is on its way when a message in the hole is edited.
        const auto edited = rig.server.edit(kChat, Seq(5), "edited");
        rig.sync.push(rig.server.push(Op::Change, kChat, edited, Rev(81)));
        QTRY_COMPARE(rig.known(kChat), Rev(81));
        rig.server.release();
        QVERIFY(wait(std::move(filled)).has_value());
        QTRY_COMPARE(rig.known(kChat), Rev(81));
        QCOMPARE(rig.server.count(Op::Changes), asked + 1);
        const auto fifth = wait(rig.history.run([](history::HistoryStore &s) { return s.message(kChat, Seq(5)); }));
        QVERIFY(fifth && *fifth);
        QCOMPARE((*fifth)->message.body, std::string("edited"));
    }

    void otherEpoch_dropsCursorsNotMessages()
    {
        Rig rig;
        rig.server.write(kChat, kPeer, "kept");
        QVERIFY(rig.catchUp());
        rig.sync.stop();
        rig.sync.start(hello("e2"));
        QTRY_VERIFY(rig.sync.caughtUp());
        QCOMPARE(rig.newest(kChat).messages.front().message.body, std::string("kept"));
        const auto sync = std::find_if(rig.server.asked.rbegin(), rig.server.asked.rend(),
                                       [](const auto &a) { return a.op == Op::Sync; });
        QVERIFY(!protocol::decode<protocol::SyncPacket>(sync->data)->sinceMs);
    }

    void burstOfPushes_isStoredInOrderAndTogether()
    {
        Rig rig;
        rig.server.write(kChat, kPeer, "first");
        QVERIFY(rig.catchUp());
        QSignalSpy stored(&rig.sync, &Synchroniser::messagesStored);
        const auto asked = rig.server.count(Op::Changes);
        std::optional<std::int64_t> already;
        for (int i = 0; i < 3000; ++i) {
            const auto message = rig.server.write(kChat, kPeer, "m" + std::to_string(i));
            rig.sync.push(rig.server.push(Op::Message, kChat, message, rig.server.logs[kChat].head.headRev));
            if (i % 10 == 9) {
                const auto edited = rig.server.edit(kChat, message.seq, "edited " + std::to_string(i));
                rig.sync.push(rig.server.push(Op::Change, kChat, edited, rig.server.logs[kChat].head.headRev));
            }
        }
        // Somebody who reads waits for no more than the piece that is being stored.
        auto readLater = rig.history.run([&](history::HistoryStore &s) -> sql::Result<void> {
            KITH_TRY_VALUE(count, s.messageCount());
            already = count;
            return {};
        });
        QVERIFY(wait(std::move(readLater)).has_value());
        QVERIFY(*already <= 1 + 1 + 200);
        QTRY_COMPARE_WITH_TIMEOUT(stored.count(), 3300, 30000);
        const auto page = rig.newest(kChat);
        QCOMPARE(page.messages.front().message.body, std::string("edited 2999"));
        QCOMPARE(page.messages[1].message.body, std::string("m2998"));
        QVERIFY(!page.olderHole);
        QCOMPARE(rig.known(kChat), rig.server.logs[kChat].head.headRev);
        QTRY_COMPARE(rig.server.acks.back().seq, Seq(3001));
        QCOMPARE(rig.server.count(Op::Changes), asked); // nothing was missed
        const auto head = wait(rig.history.run([](history::HistoryStore &s) { return s.head(kChat); }));
        QCOMPARE((*head)->head.unread, std::int64_t(3001));
    }

    void restoredServer_whatItLostMovesAside()
    {
        Rig rig;
        for (int i = 1; i <= 30; ++i)
            rig.server.write(kChat, kPeer, "m" + std::to_string(i));
        rig.server.write(kGroup, kPeer, "group");
        const auto backup = rig.server.logs;
        for (int i = 31; i <= 40; ++i)
            rig.server.write(kChat, kPeer, "lost" + std::to_string(i));
        rig.server.edit(kChat, Seq(7), "edited after the backup");
        rig.server.write(ConversationId("g:8"), kPeer, "made after the backup");
        QVERIFY(rig.catchUp());
        QCOMPARE(rig.newest(kChat).messages.size(), std::size_t(40));
        rig.sync.stop();

        rig.server.logs = backup;
        rig.server.firstId = 5000;
        for (int i = 31; i <= 35; ++i)
            rig.server.write(kChat, kPeer, "new" + std::to_string(i));
        rig.server.acks.clear();
        QSignalSpy moved(&rig.sync, &Synchroniser::movedToArchive);
        rig.sync.start(hello("e2"));
        QTRY_VERIFY(rig.sync.caughtUp());
        QTRY_VERIFY(!moved.isEmpty());
        const auto now = rig.newest(kChat);
        QCOMPARE(now.messages.size(), std::size_t(35));
        QVERIFY(now.atHead && now.atFloor);
        QCOMPARE(now.messages.front().message.body, std::string("new35"));
        QCOMPARE(now.messages[4].message.body, std::string("new31"));
        QCOMPARE(now.messages[5].message.body, std::string("m30"));
        QCOMPARE(now.messages[28].message.body, std::string("m7")); // as the server has it
        const auto kept = rig.newest(archiveName(kChat, 1));
        QCOMPARE(kept.messages.size(), std::size_t(10));
        QCOMPARE(kept.messages.front().message.body, std::string("lost40"));
        QVERIFY(kept.atHead && kept.atFloor);
        const auto group =
            wait(rig.history.run([](history::HistoryStore &s) { return s.head(ConversationId("g:8")); }));
        QVERIFY(group && *group && (*group)->head.removed);
        QCOMPARE(rig.newest(ConversationId("g:8")).messages.size(), std::size_t(1));
        // The archive is nothing that the server is asked about.
        for (const auto &ack : rig.server.acks)
            QVERIFY(!isArchive(ack.conversation));
        const auto asked = rig.server.asked.size();
        const auto refused = wait(rig.sync.fillHole(archiveName(kChat, 1), {Seq(0), Seq(31)}, Seq(10)));
        QVERIFY(!refused);
        QCOMPARE(rig.server.asked.size(), asked);
    }

    void readWhileOffline_isSentOnTheNextConnection()
    {
        Rig rig;
        rig.server.write(kChat, kPeer, "one");
        QVERIFY(rig.catchUp());
        rig.sync.stop();
        rig.server.up = false;
        QSignalSpy touched(&rig.sync, &Synchroniser::headTouched);
        rig.sync.markRead(kChat, Seq(1));
        QTRY_COMPARE(touched.count(), 1);
        QCOMPARE(rig.server.count(Op::Read), std::size_t(0));
        rig.server.up = true;
        QVERIFY(rig.catchUp());
        QTRY_COMPARE(rig.server.count(Op::Read), std::size_t(1));
        QTRY_VERIFY(wait(rig.history.run([](history::HistoryStore &s) { return s.unconfirmedReads(); }))->empty());
    }

    void fullDisk_isToldAndNothingUnsavedIsAcked()
    {
        Rig rig;
        rig.server.write(kChat, kPeer, "before");
        QVERIFY(rig.catchUp());
        QSignalSpy troubles(&rig.history, &HistoryService::failed);
        (void)wait(rig.history.run(
            [](history::HistoryStore &store) { return store.database().execute("PRAGMA max_page_count=1"); }));
        Seq last;
        for (int i = 0; i < 400 && troubles.isEmpty(); ++i) {
            const auto message = rig.server.write(kChat, kPeer, std::string(4000, 'y'));
            last = message.seq;
            rig.sync.push(rig.server.push(Op::Message, kChat, message, Rev(message.seq.value())));
            (void)wait(rig.history.run([](history::HistoryStore &store) { return store.messageCount(); }));
        }
        QVERIFY(!troubles.isEmpty());
        const auto page = rig.newest(kChat); // what was saved is read as before
        QVERIFY(!page.messages.empty());
        QVERIFY(page.messages.front().message.seq < last);
        QTRY_VERIFY(!rig.server.acks.empty());
        for (const auto &ack : rig.server.acks)
            QVERIFY(ack.seq <= page.messages.front().message.seq);
        // Room again: the next connection fetches what was lacking.
        (void)wait(rig.history.run(
            [](history::HistoryStore &store) { return store.database().execute("PRAGMA max_page_count=1000000"); }));
        QVERIFY(rig.catchUp());
        QTRY_COMPARE(rig.newest(kChat).messages.front().message.seq, last);
        QVERIFY(!rig.newest(kChat).olderHole);
    }
};

QTEST_GUILESS_MAIN(TestSync)
#include "test_sync.moc"
