// SPDX-License-Identifier: GPL-3.0-or-later
// The wire inspector over a recording made by hand.
#include "tests/ui/states.h"
#include "ui/inspector/inspector_window.h"
#include "ui/inspector/simulation_strip.h"
#include "ui/shell/languages.h"
#include "ui/widgets/controls.h"

#include <QApplication>
#include <QLayout>
#include <QPushButton>
#include <QTableView>
#include <QTemporaryDir>

using namespace kith;
using client::LinkPhase;

namespace kith::test {

namespace {

void fill(client::Recorder &recorder, ManualClock &clock)
{
    const auto after = [&](int ms) { clock.advance(milliseconds{ms}); };
    const auto link = [&](LinkPhase phase, bool catchingUp = false) {
        recorder.link({phase, {}, {}, std::nullopt, catchingUp});
    };
    link(LinkPhase::Offline);
    after(40);
    recorder.call("POST", QStringLiteral("/v1/login"), 200, milliseconds{212}, 914);
    link(LinkPhase::Connecting);
    after(31);
    recorder.frame(true, R"({"op":"login","id":"login","d":{"token":"redacted"}})");
    after(9);
    recorder.frame(
        false,
        R"({"op":"hello","id":"login","d":{"user":{"id":"382436184330076160","username":"lin","display_name":"Lin"},"epoch":"5f3c1d0e-6a0e-4b0e-9d2a-0d6b1f2c3a4b","server_time":1795247091665,"heartbeat_s":30}})");
    link(LinkPhase::Online, true);
    recorder.frame(true,
                   R"([{"op":"sync","id":"1","d":{"limit":200}},{"op":"watch_presence","id":"2","d":{"users":[]}}])");
    after(14);
    recorder.frame(false,
                   R"([{"op":"sync","id":"1","d":{"conversations":[],"more":false}},{"op":"ok","id":"2","d":{}}])");
    link(LinkPhase::Online);
    for (int i = 3; i < 12; ++i) {
        after(400 + 37 * i);
        const QByteArray number = QByteArray::number(i);
        recorder.frame(
            false,
            R"({"op":"message","d":{"conversation":"g:7","rev":)" + number + R"(,"message":{"seq":)" + number +
                R"(,"id":"38243618433007617)" + number +
                R"(","sender":"382436184330076161","kind":"text","body":"周六去爬山吗？ 9 o'clock at the bridge","reply_to":null,"mentions":["382436184330076160"],"recalled":false,"likes":2}}})");
        after(3);
        recorder.frame(true, R"({"op":"ack","d":[{"conversation":"g:7","seq":)" + number + "}]}");
    }
    recorder.link({LinkPhase::Waiting, milliseconds{2310}, QStringLiteral("draining retry_after_ms=1500"),
                   protocol::CloseCode::Draining, false});
    after(2310);
    link(LinkPhase::Connecting);
    after(55);
    link(LinkPhase::Online);
    after(1200);
    recorder.call("GET", QStringLiteral("/v1/users/382436184330076161"), 404, milliseconds{18}, 143);
}

} // namespace

void drawInspectorStates(QApplication &app, ui::Theme &theme, ui::Languages &languages, bool few,
                         const std::function<void(QWidget &, const char *)> &shot)
{
    QTemporaryDir folder;
    const auto draw = [&](const char *name, ui::ThemeMode mode, const char *language, int chosen) {
        theme.apply(app, mode);
        languages.apply(app, theme, QLatin1String(language));
        // Its end is now: the strip runs to the present.
        auto clock = std::make_shared<ManualClock>(
            std::chrono::time_point_cast<milliseconds>(std::chrono::system_clock::now() - std::chrono::seconds{11}));
        client::ClientOptions options;
        options.profileDir = folder.filePath(QStringLiteral("none"));
        options.clock = clock;
        client::Client client(options);
        fill(client.recorder(), *clock);
        ui::InspectorWindow window(client, theme, [] { return QJsonObject(); });
        window.setAttribute(Qt::WA_DeleteOnClose, false);
        window.show();
        if (chosen >= 0)
            window.table()->selectRow(chosen);
        shot(window, name);
    };
    draw("inspector", ui::ThemeMode::Light, "en", 5);
    draw("inspector-dark-chinese", ui::ThemeMode::Dark, "zh_CN", 5);
    if (!few) {
        draw("inspector-dark", ui::ThemeMode::Dark, "en", 2);
        draw("inspector-chinese", ui::ThemeMode::Light, "zh_CN", 0);
        draw("inspector-none", ui::ThemeMode::Light, "en", -1);
    }
    for (const bool dark : {false, true}) {
        theme.apply(app, dark ? ui::ThemeMode::Dark : ui::ThemeMode::Light);
        languages.apply(app, theme, dark ? QStringLiteral("zh_CN") : QStringLiteral("en"));
        ui::SimulationStrip strip(theme);
        strip.resize(720, 36);
        strip.show({dark, std::chrono::milliseconds{300}});
        strip.resize(720, std::max(36, strip.layout()->totalHeightForWidth(720)));
        shot(strip, dark ? "simulation-dark" : "simulation");
    }
}

} // namespace kith::test
