// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/timeline_stage.h"
#include "ui/pictures/pictures.h"

#include <QAccessible>
#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QVBoxLayout>
#include <QtTest>

using namespace kith;
using namespace kith::ui;
using test::fill;
using test::kConversation;
using test::kStart;
using test::Stage;

class TestTimelineView final : public QObject {
    Q_OBJECT
private slots:
    void hundredThousand_openWithFewLayouts()
    {
        Stage stage(100'000);
        stage.open();
        QVERIFY(stage.view->isAtNewest());
        QCOMPARE(stage.window->row(stage.view->placed().back().row).seq(), Seq(100'000));
        QVERIFY2(stage.view->layoutsMade() < 120, qPrintable(QString::number(stage.view->layoutsMade())));
    }

    void pictureThatArrives_movesAndLaysOutNothing()
    {
        Stage stage(200);
        stage.open();
        User pictured;
        pictured.id = UserId("2");
        pictured.displayName = "Person 2";
        pictured.avatar = "face";
        const auto before = stage.tops();
        stage.people.put({pictured});
        QCOMPARE(stage.tops(), before);
        QSignalSpy wanted(&stage.theme.pictures(), &Pictures::wanted);
        stage.view->viewport()->repaint();
        QTRY_COMPARE(wanted.size(), 1);
        const auto made = stage.view->layoutsMade();
        QImage face(64, 64, QImage::Format_RGB32);
        face.fill(Qt::red);
        const auto reds = [&] {
            const QImage seen = stage.view->viewport()->grab().toImage();
            int count = 0;
            for (int y = 0; y < seen.height(); ++y)
                for (int x = 0; x < 60; ++x)
                    count += seen.pixelColor(x, y) == QColor(Qt::red) ? 1 : 0;
            return count;
        };
        QCOMPARE(reds(), 0);
        QSignalSpy painted(stage.view.get(), &TimelineView::painted);
        stage.theme.pictures().putImage(QStringLiteral("face"), face);
        QTRY_VERIFY(!painted.isEmpty());
        QVERIFY(reds() > 200);
        QCOMPARE(stage.tops(), before);
        QCOMPARE(stage.view->layoutsMade(), made);
        // One that nobody here has paints nothing.
        painted.clear();
        stage.theme.pictures().putImage(QStringLiteral("another"), face);
        QCoreApplication::processEvents();
        QVERIFY(painted.isEmpty());
    }

    void newestEnd_liesAtTheBottom()
    {
        Stage stage(200);
        stage.open();
        QCOMPARE(stage.bottom(), stage.view->viewport()->height() - 12);
    }

    void fewMessages_lieAtTheBottomToo()
    {
        Stage stage(2);
        stage.open();
        QCOMPARE(stage.bottom(), stage.view->viewport()->height() - 12);
        QVERIFY(stage.view->isAtNewest());
        stage.view->scrollBy(-500);
        QCOMPARE(stage.bottom(), stage.view->viewport()->height() - 12);
    }

    void anchor_staysWhileMessagesComeInBelow()
    {
        Stage stage(300);
        stage.open();
        stage.view->scrollBy(-900);
        QVERIFY(!stage.view->isAtNewest());
        const auto before = stage.tops();
        QVERIFY(before.size() > 3);
        for (std::int64_t seq = 301; seq <= 320; ++seq) {
            fill(stage.source, seq, seq);
            stage.window->applyMessages(kConversation, {stage.source.messages.at(Seq(seq))});
        }
        QCOMPARE(stage.tops(), before);
    }

    void anchor_staysWhileOlderPagesComeInAbove()
    {
        Stage stage(3000);
        stage.open();
        stage.view->scrollBy(-700);
        const auto before = stage.tops();
        const int rows = stage.window->rowCount();
        stage.window->needOlder();
        QVERIFY(stage.window->rowCount() > rows);
        QCOMPARE(stage.tops(), before);
    }

    void newMessage_atTheNewestEndIsFollowed()
    {
        Stage stage(50);
        stage.open();
        fill(stage.source, 51, 51);
        stage.window->applyMessages(kConversation, {stage.source.messages.at(Seq(51))});
        QVERIFY(stage.view->isAtNewest());
        QCOMPARE(stage.window->row(stage.view->placed().back().row).seq(), Seq(51));
        QCOMPARE(stage.bottom(), stage.view->viewport()->height() - 12);
    }

    void scrollingUp_reachesTheBeginningAndBack()
    {
        Stage stage(1500);
        stage.open();
        for (int i = 0; i < 2000 && !(stage.window->atOldest() && stage.view->placed().front().row == 0 &&
                                      stage.view->placed().front().top >= 0);
             ++i) {
            stage.view->scrollBy(-500);
            QCoreApplication::processEvents();
        }
        QCOMPARE(stage.window->row(0).kind, models::RowKind::Start);
        QCOMPARE(stage.view->placed().front().row, 0);
        QVERIFY(stage.window->rowCount() < 700);
        QTest::keyClick(stage.view.get(), Qt::Key_End);
        QTRY_VERIFY(stage.view->isAtNewest());
        QCOMPARE(stage.window->row(stage.view->placed().back().row).seq(), Seq(1500));
    }

    void draggingTheBar_reachesWhatIsNotLoaded()
    {
        Stage stage(100'000);
        stage.open();
        auto *bar = stage.view->findChild<QScrollBar *>();
        QVERIFY(bar && bar->maximum() > 0);
        bar->setValue(bar->maximum() / 2);
        QTRY_VERIFY(!stage.view->placed().empty());
        const Seq top = stage.window->row(stage.view->placed().back().row).seq();
        QVERIFY2(top > Seq(49'000) && top < Seq(51'000), qPrintable(QString::number(top.value())));
    }

    void hole_inSightIsAskedFor()
    {
        Stage stage(10);
        stage.source.messages.clear();
        fill(stage.source, 1, 10);
        fill(stage.source, 423, 426);
        stage.open();
        QTRY_COMPARE(stage.source.asked.size(), std::size_t(1));
        QCOMPARE(stage.source.asked.front(), (history::Hole{Seq(11), Seq(422)}));
    }

    void unreadDivider_isInSightAfterOpening()
    {
        Stage stage(5000);
        stage.open(1000);
        const QRect divider = stage.view->rowRect(stage.window->indexOfKey(QStringLiteral("unread")));
        QVERIFY(!divider.isEmpty());
        QVERIFY(divider.top() > 0 && divider.bottom() < stage.view->viewport()->height() / 2);
    }

    void seen_isToldOnlyWhileTheWindowIsActive()
    {
        Stage stage(40);
        QSignalSpy seen(stage.view.get(), &TimelineView::seen);
        QWidget other;
        stage.open();
        QTRY_VERIFY(seen.count() > 0);
        QCOMPARE(seen.last().first().value<Seq>(), Seq(40));
        other.show();
        other.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&other));
        const auto told = seen.count();
        fill(stage.source, 41, 41);
        stage.window->applyMessages(kConversation, {stage.source.messages.at(Seq(41))});
        QCoreApplication::processEvents();
        QCOMPARE(seen.count(), told);
        stage.view->activateWindow();
        QTRY_COMPARE(seen.count(), told + 1);
    }

    void selection_overTwoMessagesIsCopiedWithNames()
    {
        Stage stage(30);
        stage.open();
        const auto &placed = stage.view->placed();
        const TimelineView::Placed last = placed.back();
        const TimelineView::Placed before = placed.at(placed.size() - 2);
        const auto point = [&](const TimelineView::Placed &p, bool end) {
            const RowLayout &layout = stage.view->layoutOf(p.row);
            return QPoint(end ? static_cast<int>(layout.bubble.right()) - 4 : static_cast<int>(layout.textAt.x()),
                          p.top + static_cast<int>(layout.textAt.y()) +
                              (end ? static_cast<int>(layout.text->boundingRect().bottom()) - 4 : 4));
        };
        QTest::mousePress(stage.view->viewport(), Qt::LeftButton, {}, point(before, false));
        QMouseEvent move(QEvent::MouseMove, point(last, true), stage.view->viewport()->mapToGlobal(point(last, true)),
                         Qt::LeftButton, Qt::LeftButton, {});
        QApplication::sendEvent(stage.view->viewport(), &move);
        QTest::mouseRelease(stage.view->viewport(), Qt::LeftButton, {}, point(last, true));
        QTest::keyClick(stage.view.get(), Qt::Key_C, Qt::ControlModifier);
        const QString copied = QApplication::clipboard()->text();
        const auto line = [&](std::int64_t seq, const char *who) {
            const history::StoredMessage &m = stage.source.messages.at(Seq(seq));
            return QStringLiteral("[%1] %2: %3")
                .arg(QDateTime::fromMSecsSinceEpoch(toUnixMs(m.message.createdAt))
                         .toString(QStringLiteral("yyyy-MM-dd HH:mm")),
                     QString::fromLatin1(who), QString::fromStdString(m.message.body));
        };
        QCOMPARE(copied, line(29, "Person 3") + QLatin1Char('\n') + line(30, "Person 1"));
        // A part of one is its words and nothing else.
        QTest::mouseDClick(stage.view->viewport(), Qt::LeftButton, {}, point(last, false) + QPoint(4, 4));
        QCOMPARE(stage.view->selectedText(), QStringLiteral("message"));
    }

    void link_isActivatedByAClick()
    {
        Stage stage(3);
        stage.source.messages.at(Seq(3)).message.body = "https://example.org/a?b=c。看";
        stage.open();
        QSignalSpy links(stage.view.get(), &TimelineView::linkActivated);
        const TimelineView::Placed last = stage.view->placed().back();
        const RowLayout &layout = stage.view->layoutOf(last.row);
        QTest::mouseClick(
            stage.view->viewport(), Qt::LeftButton, {},
            QPoint(static_cast<int>(layout.textAt.x()) + 30, last.top + static_cast<int>(layout.textAt.y()) + 8));
        QCOMPARE(links.count(), 1);
        QCOMPARE(links.first().first().toString(), QStringLiteral("https://example.org/a?b=c"));
    }

    void links_keepBracketsOfTheirOwn()
    {
        const auto found = [](const char *text) {
            QStringList urls;
            for (const Link &link : findLinks(QString::fromUtf8(text)))
                urls << link.url;
            return urls.join(QLatin1Char(' '));
        };
        const auto is = [&](const char *text, const char *urls) { QCOMPARE(found(text), QString::fromUtf8(urls)); };
        is("https://en.wikipedia.org/wiki/Foo_(bar)", "https://en.wikipedia.org/wiki/Foo_(bar)");
        is("(see https://en.wikipedia.org/wiki/Foo_(bar)).", "https://en.wikipedia.org/wiki/Foo_(bar)");
        is("(https://a.example/b), [https://a.example/c]; {https://a.example/d}!",
           "https://a.example/b https://a.example/c https://a.example/d");
        is("https://a.example/x?q=[1]&r={2}.", "https://a.example/x?q=[1]&r={2}");
        is("https://a.example/(a)(b)?!", "https://a.example/(a)(b)");
        is("《https://a.example/b》（https://a.example/c）「https://a.example/d」",
           "https://a.example/b https://a.example/c https://a.example/d");
    }

    void rightToLeft_linesBeginAtTheRight()
    {
        Stage stage(3);
        std::string hebrew;
        for (int i = 0; i < 30; ++i)
            hebrew += "שלום לכולם ";
        stage.source.messages.at(Seq(2)).message.body = hebrew + "https://a.example/b\n12\nin the end some English";
        stage.source.messages.at(Seq(3)).message.body = "שלום!";
        stage.open();
        const RowLayout &layout = stage.layoutOfSeq(2);
        QVERIFY(layout.text->lineCount() > 4);
        const double right = layout.bubble.right() - timeline::kPadX;
        for (int i = 0; i < layout.text->lineCount(); ++i) {
            const QTextLine line = layout.text->lineAt(i);
            const QRectF words = line.naturalTextRect().translated(layout.textAt);
            if (i + 1 == layout.text->lineCount()) // the English
                QCOMPARE(words.left(), layout.textAt.x());
            else
                QVERIFY2(std::abs(words.right() - right) <= 1.5, qPrintable(QString::number(i)));
        }
        // Clicks go where the words are now.
        for (const int line : {0, 1, 3}) {
            const QTextLine one = layout.text->lineAt(line);
            const int letter = one.textStart() + 7;
            const int hit = layout.positionAt(layout.textAt + QPointF(one.cursorToX(letter), one.y() + 4));
            QVERIFY2(std::abs(hit - letter) <= 1, qPrintable(QString::number(hit)));
            QCOMPARE(layout.positionAt(QPointF(right + 4, layout.textAt.y() + one.y() + 4)), one.textStart());
        }
        const int address = layout.links.front().start + 3;
        const QTextLine at = layout.text->lineForTextPosition(address);
        const QPointF on(at.cursorToX(address) - 1, at.y() + at.height() / 2);
        QVERIFY(layout.linkAt(on + layout.textAt));
        // One that needs no second line is as wide as it is.
        const RowLayout &brief = stage.layoutOfSeq(3);
        QVERIFY(brief.bubble.width() < 160);
        const QTextLine only = brief.text->lineAt(0);
        QVERIFY(brief.textAt.x() + only.x() + only.naturalTextWidth() < brief.time.left());
    }

    void codeBlock_keepsItsDistance()
    {
        Stage stage(2);
        stage.source.messages.at(Seq(2)).message.body = "run `this`\n```\none\n\ntwo\n```\n`or` that\n```\nend\n```";
        stage.source.messages.at(Seq(1)).message.body = "```\nalone\n```";
        stage.open();
        const RowLayout &layout = stage.layoutOfSeq(2);
        QCOMPARE(layout.blocks.size(), std::size_t(2));
        const auto line = [&](const char *words) {
            const auto at = static_cast<int>(layout.plain().indexOf(QLatin1String(words)));
            return layout.text->lineForTextPosition(at).naturalTextRect().translated(layout.textAt);
        };
        const QRectF &first = layout.blocks.front(), &last = layout.blocks.back();
        QVERIFY(first.top() - line("run").bottom() >= 4 && line("one").top() - first.top() >= 4);
        QVERIFY(first.bottom() - line("two").bottom() >= 4 && line("or").top() - first.bottom() >= 4);
        QVERIFY(last.top() - line("or").bottom() >= 4);
        QVERIFY(last.bottom() <= layout.time.top());
        const RowLayout &alone = stage.layoutOfSeq(1);
        QVERIFY(alone.blocks.front().top() >= alone.bubble.top() + 4);
        QVERIFY(alone.nameText.isEmpty() || alone.blocks.front().top() - alone.name.bottom() >= 4);
    }

    void leftGroup_opensAtItsEnd_whichCannotBeLoaded()
    {
        Stage stage(200);
        stage.source.head = Seq(202); // said when it was left
        stage.open(0, Stage::Member::Left);
        const auto atTheEnd = [&] {
            const int last = stage.view->placed().back().row;
            return stage.view->isAtNewest() && last == stage.window->rowCount() - 1 &&
                   stage.window->row(last).kind == models::RowKind::Hole &&
                   stage.window->row(last - 1).seq() == Seq(200);
        };
        QVERIFY(atTheEnd());
        const int hole = stage.window->rowCount() - 1;
        QVERIFY(stage.view->layoutOf(hole).actionText.isEmpty());
        QVERIFY2(stage.view->layoutOf(hole).chipText.contains(QStringLiteral("no longer a member")),
                 qPrintable(stage.view->layoutOf(hole).chipText));
        QObject menu;
        QVERIFY(stage.view->menuActions(hole, &menu).isEmpty());
        auto *pill = stage.view->findChild<QPushButton *>(QStringLiteral("Pill"));
        stage.view->scrollBy(-2000);
        QVERIFY(pill->isVisible());
        QTest::mouseClick(pill, Qt::LeftButton);
        QTRY_VERIFY(atTheEnd());
        stage.window->jumpTo(Seq(5)); // out of what is loaded
        QTRY_VERIFY(!stage.view->isAtNewest() && pill->isVisible());
        QTest::mouseClick(pill, Qt::LeftButton);
        QTRY_VERIFY(atTheEnd());
        QVERIFY(stage.source.asked.empty());
    }

    void failedMessage_offersRetryAndDiscard()
    {
        Stage stage(3);
        history::StoredMessage failed = test::makeMessage(0, "1", "no", kStart + 10'000'000);
        failed.state = history::SendState::Failed;
        failed.failure = "blocked";
        failed.message.cid = ClientMessageId("c-9");
        stage.source.waiting = {failed};
        stage.open();
        QSignalSpy retry(stage.view.get(), &TimelineView::retryRequested);
        QSignalSpy discard(stage.view.get(), &TimelineView::discardRequested);
        const TimelineView::Placed last = stage.view->placed().back();
        const RowLayout &layout = stage.view->layoutOf(last.row);
        QTest::mouseClick(stage.view->viewport(), Qt::LeftButton, {},
                          layout.retry.center().toPoint() + QPoint(0, last.top));
        QTest::mouseClick(stage.view->viewport(), Qt::LeftButton, {},
                          layout.discard.center().toPoint() + QPoint(0, last.top));
        QCOMPARE(retry.count(), 1);
        QCOMPARE(discard.count(), 1);
    }

    void menu_repliesToWhatTheServerHasAndCopies()
    {
        Stage stage(5);
        stage.source.messages.at(Seq(4)).message.recalled = true;
        stage.open();
        QSignalSpy reply(stage.view.get(), &TimelineView::replyRequested);
        QObject menu;
        const auto actions = stage.view->menuActions(stage.window->rowCount() - 1, &menu);
        QCOMPARE(actions.size(), 4); // and who wrote it
        QSignalSpy like(stage.view.get(), &TimelineView::likeRequested);
        actions.at(1)->trigger();
        QCOMPARE(like.count(), 1);
        QVERIFY(like.at(0).at(1).toBool());
        actions.at(0)->trigger();
        QCOMPARE(reply.count(), 1);
        QCOMPARE(reply.at(0).at(0).value<Seq>(), Seq(5));
        actions.at(2)->trigger();
        QVERIFY(QApplication::clipboard()->text().startsWith(QStringLiteral("message 5")));
        // What was recalled has nothing to answer or to copy.
        int recalled = stage.window->rowCount() - 1;
        while (stage.window->row(recalled).seq() != Seq(4))
            --recalled;
        QCOMPARE(stage.view->menuActions(recalled, &menu).size(), 1); // its author's card
    }

    void divider_endsAtTheBubblesEdges()
    {
        Stage stage(9);
        stage.open(3);
        double own = 0, chip = 0;
        for (const TimelineView::Placed &p : stage.view->placed()) {
            const models::TimelineRow &row = stage.window->row(p.row);
            if (row.kind == models::RowKind::Unread)
                chip = stage.view->layoutOf(p.row).chip.center().x();
            else if (row.own)
                own = stage.view->layoutOf(p.row).bubble.right();
        }
        QVERIFY(own > 0 && chip > 0);
        QVERIFY(std::abs(chip * 2 - timeline::kSide - own) <= 1);
    }

    void emojiAlone_areLarger()
    {
        for (const char *text : {"👍", "❤️", "👩‍👩‍👧‍👦🎉", "🇨🇳🇩🇪🇫🇷"})
            QVERIFY2(isEmojiOnly(QString::fromUtf8(text)), text);
        for (const char *text : {"", "a", "👍 ok", "123", "👍👍👍👍", "好", "✓"})
            QVERIFY2(!isEmojiOnly(QString::fromUtf8(text)), text);
        Stage stage(2);
        stage.source.messages.at(Seq(2)).message.body = "👍";
        stage.source.messages.at(Seq(1)).message.body = "ok";
        stage.open();
        const int last = stage.window->rowCount() - 1;
        QVERIFY(stage.view->layoutOf(last).text->font().pointSizeF() >
                stage.view->layoutOf(last - 1).text->font().pointSizeF() * 1.9);
    }

    void rows_areReadOut()
    {
        Stage stage(5);
        stage.open();
        QAccessibleInterface *view = QAccessible::queryAccessibleInterface(stage.view.get());
        QVERIFY(view);
        QCOMPARE(view->role(), QAccessible::List);
        QCOMPARE(view->childCount(), stage.window->rowCount());
        QAccessibleInterface *last = view->child(view->childCount() - 1);
        QVERIFY(last->text(QAccessible::Name).contains(QStringLiteral("message 5")));
        QVERIFY(last->text(QAccessible::Name).contains(QStringLiteral("Person 3")));
        QVERIFY(!last->rect().isEmpty());
    }

    void recalledWhileOutOfTheWindow_isNotShownAsItWas()
    {
        Stage stage(1000);
        stage.open();
        stage.window->jumpTo(Seq(500));
        const int row = stage.window->indexOfSeq(Seq(500));
        QVERIFY(stage.view->layoutOf(row).plain().startsWith(QStringLiteral("message 500")));
        for (int i = 0; i < 200 && stage.window->indexOfSeq(Seq(500)) >= 0; ++i) {
            stage.view->scrollBy(-600); // 500 leaves the window at its newer end
            QCoreApplication::processEvents();
        }
        QCOMPARE(stage.window->indexOfSeq(Seq(500)), -1);
        history::StoredMessage &gone = stage.source.messages.at(Seq(500));
        gone.message.recalled = true;
        gone.message.body.clear();
        stage.window->applyMessages(kConversation, {gone});
        for (int i = 0; i < 200 && stage.window->indexOfSeq(Seq(500)) < 0; ++i) {
            stage.view->scrollBy(600);
            QCoreApplication::processEvents();
        }
        const int again = stage.window->indexOfSeq(Seq(500));
        QVERIFY(again >= 0);
        QCOMPARE(stage.view->layoutOf(again).plain(), QStringLiteral("This message was recalled"));
    }

    void visibleMessagesThatGrow_leaveTheTopLine()
    {
        Stage stage(300);
        stage.open();
        stage.view->scrollBy(-900);
        const auto first = *std::find_if(stage.view->placed().begin(), stage.view->placed().end(), [&](const auto &p) {
            return p.top >= 0 && stage.window->row(p.row).kind == models::RowKind::Message;
        });
        for (std::size_t i = 0; i < stage.view->placed().size(); ++i) {
            const Seq seq = stage.window->row(stage.view->placed()[i].row).seq();
            if (!seq)
                continue;
            history::StoredMessage changed = stage.source.messages.at(seq);
            changed.message.body +=
                " and much more than before, so that it needs another line, or two of them, or three";
            stage.window->applyMessages(kConversation, {changed});
            const QRect now = stage.view->rowRect(stage.window->indexOfKey(first.key));
            QCOMPARE(now.top(), first.top);
        }
    }

    void bannerAndComposer_takeTheirRoomFromTheEdges()
    {
        Stage stage(300);
        QWidget frame;
        auto *column = new QVBoxLayout(&frame);
        column->setContentsMargins(0, 0, 0, 0);
        column->setSpacing(0);
        auto *banner = new QWidget;
        banner->setFixedHeight(36);
        banner->hide();
        auto *composer = new QWidget;
        composer->setFixedHeight(48);
        column->addWidget(banner);
        column->addWidget(stage.view.get(), 1);
        column->addWidget(composer);
        frame.resize(700, 700);
        frame.show();
        stage.open();
        stage.view->scrollBy(-900);
        const auto spot = stage.view->placed().at(3);
        const auto onScreen = [&] {
            return stage.view->viewport()
                ->mapTo(&frame, stage.view->rowRect(stage.window->indexOfKey(spot.key)).topLeft())
                .y();
        };
        const int before = onScreen();
        banner->show();
        QCoreApplication::processEvents();
        QCOMPARE(stage.view->mapTo(&frame, QPoint(0, 0)).y(), 36);
        QCOMPARE(onScreen(), before);
        composer->setFixedHeight(120);
        QCoreApplication::processEvents();
        QCOMPARE(onScreen(), before);
        banner->hide();
        QCoreApplication::processEvents();
        QCOMPARE(onScreen(), before);
        stage.view->setParent(nullptr); // it is the stage's
    }

    void sameDayAfterAHole_isNotTakenForTheOneThatIsRead()
    {
        // All of one day, in two pieces: the day's row above the hole gets the name that the other one had.
        Stage stage(1);
        stage.source.messages.clear();
        for (std::int64_t i = 1; i <= 400; ++i)
            if (i <= 150 || i > 300)
                stage.source.messages[Seq(i)] = test::makeMessage(i, "2", "m" + std::to_string(i), kStart + i * 1000);
        stage.source.head = Seq(400);
        stage.open();
        // Not by events: the piece above the hole must come after what is looked at.
        while (stage.window->indexOfSeq(Seq(301)) < 0)
            stage.window->needOlder();
        stage.view->scrollBy(-100'000);
        const auto before = stage.tops();
        QVERIFY(before.contains(301));
        stage.window->needOlder();
        QVERIFY(stage.window->indexOfSeq(Seq(150)) >= 0);
        QCOMPARE(stage.tops().value(301), before.value(301));
    }

    void manyComeInWhileReading_whatIsReadStaysInTheWindow()
    {
        Stage stage(400);
        stage.open();
        stage.view->scrollBy(-2000);
        const auto before = stage.tops();
        for (std::int64_t seq = 401; seq <= 2000; ++seq) {
            fill(stage.source, seq, seq);
            stage.window->applyMessages(kConversation, {stage.source.messages.at(Seq(seq))});
        }
        QCOMPARE(stage.tops(), before);
        QVERIFY2(stage.window->rowCount() < 900, qPrintable(QString::number(stage.window->rowCount())));
        stage.view->scrollToNewest();
        QTRY_VERIFY(stage.view->isAtNewest());
        QCOMPARE(stage.window->row(stage.window->rowCount() - 1).seq(), Seq(2000));
    }

    void manyComeInAtTheNewestEnd_theWindowStaysSmall()
    {
        Stage stage(100);
        stage.open();
        for (std::int64_t seq = 101; seq <= 3000; ++seq) {
            fill(stage.source, seq, seq);
            stage.window->applyMessages(kConversation, {stage.source.messages.at(Seq(seq))});
        }
        QVERIFY(stage.view->isAtNewest());
        QVERIFY2(stage.window->rowCount() < 900, qPrintable(QString::number(stage.window->rowCount())));
        QCOMPARE(stage.window->row(stage.view->placed().back().row).seq(), Seq(3000));
    }

    void narrowAndWide_noBubbleLeavesTheView()
    {
        Stage stage(60);
        stage.source.messages.at(Seq(60)).message.body = std::string(300, 'x');
        stage.open();
        for (const int width : {200, 320, 700, 1600}) {
            stage.view->resize(width, 600);
            for (const TimelineView::Placed &p : stage.view->placed()) {
                const RowLayout &layout = stage.view->layoutOf(p.row);
                QVERIFY(layout.bubble.left() >= 0 && layout.bubble.right() <= width);
                QVERIFY(layout.bubble.width() <= 561);
            }
        }
    }
};

QTEST_MAIN(TestTimelineView)
#include "test_timeline_view.moc"
