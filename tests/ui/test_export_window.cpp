// SPDX-License-Identifier: GPL-3.0-or-later
// "Export…" as somebody does it: from the menu of a conversation of a real window, into a real file.
#include "tests/integration/bulk_send.h"
#include "tests/integration/real_server.h"
#include "tests/ui/desk.h"
#include "tests/ui/menus.h"
#include "ui/dialogs/export_dialog.h"
#include "ui/shell/export_controller.h"
#include "ui/widgets/conversation_header.h"

#include <QApplication>
#include <QDesktopServices>
#include <QFileDialog>
#include <QJsonArray>
#include <QPushButton>
#include <QTest>
#include <QTimer>

using namespace kith;
using test::Desk;
using test::Person;
using test::RealServer;
using test::wait;

namespace {
constexpr int kMessages = 3000;
}

class TestExportWindow final : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    std::unique_ptr<RealServer> m_server;
    ui::Theme m_theme;
    ui::Languages m_languages;
    std::unique_ptr<Desk> m_desk;
    QUrl m_opened;

    ui::ExportDialog *dialog() const { return m_desk->window().findChild<ui::ExportDialog *>(); }
    /// By the menu, as there is no other way.
    ui::ExportDialog *openDialog()
    {
        test::chooseFromNextMenu(QStringLiteral("Export…"));
        emit m_desk->chat().header()->menuRequested(m_desk->window().mapToGlobal(QPoint(400, 56)));
        return dialog();
    }
    static void click(QPushButton *button) { QTest::mouseClick(button, Qt::LeftButton); }
    static QByteArray read(const QString &path)
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    QStringList filesIn(const char *folder) const
    {
        return QDir(m_dir.filePath(QLatin1String(folder))).entryList(QDir::Files | QDir::Hidden, QDir::Name);
    }

private slots:
    void folder(const QUrl &url) { m_opened = url; }

    void initTestCase()
    {
        qputenv("HOME", m_dir.path().toUtf8());
        QVERIFY(QDir(m_dir.path()).mkpath(QStringLiteral("out")));
        QDesktopServices::setUrlHandler(QStringLiteral("file"), this, "folder");
        m_theme.apply(*qApp, ui::ThemeMode::Light);
        m_languages.apply(*qApp, m_theme, QStringLiteral("en"));
        m_server = std::make_unique<RealServer>(m_dir.filePath(QStringLiteral("server")), test::kNoSendLimit);
        QVERIFY(m_server->start());
        Person ann(m_dir.path(), "ann"), bob(m_dir.path(), "bob");
        QVERIFY(ann.enter(m_server->url()) && bob.enter(m_server->url()));
        const auto toBob = QString::fromStdString(bob.id().str());
        ann.close();
        bob.close();
        test::Accepted accepted;
        QVERIFY(test::sendMany(m_server->url(), QStringLiteral("ann"), {{QStringLiteral("to"), toBob}}, kMessages,
                               accepted));
        m_desk = std::make_unique<Desk>(m_theme, m_languages, m_dir.filePath(QStringLiteral("new computer")));
        m_desk->window().start({});
        QTRY_VERIFY(m_desk->window().isAskingLogin());
        m_desk->window().login(m_server->url(), QStringLiteral("bob"), QString::fromStdString(bob.password));
        QTRY_VERIFY_WITH_TIMEOUT(m_desk->window().isChatting(), 20000);
        QTRY_COMPARE_WITH_TIMEOUT(m_desk->list().rowCount(), 1, 20000);
        m_desk->window().controller().openConversation(m_desk->list().row(0).head.head.conversation);
        QTRY_VERIFY_WITH_TIMEOUT(m_desk->window().isSettled(), 20000);
    }
    void cleanup()
    {
        if (m_desk) // where a test failed, the next begins without its dialog
            qDeleteAll(m_desk->window().findChildren<ui::ExportDialog *>());
    }
    void cleanupTestCase()
    {
        QDesktopServices::unsetUrlHandler(QStringLiteral("file"));
        m_desk.reset();
    }

    void partlyHere_isExported_andTheDialogSaysWhatIsMissing()
    {
        auto *shown = openDialog();
        QVERIFY(shown);
        QVERIFY(shown->path().startsWith(m_dir.path()));
        QVERIFY2(shown->path().contains(QStringLiteral("ann (shown) ")) &&
                     shown->path().endsWith(QStringLiteral(".html")),
                 qPrintable(shown->path()));
        QVERIFY(shown->exportButton()->isVisible() && !shown->folderButton()->isVisible());
        shown->setPath(m_dir.filePath(QStringLiteral("out/part.html")));
        click(shown->exportButton());
        QTRY_VERIFY(shown->isDone());
        QVERIFY2(shown->noteText().contains(QStringLiteral("are not on this computer")), qPrintable(shown->noteText()));
        const auto page = read(m_dir.filePath(QStringLiteral("out/part.html")));
        QVERIFY(page.contains("<p class=\"hole\">"));
        QVERIFY(shown->folderButton()->isVisible() && !shown->exportButton()->isVisible());
        click(shown->folderButton());
        QCOMPARE(m_opened.toLocalFile(), m_dir.filePath(QStringLiteral("out")));
        click(shown->closeButton());
        QTRY_VERIFY(!dialog());
    }

    void withoutServer_allFormatsAreWritten_andAnExistingFileIsAskedFor()
    {
        m_desk->client().downloadAll();
        QTRY_VERIFY_WITH_TIMEOUT(m_desk->client().downloadProgress().state == client::DownloadState::Done, 60000);
        m_server->kill();
        auto *shown = openDialog();
        QVERIFY(shown);
        const auto path = m_dir.filePath(QStringLiteral("out/whole.json"));
        shown->setFormat(exporting::Format::Json);
        shown->setPath(path);
        click(shown->exportButton());
        QTRY_VERIFY_WITH_TIMEOUT(shown->isDone(), 30000);
        QCOMPARE(shown->part(), 1.0);
        QCOMPARE(shown->stateText(), QStringLiteral("3,000 messages are in the file"));
        QVERIFY(shown->noteText().isEmpty());
        QCOMPARE(QJsonDocument::fromJson(read(path)).object().value(QStringLiteral("messages")).toArray().size(),
                 kMessages);
        shown->reject();
        QTRY_VERIFY(!dialog());

        shown = openDialog();
        QVERIFY(shown);
        shown->setFormat(exporting::Format::Text);
        shown->setPath(path);
        click(shown->exportButton());
        QTRY_VERIFY(!shown->noteText().isEmpty());
        QVERIFY(!shown->isRunning() && !shown->isDone());
        QCOMPARE(shown->exportButton()->text(), QStringLiteral("Replace it"));
        QVERIFY(read(path).startsWith('{'));
        click(shown->exportButton());
        QTRY_VERIFY_WITH_TIMEOUT(shown->isDone(), 30000);
        QVERIFY(read(path).startsWith("ann (shown)\n"));
        shown->reject();
        QTRY_VERIFY(!dialog());
        QCOMPARE(filesIn("out"), (QStringList{QStringLiteral("part.html"), QStringLiteral("whole.json")}));
    }

    void period_isTakenFromTheDays()
    {
        auto *shown = openDialog();
        QVERIFY(shown);
        const auto today = QDate::currentDate();
        shown->setPeriod(today.addDays(-20), today.addDays(-10));
        QCOMPARE(shown->lastDay(), today.addDays(-10));
        shown->setPath(m_dir.filePath(QStringLiteral("out/days.html")));
        click(shown->exportButton());
        QTRY_VERIFY(shown->isDone());
        QCOMPARE(shown->stateText(), QStringLiteral("0 messages are in the file"));
        shown->reject();
        QTRY_VERIFY(!dialog());
    }

    void chosenPlace_followsTheFormat()
    {
        auto *shown = openDialog();
        QVERIFY(shown);
        QTimer::singleShot(0, this, [&] { click(shown->chooseButton()); });
        QTRY_VERIFY(shown->findChild<QFileDialog *>());
        auto *files = shown->findChild<QFileDialog *>();
        emit files->fileSelected(m_dir.filePath(QStringLiteral("out/my.chat.html")));
        files->close();
        QCOMPARE(shown->path(), m_dir.filePath(QStringLiteral("out/my.chat.html")));
        for (auto *button : shown->findChildren<QPushButton *>())
            if (button->text() == QStringLiteral("Text"))
                click(button);
        QVERIFY(shown->format() == exporting::Format::Text);
        QCOMPARE(shown->path(), m_dir.filePath(QStringLiteral("out/my.chat.txt")));
        shown->reject();
        QTRY_VERIFY(!dialog());
    }

    void cancelled_canBeAskedAgain_andNothingIsLeft()
    {
        auto *shown = openDialog();
        QVERIFY(shown);
        shown->setPath(m_dir.filePath(QStringLiteral("out/not.html")));
        click(shown->exportButton());
        QVERIFY(shown->isRunning());
        QTest::keyClick(shown, Qt::Key_Escape); // in the same turn: nothing is written yet
        QTRY_VERIFY(!shown->isRunning());
        QVERIFY(!shown->isDone() && shown->exportButton()->isVisible());
        QVERIFY(shown->noteText().isEmpty());
        QVERIFY(!filesIn("out").contains(QStringLiteral("not.html")));
        QVERIFY(!filesIn("out").contains(QStringLiteral("not.html.kith-part")));
        click(shown->exportButton());
        QTRY_VERIFY_WITH_TIMEOUT(shown->isDone(), 30000);
        QVERIFY(filesIn("out").contains(QStringLiteral("not.html")));
        shown->reject();
        QTRY_VERIFY(!dialog());
    }

    void placeThatCannotBeWritten_isSaidBesideTheButton()
    {
        auto *shown = openDialog();
        QVERIFY(shown);
        shown->setPath(m_dir.filePath(QStringLiteral("nowhere/chat.html")));
        click(shown->exportButton());
        QTRY_VERIFY(shown->noteText().startsWith(QStringLiteral("This file cannot be written.")));
        shown->reject();
        QTRY_VERIFY(!dialog());
    }

    void defaultName_isOneThatFileSystemsTake()
    {
        const auto folder = m_dir.filePath(QStringLiteral("out"));
        const auto made =
            ui::ExportController::freePath(folder, QStringLiteral("../a:b\u202e/c"), exporting::Format::Text);
        const auto day = QDate::currentDate().toString(Qt::ISODate);
        QCOMPARE(made, folder + QStringLiteral("/_a_b__c ") + day + QStringLiteral(".txt"));
        QFile file(made);
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(ui::ExportController::freePath(folder, QStringLiteral("../a:b\u202e/c"), exporting::Format::Text),
                 folder + QStringLiteral("/_a_b__c ") + day + QStringLiteral(" (2).txt"));
    }

    void lockedWhileItRuns_leavesNothing()
    {
        auto *shown = openDialog();
        QVERIFY(shown);
        shown->setPath(m_dir.filePath(QStringLiteral("out/locked.html")));
        click(shown->exportButton());
        QVERIFY(shown->isRunning());
        m_desk->window().lock();
        QTRY_VERIFY(m_desk->window().isLocked());
        QVERIFY(!dialog());
        m_desk.reset();
        QVERIFY(!filesIn("out").contains(QStringLiteral("locked.html")));
        QVERIFY(!filesIn("out").contains(QStringLiteral("locked.html.kith-part")));
    }
};

QTEST_MAIN(TestExportWindow)
#include "test_export_window.moc"
