// SPDX-License-Identifier: GPL-3.0-or-later
// After a log-out the history is read, searched and exported in the real window; nothing can be said. Or it is deleted.
#include "tests/integration/real_server.h"
#include "tests/ui/desk.h"
#include "tests/ui/menus.h"
#include "ui/dialogs/confirm_dialog.h"
#include "ui/dialogs/export_dialog.h"
#include "ui/find/find_controller.h"
#include "ui/pages/login_page.h"
#include "ui/widgets/composer.h"
#include "ui/widgets/conversation_header.h"
#include "ui/widgets/field.h"

#include <QApplication>
#include <QCheckBox>
#include <QLineEdit>
#include <QPushButton>
#include <QTest>
#include <QToolButton>

using namespace kith;
using test::Desk;
using test::Person;
using test::RealServer;
using test::wait;

class TestLoggedOutWindow final : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    std::unique_ptr<RealServer> m_server;
    ui::Theme m_theme;
    ui::Languages m_languages;
    std::unique_ptr<Desk> m_desk;
    QString m_password;

    ui::LoginPage *page() { return m_desk->window().loginPage(); }
    static void click(QAbstractButton *button) { QTest::mouseClick(button, Qt::LeftButton); }
    void start()
    {
        m_desk.reset();
        m_desk = std::make_unique<Desk>(m_theme, m_languages, m_dir.filePath(QStringLiteral("computer")));
        m_desk->window().start({});
        QTRY_VERIFY(m_desk->window().isAskingLogin() || m_desk->window().isChatting());
    }
    void openFirst()
    {
        QTRY_COMPARE_WITH_TIMEOUT(m_desk->list().rowCount(), 1, 20000);
        m_desk->window().controller().openConversation(m_desk->list().row(0).head.head.conversation);
        QTRY_VERIFY_WITH_TIMEOUT(m_desk->rowOf(QStringLiteral("the tide comes at six")) >= 0, 20000);
    }
    void login()
    {
        m_desk->window().login(m_server->url(), QStringLiteral("bob"), m_password);
        QTRY_VERIFY_WITH_TIMEOUT(m_desk->window().isChatting(), 20000);
        openFirst();
    }
    /// By the window's menu, with or without the history.
    void logOut(bool withHistory)
    {
        test::chooseFromNextMenu(QStringLiteral("Log out…"));
        click(m_desk->chat().sidebar()->menuButton());
        auto *dialog = m_desk->window().findChild<ui::ConfirmDialog *>();
        QVERIFY(dialog);
        if (withHistory)
            dialog->option()->click();
        click(dialog->actionButton());
        QTRY_VERIFY_WITH_TIMEOUT(m_desk->window().isAskingLogin(), 20000);
    }

private slots:
    void initTestCase()
    {
        qputenv("HOME", m_dir.path().toUtf8());
        m_theme.apply(*qApp, ui::ThemeMode::Light);
        m_languages.apply(*qApp, m_theme, QStringLiteral("en"));
        m_server = std::make_unique<RealServer>(m_dir.filePath(QStringLiteral("server")));
        QVERIFY(m_server->start());
        Person ann(m_dir.path(), "ann"), bob(m_dir.path(), "bob");
        QVERIFY(ann.enter(m_server->url()) && bob.enter(m_server->url()));
        m_password = QString::fromStdString(bob.password);
        const auto chat = privateConversation(ann.id(), bob.id());
        QVERIFY(wait(ann->send(chat, "the tide comes at six")).has_value());
        QTRY_VERIFY_WITH_TIMEOUT(!bob.messages(chat).empty(), 20000);
        start();
        login();
    }
    void cleanupTestCase() { m_desk.reset(); }

    void whoCancels_staysLoggedIn()
    {
        test::chooseFromNextMenu(QStringLiteral("Log out…"));
        click(m_desk->chat().sidebar()->menuButton());
        QPointer<ui::ConfirmDialog> dialog = m_desk->window().findChild<ui::ConfirmDialog *>();
        QVERIFY(dialog);
        QTRY_COMPARE(QApplication::focusWidget(), dialog->cancelButton());
        QTest::keyClick(dialog->cancelButton(), Qt::Key_Return);
        QTRY_VERIFY(!dialog);
        QVERIFY(m_desk->client().isLoggedIn() && m_desk->window().isChatting());
    }

    void afterALogOut_theHistoryIsRead_butNothingCanBeSaid()
    {
        logOut(false);
        QVERIFY(page()->readButton()->isVisible());
        QVERIFY(page()->readButton()->text().contains(QStringLiteral("bob")));
        click(page()->readButton());
        QTRY_VERIFY(m_desk->window().isChatting());
        openFirst();
        QVERIFY(!m_desk->client().isLoggedIn());
        QCOMPARE(m_desk->list().row(0).name, QStringLiteral("ann (shown)"));
        ui::Composer *composer = m_desk->chat().composer();
        QVERIFY(!composer->isWritable() && composer->remedyButton()->isVisible());
        QVERIFY(!m_desk->chat().sidebar()->newChatButton()->isVisible());
        // What is typed into the timeline does not go into a composer that nobody sees.
        QTest::keyClicks(m_desk->chat().timeline(), QStringLiteral("lost"));
        QVERIFY(composer->text().isEmpty());
        QObject parent;
        QStringList offered;
        for (const QAction *action :
             m_desk->chat().timeline()->menuActions(m_desk->rowOf(QStringLiteral("the tide comes at six")), &parent))
            offered << action->text();
        QVERIFY(offered.contains(QStringLiteral("Copy message")));
        QVERIFY(!offered.contains(QStringLiteral("Reply")) && !offered.contains(QStringLiteral("Like")));
    }

    void afterARestart_itIsReadSearchedAndExported_withNoServer()
    {
        m_server->kill();
        start();
        QVERIFY(m_desk->window().isAskingLogin() && page()->readButton()->isVisible());
        QCOMPARE(page()->user()->text(), QStringLiteral("bob"));
        click(page()->readButton());
        openFirst();
        m_desk->window().finder().find(ui::FindPanel::Scope::Everywhere);
        m_desk->window().finder().panel().edit()->setText(QStringLiteral("tide from:ann"));
        QTRY_COMPARE(m_desk->window().finder().hits().rowCount(), 1);
        test::chooseFromNextMenu(QStringLiteral("Export…"));
        emit m_desk->chat().header()->menuRequested(m_desk->window().mapToGlobal(QPoint(400, 56)));
        auto *dialog = m_desk->window().findChild<ui::ExportDialog *>();
        QVERIFY(dialog);
        const QString path = m_dir.filePath(QStringLiteral("tide.html"));
        dialog->setPath(path);
        click(dialog->exportButton());
        QTRY_VERIFY(dialog->isDone());
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly) && file.readAll().contains("the tide comes at six"));
        click(dialog->closeButton());
    }

    void theLock_comesBackToWhatWasRead()
    {
        m_desk->window().lock();
        QTRY_VERIFY(m_desk->window().isLocked());
        m_desk->window().start({});
        QTRY_VERIFY(m_desk->window().isChatting());
        QVERIFY(!m_desk->client().isLoggedIn());
        openFirst();
    }

    void fromReading_oneLogsInAgain()
    {
        QVERIFY(m_server->start());
        click(m_desk->chat().composer()->remedyButton());
        QTRY_VERIFY(m_desk->window().isAskingLogin());
        login();
        QVERIFY(m_desk->chat().composer()->isWritable());
        QVERIFY(m_desk->chat().sidebar()->newChatButton()->isVisible());
    }

    void whoDeletesTheHistory_hasNothingToRead()
    {
        logOut(true);
        QVERIFY(!page()->readButton()->isVisible());
        const auto heads = wait(m_desk->client().heads());
        QVERIFY(heads && heads->empty());
        start();
        QVERIFY(m_desk->window().isAskingLogin() && !page()->readButton()->isVisible());
        login(); // and the server still has it
    }
};

QTEST_MAIN(TestLoggedOutWindow)
#include "test_logged_out_window.moc"
