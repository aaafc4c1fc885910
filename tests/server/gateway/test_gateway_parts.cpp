// SPDX-License-Identifier: GPL-3.0-or-later
// The gateway's parts that need no socket: wheel, send queue, texts of HTTP; and the settings and key file of kithd.
#include "server/gateway/http_text.h"
#include "server/gateway/send_queue.h"
#include "server/gateway/wheel.h"
#include "server/ops/config.h"
#include "server/ops/key_file.h"
#include "server/ops/log.h"
#include "server/ops/metrics.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace kith;
using namespace kith::server;
using namespace kith::server::gateway;
using namespace std::chrono_literals;

namespace {

Encoded text(std::size_t size, char c = 'x')
{
    return std::make_shared<const std::string>(size, c);
}

struct Alarm final : WheelItem {
    explicit Alarm(Wheel &w) : wheel(w) {}
    void expired(SteadyTime now) override
    {
        ++fired;
        at = now;
        if (again)
            wheel.schedule(*this, now + *again);
    }
    Wheel &wheel;
    int fired = 0;
    SteadyTime at{};
    std::optional<std::chrono::milliseconds> again;
};

} // namespace

class TestGatewayParts final : public QObject {
    Q_OBJECT
private slots:
    void wheelItem_firesOnceNeverEarlyAtMostTwoTicksLate()
    {
        const SteadyTime start{};
        for (const auto due : {1ms, 999ms, 1000ms, 1001ms, 75'000ms, 127'000ms, 200'000ms, 1'000'000ms}) {
            Wheel wheel(start, 1000ms);
            Alarm alarm(wheel);
            wheel.schedule(alarm, start + due);
            for (auto now = start; now < start + due + 5s && !alarm.fired; now += 500ms)
                wheel.advance(now);
            QCOMPARE(alarm.fired, 1);
            QVERIFY(alarm.at >= start + due);
            QVERIFY(alarm.at <= start + due + 2s);
            QVERIFY(!alarm.linked());
        }
    }
    void wheelItem_reschedulesItself_isMovedAndUnlinked()
    {
        const SteadyTime start{};
        Wheel wheel(start, 1000ms);
        Alarm repeating(wheel);
        repeating.again = 3s;
        wheel.schedule(repeating, start + 3s);
        Alarm moved(wheel);
        wheel.schedule(moved, start + 5s);
        wheel.schedule(moved, start + 50s);
        auto dropped = std::make_unique<Alarm>(wheel);
        wheel.schedule(*dropped, start + 7s);
        dropped.reset();
        for (auto now = start; now < start + 20s; now += 1s)
            wheel.advance(now);
        QVERIFY(repeating.fired >= 4 && repeating.fired <= 6);
        QCOMPARE(moved.fired, 0);
    }
    void wheelAfterLongSleep_firesEverythingThatIsDue()
    {
        const SteadyTime start{};
        Wheel wheel(start, 1000ms);
        std::vector<std::unique_ptr<Alarm>> alarms;
        for (int i = 1; i <= 300; ++i) {
            alarms.push_back(std::make_unique<Alarm>(wheel));
            wheel.schedule(*alarms.back(), start + i * 1s);
        }
        wheel.advance(start + 24h);
        for (const auto &alarm : alarms)
            QCOMPARE(alarm->fired, 1);
        int left = 0;
        wheel.forEach([&](WheelItem &) { ++left; });
        QCOMPARE(left, 0);
    }

    void queueHalfFull_dropsEphemeralOnly()
    {
        SendQueue queue(1000);
        QCOMPARE(queue.push(text(450), Weight::Log), Pushed::Queued);
        QCOMPARE(queue.push(text(51), Weight::Ephemeral), Pushed::Dropped);
        QCOMPARE(queue.push(text(50), Weight::Ephemeral), Pushed::Queued);
        QCOMPARE(queue.push(text(500), Weight::Log), Pushed::Queued);
        QCOMPARE(queue.bytes(), std::size_t(1000));
    }
    void queueFull_laggingOnceThenSilenceUntilResume()
    {
        SendQueue queue(1000);
        QCOMPARE(queue.push(text(1000), Weight::Log), Pushed::Queued);
        QCOMPARE(queue.push(text(1), Weight::Log), Pushed::BecameSlow);
        QCOMPARE(queue.push(text(1), Weight::Log), Pushed::Dropped);
        QCOMPARE(queue.push(text(1, 'r'), Weight::Reply), Pushed::Queued);
        std::vector<Encoded> batch;
        queue.take(batch, 1 << 20, 1024);
        QCOMPARE(batch.size(), std::size_t(3));
        QVERIFY(batch[1]->find("lagging") != std::string::npos);
        queue.written();
        QCOMPARE(queue.bytes(), std::size_t(0));
        QCOMPARE(queue.push(text(1), Weight::Log), Pushed::Dropped);
        queue.resume();
        QCOMPARE(queue.push(text(1), Weight::Log), Pushed::Queued);
    }
    void repliesBeyondHardLimit_overflow()
    {
        SendQueue queue(1000);
        for (int i = 0; i < 8; ++i)
            QCOMPARE(queue.push(text(1000), Weight::Reply), Pushed::Queued);
        QCOMPARE(queue.push(text(1), Weight::Reply), Pushed::Overflow);
    }
    void bytesBeingWritten_countUntilWritten()
    {
        SendQueue queue(1000);
        QCOMPARE(queue.push(text(900), Weight::Log), Pushed::Queued);
        std::vector<Encoded> batch;
        queue.take(batch, 1 << 20, 1024);
        QVERIFY(queue.empty());
        QCOMPARE(queue.push(text(200), Weight::Log), Pushed::BecameSlow);
    }
    void takeInPieces_keepsOrderAndLimits()
    {
        SendQueue queue(1 << 20);
        for (char c = 'a'; c <= 'z'; ++c)
            QCOMPARE(queue.push(text(100, c), Weight::Log), Pushed::Queued);
        std::string order;
        std::vector<Encoded> batch;
        while (!queue.empty()) {
            queue.take(batch, 350, 1024);
            QVERIFY(!batch.empty() && batch.size() <= 3);
            for (const auto &envelope : batch)
                order += envelope->front();
            queue.written();
        }
        QCOMPARE(order, std::string("abcdefghijklmnopqrstuvwxyz"));
        QCOMPARE(queue.push(text(5000), Weight::Log), Pushed::Queued);
        queue.take(batch, 350, 1024); // a single one may be larger
        QCOMPARE(batch.size(), std::size_t(1));
    }
    void joinedEnvelopes_areAnArray()
    {
        std::string frame = "old";
        joinEnvelopes({text(1, '1'), text(1, '2'), text(1, '3')}, frame);
        QCOMPARE(frame, std::string("[1,2,3]"));
    }

    void target_isDecodedOrRefused()
    {
        const auto target = parseTarget("/v1/users?query=a%20b+c&limit=3&x");
        QVERIFY(target);
        QCOMPARE(target->path, std::string("/v1/users"));
        QCOMPARE(target->query.at("query"), std::string("a b c"));
        QCOMPARE(target->query.at("x"), std::string());
        for (const char *bad : {"", "http://x/", "/%", "/%4", "/%zz", "/a?b=%0", "/%00", "*"})
            QVERIFY2(!parseTarget(bad), bad);
    }
    void headerTexts()
    {
        QCOMPARE(bearerToken("bEaReR abc "), std::string("abc"));
        QCOMPARE(bearerToken("Basic abc"), std::string());
        QCOMPARE(bearerToken("Bearer "), std::string());
        QVERIFY(listContains("chat, kith.v1", "kith.v1"));
        QVERIFY(!listContains("kith.v11,Kith.v1", "kith.v1"));
        QVERIFY(originAllowed("", {}));
        QVERIFY(!originAllowed("https://a.example", {}));
        QVERIFY(originAllowed("https://A.example", {"https://a.example"}));
        QVERIFY(!originAllowed("https://a.example.evil", {"https://a.example"}));
    }

    void loopback_isTold()
    {
        for (const char *yes : {"127.0.0.1", "127.8.9.10", "::1", "localhost"})
            QVERIFY2(isLoopback(yes), yes);
        for (const char *no : {"0.0.0.0", "::", "10.0.0.1", "::ffff:127.0.0.1", "localhost.example", "128.0.0.1", ""})
            QVERIFY2(!isLoopback(no), no);
        QCOMPARE(parseHostPort("[::1]:7").value(), (HostPort{"::1", 7}));
        for (const char *bad : {"", ":1", "a", "a:", "a:65536", "::1:7", "[::1]", "a:7x", "[]:1"})
            QVERIFY2(!parseHostPort(bad), bad);
    }
    void settings_knownAreReadUnknownRefused()
    {
        const auto config =
            parseConfig("listen = '0.0.0.0:1'\n[gateway]\norigins = ['https://x']\nheartbeat_silence_ms = 5\n"
                        "[accounts]\nregistration = 'closed'\n",
                        "t");
        QVERIFY(config);
        QCOMPARE(config.value().listen, std::string("0.0.0.0:1"));
        QCOMPARE(config.value().heartbeatSilence, 5ms);
        QVERIFY(config.value().registration == RegistrationMode::Closed);
        QCOMPARE(config.value().queueBytes, std::int64_t(1024 * 1024));
        for (const char *bad : {"[gateway]\nqueue_byte = 1", "[gateway]\nqueue_bytes = 1", "[gatewy]\n", "listen = 3",
                                "x = ", "[accounts]\nregistration = 'maybe'"}) {
            const auto refused = parseConfig(bad, "t.toml");
            QVERIFY2(!refused, bad);
            QVERIFY2(refused.error().find("t.toml, line ") == 0, refused.error().c_str());
        }
    }
    void keyFile_madeOnceThenReadBack()
    {
        const QTemporaryDir folder;
        const std::string path = folder.filePath(QStringLiteral("kithd.key")).toStdString();
        auto made = readOrMakeKeyFile(path, true);
        QVERIFY(made && made.value().made);
        QCOMPARE(QFile::permissions(QString::fromStdString(path)) &
                     (QFile::ReadGroup | QFile::ReadOther | QFile::WriteGroup),
                 QFile::Permissions());
        QCOMPARE(QDir(folder.path()).entryList(QDir::Files), QStringList{QStringLiteral("kithd.key")});
        auto again = readOrMakeKeyFile(path, true);
        QVERIFY(again && !again.value().made && again.value().key.equals(made.value().key));
    }
    void keyFileMissingUnderDatabase_isNotMadeAnew()
    {
        const QTemporaryDir folder;
        const auto key = readOrMakeKeyFile(folder.filePath(QStringLiteral("k")).toStdString(), false);
        QVERIFY(!key && key.error().error == KeyFileError::Missing);
        QVERIFY(!QFile::exists(folder.filePath(QStringLiteral("k"))));
    }
    void keyFileForOthersToRead_isRefused()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("k"));
        QVERIFY(readOrMakeKeyFile(path.toStdString(), true));
        QFile::setPermissions(path, QFile::ReadOwner | QFile::WriteOwner | QFile::ReadGroup);
        const auto key = readKeyFile(path.toStdString());
        QVERIFY(!key && key.error().error == KeyFileError::Permissions);
    }
    void keyTextOfAnotherShape_isRefused()
    {
        const std::string good(64, 'a');
        QVERIFY(parseKey(good, "x"));
        QVERIFY(parseKey(good + "\n", "x"));
        for (const std::string &bad : {std::string(), good + "a", good.substr(1), std::string(64, 'g'), good + "\n\n"})
            QVERIFY2(!parseKey(bad, "x"), bad.c_str());
    }
    void logLine_staysJsonWhateverIsInIt()
    {
        QCOMPARE(formatLogFields("a\"b\n\xff", {{"n", 5}, {"k\\", "v"}}),
                 std::string("\"msg\":\"a\\\"b\\u000a\\u00ff\",\"n\":5,\"k\\\\\":\"v\""));
        QCOMPARE(maskAddress("192.0.2.77"), std::string("192.0.2.x"));
        QCOMPARE(maskAddress("2001:db8:7:1::9"), std::string("2001:db8:7::x"));
        QCOMPARE(maskAddress("::1"), std::string("::x"));
        QCOMPARE(maskAddress("::ffff:192.0.2.77"), std::string("192.0.2.x"));
        QCOMPARE(maskAddress("nonsense"), std::string("?"));
    }
    void metrics_countAndBoundTheirLabels()
    {
        Metrics metrics;
        metrics.connectionOpened();
        for (int i = 0; i < 500; ++i)
            metrics.packetReceived("made-up-" + std::to_string(i));
        const std::string text = metrics.text();
        QVERIFY(text.find("kithd_connections 1") != std::string::npos);
        QVERIFY(text.find("op=\"other\"") != std::string::npos);
        QVERIFY(text.find("made-up-499") == std::string::npos);
    }
};

QTEST_APPLESS_MAIN(TestGatewayParts)
#include "test_gateway_parts.moc"
