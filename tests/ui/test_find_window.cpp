// SPDX-License-Identifier: GPL-3.0-or-later
// Finding as somebody does it: the real window, the real server, a computer that has only a part of the history.
#include "tests/integration/bulk_send.h"
#include "tests/integration/real_server.h"
#include "tests/ui/desk.h"
#include "ui/find/find_controller.h"
#include "ui/find/switcher.h"
#include "ui/widgets/composer.h"
#include "ui/widgets/empty_state.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPushButton>
#include <QScrollBar>

#include <set>

using namespace kith;
using test::Desk;
using test::Person;
using test::RealServer;
using test::wait;
using ui::FindPanel;

namespace {
constexpr int kOld = 700, kNew = 25;
const QString kGroup = QStringLiteral("周末爬山小组");
} // namespace

class TestFindWindow final : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    std::unique_ptr<RealServer> m_server;
    ui::Theme m_theme;
    ui::Languages m_languages;
    std::unique_ptr<Desk> m_desk;
    ConversationId m_chat, m_group;

    FindPanel &panel() { return m_desk->window().finder().panel(); }
    models::SearchHitsModel &hits() { return m_desk->window().finder().hits(); }
    ui::Switcher &switcher() { return m_desk->window().finder().switcher(); }
    ui::TimelineView &view() { return *m_desk->chat().timeline(); }

    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = {})
    {
        m_desk->window().activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&m_desk->window()));
        QWidget *focus = QApplication::focusWidget(); // keys come to whoever has the focus
        QTest::keyClick(focus ? focus : &m_desk->window(), key, modifiers);
    }
    /// As by an input method: Chinese comes without keys.
    void write(const QString &words)
    {
        panel().edit()->setFocus();
        panel().edit()->selectAll();
        panel().edit()->insert(words);
    }
    QStringList texts()
    {
        QStringList all;
        for (int i = 0; i < hits().rowCount(); ++i)
            all << hits().row(i).text;
        return all;
    }
    QString emptyTitle() { return panel().emptyState()->findChild<QLabel *>(QStringLiteral("Name"))->text(); }
    QPushButton *emptyAction() { return panel().emptyState()->findChild<QPushButton *>(); }
    bool inSight(const QString &text)
    {
        const int row = m_desk->rowOf(text);
        const QRect rect = row < 0 ? QRect() : view().rowRect(row);
        return !rect.isEmpty() && rect.top() >= 0 && rect.bottom() <= view().viewport()->height();
    }

private slots:
    void initTestCase()
    {
        m_theme.apply(*qApp, ui::ThemeMode::Light);
        m_languages.apply(*qApp, m_theme, QStringLiteral("en"));
        m_server = std::make_unique<RealServer>(m_dir.filePath(QStringLiteral("server")), test::kNoSendLimit);
        QVERIFY(m_server->start());
        Person ann(m_dir.path(), "ann"), bob(m_dir.path(), "bob"), cara(m_dir.path(), "cara");
        QVERIFY(ann.enter(m_server->url()) && bob.enter(m_server->url()) && cara.enter(m_server->url()));
        const auto group = wait(ann->createGroup(kGroup.toStdString(), {bob.id(), cara.id()}));
        QVERIFY(group.has_value());
        m_group = *group;
        m_chat = privateConversation(ann.id(), bob.id());
        const QString bobId = QString::fromStdString(bob.id().str());
        bob.close();
        test::Accepted accepted;
        const QJsonObject toBob{{QStringLiteral("conversation"), QString::fromStdString(m_chat.str())}};
        const QJsonObject first{{QStringLiteral("to"), bobId}};
        QVERIFY(test::sendMany(m_server->url(), QStringLiteral("ann"), first, kOld, accepted));
        const auto say = [&](Person &who, const ConversationId &where, const char *what) {
            QVERIFY(wait(who->send(where, what)).has_value());
            QVERIFY(wait(who->flushOutbox(std::chrono::seconds{20})).has_value());
        };
        QVERIFY(cara.connect());
        say(ann, m_chat, "今天的绿茶很好，见 https://kith.example/tea");
        say(cara, m_group, "爬山带绿茶");
        say(ann, m_group, "And black tea too");
        QVERIFY(test::sendMany(m_server->url(), QStringLiteral("ann"), toBob, kNew, accepted));
        ann.close();
        cara.close();
        m_desk = std::make_unique<Desk>(m_theme, m_languages, m_dir.filePath(QStringLiteral("new computer")));
        m_desk->window().start({});
        QTRY_VERIFY(m_desk->window().isAskingLogin());
        m_desk->window().login(m_server->url(), QStringLiteral("bob"), QString::fromStdString(bob.password));
        QTRY_VERIFY_WITH_TIMEOUT(m_desk->window().isChatting(), 20000);
        QTRY_COMPARE_WITH_TIMEOUT(m_desk->list().rowCount(), 2, 20000);
        m_desk->window().controller().openConversation(m_chat);
        QTRY_VERIFY_WITH_TIMEOUT(m_desk->window().isSettled(), 20000);
    }
    void cleanupTestCase() { m_desk.reset(); }

    void everywhere_findsWhileTyping_andSaysHowFarBackItLooked()
    {
        QAbstractItemModelTester tester(&hits(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        press(Qt::Key_F, Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY(panel().isVisible() && panel().edit()->hasFocus());
        QVERIFY(!m_desk->chat().sidebar()->isVisible());
        QVERIFY(panel().everywhereButton()->isChecked());
        write(QStringLiteral("绿茶"));
        QTRY_COMPARE(hits().rowCount(), 2);
        QCOMPARE(hits().row(0).name, kGroup); // newest first
        QCOMPARE(hits().row(0).sender, QStringLiteral("cara (shown)"));
        QCOMPARE(hits().row(0).marks, (std::vector<models::HitRow::Mark>{{3, 2}}));
        QCOMPARE(hits().row(1).conversation, m_chat);
        QVERIFY(panel().isShowingHits());
        QVERIFY2(panel().reachText().contains(QStringLiteral("are not on this computer (1 gap)")),
                 qPrintable(panel().reachText()));
        QVERIFY(panel().downloadButton()->isVisible());
    }

    void letterByLetter_onlyTheLastAnswerIsShown()
    {
        panel().edit()->selectAll();
        QTest::keyClicks(panel().edit(), QStringLiteral("black te"));
        QTest::keyClicks(panel().edit(), QStringLiteral("a"));
        QTRY_COMPARE(texts(), QStringList(QStringLiteral("And black tea too")));
        panel().edit()->insert(QStringLiteral(" 绿")); // as by an input method
        QTRY_COMPARE(hits().rowCount(), 0);
        QTRY_COMPARE(emptyTitle(), QStringLiteral("Nothing found"));
    }

    void enter_opensTheMessage_andEscGoesBackToTheNewest()
    {
        m_desk->window().controller().openConversation(m_group);
        write(QStringLiteral("绿茶 has:link"));
        QTRY_COMPARE(hits().rowCount(), 1);
        QTest::keyClick(panel().edit(), Qt::Key_Return);
        const QString wanted = QStringLiteral("今天的绿茶很好，见 https://kith.example/tea");
        QTRY_VERIFY(m_desk->timeline().conversation() == m_chat && m_desk->timeline().isLoaded());
        QTRY_VERIFY(inSight(wanted));
        QVERIFY(!view().isAtNewest());
        QVERIFY(panel().isVisible() && hits().rowCount() == 1); // the hits stay for the next one
        QVERIFY(view().hasFocus());
        QTest::keyClick(&view(), Qt::Key_Escape);
        QTRY_VERIFY(view().isAtNewest());
        QVERIFY(!inSight(wanted));
    }

    void arrowsAndF3_walkThroughTheHits()
    {
        write(QStringLiteral("绿茶"));
        QTRY_COMPARE(hits().rowCount(), 2);
        QTRY_COMPARE(panel().list()->currentIndex().row(), 0);
        QTest::keyClick(panel().edit(), Qt::Key_Down);
        QCOMPARE(panel().list()->currentIndex().row(), 1);
        QTest::keyClick(panel().edit(), Qt::Key_Down);
        QCOMPARE(panel().list()->currentIndex().row(), 1);
        QTest::keyClick(panel().edit(), Qt::Key_Up);
        QCOMPARE(panel().list()->currentIndex().row(), 0);
        press(Qt::Key_F3);
        QTRY_COMPARE(m_desk->timeline().conversation(), m_group);
        QTRY_VERIFY(inSight(QStringLiteral("爬山带绿茶")));
        press(Qt::Key_F3);
        QTRY_COMPARE(m_desk->timeline().conversation(), m_chat);
        QTRY_VERIFY(inSight(QStringLiteral("今天的绿茶很好，见 https://kith.example/tea")));
        press(Qt::Key_F3); // there is no further one
        QCOMPARE(panel().list()->currentIndex().row(), 1);
        press(Qt::Key_F3, Qt::ShiftModifier);
        QTRY_COMPARE(m_desk->timeline().conversation(), m_group);
    }

    void here_looksIntoTheOpenConversationOnly_andFollowsIt()
    {
        m_desk->window().controller().openConversation(m_chat);
        press(Qt::Key_F, Qt::ControlModifier);
        QVERIFY(panel().hereButton()->isChecked());
        QTRY_COMPARE(hits().rowCount(), 1);
        QCOMPARE(hits().row(0).conversation, m_chat);
        m_desk->window().controller().openConversation(m_group);
        QTRY_COMPARE(hits().rowCount(), 1);
        QTRY_COMPARE(hits().row(0).conversation, m_group);
        QTest::mouseClick(panel().everywhereButton(), Qt::LeftButton);
        QTRY_COMPARE(hits().rowCount(), 2);
    }

    void unknownFilterOrName_isSaidBesideTheField()
    {
        write(QStringLiteral("form:ann 绿茶"));
        QTRY_VERIFY2(panel().hintText().contains(QStringLiteral("no filter “form:”")), qPrintable(panel().hintText()));
        QCOMPARE(hits().rowCount(), 2); // the words are still looked for
        write(QStringLiteral("from:nobody 绿茶"));
        QTRY_COMPARE(hits().rowCount(), 0);
        QTRY_COMPARE(panel().hintText(), QStringLiteral("Nobody here is called “nobody”."));
        write(QStringLiteral("from:cara"));
        QTRY_COMPARE(texts(), QStringList(QStringLiteral("爬山带绿茶")));
        QVERIFY(panel().hintText().isEmpty());
        write(QStringLiteral("绿茶 in:爬山 after:today"));
        QTRY_COMPARE(hits().rowCount(), 1);
        write(QStringLiteral("绿茶 before:today"));
        QTRY_COMPARE(hits().rowCount(), 0);
    }

    void nothingFound_offersTheDownload_andLooksAgainWhenItCame()
    {
        QTest::mouseClick(panel().everywhereButton(), Qt::LeftButton);
        write(QStringLiteral("\"says 300\""));
        QTRY_COMPARE(emptyTitle(), QStringLiteral("Nothing found"));
        QTRY_VERIFY(emptyAction()->isVisible());
        QVERIFY(panel()
                    .emptyState()
                    ->findChild<QLabel *>(QStringLiteral("Muted"))
                    ->text()
                    .contains(QStringLiteral("are not on this computer")));
        QTest::mouseClick(emptyAction(), Qt::LeftButton);
        QVERIFY(m_desk->window().download());
        ui::DownloadDialog *dialog = m_desk->window().download()->dialog();
        QTest::mouseClick(dialog->actionButton(), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(hits().rowCount() > 0, 30000);
        QCOMPARE(texts().front(), QStringLiteral("ann says 300, 第 300 条"));
        QTRY_VERIFY_WITH_TIMEOUT(m_desk->client().downloadProgress().state == client::DownloadState::Done, 30000);
        dialog->accept();
        write(QStringLiteral("\"says 301\""));
        QTRY_VERIFY(panel().reachText().endsWith(QStringLiteral("Nothing is missing.")));
        QVERIFY(!panel().downloadButton()->isVisible());
    }

    void manyHits_comePageByPage_withoutGap()
    {
        write(QStringLiteral("says"));
        QTRY_COMPARE(hits().rowCount(), 50);
        for (int before = 0; before != hits().rowCount();) {
            before = hits().rowCount();
            QScrollBar *bar = panel().list()->verticalScrollBar();
            bar->setValue(bar->maximum());
            if (before < kOld + kNew)
                QTRY_VERIFY(hits().rowCount() > before);
        }
        QCOMPARE(hits().rowCount(), kOld + kNew);
        // By time; within one millisecond the order is this computer's own. Each message is there once.
        std::set<Seq> seqs{hits().row(0).seq};
        for (int i = 1; i < hits().rowCount(); ++i) {
            QVERIFY(hits().row(i).place.at <= hits().row(i - 1).place.at);
            QVERIFY(seqs.insert(hits().row(i).seq).second);
        }
        // By F3 as well: over the end of a page.
        write(QStringLiteral("says "));
        QTRY_COMPARE(hits().rowCount(), 50);
        panel().list()->setFocus();
        for (int i = 0; i < 50; ++i)
            m_desk->window().finder().step(1);
        QCOMPARE(panel().list()->currentIndex().row(), 49);
        m_desk->window().finder().step(1);
        QTRY_COMPARE(panel().list()->currentIndex().row(), 50);
        QTRY_COMPARE(hits().rowCount(), 100);
        const Seq seq = hits().row(50).seq;
        QTRY_VERIFY(m_desk->timeline().isLoaded() && m_desk->timeline().indexOfSeq(seq) >= 0 &&
                    !view().rowRect(m_desk->timeline().indexOfSeq(seq)).isEmpty());
    }

    void escInTheField_givesTheConversationsBack()
    {
        press(Qt::Key_F, Qt::ControlModifier);
        QVERIFY(panel().edit()->hasFocus());
        QTest::keyClick(panel().edit(), Qt::Key_Escape);
        QVERIFY(!panel().isVisible() && m_desk->chat().sidebar()->isVisible());
        QVERIFY(m_desk->chat().composer()->edit()->hasFocus());
    }

    void narrowWindow_hasRoomForHits()
    {
        m_desk->window().resize(680, 720);
        QTRY_VERIFY(m_desk->chat().sidebar()->width() <= 72);
        press(Qt::Key_F, Qt::ControlModifier);
        QTRY_VERIFY(panel().width() >= 220);
        QVERIFY(view().width() >= 300);
        QTest::keyClick(panel().edit(), Qt::Key_Escape);
        QTRY_VERIFY(m_desk->chat().sidebar()->width() <= 72);
        m_desk->window().resize(1040, 720);
    }

    void switcher_goesByPinyinArrowsAndEnter()
    {
        m_desk->window().controller().openConversation(m_chat);
        press(Qt::Key_K, Qt::ControlModifier);
        QVERIFY(switcher().isOpen() && switcher().edit()->hasFocus());
        QTRY_COMPARE(switcher().list()->model()->rowCount(), 2);
        QCOMPARE(switcher().list()->model()->index(0, 0).data().toString(), kGroup); // the open one is last
        QTest::keyClicks(switcher().edit(), QStringLiteral("zmps"));
        QCOMPARE(switcher().list()->model()->rowCount(), 1);
        QTest::keyClick(switcher().edit(), Qt::Key_Return);
        QVERIFY(!switcher().isOpen());
        QTRY_COMPARE(m_desk->timeline().conversation(), m_group);

        press(Qt::Key_K, Qt::ControlModifier);
        QTRY_COMPARE(switcher().list()->model()->rowCount(), 2);
        QTest::keyClick(switcher().edit(), Qt::Key_Down);
        QCOMPARE(switcher().list()->currentIndex().row(), 1);
        QTest::keyClick(switcher().edit(), Qt::Key_Down); // round
        QCOMPARE(switcher().list()->currentIndex().row(), 0);
        QTest::keyClicks(switcher().edit(), QStringLiteral("qqqq"));
        QCOMPARE(switcher().list()->model()->rowCount(), 0);
        QTest::keyClick(switcher().edit(), Qt::Key_Return); // nothing to go to
        QVERIFY(switcher().isOpen());
        QTest::keyClick(switcher().edit(), Qt::Key_Escape);
        QVERIFY(!switcher().isOpen());
        QCOMPARE(m_desk->timeline().conversation(), m_group);
        press(Qt::Key_K, Qt::ControlModifier);
        QTest::mouseClick(&switcher(), Qt::LeftButton, {}, QPoint(4, switcher().height() - 4)); // beside the card
        QVERIFY(!switcher().isOpen());
    }

    void switcher_beginsAConversationWithSomebodyKnown()
    {
        press(Qt::Key_K, Qt::ControlModifier);
        QTRY_VERIFY(switcher().list()->model()->rowCount() > 0);
        QTest::keyClicks(switcher().edit(), QStringLiteral("cara"));
        QTRY_COMPARE(switcher().list()->model()->rowCount(), 1);
        QTest::keyClick(switcher().edit(), Qt::Key_Return);
        QTRY_VERIFY(privatePeer(m_desk->timeline().conversation(), m_desk->client().self().id).has_value() &&
                    m_desk->timeline().conversation() != m_chat);
    }

    void leftGroup_isStillSearched_withTheServerGone()
    {
        QVERIFY(wait(m_desk->client().leaveGroup(m_group)).has_value());
        m_server->kill();
        press(Qt::Key_F, Qt::ControlModifier | Qt::ShiftModifier);
        write(QStringLiteral("爬山"));
        QTRY_COMPARE(hits().rowCount(), 1);
        QTest::keyClick(panel().edit(), Qt::Key_Return);
        QTRY_COMPARE(m_desk->timeline().conversation(), m_group);
        QTRY_VERIFY(inSight(QStringLiteral("爬山带绿茶")));
    }

    void locked_noWordOfTheSearchIsLeft()
    {
        QVERIFY(panel().isVisible() && !panel().text().isEmpty() && hits().rowCount() > 0);
        m_desk->window().lock();
        QTRY_VERIFY(m_desk->window().isLocked());
        QVERIFY(panel().text().isEmpty());
        QVERIFY(!panel().edit()->isUndoAvailable());
        QCOMPARE(hits().rowCount(), 0);
        QVERIFY(panel().reachText().isEmpty());
        QCOMPARE(switcher().list()->model()->rowCount(), 0);
    }
};

QTEST_MAIN(TestFindWindow)
#include "test_find_window.moc"
