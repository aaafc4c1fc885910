// SPDX-License-Identifier: GPL-3.0-or-later
// Ranges and holes: what a page says of what it has and of what it lacks (DESIGN §4).
#include "tests/history/history_fixture.h"

#include <random>
#include <set>

using namespace kith;
using namespace kith::history;
using namespace kith::test;

class TestHistoryPages final : public HistoryFixture {
    Q_OBJECT

private slots:
    void init() { fresh(); }

    void nothingKnown_isAnEmptyPageAtBothEnds()
    {
        const auto got = page({kChat, {}, {}, {}, 50});
        QVERIFY(got.messages.empty() && got.atFloor && got.atHead && !got.olderHole && !got.newerHole);
    }

    void newestPage_readsBackAndNamesTheHoleBelow()
    {
        fetch({kChat, {}, {}, {}, 50}, 1000);
        const auto got = page({kChat, {}, {}, {}, 50});
        QCOMPARE(seqs(got), down(1000, 951));
        QVERIFY(got.atHead && !got.atFloor);
        QCOMPARE(got.olderHole, (std::optional<Hole>(Hole{Seq(1), Seq(950)})));
        QVERIFY(!got.newerHole);
        QCOMPARE(got.messages.front().message.body, std::string("message 1000"));
        QCOMPARE(got.messages.front().message.createdAt, at(1000));
    }

    void headWithoutMessages_isOneHole()
    {
        const std::vector heads{head(kChat, 40)};
        KITH_VERIFY(store().applyHeads(heads));
        const auto got = page({kChat, {}, {}, {}, 50});
        QVERIFY(got.messages.empty());
        QCOMPARE(got.olderHole, (std::optional<Hole>(Hole{Seq(1), Seq(40)})));
    }

    void touchingPages_mergeIntoOneRange()
    {
        fetch({kChat, {}, {}, {}, 50}, 120);
        fetch({kChat, Seq(71), {}, {}, 50}, 120);
        fetch({kChat, Seq(21), {}, {}, 50}, 120);
        const auto coverage = store().coverage(kChat);
        KITH_VERIFY(coverage);
        QCOMPARE(coverage->ranges, (std::vector<Range>{{Seq(1), Seq(120)}}));
        QVERIFY(coverage->holes.empty());
        const auto got = page({kChat, Seq(30), {}, {}, 50});
        QCOMPARE(seqs(got), down(29, 1));
        QVERIFY(got.atFloor && !got.olderHole);
    }

    void pageAcrossAHole_endsThereAndNamesIt()
    {
        fetch({kChat, {}, {}, {}, 10}, 100);      // 91–100
        fetch({kChat, Seq(61), {}, {}, 20}, 100); // 41–60
        const auto got = page({kChat, Seq(96), {}, {}, 50});
        QCOMPARE(seqs(got), down(95, 91));
        QCOMPARE(got.olderHole, (std::optional<Hole>(Hole{Seq(61), Seq(90)})));
        const auto lower = page({kChat, Seq(61), {}, {}, 50});
        QCOMPARE(seqs(lower), down(60, 41));
        QCOMPARE(lower.newerHole, (std::optional<Hole>(Hole{Seq(61), Seq(90)})));
        QCOMPARE(lower.olderHole, (std::optional<Hole>(Hole{Seq(1), Seq(40)})));
        const auto inside = page({kChat, Seq(80), {}, {}, 50});
        QVERIFY(inside.messages.empty());
        QCOMPARE(inside.olderHole, (std::optional<Hole>(Hole{Seq(61), Seq(90)})));
    }

    void after_readsUpwardsNewestFirst()
    {
        fetch({kChat, {}, {}, {}, 60}, 60);
        const auto got = page({kChat, {}, Seq(10), {}, 5});
        QCOMPARE(seqs(got), down(15, 11));
        const auto last = page({kChat, {}, Seq(57), {}, 5});
        QCOMPARE(seqs(last), down(60, 58));
        QVERIFY(last.atHead);
        const auto none = page({kChat, {}, Seq(60), {}, 5});
        QVERIFY(none.messages.empty() && none.atHead && !none.newerHole);
    }

    void around_holdsItsMessageInTheMiddle()
    {
        fetch({kChat, {}, {}, {}, 100}, 100);
        QCOMPARE(seqs(page({kChat, {}, {}, Seq(50), 9})), down(54, 46));
        QCOMPARE(seqs(page({kChat, {}, {}, Seq(1), 9})), down(5, 1));
        QCOMPARE(seqs(page({kChat, {}, {}, Seq(100), 9})), down(100, 92));
    }

    void liveMessage_beyondAGap_neverJoinsTheRangeBelow()
    {
        fetch({kChat, {}, {}, {}, 50}, 50);
        // Catch-up has not come yet, and the newest message arrives: 51–59 are still missing.
        const auto outcome = store().applyLive(kChat, message(60), Rev(60));
        KITH_VERIFY(outcome);
        QCOMPARE(*outcome, LiveOutcome::Missed); // ten revisions are unknown: `changes` is due
        const auto got = page({kChat, {}, {}, {}, 50});
        QCOMPARE(seqs(got), down(60, 60));
        QCOMPARE(got.olderHole, (std::optional<Hole>(Hole{Seq(51), Seq(59)})));
        const auto acks = store().unacked();
        KITH_VERIFY(acks);
        QCOMPARE(acks->size(), size_t(1));
        fetch({kChat, Seq(60), {}, {}, 50}, 60);
        const auto whole = store().coverage(kChat);
        KITH_VERIFY(whole);
        QCOMPARE(whole->ranges, (std::vector<Range>{{Seq(1), Seq(60)}}));
    }

    void pushThatComesAgain_doesNotUndoAnEdit()
    {
        const std::vector heads{head(kChat, 10)};
        KITH_VERIFY(store().applyHeads(heads));
        fetch({kChat, {}, {}, {}, 10}, 10);
        KITH_VERIFY(store().applyLive(kChat, message(11), Rev(11)));
        KITH_VERIFY(store().applyChange(kChat, message(11, kPeer, "better"), Rev(12)));
        // Sent again because the acknowledgement was late: it is the message as it was.
        const auto again = store().applyLive(kChat, message(11), Rev(11));
        KITH_VERIFY(again);
        QCOMPARE(*again, LiveOutcome::Known);
        QCOMPARE(page({kChat, {}, {}, {}, 1}).messages.front().message.body, std::string("better"));
        QCOMPARE(localHead(kChat).head.last->body, std::string("better"));
        QCOMPARE(localHead(kChat).knownRev, Rev(12));
    }

    void pushOfAnotherMessageUnderTheSameSeq_replacesIt()
    {
        // A data set that was restored gives the numbers out again.
        fetch({kChat, {}, {}, {}, 10}, 10);
        auto other = message(10, kPeer, "another history");
        other.id = MessageId("other");
        KITH_VERIFY(store().applyLive(kChat, other, Rev(10)));
        QCOMPARE(page({kChat, {}, {}, {}, 1}).messages.front().message.body, std::string("another history"));
    }

    void pageThatWasReadBeforeAChange_doesNotUndoIt()
    {
        const std::vector heads{head(kChat, 10)};
        KITH_VERIFY(store().applyHeads(heads));
        fetch({kChat, {}, {}, {}, 5}, 10);
        // The page below is on its way when 6 and 3 are edited; 3 is not here yet.
        KITH_VERIFY(store().applyChange(kChat, message(6, kPeer, "edited"), Rev(11)));
        KITH_VERIFY(store().applyChange(kChat, message(3, kPeer, "edited"), Rev(12)));
        QCOMPARE(localHead(kChat).knownRev, Rev(12));
        const PageQuery around{kChat, {}, {}, Seq(5), 8};
        const auto applied = store().applyPage(around, serverPage(around, 10, 10));
        KITH_VERIFY(applied);
        QVERIFY(*applied); // the caller is told
        QCOMPARE(store().message(kChat, Seq(6))->value().message.body, std::string("edited"));
        // What it brought may lack changes: they are asked for again.
        QCOMPARE(localHead(kChat).knownRev, Rev(10));
        QCOMPARE(localHead(kChat).head.headRev, Rev(12));
        const std::vector changed{message(3, kPeer, "edited"), message(6, kPeer, "edited")};
        KITH_VERIFY(store().applyChanges(kChat, changed, Rev(10), Rev(12), false));
        QCOMPARE(store().message(kChat, Seq(3))->value().message.body, std::string("edited"));
        QCOMPARE(localHead(kChat).knownRev, Rev(12));
    }

    void changeThatIsOlderThanWhatIsKnown_isLeftOut()
    {
        const std::vector heads{head(kChat, 10)};
        KITH_VERIFY(store().applyHeads(heads));
        fetch({kChat, {}, {}, {}, 10}, 10);
        // `changes` was answered before the pushes of what it holds got here.
        const std::vector changed{message(5, kPeer, "second edit")};
        KITH_VERIFY(store().applyChanges(kChat, changed, Rev(10), Rev(12), false));
        const auto late = store().applyChange(kChat, message(5, kPeer, "first edit"), Rev(11));
        KITH_VERIFY(late);
        QCOMPARE(*late, LiveOutcome::Known);
        QCOMPARE(store().message(kChat, Seq(5))->value().message.body, std::string("second edit"));
    }

    void liveMessages_inOrder_extendTheNewestRange()
    {
        const std::vector heads{head(kChat, 50, 50)};
        KITH_VERIFY(store().applyHeads(heads));
        fetch({kChat, {}, {}, {}, 50}, 50);
        for (std::int64_t seq = 51; seq <= 55; ++seq) {
            const auto outcome = store().applyLive(kChat, message(seq), Rev(seq));
            KITH_VERIFY(outcome);
            QCOMPARE(*outcome, LiveOutcome::Extended);
        }
        const auto again = store().applyLive(kChat, message(53), Rev(53));
        KITH_VERIFY(again);
        QCOMPARE(*again, LiveOutcome::Known);
        QCOMPARE(localHead(kChat).knownRev, Rev(55));
        QCOMPARE(localHead(kChat).head.unread, 5);
        const auto count = store().messageCount();
        KITH_VERIFY(count);
        QCOMPARE(*count, 55);
    }

    void firstMessageOfAConversation_touchesTheFloor()
    {
        const auto outcome = store().applyLive(kChat, message(1), Rev(1));
        KITH_VERIFY(outcome);
        QCOMPARE(*outcome, LiveOutcome::Extended);
        const auto got = page({kChat, {}, {}, {}, 50});
        QVERIFY(got.atFloor && got.atHead && !got.olderHole);
    }

    void changes_skipOldMessagesThatAreNotHere()
    {
        fetch({kChat, {}, {}, {}, 20}, 100); // 81–100
        auto old = message(10, kPeer, "edited long ago"), here = message(90, kPeer, "edited here");
        const std::vector changed{old, here, message(101), message(102)};
        KITH_VERIFY(store().applyChanges(kChat, changed, Rev(0), Rev(106), true));
        const auto coverage = store().coverage(kChat);
        KITH_VERIFY(coverage);
        QCOMPARE(coverage->ranges, (std::vector<Range>{{Seq(81), Seq(102)}}));
        const auto edited = store().message(kChat, Seq(90));
        KITH_VERIFY(edited);
        QCOMPARE((*edited)->message.body, std::string("edited here"));
        QCOMPARE(localHead(kChat).knownRev, Rev(106));
    }

    void changesAfterAPushOverAGap_closeIt()
    {
        fetch({kChat, {}, {}, {}, 50}, 50);
        KITH_VERIFY(store().applyLive(kChat, message(54), Rev(54)));
        const std::vector changed{message(53), message(51), message(54), message(52)};
        KITH_VERIFY(store().applyChanges(kChat, changed, Rev(0), Rev(54), true));
        const auto coverage = store().coverage(kChat);
        KITH_VERIFY(coverage);
        QCOMPARE(coverage->ranges, (std::vector<Range>{{Seq(1), Seq(54)}}));
    }

    void changes_fromAheadOfWhatIsKnown_doNotMoveTheCursor()
    {
        fetch({kChat, {}, {}, {}, 20}, 20);
        const std::vector changed{message(5, kPeer, "x")};
        KITH_VERIFY(store().applyChanges(kChat, changed, Rev(90), Rev(95), true));
        QVERIFY(localHead(kChat).knownRev < Rev(90));
    }

    void floorThatRose_keepsWhatIsHereReadable()
    {
        fetch({kChat, {}, {}, {}, 100}, 100);
        const PageQuery newest{kChat, {}, {}, {}, 10};
        KITH_VERIFY(store().applyPage(newest, serverPage(newest, 120, 120, 80)));
        fetch({kChat, Seq(111), {}, {}, 10}, 120);
        const PageQuery joint{kChat, Seq(111), {}, {}, 20};
        KITH_VERIFY(store().applyPage(joint, serverPage(joint, 120, 120, 80)));
        QCOMPARE(seqs(page({kChat, Seq(60), {}, {}, 5})), down(59, 55));
        const auto bottom = page({kChat, Seq(4), {}, {}, 5});
        QCOMPARE(seqs(bottom), down(3, 1));
        QVERIFY(bottom.atFloor && !bottom.olderHole);
    }

    void randomPagesAndPushes_agreeWithASetOfSeqs()
    {
        constexpr std::int64_t kHead = 400;
        std::mt19937 random(20261121);
        const auto pick = [&](std::int64_t from, std::int64_t to) {
            return std::uniform_int_distribution<std::int64_t>(from, to)(random);
        };
        std::set<std::int64_t> here;
        const std::vector heads{head(kChat, kHead)};
        KITH_VERIFY(store().applyHeads(heads));
        for (int round = 0; round < 120; ++round) {
            if (pick(0, 3) == 0) {
                const auto seq = pick(1, kHead);
                KITH_VERIFY(store().applyLive(kChat, message(seq), Rev(seq)));
                here.insert(seq);
            } else {
                const PageQuery query{kChat, Seq(pick(2, kHead + 1)), {}, {}, int(pick(1, 12))};
                KITH_VERIFY(store().applyPage(query, serverPage(query, kHead)));
                for (const auto &m : serverPage(query, kHead).messages)
                    here.insert(m.seq.value());
            }
            const PageQuery ask{kChat, Seq(pick(2, kHead + 1)), {}, {}, int(pick(1, 30))};
            const auto got = page(ask);
            // The truth: walk down from the question while the set has the next one.
            std::vector<std::int64_t> expected;
            auto seq = ask.before->value() - 1;
            for (; seq >= 1 && int(expected.size()) < ask.limit && here.contains(seq); --seq)
                expected.push_back(seq);
            QCOMPARE(seqs(got), expected);
            const bool hole = seq >= 1 && !here.contains(seq);
            QCOMPARE(got.olderHole.has_value(), hole);
            if (hole) {
                auto bottom = seq;
                while (bottom > 1 && !here.contains(bottom - 1))
                    --bottom;
                QCOMPARE(got.olderHole->from, Seq(bottom));
            }
        }
        const auto coverage = store().coverage(kChat);
        KITH_VERIFY(coverage);
        QCOMPARE(coverage->messagesHere, std::int64_t(here.size()));
    }
};

QTEST_APPLESS_MAIN(TestHistoryPages)
#include "test_history_pages.moc"
