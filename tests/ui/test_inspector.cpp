// SPDX-License-Identifier: GPL-3.0-or-later
// The wire inspector as a tester uses it: a real window over the real server, a worse network, a report.
#include "tests/integration/real_server.h"
#include "tests/ui/desk.h"
#include "tests/ui/menus.h"
#include "ui/inspector/simulation_strip.h"
#include "ui/pages/login_page.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/composer.h"
#include "ui/widgets/controls.h"

#include <QApplication>
#include <QClipboard>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>

using namespace kith;
using client::LinkPhase;
using client::WireEntry;
using models::LinkLogModel;
using models::WireLogModel;
using test::Desk;
using test::Person;
using test::RealServer;
using test::wait;

namespace {
const QString kPassword = QStringLiteral("a long enough pass phrase");

void click(QWidget *widget)
{
    QTest::mouseClick(widget, Qt::LeftButton);
}
} // namespace

class TestInspector final : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    std::unique_ptr<RealServer> m_server;
    ui::Theme m_theme;
    ui::Languages m_languages;
    std::unique_ptr<Person> m_bob;
    std::unique_ptr<Desk> m_desk;
    ConversationId m_chat;

    ui::InspectorWindow &inspector() { return *m_desk->window().inspector(); }
    bool online() { return m_desk->client().linkStatus().phase == LinkPhase::Online; }
    int rowWith(const QString &op)
    {
        for (int row = inspector().wire().rowCount() - 1; row >= 0; --row)
            if (inspector().wire().index(row, WireLogModel::Op).data().toString().contains(op))
                return row;
        return -1;
    }
    void choose(int row)
    {
        QTableView *table = inspector().table();
        table->scrollTo(table->model()->index(row, 0));
        QTest::mouseClick(table->viewport(), Qt::LeftButton, {},
                          table->visualRect(table->model()->index(row, WireLogModel::Op)).center());
    }
    void say(const QString &text)
    {
        m_desk->chat().composer()->edit()->insertPlainText(text);
        QTest::keyClick(m_desk->chat().composer()->edit(), Qt::Key_Return);
    }
    void setNetwork(int index)
    {
        inspector().network()->setCurrentIndex(index);
        emit inspector().network()->activated(index);
    }

private slots:
    void initTestCase()
    {
        m_theme.apply(*qApp, ui::ThemeMode::Light);
        m_languages.apply(*qApp, m_theme, QStringLiteral("en"));
        m_server = std::make_unique<RealServer>(m_dir.filePath(QStringLiteral("server")));
        QVERIFY(m_server->start());
        m_bob = std::make_unique<Person>(m_dir.path(), "bob");
        QVERIFY(m_bob->enter(m_server->url()));
    }

    void onTheLoginPage_theFailedCallIsThere()
    {
        m_desk = std::make_unique<Desk>(m_theme, m_languages, m_dir.filePath(QStringLiteral("ann")));
        m_desk->window().start({});
        QTRY_VERIFY(m_desk->window().isAskingLogin());
        m_desk->window().activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&m_desk->window()));
        QTest::keyClick(&m_desk->window(), Qt::Key_I, Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY(m_desk->window().inspector());
        QVERIFY(QTest::qWaitForWindowExposed(&inspector()));
        m_desk->window().login(m_server->url(), QStringLiteral("ann"), kPassword);
        QTRY_VERIFY(rowWith(QStringLiteral("POST /v1/login")) >= 0);
        choose(rowWith(QStringLiteral("POST /v1/login")));
        QVERIFY(inspector().json()->toPlainText().contains(QStringLiteral("401")));
        QVERIFY(!inspector().json()->toPlainText().contains(kPassword));
        QVERIFY(!inspector().copyLineButton()->isEnabled()); // a call is no frame
        inspector().close();
        QTRY_VERIFY(!m_desk->window().inspector());
    }

    void openedLate_showsWhatWasBefore()
    {
        auto &client = m_desk->client();
        QVERIFY(wait(client.registerAccount(m_server->url(), "ann", kPassword.toStdString(), "Ann")).has_value());
        m_desk->window().login(m_server->url(), QStringLiteral("ann"), kPassword);
        QTRY_VERIFY_WITH_TIMEOUT(m_desk->window().isChatting(), 20000);
        auto chat = wait(client.openPrivate((*m_bob)->self()));
        QVERIFY(chat.has_value());
        m_chat = *chat;
        m_desk->window().controller().openConversation(m_chat);
        QTRY_VERIFY(m_desk->timeline().conversation() == m_chat && online());
        say(QStringLiteral("Hello, it's me"));
        QTRY_COMPARE(m_bob->bodies(m_chat).size(), std::size_t(1));
        // By the menu this time.
        test::chooseFromNextMenu(QStringLiteral("Wire inspector"));
        emit m_desk->chat().sidebar()->menuRequested(m_desk->window().mapToGlobal(QPoint(8, 56)));
        QVERIFY(m_desk->window().inspector());
        QVERIFY(QTest::qWaitForWindowExposed(&inspector()));
        QVERIFY(rowWith(QStringLiteral("login")) >= 0);
        QVERIFY(rowWith(QStringLiteral("hello")) >= 0);
        QVERIFY(rowWith(QStringLiteral("send")) >= 0);
        QVERIFY(inspector().link().rowCount() >= 2);
        QCOMPARE(inspector().link().index(0, LinkLogModel::State).data().toString(), QStringLiteral("Connected"));
    }

    void chosenFrame_isReadAndCopied()
    {
        choose(rowWith(QStringLiteral("send")));
        QVERIFY2(inspector().json()->toPlainText().contains(QStringLiteral("\"body\": \"Hello, it's me\"")),
                 qPrintable(inspector().json()->toPlainText()));
        click(inspector().copyJsonButton());
        QCOMPARE(QApplication::clipboard()->text(), inspector().json()->toPlainText());
        click(inspector().copyLineButton());
        const QString line = QApplication::clipboard()->text();
        QVERIFY2(line.startsWith(QStringLiteral("kith-cli wire --send '{\"op\":\"send\"")) &&
                     line.contains(QStringLiteral("it'\\''s")),
                 qPrintable(line));
        // Several are one a line.
        inspector().table()->selectAll();
        QTest::keyClick(inspector().table(), Qt::Key_C, Qt::ControlModifier);
        QVERIFY(QApplication::clipboard()->text().count(QLatin1Char('\n')) + 1 == inspector().wire().rowCount());
        QVERIFY(!QApplication::clipboard()->text().contains(kPassword));
    }

    void filter_pause_clear()
    {
        QTest::keyClicks(inspector().filter(), QStringLiteral("HELLO, IT"));
        QTRY_VERIFY(inspector().wire().rowCount() < inspector().wire().total());
        QVERIFY(inspector().wire().rowCount() > 0);
        inspector().filter()->clear();
        QTRY_COMPARE(inspector().wire().rowCount(), inspector().wire().total());
        const int op = inspector().ops()->findData(QStringLiteral("send"));
        QVERIFY(op > 0);
        inspector().ops()->setCurrentIndex(op);
        emit inspector().ops()->activated(op);
        QCOMPARE(inspector().wire().rowCount(), 1);
        inspector().ops()->setCurrentIndex(0);
        emit inspector().ops()->activated(0);

        click(inspector().pauseButton());
        const int before = inspector().wire().total();
        QVERIFY(wait((*m_bob)->send(m_chat, "while nobody counts")).has_value());
        QTRY_VERIFY(m_desk->rowOf(QStringLiteral("while nobody counts")) >= 0);
        QCOMPARE(inspector().wire().total(), before);
        click(inspector().pauseButton());
        QVERIFY(inspector().wire().total() > before);
        click(inspector().clearButton());
        QCOMPARE(inspector().wire().rowCount(), 0);
        QVERIFY(inspector().json()->toPlainText().isEmpty());
    }

    void offline_isSaidInTheMainWindowAndEndsThere()
    {
        ui::SimulationStrip *strip = m_desk->window().simulationStrip();
        QCOMPARE(strip->text(), QString());
        setNetwork(3);
        QVERIFY(strip->isVisible());
        QVERIFY(strip->text().contains(QStringLiteral("offline")));
        QTRY_VERIFY(!m_desk->chat().banner()->text().isEmpty());
        QVERIFY(!online());
        QVERIFY(inspector().link().index(0, LinkLogModel::Why).data().toString().contains(QStringLiteral("simulated")));
        say(QStringLiteral("kept for later"));
        QTRY_VERIFY(m_desk->rowOf(QStringLiteral("kept for later")) >= 0);
        QCOMPARE(m_desk->timeline().row(m_desk->rowOf(QStringLiteral("kept for later"))).delivery,
                 models::Delivery::Sending);
        click(strip->offButton());
        QVERIFY(!strip->isVisible());
        QCOMPARE(inspector().network()->currentIndex(), 0);
        QTRY_VERIFY(online());
        QTRY_COMPARE(m_bob->bodies(m_chat).size(), std::size_t(3));
    }

    void cut_isAGapInTheStory()
    {
        const int before = inspector().link().rowCount();
        click(inspector().cutButton());
        QTRY_VERIFY(inspector().link().rowCount() > before);
        bool seen = false;
        for (int row = 0; row < inspector().link().rowCount(); ++row)
            seen = seen ||
                   inspector().link().index(row, LinkLogModel::Why).data().toString().contains(QStringLiteral("cut"));
        QVERIFY(seen);
        QTRY_VERIFY_WITH_TIMEOUT(online(), 20000);
    }

    void report_isWrittenAndSaid()
    {
        const QString file = m_dir.filePath(QStringLiteral("report.zip"));
        QSignalSpy exported(&inspector(), &ui::InspectorWindow::exported);
        inspector().exportTo(file);
        QTRY_COMPARE(exported.count(), 1);
        QVERIFY2(inspector().statusText().contains(file), qPrintable(inspector().statusText()));
        QProcess python;
        python.start(QStringLiteral(PYTHON), {QStringLiteral(SEARCH), file});
        python.write("Hello, it's me\nwhile nobody counts\nkept for later\nbob (shown)\n");
        python.write(kPassword.toUtf8());
        python.closeWriteChannel();
        QVERIFY(python.waitForFinished());
        QVERIFY2(python.exitCode() == 0, python.readAllStandardOutput().constData());
        inspector().exportTo(m_dir.filePath(QStringLiteral("no folder/report.zip")));
        QTRY_COMPARE(exported.count(), 2);
        QVERIFY(inspector().statusText().startsWith(QStringLiteral("The report cannot be written")));
    }

    void closing_endsWhatIsSimulated()
    {
        setNetwork(1);
        QVERIFY(m_desk->window().simulationStrip()->isVisible());
        QVERIFY(m_desk->client().simulation().latency.count() > 0);
        QTest::keyClick(&inspector(), Qt::Key_Escape);
        QTRY_VERIFY(!m_desk->window().inspector());
        QVERIFY(!m_desk->client().simulation().on());
        QVERIFY(!m_desk->window().simulationStrip()->isVisible());
    }

    void lock_takesItAway()
    {
        m_desk->window().showInspector();
        QVERIFY(m_desk->window().inspector());
        setNetwork(3);
        m_desk->window().lock();
        QVERIFY(!m_desk->window().inspector());
        QTRY_VERIFY(m_desk->window().isLocked());
        QVERIFY(m_desk->client().recorder().wire().empty());
        QVERIFY(!m_desk->client().simulation().on());
        m_desk->window().showInspector();
        QVERIFY(!m_desk->window().inspector()); // not for whoever finds the window locked
    }
};

QTEST_MAIN(TestInspector)
#include "test_inspector.moc"
