// SPDX-License-Identifier: GPL-3.0-or-later
// Text size, what sends, and the proxy's fields: in a real window, and over the dialog alone.
#include "tests/ui/desk.h"
#include "ui/dialogs/download_dialog.h"
#include "ui/pages/login_page.h"
#include "ui/settings/settings_dialog.h"
#include "ui/widgets/composer.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/field.h"

#include <QApplication>
#include <QLineEdit>
#include <QListView>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace kith;
using client::ProxyKind;
using client::ProxySettings;

class TestSettings final : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    ui::Theme m_theme;
    ui::Languages m_languages;

private slots:
    void initTestCase()
    {
        m_theme.apply(*qApp, ui::ThemeMode::Light);
        m_languages.apply(*qApp, m_theme, QStringLiteral("en"));
    }
    void cleanup() { m_theme.setTextSize(*qApp, 100); }

    void sendKeys_asChosen()
    {
        ui::ComposerEdit edit;
        edit.show();
        QSignalSpy sent(&edit, &ui::ComposerEdit::submitted);
        QTest::keyClicks(&edit, QStringLiteral("one"));
        QTest::keyClick(&edit, Qt::Key_Return);
        QCOMPARE(sent.count(), 1);
        QTest::keyClick(&edit, Qt::Key_Return, Qt::ShiftModifier);
        QTest::keyClick(&edit, Qt::Key_Return, Qt::ControlModifier);
        QCOMPARE(sent.count(), 1);
        QCOMPARE(edit.toPlainText().count(QLatin1Char('\n')), 2);
        edit.clear();
        edit.setSendWithControl(true);
        QTest::keyClick(&edit, Qt::Key_Return);
        QTest::keyClick(&edit, Qt::Key_Enter, Qt::KeypadModifier);
        QTest::keyClick(&edit, Qt::Key_Return, Qt::ShiftModifier);
        QCOMPARE(sent.count(), 1);
        QCOMPARE(edit.toPlainText().count(QLatin1Char('\n')), 3);
        QTest::keyClick(&edit, Qt::Key_Return, Qt::ControlModifier);
        QCOMPARE(sent.count(), 2);
    }

    void window_isWhereAndAsLargeAsItWas()
    {
        const QString profile = m_dir.filePath(QStringLiteral("kept"));
        QRect was;
        {
            test::Desk desk(m_theme, m_languages, profile);
            desk.window().setGeometry(40, 30, 900, 650);
            desk.chat().setSidebarWidth(350);
            was = desk.window().geometry();
            desk.window().close();
        }
        client::ClientOptions options;
        options.profileDir = profile;
        options.keyFile = profile + QStringLiteral(".key");
        client::Client core(options);
        ui::UiSettings settings(profile);
        ui::MainWindow window(core, m_theme, m_languages, settings);
        window.show();
        QCOMPARE(window.geometry(), was);
        QCOMPARE(window.chatPage()->sidebarWidth(), 350);
    }

    void textSize_scalesFontsTitlesAndRows_andComesBackExactly()
    {
        const double body = m_theme.bodyFont().pointSizeF(), title = m_theme.titleFont().pointSizeF();
        const QString sheet = qApp->styleSheet();
        ui::DownloadDialog dialog(m_theme);
        dialog.setAttribute(Qt::WA_DeleteOnClose, false);
        ui::DownloadRow row;
        row.id = ConversationId("g:1");
        row.name = QStringLiteral("Walks");
        row.here = 5;
        dialog.model().show({row});
        dialog.show();
        const int height = dialog.list()->visualRect(dialog.model().index(0, 0)).height();
        const int button = dialog.actionButton()->sizeHint().height();
        m_theme.setTextSize(*qApp, 150);
        QCOMPARE(m_theme.bodyFont().pointSizeF(), body * 1.5);
        QCOMPARE(m_theme.titleFont().pointSizeF(), title * 1.5);
        QVERIFY(qApp->styleSheet() != sheet);
        QTRY_VERIFY(dialog.list()->visualRect(dialog.model().index(0, 0)).height() > height * 14 / 10);
        QVERIFY(dialog.actionButton()->sizeHint().height() > button);
        m_theme.setTextSize(*qApp, 80);
        QCOMPARE(m_theme.bodyFont().pointSizeF(), body * 0.8);
        m_theme.setTextSize(*qApp, 100);
        QCOMPARE(m_theme.bodyFont().pointSizeF(), body);
        QCOMPARE(qApp->styleSheet(), sheet);
    }

    void keysInTheWindow_changeTheSize_andItIsRemembered()
    {
        test::Desk desk(m_theme, m_languages, m_dir.filePath(QStringLiteral("ann")));
        ui::MainWindow &window = desk.window();
        window.start({});
        QTRY_VERIFY(window.isAskingLogin());
        window.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        QTest::keyClick(&window, Qt::Key_Plus, Qt::ControlModifier);
        QCOMPARE(m_theme.textSize(), 110);
        QTest::keyClick(&window, Qt::Key_Equal, Qt::ControlModifier);
        QTest::keyClick(&window, Qt::Key_Equal, Qt::ControlModifier);
        QTest::keyClick(&window, Qt::Key_Equal, Qt::ControlModifier);
        QCOMPARE(m_theme.textSize(), 150); // and no further
        QCOMPARE(ui::UiSettings(desk.profile()).textSize(), 150);
        QTest::keyClick(&window, Qt::Key_0, Qt::ControlModifier);
        QTest::keyClick(&window, Qt::Key_Minus, Qt::ControlModifier);
        QCOMPARE(m_theme.textSize(), 90);
        // From the login page too: a proxy may lie before the server.
        window.loginPage()->settingsButton()->click();
        QVERIFY(window.settings());
        ui::SettingsDialog *dialog = window.settings()->dialog();
        QCOMPARE(dialog->textSize()->currentData().toInt(), 90);
        dialog->proxyKind()->setCurrentIndex(3);
        emit dialog->proxyKind()->activated(3);
        dialog->host()->setText(QStringLiteral("127.0.0.1"));
        dialog->user()->setText(QStringLiteral("walker"));
        dialog->password()->setText(QStringLiteral("sesame"));
        dialog->useButton()->click();
        QTRY_COMPARE(dialog->noteText(), QStringLiteral("Used from now on."));
        QCOMPARE(desk.client().proxy(), (ProxySettings{ProxyKind::Socks5, "127.0.0.1", 1080, "walker", "sesame"}));
        dialog->sendKey()->setCurrentIndex(1);
        emit dialog->sendKey()->activated(1);
        QVERIFY(desk.settings().sendWithControl());
        QVERIFY(desk.chat().composer()->edit()->sendsWithControl());
        QFile plain(desk.profile() + QStringLiteral("/window.ini"));
        QVERIFY(plain.open(QIODevice::ReadOnly));
        const QByteArray kept = plain.readAll();
        QVERIFY(!kept.contains("sesame") && !kept.contains("walker"));
    }

    void proxyWithoutAddress_isToldBesideTheField()
    {
        ui::SettingsDialog dialog(m_theme);
        dialog.setAttribute(Qt::WA_DeleteOnClose, false);
        dialog.show();
        QSignalSpy chosen(&dialog, &ui::SettingsDialog::proxyChosen);
        QVERIFY(!dialog.host()->isVisible());
        dialog.setProxy({ProxyKind::Http, "", 0, "", ""});
        QVERIFY(dialog.host()->isVisible());
        dialog.port()->setText(QStringLiteral("99999"));
        dialog.useButton()->click();
        QVERIFY(dialog.host()->hasError());
        QVERIFY(dialog.port()->hasError());
        QCOMPARE(chosen.count(), 0);
        dialog.host()->setText(QStringLiteral(" proxy.example "));
        dialog.port()->setText({});
        dialog.useButton()->click();
        QCOMPARE(chosen.count(), 1);
        QCOMPARE(chosen.at(0).at(0).value<ProxySettings>(),
                 (ProxySettings{ProxyKind::Http, "proxy.example", 3128, "", ""}));
        // Without one it is chosen at once.
        dialog.proxyKind()->setCurrentIndex(1);
        emit dialog.proxyKind()->activated(1);
        QCOMPARE(chosen.count(), 2);
        QVERIFY(!dialog.host()->isVisible());
    }
};

QTEST_MAIN(TestSettings)
#include "test_settings.moc"
