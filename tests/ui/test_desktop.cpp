// SPDX-License-Identifier: GPL-3.0-or-later
// Notifications of a real window, as a real notification service (dunst) shows them, and one instance per profile.
// Runs itself again inside xvfb-run and dbus-run-session; 77 where one of them is not there.
#include "tests/integration/real_server.h"
#include "tests/ui/desk.h"
#include "tests/ui/drawn_pictures.h"
#include "ui/desktop/single_instance.h"
#include "ui/pictures/pictures.h"

#include <QApplication>
#include <QBuffer>
#include <QDBusArgument>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QSignalSpy>
#include <QStandardPaths>

#include <unistd.h>

using namespace kith;
using test::Desk;
using test::Person;
using test::RealServer;
using test::wait;

namespace {

QByteArray output(const QString &program, const QStringList &arguments)
{
    QProcess process;
    process.start(program, arguments);
    process.waitForFinished();
    return process.readAllStandardOutput().trimmed();
}

QByteArray dunst(const QStringList &arguments)
{
    return output(QStringLiteral("dunstctl"), arguments);
}

/// Summary and body of what was shown and is gone, newest first.
QStringList shownBefore()
{
    QStringList out;
    // `dunstctl history` wants systemd's busctl from dunst 1.12 on.
    const auto answer = QDBusConnection::sessionBus().call(QDBusMessage::createMethodCall(
        QStringLiteral("org.freedesktop.Notifications"), QStringLiteral("/org/freedesktop/Notifications"),
        QStringLiteral("org.dunstproject.cmd0"), QStringLiteral("NotificationListHistory")));
    const auto rows = qdbus_cast<QList<QVariantMap>>(answer.arguments().value(0).value<QDBusArgument>());
    for (const QVariantMap &row : rows)
        out << row.value(QStringLiteral("summary")).toString() + QLatin1Char('|') +
                   row.value(QStringLiteral("body")).toString();
    return out;
}

int shown()
{
    return dunst({QStringLiteral("count"), QStringLiteral("displayed")}).toInt();
}

} // namespace

class TestDesktop final : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    std::unique_ptr<RealServer> m_server;
    std::unique_ptr<Person> m_ann;
    std::unique_ptr<Desk> m_bob;
    ui::Theme m_theme;
    ui::Languages m_languages;
    ConversationId m_chat;
    qsizetype m_toldBefore = 0;
    QWidget m_other; // another program's window

    bool say(const char *text)
    {
        std::string words(text);
        return wait(m_ann->operator->()->send(m_chat, std::move(words))).has_value();
    }
    void lookAway()
    {
        m_other.show();
        m_other.activateWindow();
        QVERIFY(QTest::qWaitFor([this] { return !m_bob->window().isActiveWindow(); }));
    }
    /// What was shown since this was last called; nothing is displayed afterwards.
    QStringList told()
    {
        dunst({QStringLiteral("close-all")});
        const QStringList all = shownBefore();
        const QStringList news = all.mid(0, all.size() - m_toldBefore);
        m_toldBefore = all.size();
        return news;
    }

private slots:
    void initTestCase()
    {
        m_theme.apply(*qApp, ui::ThemeMode::Light);
        m_languages.apply(*qApp, m_theme, QStringLiteral("en"));
        m_server = std::make_unique<RealServer>(m_dir.filePath(QStringLiteral("server")));
        QVERIFY(m_server->start());
        {
            Person bob(m_dir.path(), "bob");
            QVERIFY(bob.enter(m_server->url()));
        }
        m_ann = std::make_unique<Person>(m_dir.path(), "ann");
        QVERIFY(m_ann->enter(m_server->url()));
        // The bus starts dunst when it is asked for the first time.
        QTRY_COMPARE_WITH_TIMEOUT(dunst({QStringLiteral("is-paused")}), QByteArray("false"), 20000);
        m_bob = std::make_unique<Desk>(m_theme, m_languages, m_dir.filePath(QStringLiteral("bob")));
        m_bob->window().start({});
        QTRY_VERIFY_WITH_TIMEOUT(m_bob->window().isChatting(), 20000);
        auto &client = *m_bob;
        QTRY_COMPARE_WITH_TIMEOUT(client.client().linkStatus().phase, client::LinkPhase::Online, 20000);
        const auto people = wait(m_ann->operator->()->findUsers("bob"));
        QVERIFY(people);
        const auto chat = wait(m_ann->operator->()->openPrivate(people->front()));
        QVERIFY(chat);
        m_chat = *chat;
    }

    void message_isShownWithItsMarkupAsWritten()
    {
        lookAway();
        QVERIFY(say("Tea at <b>six</b> & cake?"));
        QTRY_COMPARE_WITH_TIMEOUT(shown(), 1, 20000);
        const QStringList all = told();
        QCOMPARE(all.size(), 1);
        QVERIFY2(all.front().startsWith(QStringLiteral("ann (shown)|")), qPrintable(all.front()));
        // dunst keeps the body as it came: escaped, so that it reads as it was written.
        QVERIFY2(all.front().contains(QStringLiteral("&lt;b&gt;six&lt;/b&gt; &amp; cake?")), qPrintable(all.front()));
    }

    void click_opensTheConversation()
    {
        lookAway();
        QVERIFY(say("Are you there?"));
        QTRY_COMPARE_WITH_TIMEOUT(shown(), 1, 20000);
        QVERIFY(!m_bob->window().isActiveWindow());
        dunst({QStringLiteral("action"), QStringLiteral("0")});
        QTRY_VERIFY(m_bob->window().isActiveWindow());
        QTRY_COMPARE(m_bob->timeline().conversation(), m_chat);
        QTRY_VERIFY(m_bob->rowOf(QStringLiteral("Are you there?")) >= 0);
        QTRY_COMPARE(shown(), 0); // it is being read
        QTRY_COMPARE(m_bob->list().row(0).head.head.unread, 0);
    }

    void whatIsBeingRead_isNotTold()
    {
        m_bob->window().activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&m_bob->window()));
        told();
        QVERIFY(say("You see this anyway"));
        QTRY_VERIFY(m_bob->rowOf(QStringLiteral("You see this anyway")) >= 0);
        lookAway();
        QVERIFY(say("This you do not see"));
        QTRY_COMPARE_WITH_TIMEOUT(shown(), 1, 20000);
        const QStringList all = told();
        QCOMPARE(all.size(), 1);
        QVERIFY(all.front().contains(QStringLiteral("This you do not see")));
    }

    void comingBack_takesItAway()
    {
        lookAway();
        QVERIFY(say("Still not seen"));
        QTRY_COMPARE_WITH_TIMEOUT(shown(), 1, 20000);
        m_bob->window().activateWindow();
        QTRY_COMPARE_WITH_TIMEOUT(shown(), 0, 20000);
    }

    void picture_goesWithTheName_andNotWithoutIt()
    {
        const QString monitor = QStandardPaths::findExecutable(QStringLiteral("dbus-monitor"));
        if (monitor.isEmpty())
            QSKIP("no dbus-monitor");
        QByteArray png;
        QBuffer buffer(&png);
        buffer.open(QIODevice::WriteOnly);
        QVERIFY(test::drawnPicture(2).save(&buffer, "PNG"));
        const auto ann = wait(m_ann->operator->()->setOwnAvatar(png));
        QVERIFY(ann && !ann->avatar.empty());
        QVERIFY(wait(m_bob->client().fetchUser(ann->id)));
        const QString id = QString::fromStdString(ann->avatar);
        QTRY_VERIFY_WITH_TIMEOUT(!m_theme.pictures().image(id).isNull(), 20000); // the list shows it
        QProcess bus;
        QByteArray seen;
        connect(&bus, &QProcess::readyReadStandardOutput, this, [&] { seen += bus.readAllStandardOutput(); });
        bus.start(monitor, {QStringLiteral("--session"), QStringLiteral("interface='org.freedesktop.Notifications'")});
        QTRY_VERIFY_WITH_TIMEOUT(seen.contains("NameAcquired") || seen.contains("NameLost"), 20000); // it listens
        lookAway();
        QVERIFY(say("With a face"));
        QTRY_COMPARE_WITH_TIMEOUT(shown(), 1, 20000);
        QTRY_VERIFY_WITH_TIMEOUT(seen.contains("With a face"), 20000);
        QTRY_VERIFY_WITH_TIMEOUT(seen.contains("image-data") && seen.contains("int32 96"), 20000);
        told();
        m_bob->settings().setNotifications(ui::NotificationMode::Hidden);
        seen.clear();
        QVERIFY(say("Without one"));
        QTRY_COMPARE_WITH_TIMEOUT(shown(), 1, 20000);
        QTRY_VERIFY_WITH_TIMEOUT(seen.contains("member=Notify"), 20000);
        QVERIFY(!seen.contains("image-data"));
        told();
        m_bob->settings().setNotifications(ui::NotificationMode::Full);
        bus.kill();
        bus.waitForFinished();
        m_bob->window().activateWindow(); // all of it is read
        QTRY_COMPARE_WITH_TIMEOUT(m_bob->list().row(0).head.head.unread, 0, 20000);
    }

    void hidden_namesNobody_andOffSaysNothing()
    {
        ui::UiSettings &settings = m_bob->settings();
        lookAway();
        told();
        settings.setNotifications(ui::NotificationMode::Hidden);
        QVERIFY(say("a secret"));
        QTRY_COMPARE_WITH_TIMEOUT(shown(), 1, 20000);
        QStringList all = told();
        QVERIFY2(!all.join(' ').contains(QStringLiteral("secret")) && !all.join(' ').contains(QStringLiteral("ann")),
                 qPrintable(all.join(' ')));
        settings.setNotifications(ui::NotificationMode::Off);
        QVERIFY(say("not told at all"));
        QTRY_COMPARE_WITH_TIMEOUT(m_bob->list().row(0).head.head.unread, 2, 20000);
        settings.setNotifications(ui::NotificationMode::Full);
        QVERIFY(say("told again"));
        QTRY_COMPARE_WITH_TIMEOUT(shown(), 1, 20000);
        all = told();
        QCOMPARE(all.size(), 1);
        QVERIFY2(all.front().startsWith(QStringLiteral("ann (shown) (3)|")), qPrintable(all.front()));
    }

    void lock_leavesNothingOnTheDesktop()
    {
        lookAway();
        QVERIFY(say("before the lock"));
        QTRY_COMPARE_WITH_TIMEOUT(shown(), 1, 20000);
        m_bob->window().lock();
        QTRY_COMPARE_WITH_TIMEOUT(shown(), 0, 20000);
        QTRY_VERIFY(m_bob->window().isLocked());
    }

    void secondStart_handsOverToTheFirst()
    {
        const QString profile = m_dir.filePath(QStringLiteral("twice"));
        QVERIFY(!ui::SingleInstance(profile).handOver({}, {}));
        QProcess second;
        ui::SingleInstance first(profile);
        QVERIFY(first.listen());
        QSignalSpy asked(&first, &ui::SingleInstance::openRequested);
        // The second is a process of its own: it waits for the answer of this one.
        second.start(QCoreApplication::applicationFilePath(), {QStringLiteral("--hand-over"), profile});
        QTRY_COMPARE_WITH_TIMEOUT(asked.count(), 1, 20000);
        QCOMPARE(asked.front().at(0).toString(), QStringLiteral("g:7"));
        QCOMPARE(asked.front().at(1).toString(), QStringLiteral("token"));
        QTRY_COMPARE(second.state(), QProcess::NotRunning);
        QCOMPARE(second.exitCode(), 0);
    }

    void socketOfAKilledOne_isTakenOver()
    {
        const QString profile = m_dir.filePath(QStringLiteral("killed"));
        QProcess killed;
        killed.start(QCoreApplication::applicationFilePath(), {QStringLiteral("--listen"), profile});
        QTRY_VERIFY_WITH_TIMEOUT(killed.canReadLine(), 20000);
        killed.kill();
        QVERIFY(killed.waitForFinished());
        ui::SingleInstance next(profile);
        QVERIFY(!next.handOver({}, {}));
        QVERIFY(next.listen());
    }

    void cleanupTestCase()
    {
        m_bob.reset();
        m_ann.reset();
        m_server.reset();
    }
};

int main(int argc, char **argv)
{
    const QString mode = argc > 1 ? QString::fromLocal8Bit(argv[1]) : QString();
    if (mode != QLatin1String("--inside") && mode != QLatin1String("--hand-over") &&
        mode != QLatin1String("--listen")) {
        for (const char *tool : {"xvfb-run", "dbus-run-session", "dunst", "dunstctl"}) {
            if (QStandardPaths::findExecutable(QLatin1String(tool)).isEmpty()) {
                std::printf("SKIP: no %s\n", tool);
                return 77;
            }
        }
        qputenv("XDG_CONFIG_HOME", KITH_TEST_DATA "/config");
        qputenv("QT_QPA_PLATFORM", "offscreen"); // the display is dunst's
        const char *command[] = {"xvfb-run", "-a", "dbus-run-session", "--", argv[0], "--inside", nullptr};
        execvp(command[0], const_cast<char **>(command));
        return 1;
    }
    QApplication app(argc, argv);
    const QString profile = QString::fromLocal8Bit(argc > 2 ? argv[2] : "");
    if (mode == QLatin1String("--hand-over"))
        return ui::SingleInstance(profile).handOver(QStringLiteral("g:7"), QStringLiteral("token")) ? 0 : 1;
    if (mode == QLatin1String("--listen")) {
        ui::SingleInstance instance(profile);
        std::printf(instance.listen() ? "ready\n" : "");
        std::fflush(stdout);
        return QApplication::exec();
    }
    TestDesktop test;
    return QTest::qExec(&test, 1, argv);
}
#include "test_desktop.moc"
