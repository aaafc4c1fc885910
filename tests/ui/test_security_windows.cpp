// SPDX-License-Identifier: GPL-3.0-or-later
// A second factor in two real windows over the real server, with an authenticator (oathtool) and a scanner (zbarimg)
// that we did not write; then the lock.
#include "tests/integration/real_server.h"
#include "tests/ui/desk.h"
#include "ui/pages/code_page.h"
#include "ui/pages/login_page.h"
#include "ui/pages/unlock_page.h"
#include "ui/security/codes_dialog.h"
#include "ui/security/enrol_dialog.h"
#include "ui/widgets/code_field.h"
#include "ui/widgets/composer.h"
#include "ui/widgets/field.h"
#include "ui/widgets/setting_row.h"

#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QDateTime>
#include <QLabel>
#include <QLineEdit>
#include <QProcess>
#include <QPushButton>
#include <QRegularExpression>
#include <QTest>
#include <QTimer>

using namespace kith;
using test::Desk;
using test::RealServer;

namespace {

const QString kPassword = QStringLiteral("a long enough pass phrase");

QByteArray outputOf(const QString &program, const QStringList &arguments)
{
    QProcess process;
    process.start(program, arguments);
    if (!process.waitForFinished(30'000) || process.exitCode() != 0)
        qWarning("%s: %s", qPrintable(program), process.readAllStandardError().constData());
    return process.readAllStandardOutput().trimmed();
}

/// What the authenticator shows `steps` from now.
QString codeOf(const QString &secret, int steps = 0)
{
    const qint64 at = QDateTime::currentSecsSinceEpoch() + steps * 30;
    return QString::fromLatin1(
        outputOf(QStringLiteral("oathtool"), {QStringLiteral("--totp"), QStringLiteral("--base32"), secret,
                                              QStringLiteral("--now"), QStringLiteral("@%1").arg(at)}));
}

void click(QWidget *widget)
{
    QTest::mouseClick(widget, Qt::LeftButton);
}

} // namespace

class TestSecurityWindows final : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    std::unique_ptr<RealServer> m_server;
    ui::Theme m_theme;
    ui::Languages m_languages;
    std::unique_ptr<Desk> m_first, m_second;
    QString m_secret;
    QStringList m_codes;

    std::unique_ptr<Desk> desk(const char *profile)
    {
        auto made = std::make_unique<Desk>(m_theme, m_languages, m_dir.filePath(QLatin1String(profile)));
        made->window().start({});
        return QTest::qWaitFor([&] { return made->window().isAskingLogin(); }, 20000) ? std::move(made) : nullptr;
    }
    void typeLogin(Desk &one)
    {
        ui::LoginPage *page = one.window().loginPage();
        page->server()->setText(m_server->url().toString());
        page->user()->setText(QStringLiteral("ada"));
        page->password()->setText(kPassword);
        click(page->submitButton());
    }
    ui::SecurityController &security()
    {
        m_first->window().showSecurity();
        return *m_first->window().security();
    }

private slots:
    void initTestCase()
    {
        m_theme.apply(*qApp, ui::ThemeMode::Dark);
        m_languages.apply(*qApp, m_theme, QStringLiteral("en"));
        m_server = std::make_unique<RealServer>(m_dir.filePath(QStringLiteral("server")));
        QVERIFY(m_server->start());
        m_first = desk("first");
        QVERIFY(m_first);
        ui::LoginPage *page = m_first->window().loginPage();
        click(page->registerTab());
        typeLogin(*m_first);
        QTRY_VERIFY_WITH_TIMEOUT(m_first->window().isChatting(), 30000);
    }

    void enrolment_isScannedFromADarkWindowAndBound()
    {
        auto &controller = security();
        QTRY_VERIFY(controller.dialog()->turnOnButton()->isVisible());
        click(controller.dialog()->turnOnButton());
        QTRY_VERIFY(controller.enrolDialog());
        ui::EnrolDialog *dialog = controller.enrolDialog();
        QVERIFY(QTest::qWaitForWindowExposed(dialog));
        const QString picture = m_dir.filePath(QStringLiteral("dialog.png"));
        QVERIFY(dialog->grab().save(picture));
        const QString uri = QString::fromUtf8(
            outputOf(QStringLiteral("zbarimg"), {QStringLiteral("--quiet"), QStringLiteral("--raw"), picture}));
        m_secret = QString::fromStdString(dialog->secret());
        QCOMPARE(uri, QStringLiteral("otpauth://totp/Kith:ada?secret=%1&issuer=Kith&algorithm=SHA1&digits=6&period=30")
                          .arg(m_secret));
        QVERIFY(ui::groupedSecret(dialog->secret()).startsWith(m_secret.left(4) + QLatin1Char(' ')));

        dialog->code()->field()->setText(QStringLiteral("000 00"));
        click(dialog->submitButton());
        QVERIFY(dialog->code()->field()->hasError()); // five digits: nothing is asked of the server
        const QString right = codeOf(m_secret, -1);
        const QString wrong = right == QLatin1String("000000") ? QStringLiteral("000001") : QStringLiteral("000000");
        dialog->code()->field()->setText(wrong); // goes on by itself
        QTRY_VERIFY(dialog->code()->field()->hasError() && dialog->submitButton()->isEnabled());
        QApplication::clipboard()->setText(right.left(3) + QLatin1Char(' ') + right.mid(3));
        dialog->code()->field()->edit()->clear();
        dialog->code()->field()->edit()->paste();
        QTRY_VERIFY(controller.codesDialog());

        ui::CodesDialog *codes = controller.codesDialog();
        for (QLabel *label : codes->findChildren<QLabel *>())
            if (label->text().count(QLatin1Char('-')) == 3 && label->text().size() == 19)
                m_codes << label->text();
        QCOMPARE(m_codes.size(), 10);
        QTest::keyClick(codes, Qt::Key_Escape);
        QVERIFY(codes->isVisible()); // they are shown only now
        QVERIFY(!codes->doneButton()->isEnabled());
        const QString file = m_dir.filePath(QStringLiteral("codes.txt"));
        codes->saveTo(file);
        QFile saved(file);
        QTRY_VERIFY(saved.exists());
        QVERIFY(saved.open(QIODevice::ReadOnly));
        QVERIFY(saved.readAll().contains(m_codes.at(9).toUtf8()));
        QCOMPARE(saved.permissions() & (QFileDevice::ReadGroup | QFileDevice::ReadOther), QFileDevice::Permissions());
        codes->kept()->setChecked(true);
        click(codes->doneButton());
        QTRY_VERIFY(controller.dialog()->turnOffButton()->isVisible());
    }

    void login_asksForTheCodeAndTakesAPastedOne()
    {
        m_second = desk("second");
        QVERIFY(m_second);
        typeLogin(*m_second);
        QTRY_VERIFY_WITH_TIMEOUT(m_second->window().isAskingCode(), 20000);
        ui::CodePage *page = m_second->window().codePage();
        QVERIFY(page->code()->field()->edit()->hasFocus());
        const QString right = codeOf(m_secret);
        page->code()->field()->setText(codeOf(m_secret, 20));
        QTRY_VERIFY(page->code()->field()->hasError());
        QVERIFY(m_second->window().isAskingCode());
        page->code()->field()->setText(right);
        QTRY_VERIFY_WITH_TIMEOUT(m_second->window().isChatting(), 20000);
        QVERIFY(m_second->window().loginPage()->password()->text().isEmpty());
    }

    void revokedDevice_isBackAtItsLogin()
    {
        m_first->window().security()->dialog()->accept();
        QTRY_VERIFY(!m_first->window().security());
        auto &controller = security();
        QPointer<ui::ConfirmButton> revoke;
        QTRY_VERIFY([&] {
            for (auto *button : controller.dialog()->findChildren<ui::ConfirmButton *>())
                if (button->accessibleName().startsWith(QLatin1String("Log out ")))
                    revoke = button;
            return !revoke.isNull();
        }());
        click(revoke);
        QVERIFY(m_second->window().isChatting()); // asked, not done
        click(revoke);
        QTRY_VERIFY_WITH_TIMEOUT(m_second->window().isAskingLogin(), 5000);
        QTRY_COMPARE(controller.dialog()->findChildren<ui::ConfirmButton *>().size(), 3); // keyring, passphrase, all
    }

    void recoveryCode_letsIn()
    {
        typeLogin(*m_second);
        QTRY_VERIFY_WITH_TIMEOUT(m_second->window().isAskingCode(), 20000);
        ui::CodePage *page = m_second->window().codePage();
        click(page->backButton());
        QVERIFY(m_second->window().isAskingLogin());
        typeLogin(*m_second);
        QTRY_VERIFY_WITH_TIMEOUT(m_second->window().isAskingCode(), 20000);
        click(page->otherWayButton());
        page->code()->field()->setText(m_codes.at(0).toUpper());
        QTest::keyClick(page->code()->field()->edit(), Qt::Key_Return);
        QTRY_VERIFY_WITH_TIMEOUT(m_second->window().isChatting(), 20000);
    }

    void turningOff_needsPasswordAndCode()
    {
        auto &controller = security();
        click(controller.dialog()->turnOffButton());
        ui::SecretsDialog *proof = controller.secretsDialog();
        QVERIFY(proof);
        proof->field(0)->setText(QStringLiteral("not it"));
        proof->field(1)->setText(m_codes.at(1));
        click(proof->submitButton());
        QTRY_VERIFY(proof->field(0)->hasError());
        proof->field(0)->setText(kPassword);
        proof->field(1)->setText(m_codes.at(0)); // used
        click(proof->submitButton());
        QTRY_VERIFY(proof->field(1)->hasError());
        proof->field(1)->setText(m_codes.at(1));
        click(proof->submitButton());
        QTRY_VERIFY(controller.dialog()->turnOnButton()->isVisible());
    }

    void lock_closesTheHistoryAndUnlockBringsItBack()
    {
        security().dialog()->accept();
        QTRY_VERIFY(!m_first->window().security());
        ui::MainWindow &window = m_first->window();
        security(); // a dialog that is open goes as well
        window.activateWindow();
        window.lock();
        QTRY_VERIFY(window.isLocked());
        QVERIFY(!window.security());
        QVERIFY(!m_first->client().isLoggedIn());
        QCOMPARE(m_first->list().rowCount(), 0);
        QCOMPARE(int(window.unlockPage()->mode()), int(ui::UnlockPage::Mode::Locked));
        click(window.unlockPage()->submitButton()); // a key file needs no passphrase
        QTRY_VERIFY_WITH_TIMEOUT(window.isChatting(), 20000);
        QVERIFY(!window.isLocked());
        QTRY_COMPARE(int(m_first->client().linkStatus().phase), int(client::LinkPhase::Online));
    }

    void menuThatIsOpen_goesWithTheLock()
    {
        ui::MainWindow &window = m_first->window();
        bool wasOpen = false;
        QTimer::singleShot(200, &window, [&] {
            wasOpen = QApplication::activePopupWidget() != nullptr;
            window.lock();
        });
        emit m_first->chat().sidebar()->menuRequested(window.mapToGlobal(QPoint(8, 56))); // runs until it is closed
        QVERIFY(wasOpen);
        QVERIFY(!QApplication::activePopupWidget());
        QTRY_VERIFY(window.isLocked());
        window.showSecurity();
        QVERIFY(!window.security());
        click(window.unlockPage()->submitButton());
        QTRY_VERIFY_WITH_TIMEOUT(window.isChatting(), 20000);
    }

    void passphrase_unlocksAndSoDoesTheRecoveryKey()
    {
        m_second = std::make_unique<Desk>(m_theme, m_languages, m_dir.filePath(QStringLiteral("third")),
                                          Desk::Key::Passphrase);
        ui::MainWindow &window = m_second->window();
        window.start({});
        ui::UnlockPage *page = window.unlockPage();
        QTRY_COMPARE(int(page->mode()), int(ui::UnlockPage::Mode::Choose));
        page->passphrase()->setText(QStringLiteral("first passphrase"));
        page->again()->setText(QStringLiteral("first passphrase"));
        click(page->submitButton());
        QTRY_VERIFY_WITH_TIMEOUT(window.isAskingLogin(), 20000);
        typeLogin(*m_second);
        QTRY_VERIFY_WITH_TIMEOUT(window.isChatting(), 20000);

        window.showSecurity();
        auto *security = window.security();
        QTRY_VERIFY(security->dialog()->passphraseButton()->isVisible());
        click(security->dialog()->recoveryKeyButton());
        QTRY_VERIFY(security->codesDialog());
        QString recoveryKey;
        for (QLabel *label : security->codesDialog()->findChildren<QLabel *>())
            if (label->text().count(QLatin1Char('-')) == 7)
                recoveryKey = label->text();
        QCOMPARE(recoveryKey.size(), 39);
        security->codesDialog()->kept()->setChecked(true);
        click(security->codesDialog()->doneButton());
        click(security->dialog()->passphraseButton());
        QTRY_VERIFY(security->secretsDialog());
        security->secretsDialog()->field(0)->setText(QStringLiteral("second passphrase"));
        security->secretsDialog()->field(1)->setText(QStringLiteral("another passphrase"));
        click(security->secretsDialog()->submitButton());
        QVERIFY(security->secretsDialog()->field(1)->hasError());
        security->secretsDialog()->field(1)->setText(QStringLiteral("second passphrase"));
        click(security->secretsDialog()->submitButton());
        QTRY_VERIFY(!security->secretsDialog());
        click(security->dialog()->lockButton());
        QTRY_VERIFY(window.isLocked());

        QCOMPARE(int(page->mode()), int(ui::UnlockPage::Mode::Unlock));
        const auto unlock = [&](const QString &words) {
            page->passphrase()->setText(words);
            click(page->submitButton());
        };
        unlock(QStringLiteral("first passphrase"));
        QTRY_VERIFY_WITH_TIMEOUT(page->passphrase()->hasError() && page->submitButton()->isEnabled(), 20000);
        unlock(QStringLiteral("second passphrase"));
        QTRY_VERIFY_WITH_TIMEOUT(window.isChatting(), 20000);
        window.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        QTest::keyClick(&window, Qt::Key_L, Qt::ControlModifier);
        QTRY_VERIFY(window.isLocked());
        unlock(recoveryKey.toUpper());
        QTRY_VERIFY_WITH_TIMEOUT(window.isChatting(), 20000);
    }

    void tooManyPasswords_countDown() // the last: it closes this address for a while
    {
        m_second = desk("fourth");
        QVERIFY(m_second);
        ui::LoginPage *page = m_second->window().loginPage();
        const QRegularExpression seconds(QStringLiteral("again in 1?\\d second"));
        const auto throttled = [&] {
            for (QLabel *label : page->findChildren<QLabel *>())
                if (label->isVisible() && label->text().contains(seconds))
                    return true;
            return false;
        };
        for (int i = 0; i < 6 && !throttled(); ++i) {
            page->server()->setText(m_server->url().toString());
            page->user()->setText(QStringLiteral("somebody"));
            page->password()->setText(QStringLiteral("guess %1").arg(i));
            click(page->submitButton());
            QTRY_VERIFY_WITH_TIMEOUT(throttled() || (page->password()->hasError() && page->submitButton()->isEnabled()),
                                     20000);
        }
        QVERIFY(throttled());
        QVERIFY(!page->submitButton()->isEnabled());
    }
};

QTEST_MAIN(TestSecurityWindows)
#include "test_security_windows.moc"
