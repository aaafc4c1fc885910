// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/fake_source.h"
#include "ui/timeline/timeline_view.h"

#include <QAccessible>
#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QScrollBar>
#include <QSignalSpy>
#include <QtTest>

using namespace kith;
using namespace kith::ui;

namespace {
const ConversationId kConversation("g:1");
constexpr std::int64_t kStart = 1'700'000'000'000;

void fill(test::FakeSource &source, std::int64_t from, std::int64_t to)
{
    for (std::int64_t i = from; i <= to; ++i) {
        std::string body = "message " + std::to_string(i);
        for (std::int64_t k = 0; k < i % 7; ++k)
            body += " with some more words in it";
        source.messages[Seq(i)] = test::makeMessage(i,
                                                    i % 3 == 0   ? "1"
                                                    : i % 3 == 1 ? "2"
                                                                 : "3",
                                                    body, kStart + i * 200'000);
    }
    source.head = std::max(source.head, Seq(to));
}

struct Stage {
    test::FakeSource source;
    Theme theme;
    models::People people;
    std::unique_ptr<models::TimelineWindow> window;
    std::unique_ptr<TimelineView> view;

    explicit Stage(std::int64_t messages)
    {
        theme.apply(*qApp, ThemeMode::Light);
        std::vector<User> users;
        for (const char *id : {"1", "2", "3"}) {
            User u;
            u.id = UserId(id);
            u.displayName = std::string("Person ") + id;
            users.push_back(u);
        }
        people.put(users);
        people.setSelf(users.front());
        fill(source, 1, messages);
        window = std::make_unique<models::TimelineWindow>(source, people);
        view = std::make_unique<TimelineView>(theme, *window, people);
        view->resize(700, 600);
    }
    void open(std::int64_t unread = 0)
    {
        history::LocalHead head;
        head.head.conversation = kConversation;
        head.head.type = ConversationType::Group;
        head.head.members = 3;
        head.head.headSeq = source.head;
        head.head.unread = unread;
        head.head.readSeq = Seq(source.head.value() - unread);
        window->open(head);
        view->show();
        QVERIFY(QTest::qWaitForWindowExposed(view.get()));
        QCoreApplication::processEvents();
    }
    /// Where every message in sight lies.
    QMap<qint64, int> tops() const
    {
        QMap<qint64, int> map;
        for (const TimelineView::Placed &p : view->placed()) {
            const models::TimelineRow &row = window->row(p.row);
            if (row.kind == models::RowKind::Message && p.top + p.height > 0 && p.top < view->viewport()->height())
                map.insert(row.seq().value(), p.top + p.height);
        }
        return map;
    }
    int bottom() const { return view->placed().back().top + view->placed().back().height; }
};
} // namespace

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
        QVERIFY2(copied.contains(QStringLiteral("Person 3: message 29")), qPrintable(copied));
        QVERIFY2(copied.contains(QStringLiteral("Person 1: message 30")), qPrintable(copied));
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
        QCOMPARE(actions.size(), 3);
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
        QVERIFY(stage.view->menuActions(recalled, &menu).isEmpty());
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
