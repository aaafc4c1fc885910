// SPDX-License-Identifier: GPL-3.0-or-later
// The timeline by hand: from message to message by keys, their menu, selecting beyond an edge, the button to the
// newest.
#include "tests/ui/timeline_stage.h"

#include <QAccessible>
#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QTimer>
#include <QtTest>

using namespace kith;
using namespace kith::ui;
using test::fill;
using test::kConversation;
using test::kStart;
using test::Stage;

class TestTimelineKeys final : public QObject {
    Q_OBJECT
private slots:
    void keys_goThroughTheMessages()
    {
        Stage stage(300);
        stage.source.messages.at(Seq(285)).message.body = std::string(6000, 'w'); // longer than the view
        stage.open();
        stage.focusByKeys();
        TimelineView *view = stage.view.get();
        const auto current = [&] {
            return view->currentRow() < 0 ? Seq() : stage.window->row(view->currentRow()).seq();
        };
        const auto inSight = [&] {
            const QRect rect = view->rowRect(view->currentRow());
            return rect.height() > view->viewport()->height() - 16
                       ? rect.bottom() > 0 && rect.top() < view->viewport()->height()
                       : !rect.isEmpty() && rect.top() >= 0 && rect.bottom() < view->viewport()->height();
        };
        QCOMPARE(current(), Seq(300));
        std::int64_t seq = 300;
        for (int i = 0; i < 200 && current() > Seq(150); ++i) {
            QTest::keyClick(view, Qt::Key_Up, Qt::ControlModifier);
            QVERIFY(current() == Seq(seq) || current() == Seq(seq - 1)); // the long one takes several
            seq = current().value();
            QVERIFY2(inSight(), qPrintable(QString::number(seq)));
            QCoreApplication::processEvents();
        }
        QCOMPARE(current(), Seq(150));
        // What comes in meanwhile moves neither the lines nor the place.
        const auto before = stage.tops();
        fill(stage.source, 301, 330);
        for (std::int64_t next = 301; next <= 330; ++next)
            stage.window->applyMessages(kConversation, {stage.source.messages.at(Seq(next))});
        QCOMPARE(stage.tops(), before);
        QCOMPARE(current(), Seq(150));
        for (int i = 0; i < 300 && current() < Seq(330); ++i) {
            QTest::keyClick(view, Qt::Key_Down, Qt::ControlModifier);
            QVERIFY(inSight());
            QCoreApplication::processEvents();
        }
        QCOMPARE(current(), Seq(330));
        QTest::keyClick(view, Qt::Key_Down, Qt::ControlModifier);
        QVERIFY(view->isAtNewest());
        // Scrolled away from: what is in sight is meant.
        view->scrollBy(-3000);
        QTest::keyClick(view, Qt::Key_Up, Qt::ControlModifier);
        QVERIFY(inSight() && current() < Seq(330));
        QTest::keyClick(view, Qt::Key_Home);
        QTRY_COMPARE(current(), Seq(1));
        QTest::keyClick(view, Qt::Key_End);
        QTRY_COMPARE(current(), Seq(330));
        QVERIFY(view->isAtNewest());
    }

    void keys_haveARingAMenuAndTheScreenReader()
    {
        Stage stage(30);
        for (std::int64_t seq = 11; seq <= 27; ++seq)
            stage.source.messages.erase(Seq(seq));
        stage.open();
        TimelineView *view = stage.view.get();
        const auto ring = [&] {
            const QImage image = view->viewport()->grab().toImage();
            const QRect row = view->rowRect(view->currentRow());
            int inside = 0, outside = 0;
            for (int y = 0; y < image.height(); ++y)
                for (int x = 0; x < image.width(); ++x)
                    if (image.pixelColor(x, y) == stage.theme[Token::Focus])
                        ++(y >= row.top() - 4 && y <= row.bottom() + 4 ? inside : outside);
            return std::pair(inside > 200, outside > 0);
        };
        QVERIFY(ring() == std::pair(false, false));
        stage.focusByKeys();
        QVERIFY(ring() == std::pair(true, false));
        QTest::keyClick(view, Qt::Key_Up, Qt::ControlModifier);
        QAccessibleInterface *list = QAccessible::queryAccessibleInterface(view);
        QVERIFY(list->focusChild() && list->focusChild()->state().focused);
        QVERIFY(list->focusChild()->text(QAccessible::Name).contains(QStringLiteral("message 29")));
        QCOMPARE(list->indexOfChild(list->focusChild()), view->currentRow());
        // It is the same one for a screen reader when rows come in above it.
        QAccessibleInterface *same = list->focusChild();
        fill(stage.source, 11, 27);
        stage.window->applyCoverage(kConversation);
        QTRY_VERIFY(stage.window->indexOfSeq(Seq(20)) >= 0);
        QCOMPARE(list->focusChild(), same);
        QCOMPARE(list->indexOfChild(same), stage.window->indexOfSeq(Seq(29)));
        // Enter, Shift+F10 and the Menu key open the menu of that message, and the ring is there after it.
        for (const bool enter : {true, false}) {
            QStringList offered;
            QTimer::singleShot(0, view, [&] {
                auto *menu = qobject_cast<QMenu *>(QApplication::activePopupWidget());
                for (const QAction *one : menu ? menu->actions() : QList<QAction *>())
                    offered << one->text();
                if (menu)
                    menu->close();
            });
            if (enter)
                QTest::keyClick(view, Qt::Key_Return);
            else
                QTest::keyClick(view, Qt::Key_F10, Qt::ShiftModifier);
            QVERIFY2(offered.contains(QStringLiteral("Profile of Person 3")),
                     qPrintable(offered.join(QLatin1Char('|'))));
        }
        view->activateWindow(); // the offscreen platform does not give the focus back by itself
        QTRY_VERIFY(view->hasFocus());
        QVERIFY(ring() == std::pair(true, false));
        QTest::mouseClick(view->viewport(), Qt::LeftButton, {}, QPoint(300, 300));
        QVERIFY(ring() == std::pair(false, false));
    }

    void keys_loadAHole()
    {
        Stage stage(30);
        for (std::int64_t seq = 1; seq <= 27; ++seq)
            stage.source.messages.erase(Seq(seq));
        stage.open();
        QTRY_COMPARE(stage.source.asked.size(), std::size_t(1)); // in sight
        stage.focusByKeys();
        for (int i = 0; i < 3; ++i)
            QTest::keyClick(stage.view.get(), Qt::Key_Up, Qt::ControlModifier);
        QCOMPARE(stage.window->row(stage.view->currentRow()).kind, models::RowKind::Hole);
        QAccessibleInterface *list = QAccessible::queryAccessibleInterface(stage.view.get());
        QVERIFY(list->focusChild()->text(QAccessible::Name).endsWith(QStringLiteral(", Load")));
        QTest::keyClick(stage.view.get(), Qt::Key_Return);
        QCOMPARE(stage.source.asked.size(), std::size_t(2));
    }

    void menu_opensAndCopiesLinks()
    {
        Stage stage(2);
        stage.source.messages.at(Seq(1)).message.body = "one: https://a.example/b?c&d";
        stage.source.messages.at(Seq(2)).message.body =
            "https://a.example/b and https://c.example/d, https://a.example/b";
        stage.open();
        QObject menu;
        const auto action = [&](std::int64_t seq, const char *text) -> QAction * {
            for (QAction *one : stage.view->menuActions(stage.window->indexOfSeq(Seq(seq)), &menu))
                if (one->text() == QLatin1String(text))
                    return one;
            return nullptr;
        };
        QSignalSpy opened(stage.view.get(), &TimelineView::linkActivated);
        QVERIFY(action(1, "Open link") && action(1, "Copy link"));
        action(1, "Open link")->trigger();
        QCOMPARE(opened.last().first().toString(), QStringLiteral("https://a.example/b?c&d"));
        action(1, "Copy link")->trigger();
        QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("https://a.example/b?c&d"));
        QVERIFY(action(2, "Open a.example/b") && action(2, "Copy c.example/d") && !action(2, "Open link"));
        action(2, "Open c.example/d")->trigger();
        QCOMPARE(opened.last().first().toString(), QStringLiteral("https://c.example/d"));
    }

    void selecting_goesOnWhileThePointerIsHeldAboveTheView()
    {
        Stage stage(400);
        stage.open();
        QWidget *viewport = stage.view->viewport();
        const auto move = [&](const QPoint &to) {
            QMouseEvent event(QEvent::MouseMove, to, viewport->mapToGlobal(to), Qt::LeftButton, Qt::LeftButton, {});
            QApplication::sendEvent(viewport, &event);
        };
        const auto top = [&] { return stage.tops().firstKey(); };
        const qint64 before = top();
        QTest::mousePress(viewport, Qt::LeftButton, {}, QPoint(60, 300));
        move({60, -40});
        QTRY_VERIFY(top() < before - 10); // nobody moves the pointer any more
        QVERIFY(stage.view->selectedText().contains(
            QString::fromStdString(stage.source.messages.at(Seq(before - 5)).message.body)));
        move({60, stage.view->viewport()->height() + 200});
        const qint64 turned = top();
        QTRY_VERIFY(top() > turned + 5);
        QTest::mouseRelease(viewport, Qt::LeftButton, {}, QPoint(60, 300));
    }

    void pill_leavesRetryAndDiscardFree()
    {
        Stage stage(60);
        for (int i = 0; i < 2; ++i) {
            history::StoredMessage failed = test::makeMessage(0, "1", "no", kStart + 100'000'000);
            failed.state = history::SendState::Failed;
            failed.failure = "blocked";
            failed.message.cid = ClientMessageId("c-" + std::to_string(i));
            stage.source.waiting.push_back(failed);
        }
        stage.open();
        auto *pill = stage.view->findChild<QPushButton *>(QStringLiteral("Pill"));
        int shown = 0;
        for (int y = 0; y < 300; y += 4) {
            stage.view->scrollBy(-4);
            for (const TimelineView::Placed &p : stage.view->placed()) {
                const RowLayout &layout = stage.view->layoutOf(p.row);
                const QRect actions = layout.retry.united(layout.discard).toAlignedRect().translated(0, p.top);
                if (actions.isEmpty() || !pill->isVisible())
                    continue;
                ++shown;
                QVERIFY2(!pill->geometry().intersects(actions), qPrintable(QString::number(y)));
                QVERIFY(stage.view->rect().contains(pill->geometry()));
            }
        }
        QVERIFY(shown > 30);
    }
};

QTEST_MAIN(TestTimelineKeys)
#include "test_timeline_keys.moc"
