// SPDX-License-Identifier: GPL-3.0-or-later
// "Download everything" as somebody does it: a real window on a new computer, an account with thousands of messages.
#include "tests/integration/bulk_send.h"
#include "tests/integration/real_server.h"
#include "tests/ui/desk.h"
#include "tests/ui/menus.h"
#include "ui/dialogs/download_dialog.h"
#include "ui/dialogs/forget_dialog.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QListView>
#include <QPushButton>
#include <QTest>

using namespace kith;
using client::DownloadState;
using test::Desk;
using test::Person;
using test::RealServer;
using test::wait;

namespace {
constexpr int kPrivate = 6000, kGroup = 700;
}

class TestDownloadWindow final : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    std::unique_ptr<RealServer> m_server;
    ui::Theme m_theme;
    ui::Languages m_languages;
    std::unique_ptr<Desk> m_desk;
    test::Accepted m_accepted;

    /// By the menu, as there is no other way.
    ui::DownloadDialog *openDialog()
    {
        test::chooseFromNextMenu(QStringLiteral("On this computer"));
        emit m_desk->chat().sidebar()->menuRequested(m_desk->window().mapToGlobal(QPoint(8, 56)));
        return m_desk->window().download() ? m_desk->window().download()->dialog() : nullptr;
    }
    std::unique_ptr<Desk> desk()
    {
        auto made = std::make_unique<Desk>(m_theme, m_languages, m_dir.filePath(QStringLiteral("new computer")));
        made->window().start({});
        return made;
    }
    static void click(QPushButton *button) { QTest::mouseClick(button, Qt::LeftButton); }

private slots:
    void initTestCase()
    {
        m_theme.apply(*qApp, ui::ThemeMode::Light);
        m_languages.apply(*qApp, m_theme, QStringLiteral("en"));
        m_server = std::make_unique<RealServer>(m_dir.filePath(QStringLiteral("server")), test::kNoSendLimit);
        QVERIFY(m_server->start());
        Person ann(m_dir.path(), "ann"), bob(m_dir.path(), "bob");
        QVERIFY(ann.enter(m_server->url()) && bob.enter(m_server->url()));
        const auto group = wait(ann->createGroup("Walks", {bob.id()}));
        QVERIFY(group.has_value());
        const auto toBob = QString::fromStdString(bob.id().str());
        ann.close();
        bob.close();
        const auto text = [](const auto &id) { return QString::fromStdString(id.str()); };
        QVERIFY(test::sendMany(m_server->url(), QStringLiteral("ann"), {{QStringLiteral("to"), toBob}}, kPrivate,
                               m_accepted));
        QVERIFY(test::sendMany(m_server->url(), QStringLiteral("ann"), {{QStringLiteral("conversation"), text(*group)}},
                               kGroup, m_accepted));
        m_desk = desk();
        QTRY_VERIFY(m_desk->window().isAskingLogin());
        m_desk->window().login(m_server->url(), QStringLiteral("bob"), QString::fromStdString(bob.password));
        QTRY_VERIFY_WITH_TIMEOUT(m_desk->window().isChatting(), 20000);
        QTRY_COMPARE_WITH_TIMEOUT(m_desk->list().rowCount(), 2, 20000);
        QTRY_VERIFY_WITH_TIMEOUT(m_desk->window().isSettled(), 20000);
    }
    void cleanupTestCase() { m_desk.reset(); }

    void beforeIt_theDialogSaysWhatIsLacking()
    {
        auto *dialog = openDialog();
        QVERIFY(dialog);
        QAbstractItemModelTester tester(&dialog->model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        QTRY_COMPARE(dialog->model().rowCount(), 2);
        QTRY_VERIFY(dialog->stateText().contains(QStringLiteral("are not on this computer")));
        QVERIFY(dialog->part() > 0 && dialog->part() < 0.1);
        QVERIFY(!dialog->stopButton()->isVisible());
        for (int i = 0; i < 2; ++i)
            QVERIFY2(ui::DownloadModel::detail(dialog->model().row(i)).endsWith(QStringLiteral(" · 1 gap")),
                     qPrintable(ui::DownloadModel::detail(dialog->model().row(i))));
        dialog->accept();
        QTRY_VERIFY(!m_desk->window().download());
    }

    void pausedAndResumed_byTheButton_showsHowFarItIs()
    {
        auto *dialog = openDialog();
        QVERIFY(dialog);
        QAbstractItemModelTester tester(&dialog->model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        QTRY_VERIFY(dialog->actionButton()->isVisible() && dialog->model().rowCount() == 2);
        QCOMPARE(dialog->actionButton()->text(), QStringLiteral("Download everything"));
        const double before = dialog->part();
        bool named = false;
        const auto watching = connect(&m_desk->client(), &client::Client::downloadChanged, dialog, [&] {
            named = named || dialog->stateText().startsWith(QStringLiteral("Downloading: "));
        });
        click(dialog->actionButton());
        QTRY_VERIFY(named && dialog->part() > before);
        QCOMPARE(dialog->actionButton()->text(), QStringLiteral("Pause"));
        click(dialog->actionButton());
        QTRY_COMPARE(dialog->stateText(), QStringLiteral("Paused"));
        disconnect(watching);
        QVERIFY(dialog->part() < 1);
        QCOMPARE(dialog->actionButton()->text(), QStringLiteral("Resume"));
        // Closed while paused, opened again: it still is.
        dialog->accept();
        QTRY_VERIFY(!m_desk->window().download());
        QVERIFY(openDialog());
        QCOMPARE(m_desk->window().download()->dialog()->stateText(), QStringLiteral("Paused"));
        click(m_desk->window().download()->dialog()->actionButton());
        QTRY_VERIFY(m_desk->client().downloadProgress().state == DownloadState::Running);
    }

    void programEndsMidway_goesOnAtTheNextStart_andSaysThatAllIsHere()
    {
        QVERIFY(m_desk->client().downloadProgress().state == DownloadState::Running);
        m_desk.reset();
        m_desk = desk();
        QTRY_VERIFY_WITH_TIMEOUT(m_desk->window().isChatting(), 20000);
        auto *dialog = openDialog();
        QVERIFY(dialog);
        QTRY_COMPARE_WITH_TIMEOUT(dialog->stateText(), QStringLiteral("Everything is on this computer"), 30000);
        QTRY_COMPARE(dialog->part(), 1.0);
        QVERIFY(!dialog->actionButton()->isVisible());
        QTRY_VERIFY(ui::DownloadModel::detail(dialog->model().row(0)).startsWith(QStringLiteral("All here: ")));
        QTRY_VERIFY(ui::DownloadModel::detail(dialog->model().row(1)).startsWith(QStringLiteral("All here: ")));
        const auto status = wait(m_desk->client().status());
        QVERIFY(status && status->holes.empty());
        for (const auto &[id, accepted] : m_accepted)
            for (const auto &[seq, body] : accepted) {
                if (seq % 97 != 0) // all of them are compared in test_integration_download
                    continue;
                const auto here = wait(m_desk->client().message(id, Seq(seq)));
                QVERIFY(here && *here && (*here)->message.body == body);
            }
        click(dialog->stopButton());
        QTRY_VERIFY(!dialog->stopButton()->isVisible());
        QCOMPARE(dialog->stateText(), QStringLiteral("Everything is on this computer"));
    }

    void forgotten_byItsButton_isGoneAndComesBackOnlyByName()
    {
        auto *dialog = m_desk->window().download()->dialog();
        auto *controller = &m_desk->window().controller();
        QTRY_VERIFY(dialog->sizeText().startsWith(QStringLiteral("The history takes ")));
        const int at = dialog->model().row(0).here > kGroup + 10 ? 0 : 1;
        const ConversationId chat = dialog->model().row(at).id;
        const qint64 here = dialog->model().row(at).here;
        QVERIFY(dialog->model().row(at).bytes > dialog->model().row(1 - at).bytes);
        QCOMPARE(dialog->model().row(at).oldest, QDate::currentDate());
        controller->openConversation(chat);
        QTRY_VERIFY_WITH_TIMEOUT(m_desk->timeline().rowCount() > 20, 10000);
        dialog->choose(chat);
        click(dialog->forgetButton());
        auto *forget = dialog->findChild<ui::ForgetDialog *>();
        QVERIFY(forget);
        QVERIFY(!forget->isOfAll());
        QTRY_COMPARE(forget->surveyText(), QStringLiteral("Nothing here is that old."));
        QVERIFY(!forget->forgetButton()->isEnabled());
        forget->setKeepFrom(QDate::currentDate().addDays(1));
        QTRY_VERIFY(forget->forgetButton()->isEnabled());
        QVERIFY2(forget->surveyText().contains(QLocale().toString(here)), qPrintable(forget->surveyText()));
        click(forget->forgetButton());
        QTRY_VERIFY_WITH_TIMEOUT(forget->isDone(), 30000);
        QVERIFY2(forget->noteText().contains(QStringLiteral("less on the disk")), qPrintable(forget->noteText()));
        QTRY_COMPARE(ui::DownloadModel::detail(dialog->model().row(at)),
                     QStringLiteral("0 here · %1 forgotten").arg(QLocale().toString(here)));
        click(forget->closeButton());
        // The window shows a hole, and being looked at does not fill it.
        QTRY_COMPARE(m_desk->timeline().rowCount(), 1);
        QCOMPARE(m_desk->timeline().row(0).kind, models::RowKind::Hole);
        m_desk->client().downloadAll(); // of everything: not of that
        QTRY_COMPARE(m_desk->client().downloadProgress().state, DownloadState::Done);
        QTRY_COMPARE(dialog->stateText(), QStringLiteral("All but what was forgotten is on this computer"));
        QCOMPARE(m_desk->timeline().rowCount(), 1);
        // Clicked, it brings a page.
        m_desk->timeline().fillHole(m_desk->timeline().row(0).hole, true);
        QTRY_VERIFY(m_desk->timeline().rowCount() > 40);
        QTRY_COMPARE(dialog->model().row(at).here, 50);
        emit dialog->downloadRequested(chat);
        QTRY_COMPARE_WITH_TIMEOUT(dialog->model().row(at).here, here, 30000);
        QTRY_COMPARE(dialog->model().row(at).forgotten, 0);
        m_desk->client().cancelDownload();
    }

    void locked_theDialogGoesWithTheRest()
    {
        QVERIFY(m_desk->window().download());
        m_desk->window().lock();
        QTRY_VERIFY(m_desk->window().isLocked());
        QVERIFY(!m_desk->window().download());
        QVERIFY(m_desk->window().findChildren<ui::DownloadDialog *>().isEmpty());
    }
};

QTEST_MAIN(TestDownloadWindow)
#include "test_download_window.moc"
