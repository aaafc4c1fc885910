// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/timeline_window.h"
#include "tests/ui/fake_source.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QtTest>

#include <coroutine>

using namespace kith;
using namespace kith::models;

namespace {
constexpr std::int64_t kMinute = 60'000;
constexpr std::int64_t kStart = 1'700'000'000'000;

/// Answers pages only when they are let go: for answers that come too late.
class SlowSource final : public TimelineSource {
public:
    test::FakeSource inner;

    QCoro::Task<client::Result<history::LocalPage>> page(PageQuery query) override
    {
        ++m_asked;
        auto answer = co_await inner.page(query);
        Gate gate{m_waiting};
        co_await gate;
        co_return answer;
    }
    QCoro::Task<client::Result<std::vector<history::StoredMessage>>> unsent(ConversationId id) override
    {
        return inner.unsent(std::move(id));
    }
    QCoro::Task<client::Result<std::vector<Receipt>>> receipts(ConversationId id) override
    {
        return inner.receipts(std::move(id));
    }
    QCoro::Task<client::Result<void>> fillHole(ConversationId id, history::Hole hole, Seq near) override
    {
        return inner.fillHole(std::move(id), hole, near);
    }
    /// The oldest answer that waits.
    void letGo()
    {
        const std::coroutine_handle<> next = m_waiting.front();
        m_waiting.erase(m_waiting.begin());
        next.resume();
    }
    int asked() const { return m_asked; }

private:
    struct Gate {
        std::vector<std::coroutine_handle<>> &waiting;
        bool await_ready() const noexcept { return false; }
        void await_suspend(std::coroutine_handle<> handle) { waiting.push_back(handle); }
        void await_resume() const noexcept {}
    };
    std::vector<std::coroutine_handle<>> m_waiting;
    int m_asked = 0;
};

void fill(test::FakeSource &source, std::int64_t from, std::int64_t to, std::int64_t step = kMinute)
{
    for (std::int64_t i = from; i <= to; ++i)
        source.messages[Seq(i)] =
            test::makeMessage(i, i % 3 == 0 ? "1" : "2", "m" + std::to_string(i), kStart + i * step);
    source.head = std::max(source.head, Seq(to));
}

history::LocalHead head(const test::FakeSource &source, std::int64_t unread = 0)
{
    history::LocalHead h;
    h.head.conversation = ConversationId("p:1:2");
    h.head.type = ConversationType::Private;
    h.head.headSeq = source.head;
    h.head.readSeq = Seq(source.head.value() - unread);
    h.head.unread = unread;
    return h;
}
} // namespace

class TestTimelineWindow final : public QObject {
    Q_OBJECT

    static int count(const TimelineWindow &window, RowKind kind)
    {
        int n = 0;
        for (int i = 0; i < window.rowCount(); ++i)
            n += window.row(i).kind == kind ? 1 : 0;
        return n;
    }
    static People &me()
    {
        static People people;
        User u;
        u.id = UserId("1");
        u.displayName = "Lin";
        people.setSelf(u);
        return people;
    }

private slots:
    void open_loadsOnePageOfTheNewest()
    {
        test::FakeSource source;
        fill(source, 1, 5000);
        TimelineWindow window(source, me());
        QAbstractItemModelTester tester(&window);
        window.open(head(source));
        QVERIFY(window.isLoaded());
        QVERIFY(window.atNewest());
        QVERIFY(!window.atOldest());
        QVERIFY(window.rowCount() < 80);
        QCOMPARE(window.row(window.rowCount() - 1).seq(), Seq(5000));
    }

    void needOlder_pagesToTheFloorAndKeepsTheWindowSmall()
    {
        test::FakeSource source;
        fill(source, 1, 2000);
        TimelineWindow window(source, me());
        QAbstractItemModelTester tester(&window);
        window.open(head(source));
        for (int i = 0; i < 100 && !window.atOldest(); ++i)
            window.needOlder();
        QVERIFY(window.atOldest());
        QCOMPARE(window.row(0).kind, RowKind::Start);
        QVERIFY(window.rowCount() < 500);
        QVERIFY(!window.atNewest());
        for (int i = 0; i < 100 && !window.atNewest(); ++i)
            window.needNewer();
        QCOMPARE(window.row(window.rowCount() - 1).seq(), Seq(2000));
    }

    void manyUnread_opensAroundTheFirstOfThem()
    {
        test::FakeSource source;
        fill(source, 1, 5000);
        TimelineWindow window(source, me());
        QSignalSpy positioned(&window, &TimelineWindow::positioned);
        window.open(head(source, 1000));
        QCOMPARE(positioned.last().first().toString(), QStringLiteral("unread"));
        const int at = window.indexOfKey(QStringLiteral("unread"));
        QVERIFY(at > 0);
        QVERIFY(window.row(at + 1).seq() > Seq(4000));
        QVERIFY(window.row(at + 1).seq() <= Seq(4003)); // an own one may lie between
        QVERIFY(!window.atNewest());
    }

    void days_andGroupsOfFiveMinutesAreDerived()
    {
        test::FakeSource source;
        const auto say = [&](int seq, const char *who, std::int64_t at) {
            source.messages[Seq(seq)] = test::makeMessage(seq, who, "x", at);
            source.head = Seq(seq);
        };
        const std::int64_t noon = QDateTime(QDate(2024, 5, 1), QTime(12, 0)).toMSecsSinceEpoch();
        say(1, "2", noon);
        say(2, "2", noon + 5 * kMinute);
        say(3, "2", noon + 11 * kMinute); // more than five after the one before
        say(4, "3", noon + 11 * kMinute);
        say(5, "3", noon + 24 * 60 * kMinute);
        TimelineWindow window(source, me());
        QAbstractItemModelTester tester(&window);
        window.open(head(source));
        QCOMPARE(count(window, RowKind::Day), 2);
        const auto row = [&](int seq) { return window.row(window.indexOfSeq(Seq(seq))); };
        QVERIFY(row(1).first && !row(1).last);
        QVERIFY(!row(2).first && row(2).last);
        QVERIFY(row(3).first && row(3).last);
        QVERIFY(row(4).first && row(4).last);
        QVERIFY(row(5).first && row(5).last);
    }

    void hole_isARowIsAskedForOnceAndCloses()
    {
        test::FakeSource source;
        fill(source, 1, 20);
        fill(source, 433, 470);
        TimelineWindow window(source, me());
        QAbstractItemModelTester tester(&window);
        window.open(head(source));
        QCOMPARE(window.row(0).kind, RowKind::Hole);
        QCOMPARE(window.row(0).hole, (history::Hole{Seq(21), Seq(432)}));
        window.fillHole(window.row(0).hole, false);
        window.fillHole({Seq(21), Seq(432)}, false);
        QTRY_COMPARE(source.asked.size(), std::size_t(1));
        // Offline, what lies beyond the hole can still be read.
        window.needOlder();
        QVERIFY(window.indexOfSeq(Seq(20)) >= 0);
        QCOMPARE(window.row(window.indexOfSeq(Seq(100))).kind, RowKind::Hole);
        fill(source, 21, 432);
        for (int i = 0; i < 20 && count(window, RowKind::Hole) > 0; ++i)
            window.applyCoverage(ConversationId("p:1:2"));
        QCOMPARE(count(window, RowKind::Hole), 0);
    }

    void emptyHistory_showsTheHoleAndFillsFromTheNewest()
    {
        test::FakeSource source;
        source.head = Seq(30);
        TimelineWindow window(source, me());
        QAbstractItemModelTester tester(&window);
        window.open(head(source));
        QCOMPARE(count(window, RowKind::Hole), 1);
        fill(source, 1, 30);
        window.applyCoverage(ConversationId("p:1:2"));
        QCOMPARE(count(window, RowKind::Hole), 0);
        QCOMPARE(window.row(window.rowCount() - 1).seq(), Seq(30));
    }

    void newestEndMissing_isShownAboveWhatIsHere()
    {
        test::FakeSource source;
        fill(source, 1, 500);
        source.head = Seq(502);
        TimelineWindow window(source, me());
        QAbstractItemModelTester tester(&window);
        QSignalSpy positioned(&window, &TimelineWindow::positioned);
        window.open(head(source));
        QVERIFY(window.atNewest());
        QCOMPARE(positioned.last().first().toString(), QString());
        const TimelineRow last = window.row(window.rowCount() - 1);
        QCOMPARE(last.hole, (history::Hole{Seq(501), Seq(502)}));
        QCOMPARE(last.holeKind, HoleKind::Loadable);
        QCOMPARE(window.row(window.rowCount() - 2).seq(), Seq(500));
        // Asked for in vain: it is still the newest end.
        window.applyCoverage(ConversationId("p:1:2"));
        QVERIFY(window.atNewest());
        QCOMPARE(count(window, RowKind::Hole), 1);
        window.jumpTo(Seq(3));
        QVERIFY(!window.atNewest());
        window.jumpToNewest();
        QVERIFY(window.atNewest());
        QCOMPARE(window.row(window.rowCount() - 1).hole, (history::Hole{Seq(501), Seq(502)}));
        fill(source, 501, 502);
        window.applyCoverage(ConversationId("p:1:2"));
        QCOMPARE(count(window, RowKind::Hole), 0);
        QCOMPARE(window.row(window.rowCount() - 1).seq(), Seq(502));
    }

    void leftGroup_itsHolesAreAskedForByNobody()
    {
        test::FakeSource source;
        fill(source, 1, 20);
        fill(source, 41, 500);
        source.head = Seq(502);
        history::LocalHead left = head(source);
        left.head.conversation = ConversationId("g:1");
        left.head.type = ConversationType::Group;
        left.head.removed = true;
        TimelineWindow window(source, me());
        QAbstractItemModelTester tester(&window);
        window.open(left);
        const TimelineRow last = window.row(window.rowCount() - 1);
        QCOMPARE(last.holeKind, HoleKind::Left);
        window.fillHole(last.hole, true);
        window.jumpTo(Seq(30));
        QCOMPARE(window.row(window.indexOfSeq(Seq(30))).holeKind, HoleKind::Left);
        window.fillHole({Seq(21), Seq(40)}, false);
        QCoreApplication::processEvents();
        QVERIFY(source.asked.empty());
        // Taken in again.
        left.head.removed = false;
        window.applyHead(left);
        QCOMPARE(window.row(window.indexOfSeq(Seq(30))).holeKind, HoleKind::Loadable);
        window.fillHole({Seq(21), Seq(40)}, false);
        QTRY_COMPARE(source.asked.size(), std::size_t(1));
        // What the server lost it does not give either.
        left.archive = true;
        window.applyHead(left);
        QCOMPARE(window.row(window.indexOfSeq(Seq(30))).holeKind, HoleKind::Archived);
    }

    void changes_areOfferedAsLongAsTheServerTakesThem()
    {
        TimelineRow row;
        row.own = true;
        row.stored.message.createdAt = fromUnixMs(kStart);
        const Timestamp sent = row.stored.message.createdAt;
        QVERIFY(mayEdit(row, sent + std::chrono::hours(47)) && !mayEdit(row, sent + std::chrono::hours(48)));
        QVERIFY(mayRecall(row, sent + std::chrono::seconds(119)) && !mayRecall(row, sent + std::chrono::minutes(2)));
        row.stored.state = history::SendState::Sending; // it begins when the server has it
        QVERIFY(mayEdit(row, sent + std::chrono::hours(100)) && mayRecall(row, sent + std::chrono::hours(100)));
        row.stored.message.recalled = true;
        QVERIFY(!mayEdit(row, sent) && !mayRecall(row, sent));
        row.stored.message.recalled = row.own = false;
        QVERIFY(!mayEdit(row, sent) && !mayRecall(row, sent));
    }

    void sending_keepsOneRowFromClockToTick()
    {
        test::FakeSource source;
        fill(source, 1, 5);
        TimelineWindow window(source, me());
        QAbstractItemModelTester tester(&window);
        window.open(head(source));
        history::StoredMessage mine = test::makeMessage(0, "1", "hello", kStart + 6 * kMinute);
        mine.state = history::SendState::Sending;
        mine.message.cid = ClientMessageId("c-1");
        window.applyMessages(ConversationId("p:1:2"), {mine});
        const int row = window.rowCount() - 1;
        QCOMPARE(window.row(row).delivery, Delivery::Sending);
        QSignalSpy inserted(&window, &QAbstractItemModel::rowsInserted);
        QSignalSpy removed(&window, &QAbstractItemModel::rowsRemoved);
        history::StoredMessage settled = mine;
        settled.state = history::SendState::Settled;
        settled.message.seq = Seq(6);
        window.applySettled(ConversationId("p:1:2"), ClientMessageId("c-1"), settled);
        QCOMPARE(window.row(row).delivery, Delivery::Accepted);
        QCOMPARE(inserted.count() + removed.count(), 0);
        window.applyReceipt({ConversationId("p:1:2"), UserId("2"), Seq(6), Seq(0)});
        QCOMPARE(window.row(row).delivery, Delivery::Delivered);
        window.applyReceipt({ConversationId("p:1:2"), UserId("2"), Seq(0), Seq(6)});
        QCOMPARE(window.row(row).delivery, Delivery::Read);
        window.applyReceipt({ConversationId("p:1:2"), UserId("2"), Seq(1), Seq(1)}); // never back
        QCOMPARE(window.row(row).delivery, Delivery::Read);
    }

    void failed_staysUntilDiscarded()
    {
        test::FakeSource source;
        fill(source, 1, 5);
        TimelineWindow window(source, me());
        window.open(head(source));
        history::StoredMessage mine = test::makeMessage(0, "1", "hello", kStart + 6 * kMinute);
        mine.state = history::SendState::Failed;
        mine.failure = "blocked";
        mine.message.cid = ClientMessageId("c-1");
        window.applyMessages(ConversationId("p:1:2"), {mine});
        QCOMPARE(window.row(window.rowCount() - 1).delivery, Delivery::Failed);
        window.applyDiscarded(ConversationId("p:1:2"), ClientMessageId("c-1"));
        QCOMPARE(window.row(window.rowCount() - 1).seq(), Seq(5));
    }

    void groupTicks_needEverybody()
    {
        test::FakeSource source;
        fill(source, 1, 3);
        history::LocalHead group = head(source);
        group.head.conversation = ConversationId("g:1");
        group.head.type = ConversationType::Group;
        group.head.members = 3;
        TimelineWindow window(source, me());
        window.open(group);
        const int row = window.indexOfSeq(Seq(3)); // own
        window.applyReceipt({ConversationId("g:1"), UserId("2"), Seq(3), Seq(3)});
        QCOMPARE(window.row(row).delivery, Delivery::Accepted);
        QCOMPARE(window.row(row).readers, 1);
        window.applyReceipt({ConversationId("g:1"), UserId("3"), Seq(3), Seq(0)});
        QCOMPARE(window.row(row).delivery, Delivery::Delivered);
    }

    void liveMessage_whileScrolledUpIsNotPutBehindAGap()
    {
        test::FakeSource source;
        fill(source, 1, 5000);
        TimelineWindow window(source, me());
        window.open(head(source));
        window.jumpTo(Seq(100));
        QVERIFY(!window.atNewest());
        const int rows = window.rowCount();
        fill(source, 5001, 5001);
        window.applyMessages(ConversationId("p:1:2"), {source.messages.at(Seq(5001))});
        QCOMPARE(window.rowCount(), rows);
        QCOMPARE(window.headSeq(), Seq(5001));
        window.jumpToNewest();
        QCOMPARE(window.row(window.rowCount() - 1).seq(), Seq(5001));
    }

    void jumpToAnOwnMessage_isPositionedThere()
    {
        test::FakeSource source;
        fill(source, 1, 5000);
        source.messages.at(Seq(300)).message.cid = ClientMessageId("mine"); // its row has another kind of key
        TimelineWindow window(source, me());
        window.open(head(source));
        QSignalSpy positioned(&window, &TimelineWindow::positioned);
        window.jumpTo(Seq(300));
        QCOMPARE(positioned.count(), 1);
        QCOMPARE(positioned.last().first().toString(), window.row(window.indexOfSeq(Seq(300))).key);
    }

    void jumpIntoAHole_showsItBetweenItsSides_andThenTheMessage()
    {
        test::FakeSource source;
        fill(source, 1, 200);
        fill(source, 901, 2000);
        TimelineWindow window(source, me());
        QAbstractItemModelTester tester(&window);
        window.open(head(source));
        QSignalSpy positioned(&window, &TimelineWindow::positioned);
        window.jumpTo(Seq(500));
        const int hole = window.indexOfSeq(Seq(500));
        QCOMPARE(window.row(hole).hole, (history::Hole{Seq(201), Seq(900)}));
        QCOMPARE(positioned.last().first().toString(), window.row(hole).key);
        QCOMPARE(window.row(hole - 1).seq(), Seq(200));
        window.fillHole(window.row(hole).hole, false);
        QTRY_COMPARE(source.nearest, Seq(500));
        const auto told = positioned.count();
        fill(source, 480, 520);
        window.applyCoverage(ConversationId("p:1:2"));
        QCOMPARE(positioned.count(), told + 1);
        QCOMPARE(positioned.last().first().toString(), QStringLiteral("m500"));
        QCOMPARE(count(window, RowKind::Hole), 2);
        // Somebody who went on meanwhile is not called back.
        window.jumpTo(Seq(700));
        window.forgetWanted();
        const auto before = positioned.count();
        fill(source, 690, 710);
        window.applyCoverage(ConversationId("p:1:2"));
        QCOMPARE(positioned.count(), before);
    }

    void nothingHere_aJumpShowsTheHole()
    {
        test::FakeSource source;
        source.head = Seq(30);
        TimelineWindow window(source, me());
        QAbstractItemModelTester tester(&window);
        window.open(head(source));
        window.jumpTo(Seq(7));
        QCOMPARE(count(window, RowKind::Hole), 1);
        QCOMPARE(window.row(0).hole, (history::Hole{Seq(1), Seq(30)}));
    }

    void holeIsFilledFromItsOlderEnd_itsMessagesAppear()
    {
        test::FakeSource source;
        fill(source, 1, 200);
        fill(source, 901, 2000);
        TimelineWindow window(source, me());
        QAbstractItemModelTester tester(&window);
        window.open(head(source));
        window.jumpTo(Seq(180));
        QVERIFY(count(window, RowKind::Hole) == 1);
        fill(source, 201, 240);
        window.applyCoverage(ConversationId("p:1:2"));
        QVERIFY(window.indexOfSeq(Seq(240)) >= 0);
        QCOMPARE(window.row(window.indexOfSeq(Seq(500))).hole, (history::Hole{Seq(241), Seq(900)}));
    }

    void aboveAHole_readingGoesOn()
    {
        test::FakeSource source;
        fill(source, 1, 200);
        fill(source, 901, 2000);
        TimelineWindow window(source, me());
        QAbstractItemModelTester tester(&window);
        window.open(head(source));
        window.jumpTo(Seq(150));
        QVERIFY(!window.atNewest());
        for (int i = 0; i < 40 && !window.atNewest(); ++i) {
            window.needNewer();
            window.applyCoverage(ConversationId("p:1:2"));
            // What is called missing is missing.
            for (int row = 0; row < window.rowCount(); ++row)
                if (window.row(row).kind == RowKind::Hole)
                    QCOMPARE(window.row(row).hole, (history::Hole{Seq(201), Seq(900)}));
        }
        QVERIFY(window.atNewest());
        QCOMPARE(window.row(window.rowCount() - 1).seq(), Seq(2000));
    }

    void whatIsRead_isNotTrimmedByWhatComesIn()
    {
        test::FakeSource source;
        fill(source, 1, 200);
        TimelineWindow window(source, me());
        QAbstractItemModelTester tester(&window);
        window.open(head(source));
        window.needOlder();
        window.needOlder();
        window.keep(Seq(40), Seq(50));
        for (std::int64_t next = 201; next <= 1500; ++next) {
            fill(source, next, next);
            window.applyMessages(ConversationId("p:1:2"), {source.messages.at(Seq(next))});
        }
        QVERIFY(window.indexOfSeq(Seq(40)) >= 0 && window.indexOfSeq(Seq(50)) >= 0);
        QVERIFY(window.rowCount() < 600);
        QVERIFY(!window.atNewest());
        QCOMPARE(window.headSeq(), Seq(1500));
    }

    void recalled_changesTheRowInPlace()
    {
        test::FakeSource source;
        fill(source, 1, 10);
        TimelineWindow window(source, me());
        QAbstractItemModelTester tester(&window);
        window.open(head(source));
        QSignalSpy changed(&window, &QAbstractItemModel::dataChanged);
        history::StoredMessage gone = source.messages.at(Seq(7));
        gone.message.recalled = true;
        gone.message.body.clear();
        window.applyMessages(ConversationId("p:1:2"), {gone});
        QCOMPARE(changed.count(), 1);
        QVERIFY(window.row(window.indexOfSeq(Seq(7))).stored.message.recalled);
    }

    void otherConversation_isIgnored()
    {
        test::FakeSource source;
        fill(source, 1, 10);
        TimelineWindow window(source, me());
        window.open(head(source));
        const int rows = window.rowCount();
        window.applyMessages(ConversationId("g:9"), {test::makeMessage(11, "2", "x", kStart)});
        window.applyReceipt({ConversationId("g:9"), UserId("2"), Seq(10), Seq(10)});
        QCOMPARE(window.rowCount(), rows);
        QCOMPARE(window.row(window.indexOfSeq(Seq(9))).delivery, Delivery::Accepted);
    }

    void staleAnswer_isDroppedByItsNumber()
    {
        SlowSource source;
        fill(source.inner, 1, 500);
        TimelineWindow window(source, me());
        QAbstractItemModelTester tester(&window);
        window.open(head(source.inner));
        history::LocalHead other = head(source.inner);
        other.head.conversation = ConversationId("g:2");
        other.head.headSeq = Seq(40);
        window.open(other); // the first answer is not there yet
        QCOMPARE(source.asked(), 2);
        QVERIFY(!window.isLoaded());
        QSignalSpy positioned(&window, &TimelineWindow::positioned);
        source.letGo();
        QCOMPARE(positioned.count(), 0);
        QCOMPARE(window.rowCount(), 0);
        source.letGo();
        QTRY_COMPARE(positioned.count(), 1);
        QVERIFY(window.rowCount() > 0);
    }

    void windowGoneWhileAsking_isHarmless()
    {
        SlowSource source;
        fill(source.inner, 1, 500);
        {
            TimelineWindow window(source, me());
            window.open(head(source.inner));
        }
        source.letGo();
        QCOMPARE(source.asked(), 1);
    }

    void randomWalk_keepsTheModelsRules()
    {
        test::FakeSource source;
        fill(source, 1, 300, 7 * kMinute);
        fill(source, 350, 900, 3 * kMinute);
        TimelineWindow window(source, me());
        QAbstractItemModelTester tester(&window);
        window.open(head(source, 20));
        quint32 state = 3;
        const auto draw = [&state](quint32 below) { return (state = state * 1664525U + 1013904223U) / 65536U % below; };
        for (int i = 0; i < 400; ++i) {
            switch (draw(6)) {
            case 0:
                window.needOlder();
                break;
            case 1:
                window.needNewer();
                break;
            case 2:
                window.jumpTo(Seq(1 + draw(900)));
                break;
            case 3: {
                const std::int64_t next = source.head.value() + 1;
                fill(source, next, next);
                window.applyMessages(ConversationId("p:1:2"), {source.messages.at(Seq(next))});
                break;
            }
            case 4:
                window.applyCoverage(ConversationId("p:1:2"));
                break;
            case 5:
                window.jumpToNewest();
                break;
            }
            Seq last;
            for (int row = 0; row < window.rowCount(); ++row) {
                const TimelineRow &r = window.row(row);
                QCOMPARE(window.indexOfKey(r.key), row);
                if (r.kind != RowKind::Message)
                    continue;
                QVERIFY(r.seq() > last);
                last = r.seq();
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestTimelineWindow)
#include "test_timeline_window.moc"
