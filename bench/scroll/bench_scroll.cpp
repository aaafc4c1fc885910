// SPDX-License-Identifier: GPL-3.0-or-later
// The real window on a conversation of 1,000,000 messages: from the start of the process to the painted conversation;
// wheel frames at 60 Hz; page after page as fast as they come; jumps over the whole length; the calendar's months. Each
// in a process of its own. Aims (DESIGN §7): start ≤ 250 ms and ≤ 100 MB, ≤ 8 ms a frame at p95, memory flat.
//   bench_scroll [messages, default 1000000]        needs a display; without one the offscreen platform is used
#include "bench/scroll/world.h"
#include "core/client/days_query.h"
#include "ui/shell/chat_page.h"
#include "ui/shell/main_window.h"
#include "ui/timeline/timeline_view.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTimer>
#include <QWheelEvent>

#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <functional>

using namespace kith;

namespace {

double clockMs(clockid_t id)
{
    timespec t{};
    ::clock_gettime(id, &t);
    return double(t.tv_sec) * 1e3 + double(t.tv_nsec) / 1e6;
}

/// MB, from /proc/self/status.
double memory(const char *what)
{
    QFile file(QStringLiteral("/proc/self/status"));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    for (const QByteArray &line : file.readAll().split('\n'))
        if (line.startsWith(what))
            return line.mid(static_cast<int>(qstrlen(what)) + 1).trimmed().split(' ').first().toDouble() / 1024;
    return 0;
}

struct Spread {
    std::vector<double> values;
    double at(double part)
    {
        std::sort(values.begin(), values.end());
        return values.empty()
                   ? 0
                   : values[std::min(values.size() - 1, static_cast<std::size_t>(part * double(values.size())))];
    }
    void print(const char *what)
    {
        std::printf("  %-44s median %7.2f  p95 %7.2f  p99 %7.2f  worst %7.2f ms  (%zu)\n", what, at(0.5), at(0.95),
                    at(0.99), at(1), values.size());
    }
};

/// The window of the program over that profile, shown; ready when the conversation is painted.
struct Program {
    explicit Program(const QString &profile)
    {
        theme.apply(*qApp, ui::ThemeMode::Light);
        languages.apply(*qApp, theme, QStringLiteral("en"));
        settings = std::make_unique<ui::UiSettings>(profile);
        client::ClientOptions options;
        options.profileDir = profile;
        options.keyFile = profile + QStringLiteral(".key");
        options.useKeyring = false;
        core = std::make_unique<client::Client>(options);
        window = std::make_unique<ui::MainWindow>(*core, theme, languages, *settings);
        window->resize(1040, 720);
        window->show();
        window->start({});
    }
    ui::TimelineView &view() { return *window->chatPage()->timeline(); }
    void whenPainted(std::function<void()> then)
    {
        QObject::connect(&view(), &ui::TimelineView::painted, window.get(), [this, then, done = false]() mutable {
            if (done || view().placed().empty() || !view().model().isLoaded())
                return;
            done = true;
            then();
        });
    }
    ui::Theme theme;
    ui::Languages languages;
    std::unique_ptr<ui::UiSettings> settings;
    std::unique_ptr<client::Client> core;
    std::unique_ptr<ui::MainWindow> window;
};

/// One turn of the event loop, asleep until something comes, at most 5 ms. (processEvents() with a time does not sleep:
/// it would be counted as work of the window's thread.)
void turn()
{
    QTimer wake;
    wake.setTimerType(Qt::PreciseTimer);
    wake.start(5);
    QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents | QEventLoop::AllEvents);
}

void waitFor(const std::function<bool()> &done)
{
    QElapsedTimer patience;
    patience.start();
    while (!done() && patience.elapsed() < 60'000)
        turn();
}

int start(const QString &profile, double begun)
{
    Program program(profile);
    program.whenPainted([begun] {
        std::printf("%.2f %.1f\n", clockMs(CLOCK_MONOTONIC) - begun, memory("VmRSS:"));
        std::fflush(stdout);
        std::_Exit(0);
    });
    return QApplication::exec();
}

void wheel(ui::TimelineView &view, int notches)
{
    const QPointF at(view.viewport()->rect().center());
    QWheelEvent event(at, view.viewport()->mapToGlobal(at), {}, QPoint(0, 120 * notches), Qt::NoButton, Qt::NoModifier,
                      Qt::NoScrollPhase, false);
    QApplication::sendEvent(view.viewport(), &event);
}

Seq topSeq(ui::TimelineView &view)
{
    for (const auto &p : view.placed())
        if (const Seq seq = view.model().row(p.row).seq())
            return seq;
    return {};
}

int scroll(const QString &profile, std::int64_t messages)
{
    Program program(profile);
    ui::TimelineView &view = program.view();
    bool painted = false;
    program.whenPainted([&] { painted = true; });
    waitFor([&] { return painted && program.window->isSettled(); });
    std::printf("  memory when it is open                       %7.1f MB\n", memory("VmRSS:"));

    // A frame as the wheel makes it, one notch at 60 Hz for 40 s; everything that the window's thread computes between
    // two of them, pages that come in too, counts for the second figure.
    constexpr int kFrames = 2400;
    Spread frames, whole;
    QTimer timer;
    timer.setTimerType(Qt::PreciseTimer);
    double lastCpu = clockMs(CLOCK_THREAD_CPUTIME_ID);
    bool over = false;
    const Seq from = topSeq(view);
    QObject::connect(&timer, &QTimer::timeout, &timer, [&] {
        const double cpu = clockMs(CLOCK_THREAD_CPUTIME_ID), begin = clockMs(CLOCK_MONOTONIC);
        whole.values.push_back(cpu - lastCpu);
        lastCpu = cpu;
        wheel(view, 1);
        view.viewport()->repaint();
        frames.values.push_back(clockMs(CLOCK_MONOTONIC) - begin);
        over = static_cast<int>(frames.values.size()) >= kFrames;
        if (over)
            timer.stop();
    });
    timer.start(16);
    waitFor([&] { return over; });
    frames.print("wheel at 60 Hz, event to painted");
    whole.print("... all that the thread computed per frame");
    std::printf("  went over %lld messages; memory               %7.1f MB\n",
                static_cast<long long>(from.value() - topSeq(view).value()), memory("VmRSS:"));

    // As fast as pages come, a screen at a time.
    Spread screens;
    const Seq begin = topSeq(view);
    const Seq target(std::max<std::int64_t>(1, begin.value() - messages / 10));
    QElapsedTimer time;
    time.start();
    double least = memory("VmRSS:"), most = least;
    while (topSeq(view) > target && time.elapsed() < 300'000) {
        const Seq was = topSeq(view);
        const double t = clockMs(CLOCK_MONOTONIC);
        view.scrollBy(-view.viewport()->height());
        view.viewport()->repaint();
        screens.values.push_back(clockMs(CLOCK_MONOTONIC) - t);
        if (topSeq(view) == was) // the next page is not here yet
            turn();
        else
            QCoreApplication::processEvents();
        if (screens.values.size() % 200 == 0) {
            least = std::min(least, memory("VmRSS:"));
            most = std::max(most, memory("VmRSS:"));
        }
    }
    screens.print("a screen at a time, scrolled to painted");
    const auto went = static_cast<double>(begin.value() - topSeq(view).value());
    std::printf("  went over %.0f messages in %.1f s (%.0f/s); memory %.1f to %.1f MB\n", went,
                double(time.elapsed()) / 1e3, went * 1e3 / double(time.elapsed()), least, most);

    Spread jumps;
    for (int i = 0; i < 300; ++i) {
        const Seq to(1 + (i * 7'919'117LL) % messages);
        bool there = false;
        const double t = clockMs(CLOCK_MONOTONIC);
        const auto heard =
            QObject::connect(&view.model(), &models::TimelineWindow::positioned, &view, [&there] { there = true; });
        view.model().jumpTo(to);
        waitFor([&] { return there; });
        view.viewport()->repaint();
        jumps.values.push_back(clockMs(CLOCK_MONOTONIC) - t);
        QObject::disconnect(heard);
        QCoreApplication::processEvents();
    }
    jumps.print("jump anywhere to painted");
    std::printf("  memory after all, most                       %7.1f, %.1f MB\n", memory("VmRSS:"), memory("VmHWM:"));
    std::fflush(stdout);
    std::_Exit(0);
}

int calendar(const QString &profile)
{
    auto store = bench::openWorld(profile);
    Spread months, all;
    const QDate today(2025, 6, 15);
    std::size_t here = 0;
    for (int i = 0; i < 200; ++i) {
        const double t = clockMs(CLOCK_MONOTONIC);
        const auto month = client::monthOf(store, bench::kBig, today.addMonths(-(i % 24)), today);
        months.values.push_back(clockMs(CLOCK_MONOTONIC) - t);
        if (!month)
            return 1;
        for (const auto &day : month->days)
            here += day.state == client::DayState::Here ? 1 : 0;
    }
    for (int i = 0; i < 20; ++i) {
        const double t = clockMs(CLOCK_MONOTONIC);
        const auto days = client::daysOf(store, bench::kBig);
        all.values.push_back(clockMs(CLOCK_MONOTONIC) - t);
        if (!days || days->empty())
            return 1;
        here = std::max(here, days->size());
    }
    months.print("the calendar: one month");
    all.print("every day of the conversation");
    return here > 0 ? 0 : 1;
}

/// Runs this program again with these arguments; what it prints.
QByteArray again(const QStringList &arguments, bool &fine)
{
    QProcess child;
    child.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    child.start(QCoreApplication::applicationFilePath(), arguments);
    fine = child.waitForFinished(-1) && child.exitCode() == 0;
    return child.readAllStandardOutput();
}

void starts(const QString &profile, bool cold)
{
    Spread times;
    double most = 0;
    for (int i = 0; i < 15; ++i) {
        if (cold) { // the history's pages come from the disk
            const int file = ::open((profile + QStringLiteral("/history.db")).toLocal8Bit().constData(), O_RDONLY);
            ::fdatasync(file);
            ::posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
            ::close(file);
        }
        bool fine = false;
        const QString now = QString::number(clockMs(CLOCK_MONOTONIC), 'f', 3);
        const QList<QByteArray> said = again({QStringLiteral("--start"), profile, now}, fine).trimmed().split(' ');
        if (!fine || said.size() != 2)
            std::exit(1);
        times.values.push_back(said[0].toDouble());
        most = std::max(most, said[1].toDouble());
    }
    times.print(cold ? "start to painted, file cache empty of it" : "start to painted conversation");
    std::printf("  memory then, most                            %7.1f MB\n", most);
}

} // namespace

int main(int argc, char **argv)
{
    if (qEnvironmentVariableIsEmpty("DISPLAY") && qEnvironmentVariableIsEmpty("WAYLAND_DISPLAY") &&
        qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication app(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    const QString what = arguments.value(1), profile = arguments.value(2);
    if (what == QLatin1String("--start"))
        return start(profile, arguments.value(3).toDouble());
    if (what == QLatin1String("--scroll"))
        return scroll(profile, arguments.value(3).toLongLong());
    if (what == QLatin1String("--calendar"))
        return calendar(profile);
    if (what == QLatin1String("--make")) {
        bench::makeWorld(profile, arguments.value(3).toLongLong());
        return 0;
    }
    const QString count = arguments.value(1, QStringLiteral("1000000"));
    QTemporaryDir folder;
    const QString world = folder.filePath(QStringLiteral("profile"));
    QDir().mkpath(world);
    QFile::setPermissions(world, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    bool fine = false;
    (void)again({QStringLiteral("--make"), world, count}, fine);
    double load[3] = {};
    (void)::getloadavg(load, 3);
    std::printf("%s messages in one group, %.0f MB, platform %s, load %.1f\n", qPrintable(count),
                double(QFile(world + QStringLiteral("/history.db")).size()) / 1e6,
                qPrintable(QGuiApplication::platformName()), load[0]);
    std::fflush(stdout);
    if (fine) {
        starts(world, false);
        starts(world, true);
        std::fflush(stdout);
    }
    for (const char *part : {"--scroll", "--calendar"}) {
        if (!fine)
            break;
        std::fputs(again({QLatin1String(part), world, count}, fine).constData(), stdout);
        std::fflush(stdout);
    }
    (void)::getloadavg(load, 3);
    std::printf("load at the end %.1f\n", load[0]);
    return fine ? 0 : 1;
}
