// SPDX-License-Identifier: GPL-3.0-or-later
// Locking by itself: after idleness, which keys and clicks put off, and before sleep, told by a signal on a real bus.
#include "ui/shell/auto_lock.h"

#include <QApplication>
#include <QDBusConnection>
#include <QDBusUnixFileDescriptor>
#include <QMouseEvent>
#include <QProcess>
#include <QProcessEnvironment>
#include <QSignalSpy>
#include <QTest>
#include <QWidget>

#include <cstdio>
#include <poll.h>
#include <unistd.h>

using namespace kith;
using namespace std::chrono_literals;

namespace {

/// Who makes the computer wait: the part of logind that hands out locks.
class Logind final : public QObject {
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.login1.Manager")
public:
    QStringList asked;
    /// Of the last lock: closed as soon as nobody holds it.
    bool isHeld()
    {
        pollfd waited{m_ends[0], 0, 0};
        return m_ends[0] >= 0 && ::poll(&waited, 1, 0) == 0;
    }

public slots:
    Q_SCRIPTABLE QDBusUnixFileDescriptor Inhibit(const QString &what, const QString &, const QString &,
                                                 const QString &mode)
    {
        asked << what + QLatin1Char(' ') + mode;
        if (::pipe(m_ends) != 0)
            return {};
        const QDBusUnixFileDescriptor given(m_ends[1]); // a duplicate
        ::close(m_ends[1]);
        return given;
    }

private:
    int m_ends[2] = {-1, -1};
};

/// Within a bus of its own: "due" for each lock that logind's signal brought about, and whether sleep waited for it.
int inside()
{
    Logind logind;
    auto bus = QDBusConnection::connectToBus(QDBusConnection::SystemBus, QStringLiteral("logind"));
    bus.registerObject(QStringLiteral("/org/freedesktop/login1"), &logind, QDBusConnection::ExportScriptableSlots);
    bus.registerService(QStringLiteral("org.freedesktop.login1"));
    const auto sleepSignal = [](bool before) {
        QProcess send;
        send.start(QStringLiteral("dbus-send"),
                   {QStringLiteral("--system"), QStringLiteral("--type=signal"),
                    QStringLiteral("/org/freedesktop/login1"),
                    QStringLiteral("org.freedesktop.login1.Manager.PrepareForSleep"),
                    before ? QStringLiteral("boolean:true") : QStringLiteral("boolean:false")});
        send.waitForFinished();
    };
    ui::AutoLock off, on;
    off.configure(0ms, false);
    on.configure(0ms, true);
    QSignalSpy never(&off, &ui::AutoLock::due), due(&on, &ui::AutoLock::due);
    sleepSignal(false); // waking up
    sleepSignal(true);
    (void)QTest::qWaitFor([&] { return due.count() > 0 && !logind.asked.isEmpty(); }, 10000);
    std::printf("due %d never %d\n", static_cast<int>(due.count()), static_cast<int>(never.count()));
    const bool held = QTest::qWaitFor([&] { return logind.isHeld(); }, 10000);
    on.done();
    const bool released = QTest::qWaitFor([&] { return !logind.isHeld(); }, 10000);
    sleepSignal(false);
    const bool again = QTest::qWaitFor([&] { return logind.asked.size() == 2 && logind.isHeld(); }, 10000);
    std::printf("held %d released %d again %d %s\n", held, released, again,
                qPrintable(logind.asked.join(QLatin1Char(','))));
    return 0;
}

} // namespace

class TestAutoLock final : public QObject {
    Q_OBJECT
private slots:
    void idleness_locksAgainAndAgain()
    {
        ui::AutoLock lock;
        QSignalSpy due(&lock, &ui::AutoLock::due);
        lock.configure(30ms, false);
        QTRY_VERIFY(due.count() >= 2);
        lock.configure(0ms, false);
        due.clear();
        QApplication::processEvents();
        QCOMPARE(due.count(), 0);
    }

    void keysAndClicks_putItOff()
    {
        QWidget widget;
        widget.show();
        ui::AutoLock lock;
        QSignalSpy due(&lock, &ui::AutoLock::due);
        constexpr auto kIdle = 400ms;
        lock.configure(kIdle, false);
        QElapsedTimer clock;
        clock.start();
        qint64 last = 0;
        // Until three times the idle time is over, always something.
        (void)QTest::qWaitFor(
            [&] {
                QTest::keyClick(&widget, Qt::Key_A);
                const bool stalled =
                    clock.elapsed() - last > kIdle.count() / 2; // this machine was away, not the person
                last = clock.elapsed();
                return stalled || clock.elapsed() > 3 * kIdle.count();
            },
            10000);
        if (last > 3 * kIdle.count())
            QCOMPARE(due.count(), 0);
        QTRY_VERIFY(due.count() >= 1);
    }

    void firstTouchAfterALongAbsence_locksAndDoesNothingElse()
    {
        QWidget widget;
        widget.show();
        ui::AutoLock lock;
        QSignalSpy due(&lock, &ui::AutoLock::due);
        lock.configure(60ms, false);
        // No timer fires while the computer sleeps.
        QElapsedTimer asleep;
        asleep.start();
        while (asleep.elapsed() < 120) {
        }
        QMouseEvent touch(QEvent::MouseMove, QPointF(1, 1), QPointF(1, 1), Qt::NoButton, Qt::NoButton, Qt::NoModifier);
        QApplication::sendEvent(&widget, &touch);
        QApplication::sendPostedEvents();
        QCOMPARE(due.count(), 1);
    }

    void sleep_locksWhereItIsWanted()
    {
        auto environment = QProcessEnvironment::systemEnvironment();
        QProcess process;
        process.setProcessEnvironment(environment);
        process.start(QStringLiteral("dbus-run-session"),
                      {QStringLiteral("--"), QStringLiteral("sh"), QStringLiteral("-c"),
                       QStringLiteral("DBUS_SYSTEM_BUS_ADDRESS=$DBUS_SESSION_BUS_ADDRESS exec ") +
                           QCoreApplication::applicationFilePath() + QStringLiteral(" --inside")});
        QVERIFY(process.waitForFinished(60000));
        QCOMPARE(process.readAllStandardOutput().trimmed(),
                 QByteArray("due 1 never 0\nheld 1 released 1 again 1 sleep delay,sleep delay"));
    }
};

int main(int argc, char **argv)
{
    QApplication app(argc, argv);
    if (QCoreApplication::arguments().value(1) == QLatin1String("--inside"))
        return inside();
    TestAutoLock test;
    return QTest::qExec(&test, argc, argv);
}
#include "test_auto_lock.moc"
