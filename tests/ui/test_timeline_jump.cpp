// SPDX-License-Identifier: GPL-3.0-or-later
// Jumps of the timeline: to a reply's source and back, into a hole, to a day; and the words that were found.
#include "tests/ui/timeline_stage.h"

#include <QPushButton>
#include <QSignalSpy>

using namespace kith;
using namespace kith::ui;
using test::kConversation;
using test::Stage;

class TestTimelineJump final : public QObject {
    Q_OBJECT
private slots:
    void quote_leadsToItsSourceAndBack()
    {
        Stage stage(2000);
        stage.source.messages.at(Seq(1950)).message.replyTo = Seq(300);
        stage.open();
        stage.view->scrollBy(-1500);
        QTRY_VERIFY(!stage.view->rowRect(stage.window->indexOfSeq(Seq(1950))).isEmpty() ||
                    (stage.view->scrollBy(-200), false));
        const QString key = stage.window->row(stage.window->indexOfSeq(Seq(1950))).key;
        const QRect from = stage.view->rowRect(stage.window->indexOfKey(key));
        const RowLayout &layout = stage.view->layoutOf(stage.window->indexOfKey(key));
        QTest::mouseClick(stage.view->viewport(), Qt::LeftButton, {},
                          layout.quote.center().toPoint() + QPoint(0, from.top()));
        QTRY_VERIFY(!stage.view->rowRect(stage.window->indexOfSeq(Seq(300))).isEmpty());
        auto *pill = stage.view->findChild<QPushButton *>(QStringLiteral("Pill"));
        QVERIFY(pill->isVisible());
        QCOMPARE(pill->text(), QStringLiteral("Back to the reply"));
        QTest::mouseClick(pill, Qt::LeftButton);
        QTRY_COMPARE(stage.view->rowRect(stage.window->indexOfKey(key)).top(), from.top());
        QVERIFY(!stage.view->canGoBack());
        QVERIFY(pill->text().isEmpty()); // to the newest, as before
        QTest::mouseClick(pill, Qt::LeftButton);
        QTRY_VERIFY(stage.view->isAtNewest());
    }

    void wayBack_isAStackAndEndsAtTheNewest()
    {
        Stage stage(3000);
        stage.source.messages.at(Seq(2990)).message.replyTo = Seq(1500);
        stage.source.messages.at(Seq(1500)).message.replyTo = Seq(100);
        stage.open();
        const auto go = [&](std::int64_t seq) { stage.view->goToSource(stage.window->indexOfSeq(Seq(seq))); };
        const auto inSight = [&](std::int64_t seq) {
            const int row = stage.window->indexOfSeq(Seq(seq));
            return row >= 0 && !stage.view->rowRect(row).isEmpty();
        };
        go(2990);
        QTRY_VERIFY(inSight(1500));
        go(1500);
        QTRY_VERIFY(inSight(100));
        QVERIFY(stage.view->goBack());
        QTRY_VERIFY(inSight(1500));
        QVERIFY(stage.view->canGoBack());
        QVERIFY(stage.view->goBack());
        QTRY_VERIFY(inSight(2990));
        QVERIFY(!stage.view->goBack());
        go(2990);
        QTRY_VERIFY(inSight(1500));
        QTest::keyClick(stage.view.get(), Qt::Key_Escape);
        QTRY_VERIFY(stage.view->isAtNewest());
        QVERIFY(!stage.view->canGoBack());
        // Who scrolls there has come back too.
        go(2990);
        QTRY_VERIFY(inSight(1500));
        for (int i = 0; i < 4000 && !inSight(2990); ++i) {
            stage.view->scrollBy(400);
            QCoreApplication::processEvents();
        }
        QVERIFY(inSight(2990));
        QVERIFY(!stage.view->canGoBack());
        stage.view->goToSource(stage.window->indexOfSeq(Seq(2990)));
        QVERIFY(stage.view->canGoBack());
        history::LocalHead other;
        other.head.conversation = ConversationId("g:2");
        other.head.headSeq = Seq(3000);
        stage.window->open(other);
        QVERIFY(!stage.view->canGoBack());
    }

    void sourceThatIsMissing_isShownAsTheHoleAndThenItself()
    {
        Stage stage(3000);
        std::map<Seq, history::StoredMessage> away;
        for (std::int64_t seq = 200; seq <= 2000; ++seq) {
            away[Seq(seq)] = stage.source.messages.at(Seq(seq));
            stage.source.messages.erase(Seq(seq));
        }
        stage.source.messages.at(Seq(2990)).message.replyTo = Seq(1000);
        stage.open();
        stage.view->goToSource(stage.window->indexOfSeq(Seq(2990)));
        QTRY_COMPARE(stage.source.asked.size(), std::size_t(1));
        QCOMPARE(stage.source.asked.front(), (history::Hole{Seq(200), Seq(2000)}));
        QCOMPARE(stage.source.nearest, Seq(1000)); // not from one of its ends
        const int hole = stage.window->indexOfSeq(Seq(1000));
        QCOMPARE(stage.window->row(hole).kind, models::RowKind::Hole);
        QVERIFY(!stage.view->rowRect(hole).isEmpty());
        QVERIFY(stage.window->indexOfSeq(Seq(199)) >= 0 && stage.window->indexOfSeq(Seq(2001)) >= 0);
        for (std::int64_t seq = 980; seq <= 1020; ++seq)
            stage.source.messages[Seq(seq)] = away.at(Seq(seq));
        stage.window->applyCoverage(kConversation);
        QTRY_VERIFY(!stage.view->rowRect(stage.window->indexOfSeq(Seq(1000))).isEmpty());
        QCOMPARE(stage.window->row(stage.window->indexOfSeq(Seq(1000))).kind, models::RowKind::Message);
        QVERIFY(stage.view->goBack());
        QTRY_VERIFY(!stage.view->rowRect(stage.window->indexOfSeq(Seq(2990))).isEmpty());
    }

    void hole_isFilledFromTheSideThatIsRead()
    {
        Stage stage(600);
        for (std::int64_t seq = 200; seq <= 400; ++seq)
            stage.source.messages.erase(Seq(seq));
        stage.open();
        stage.window->jumpTo(Seq(150));
        for (int i = 0; i < 200 && stage.source.asked.empty(); ++i) {
            stage.view->scrollBy(60);
            QCoreApplication::processEvents();
        }
        QCOMPARE(stage.source.asked.size(), std::size_t(1));
        QCOMPARE(stage.source.nearest, Seq(200));
    }

    void dayPill_asksForTheCalendar()
    {
        Stage stage(5);
        stage.open();
        QSignalSpy clicked(stage.view.get(), &TimelineView::dayClicked);
        for (const TimelineView::Placed &p : stage.view->placed()) {
            if (stage.window->row(p.row).kind != models::RowKind::Day)
                continue;
            QTest::mouseClick(stage.view->viewport(), Qt::LeftButton, {},
                              stage.view->layoutOf(p.row).chip.center().toPoint() + QPoint(0, p.top));
            QCOMPARE(clicked.count(), 1);
            QCOMPARE(clicked.last().first().toDate(), stage.window->row(p.row).day);
            return;
        }
        QFAIL("no day in sight");
    }

    void foundWords_areMarkedAsTheSearchFindsThem()
    {
        Stage stage(6);
        stage.source.messages.at(Seq(6)).message.body = "Tea, **TEA** and a teapot: 绿茶很好";
        stage.source.messages.at(Seq(5)).message.body = "nothing of it";
        stage.source.messages.at(Seq(4)).message.body = "tea";
        stage.source.messages.at(Seq(4)).message.recalled = true;
        stage.open();
        const auto marked = [&](std::int64_t seq) {
            QStringList words;
            const models::TimelineRow &row = stage.window->row(stage.window->indexOfSeq(Seq(seq)));
            for (const FoundMark &mark : stage.view->foundIn(row))
                words << row.words.text.mid(mark.start, mark.length);
            return words;
        };
        QVERIFY(marked(6).isEmpty());
        stage.view->setFound({"tea"}, false);
        QCOMPARE(marked(6), QStringList({"Tea", "TEA"}));
        QVERIFY(marked(5).isEmpty());
        QVERIFY(marked(4).isEmpty());
        stage.view->setFound({"tea"}, true); // still being typed: beginnings too
        QCOMPARE(marked(6), QStringList({"Tea", "TEA", "teapot"}));
        stage.view->setFound({"绿茶", "teapot"}, false);
        QCOMPARE(marked(6), QStringList({"teapot", "绿茶"}));
        history::StoredMessage edited = stage.source.messages.at(Seq(6));
        edited.message.body = "no more";
        stage.window->applyMessages(kConversation, {edited});
        QVERIFY(marked(6).isEmpty());
        QTest::keyClick(stage.view.get(), Qt::Key_Escape);
        stage.window->applyMessages(kConversation, {stage.source.messages.at(Seq(6))});
        QVERIFY(marked(6).isEmpty());
    }

    void foundWords_arePainted()
    {
        Stage stage(1);
        stage.source.messages.at(Seq(1)).message.body = "wwwwwwwwwwww";
        stage.open();
        const auto share = [&] {
            const QImage image = stage.view->viewport()->grab().toImage();
            int hits = 0;
            for (int y = 0; y < image.height(); ++y)
                for (int x = 0; x < image.width(); ++x)
                    hits += image.pixelColor(x, y) == stage.theme[Token::Found] ? 1 : 0;
            return hits;
        };
        QCOMPARE(share(), 0);
        stage.view->setFound({"wwwwwwwwwwww"}, false);
        QVERIFY(share() > 200);
        stage.view->setFound({}, false);
        QCOMPARE(share(), 0);
    }
};

QTEST_MAIN(TestTimelineJump)
#include "test_timeline_jump.moc"
