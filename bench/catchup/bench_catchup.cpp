// SPDX-License-Identifier: GPL-3.0-or-later
// 5,000 messages of backlog over 40 conversations, caught up by the real window on a real kithd: how long it takes and
// how long the window's thread is busy at a stretch. Aim: at most 1 s, no stall above 50 ms (DESIGN §7). The comparison
// is the same heartbeat on the same window while nothing happens. Ends with 1 where a message is missing.
#include "bench/catchup/heartbeat.h"
#include "tests/integration/backlog.h"
#include "tests/integration/real_server.h"
#include "tests/ui/desk.h"

#include <QEventLoop>
#include <QThread>

#include <algorithm>
#include <cstdio>
#include <functional>

using namespace kith;
using bench::Heartbeat;
using test::Backlog;
using test::wait;
using Steady = std::chrono::steady_clock;

namespace {

constexpr int kRounds = 5;
constexpr int kPatienceMs = 120'000;
constexpr auto kIdle = std::chrono::seconds(2);
constexpr auto kTail = std::chrono::milliseconds(300); // what the window still paints belongs to it

[[noreturn]] void giveUp(const std::string &why)
{
    std::fprintf(stderr, "bench: %s\n", why.c_str());
    std::exit(1);
}

void need(bool done, const char *what)
{
    if (!done)
        giveUp(std::string(what) + " did not happen");
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

void printSpread(const char *what, const std::vector<double> &values, const char *note = "")
{
    std::printf("  %-34s %8.1f ms   (%.1f to %.1f)%s\n", what, median(values),
                *std::min_element(values.begin(), values.end()), *std::max_element(values.begin(), values.end()), note);
}

/// Runs the loop as the program does, until it is so. QTest::qWaitFor() would sleep 10 ms between two looks, and all
/// that it slept through would count as a gap.
bool runUntil(const std::function<bool()> &done)
{
    if (done())
        return true;
    QEventLoop loop;
    QTimer look, patience;
    bool came = false;
    QObject::connect(&look, &QTimer::timeout, &loop, [&] {
        if ((came = done()))
            loop.quit();
    });
    QObject::connect(&patience, &QTimer::timeout, &loop, &QEventLoop::quit);
    look.start(5);
    patience.start(kPatienceMs);
    loop.exec();
    return came;
}

/// Runs the event loop for that long: the heartbeat is what is waited for.
Heartbeat::Figures idle(Heartbeat &heart)
{
    const auto until = Steady::now() + kIdle;
    heart.start();
    (void)runUntil([&] { return Steady::now() >= until; });
    return heart.stop();
}

/// A stall that is made on purpose must be in the figures, or they mean nothing.
void checkHeart(Heartbeat &heart)
{
    constexpr auto kStall = std::chrono::milliseconds(60);
    bool stalled = false;
    QTimer::singleShot(20, &heart, [&] {
        QThread::msleep(static_cast<unsigned long>(kStall.count()));
        stalled = true;
    });
    heart.start();
    need(runUntil([&] { return stalled; }), "the stall");
    const auto seen = heart.stop();
    if (seen.over50 < 1 || seen.longest < double(kStall.count()))
        giveUp("the heartbeat does not see a stall");
}

struct Round {
    double caughtUp = 0, shown = 0; // ms since the server's greeting
    double greeted = 0;             // ms since connectToServer()
    Heartbeat::Figures busy, idle;
};

Round catchUp(test::Desk &desk, Backlog &backlog, Heartbeat &heart)
{
    auto &client = desk.client();
    client.disconnectFromServer();
    need(runUntil([&] { return client.linkStatus().phase == client::LinkPhase::Offline; }), "going offline");
    const auto had = wait(client.status())->messages;
    if (!backlog.fill())
        giveUp(backlog.failure());
    Round round;
    round.idle = idle(heart);
    const auto truth = backlog.heads();
    qobject_cast<bench::TimedApplication *>(qApp)->takeSlowest(0);

    std::optional<Steady::time_point> greeted, caughtUp;
    bool began = false;
    const auto watching =
        QObject::connect(&client, &client::Client::linkStatusChanged, [&](const client::LinkStatus &status) {
            if (status.phase != client::LinkPhase::Online)
                return;
            if (!greeted)
                greeted = Steady::now();
            began = began || status.catchingUp;
            if (began && !status.catchingUp && !caughtUp)
                caughtUp = Steady::now();
        });
    // Shown: the list has every conversation at the server's head, all changes applied.
    const auto shown = [&] {
        auto &list = desk.list();
        for (const auto &[id, head] : truth) {
            const int row = list.indexOf(id);
            if (row < 0 || list.row(row).head.head.headSeq != head.headSeq ||
                list.row(row).head.knownRev != head.headRev)
                return false;
        }
        return true;
    };
    const auto asked = Steady::now();
    heart.start();
    client.connectToServer();
    need(runUntil([&] { return caughtUp.has_value(); }), "catch-up");
    need(runUntil(shown), "showing it");
    const auto shownAt = Steady::now();
    (void)runUntil([&] { return Steady::now() >= shownAt + kTail && desk.window().isSettled(); });
    round.busy = heart.stop();
    QObject::disconnect(watching);

    const auto ms = [](auto span) { return std::chrono::duration<double, std::milli>(span).count(); };
    round.greeted = ms(*greeted - asked);
    round.caughtUp = ms(*caughtUp - *greeted);
    round.shown = ms(shownAt - *greeted);
    // The promise: nothing is missing when the client says that it has caught up.
    const auto status = wait(client.status());
    if (!status || status->messages - had != Backlog::kMessages || status->holes != 0)
        giveUp("of " + std::to_string(Backlog::kMessages) + " messages " +
               std::to_string(status ? status->messages - had : -1) +
               " came, holes: " + std::to_string(status ? status->holes : -1));
    // What the list counts is what the server counts; what the open window has read meanwhile is on its way there.
    const auto counted = [&] {
        for (const auto &[id, head] : backlog.heads())
            if (desk.list().row(desk.list().indexOf(id)).head.head.unread != head.unread)
                return false;
        return true;
    };
    need(runUntil(counted), "the server's unread counts in the list");
    return round;
}

} // namespace

int main(int argc, char **argv)
{
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    bench::TimedApplication app(argc, argv);
    QTemporaryDir dir;
    test::RealServer server(dir.filePath(QStringLiteral("server")),
                            "[accounts]\npassword_operations = 1\npassword_memory_kib = 8\n"
                            "registrations_per_minute = 100000\n[messages]\nsends_per_second = 1000000\n");
    need(server.start(), "the server's start");
    const std::string password = "a long enough pass phrase";
    Backlog backlog(server.url().authority().toStdString(), "reader", password);
    if (!backlog.prepare(3))
        giveUp(backlog.failure());

    ui::Theme theme;
    ui::Languages languages;
    theme.apply(app, ui::ThemeMode::Light);
    languages.apply(app, theme, QStringLiteral("en"));
    test::Desk desk(theme, languages, dir.filePath(QStringLiteral("reader")));
    desk.window().start({});
    need(runUntil([&] { return desk.window().isAskingLogin(); }), "the login page");
    desk.window().login(server.url(), QStringLiteral("reader"), QString::fromStdString(password));
    need(runUntil([&] { return desk.window().isChatting(); }), "the login");
    need(wait(desk.client().waitCaughtUp(std::chrono::milliseconds(kPatienceMs))).has_value(), "the first catch-up");
    need(runUntil([&] { return desk.list().rowCount() == Backlog::kConversations; }), "the list");
    desk.window().activateWindow();
    // As after a click on it: some conversation is the open one, and what comes into it is read.
    desk.window().controller().openConversation(desk.list().row(0).head.head.conversation);

    Heartbeat heart;
    checkHeart(heart);
    std::vector<double> greeted, caughtUp, shown, longest, p99, cpu, idleLongest, idleP99, idleCpu;
    int stalls = 0, idleStalls = 0;
    std::printf("%d messages over %d conversations, real window on '%s', %d rounds on one profile\n",
                Backlog::kMessages, Backlog::kConversations, qPrintable(QGuiApplication::platformName()), kRounds);
    for (int i = 0; i < kRounds; ++i) {
        const auto round = catchUp(desk, backlog, heart);
        std::printf("  round %d: caught up %.0f ms, longest gap %.1f ms (own CPU in it %.1f), slowest events:", i + 1,
                    round.caughtUp, round.busy.longest, round.busy.cpuInLongest);
        for (const auto &slow : app.takeSlowest(3))
            std::printf(" [%.1f ms, CPU %.1f, %s]", slow.wall, slow.cpu, slow.what.c_str());
        std::printf("\n");
        greeted.push_back(round.greeted);
        caughtUp.push_back(round.caughtUp);
        shown.push_back(round.shown);
        longest.push_back(round.busy.longest);
        p99.push_back(round.busy.p99);
        cpu.push_back(round.busy.longestCpu);
        idleLongest.push_back(round.idle.longest);
        idleP99.push_back(round.idle.p99);
        idleCpu.push_back(round.idle.longestCpu);
        stalls += round.busy.over50;
        idleStalls += round.idle.over50;
    }
    std::printf("medians (spread)\n");
    printSpread("connect to greeted", greeted);
    printSpread("greeted to caught up", caughtUp, "   aim: 1000");
    printSpread("greeted to all heads in the list", shown);
    printSpread("longest gap of the loop", longest, "   aim: 50");
    printSpread("  p99", p99);
    printSpread("  most own CPU between two beats", cpu);
    printSpread("idle: longest gap", idleLongest);
    printSpread("  p99", idleP99);
    printSpread("  most own CPU between two beats", idleCpu);
    std::printf("  gaps above 50 ms: %d in %d catch-ups, %d in as many idle stretches of 2 s\n", stalls, kRounds,
                idleStalls);
    return 0;
}
