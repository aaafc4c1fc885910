// SPDX-License-Identifier: GPL-3.0-or-later
// The recording is bounded and exact, a delay keeps the order, frames by hand show no secret, the log keeps lines.
#include "core/base/limits.h"
#include "core/client/errors.h"
#include "core/client/log_ring.h"
#include "core/client/raw_frame.h"
#include "core/client/recorder.h"
#include "core/client/simulation.h"

#include <QElapsedTimer>
#include <QLoggingCategory>
#include <QSignalSpy>
#include <QTest>

using namespace kith;
using namespace kith::client;

Q_LOGGING_CATEGORY(lcOurs, "kith.test", QtWarningMsg)
Q_LOGGING_CATEGORY(lcForeign, "somebody.else", QtWarningMsg)

class TestRecorder final : public QObject {
    Q_OBJECT

    std::shared_ptr<ManualClock> m_clock = std::make_shared<ManualClock>(fromUnixMs(1'700'000'000'000));

private slots:
    void frames_areKeptInOrderWithTimeAndSize()
    {
        Recorder recorder(m_clock);
        QSignalSpy told(&recorder, &Recorder::recorded);
        recorder.frame(true, "{\"op\":\"sync\"}");
        m_clock->advance(milliseconds{7});
        recorder.frame(false, "{\"op\":\"ok\"}");
        recorder.call("POST", QStringLiteral("/v1/login?query=ada"), 200, milliseconds{12}, 99);
        QCOMPARE(told.count(), 3);
        const auto &wire = recorder.wire();
        QCOMPARE(wire.size(), std::size_t(3));
        QVERIFY(wire[0].kind == WireEntry::Kind::Sent && wire[1].kind == WireEntry::Kind::Received);
        QCOMPARE(wire[1].at - wire[0].at, milliseconds{7});
        QCOMPARE(wire[0].bytes, 13);
        QCOMPARE(wire[2].number, std::uint64_t(3));
        QCOMPARE(wire[2].path, QStringLiteral("/v1/login")); // what was asked for is not kept
        QCOMPARE(wire[2].status, 200);
    }

    void manyFrames_theOldestGo()
    {
        Recorder recorder(m_clock);
        for (std::size_t i = 0; i < Recorder::kMostEntries + 10; ++i)
            recorder.frame(true, "{}");
        QCOMPARE(recorder.wire().size(), Recorder::kMostEntries);
        QCOMPARE(recorder.wire().front().number, std::uint64_t(11));
        QCOMPARE(recorder.lastNumber(), std::uint64_t(Recorder::kMostEntries + 10));
    }

    void largeFrames_areBoundedByBytes()
    {
        Recorder recorder(m_clock);
        const QByteArray page(1024 * 1024, 'x');
        for (int i = 0; i < 40; ++i)
            recorder.frame(false, QString::fromLatin1(page).toUtf8()); // as the socket gives it: room for three times
        QVERIFY(recorder.bytes() <= Recorder::kMostBytes);
        QCOMPARE(recorder.wire().size(), std::size_t(15));
        for (const auto &entry : recorder.wire())
            QVERIFY2(entry.json.capacity() < entry.json.size() + entry.json.size() / 4 + 64,
                     "the recording keeps more memory than it counts");
        recorder.forgetWire();
        QCOMPARE(recorder.bytes(), std::size_t(0));
        recorder.frame(false, QByteArray(static_cast<qsizetype>(Recorder::kMostBytes) + 1, 'y'));
        QCOMPARE(recorder.wire().size(), std::size_t(1)); // the last one is there, however large
        recorder.frame(false, "{}");
        QCOMPARE(recorder.wire().size(), std::size_t(1));
        QCOMPARE(recorder.wire().front().json, QByteArray("{}"));
    }

    void link_keepsChangesOnlyAndTheLast200()
    {
        Recorder recorder(m_clock);
        LinkStatus status;
        status.phase = LinkPhase::Connecting;
        recorder.link(status);
        recorder.link(status);
        QCOMPARE(recorder.changes().size(), std::size_t(1));
        for (int i = 0; i < 500; ++i) {
            status.phase = i % 2 ? LinkPhase::Waiting : LinkPhase::Online;
            status.retryIn = milliseconds(i);
            recorder.link(status);
        }
        QCOMPARE(recorder.changes().size(), Recorder::kMostChanges);
        QCOMPARE(recorder.changes().back().status.retryIn, milliseconds{499});
        recorder.forgetWire();
        QCOMPARE(recorder.changes().size(), Recorder::kMostChanges); // no secret in them
    }

    void delayLine_isAtOnceWithoutDelayAndInOrderWithOne()
    {
        DelayLine line;
        std::vector<int> done;
        line.pass([&] { done.push_back(1); });
        QCOMPARE(done, std::vector<int>{1});
        QElapsedTimer clock;
        clock.start();
        line.setDelay(milliseconds{60});
        line.pass([&] { done.push_back(2); });
        line.setDelay(milliseconds{0});
        line.pass([&] { done.push_back(3); }); // not before the one that waits
        QCOMPARE(done, std::vector<int>{1});
        QTRY_COMPARE(done, (std::vector<int>{1, 2, 3}));
        QVERIFY(clock.elapsed() >= 60);
        line.setDelay(milliseconds{10});
        line.pass([&] { done.push_back(4); });
        line.clear();
        line.setDelay(milliseconds{0});
        line.pass([&] { done.push_back(5); });
        QCOMPARE(done, (std::vector<int>{1, 2, 3, 5}));
    }

    void delayLine_mayGoWithinItsAction()
    {
        auto line = std::make_unique<DelayLine>();
        bool second = false;
        line->setDelay(milliseconds{5});
        line->pass([&] { line.reset(); });
        line->pass([&] { second = true; });
        QTRY_VERIFY(!line);
        QVERIFY(!second);
    }

    void rawFrame_getsIdsOfItsOwnAndHidesSecrets()
    {
        const auto raw = rawFrame(R"([{"op":"token","id":"7","d":{"token":"tok-secret"}},
            {"op":"login","d":{"token":"tok-secret","resume":"res-secret"}},
            {"op":"conversation.join","id":"8","d":{"conversation":"g:1","code":"inv-secret"}},
            {"code":5001,"id":"9","d":{"more":[{"password":"pw-secret"}]}}])");
        QVERIFY(raw.has_value());
        QCOMPARE(raw->ids, (std::vector<std::string>{"raw-7", "raw-8", "raw-9"}));
        QCOMPARE(raw->envelopes.size(), std::size_t(4));
        QVERIFY(raw->envelopes[0].wire.find("tok-secret") != std::string::npos);
        QVERIFY(raw->envelopes[3].wire.find("pw-secret") != std::string::npos);
        for (const auto &one : raw->envelopes) {
            QVERIFY2(one.shown.find("secret") == std::string::npos, one.shown.c_str());
            QVERIFY(!one.shown.empty());
        }
        QVERIFY(raw->envelopes[3].shown.find("5001") != std::string::npos); // a packet code is no secret
    }

    void rawFrame_refusesWhatIsNoFrame()
    {
        for (const char *bad : {"", "hello", "[]", "[1]", "7", "{\"op\":", "\"op\""})
            QVERIFY2(!rawFrame(bad), bad);
        QVERIFY(!rawFrame(std::string(limits::kMaxClientFrameBytes + 1, ' ')));
        QVERIFY(rawFrame(R"({"op":"no such op"})")); // for the server to refuse
    }

    void logRing_keepsOurLinesAndTheLengthOfOthers()
    {
        auto ring = std::make_unique<LogRing>();
        qCInfo(lcOurs) << "the link is up";
        QTest::ignoreMessage(QtWarningMsg, "a name of somebody");
        qCWarning(lcForeign) << "a name of somebody";
        const auto lines = ring->lines();
        QCOMPARE(lines.size(), std::size_t(2));
        QCOMPARE(lines[0].category, QByteArray("kith.test"));
        QCOMPARE(lines[0].text, QStringLiteral("the link is up"));
        QCOMPARE(lines[1].text, QStringLiteral("(18 characters)"));
        for (std::size_t i = 0; i < LogRing::kMostLines; ++i)
            qCInfo(lcOurs) << "line" << i;
        QCOMPARE(ring->lines().size(), LogRing::kMostLines);
        QCOMPARE(ring->lines().front().text, QStringLiteral("line 0"));
        ring.reset();
        QTest::ignoreMessage(QtWarningMsg, "after it");
        qCWarning(lcForeign) << "after it";
    }

    void recording_cost()
    {
        // The figure is in docs/performance.md; here it only has to run.
        Recorder recorder(std::make_shared<SystemClock>());
        const QByteArray frame = QByteArray(400, 'x');
        QBENCHMARK
        {
            recorder.frame(false, frame);
        }
    }
};

QTEST_GUILESS_MAIN(TestRecorder)
#include "test_recorder.moc"
