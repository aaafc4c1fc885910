// SPDX-License-Identifier: GPL-3.0-or-later
// Frames are packed within their limits, sleep is told from slowness, addresses are checked; over a real socket:
// batching, the subprotocol, silence.
#include "core/base/limits.h"
#include "core/client/http_client.h"
#include "core/client/link.h"
#include "core/protocol/envelope.h"

#include <QSignalSpy>
#include <QTest>
#include <QWebSocket>
#include <QWebSocketServer>

using namespace kith;
using namespace kith::client;

namespace {
OutgoingEnvelope beat(const std::string &id)
{
    return {protocol::encodeEnvelope(protocol::Op::Heartbeat, id, {}), {}};
}
} // namespace

class TestLink final : public QObject {
    Q_OBJECT

private slots:
    void manyEnvelopes_areOneFrameInOrder()
    {
        const auto frames = packFrames({beat("1"), beat("2"), beat("3")}, limits::kMaxClientFrameBytes);
        QCOMPARE(frames.size(), std::size_t(1));
        const auto items = protocol::decodeFrame(frames[0].wire, limits::kMaxClientFrameBytes);
        QVERIFY(items.has_value());
        QCOMPARE(items->size(), std::size_t(3));
        QCOMPARE(std::get<protocol::Envelope>((*items)[2]).id, std::string("3"));
    }

    void framesStayBelowTheLimit()
    {
        std::vector<OutgoingEnvelope> many;
        for (int i = 0; i < 3000; ++i)
            many.push_back(beat(std::to_string(i)));
        const auto frames = packFrames(many, limits::kMaxClientFrameBytes);
        std::size_t count = 0;
        for (const auto &frame : frames) {
            QVERIFY(frame.wire.size() <= limits::kMaxClientFrameBytes);
            const auto items = protocol::decodeFrame(frame.wire, limits::kMaxClientFrameBytes);
            QVERIFY(items.has_value());
            count += items->size();
        }
        QCOMPARE(count, many.size());
    }

    void shownFrame_hidesTheToken()
    {
        const auto frames = packFrames({{R"({"op":"login","d":{"token":"secret"}})", R"({"op":"login"})"}, beat("1")},
                                       limits::kMaxClientFrameBytes);
        QVERIFY(frames[0].wire.find("secret") != std::string::npos);
        QVERIFY(frames[0].shown.find("secret") == std::string::npos);
    }

    void sleep_isTheWallClockRunningAhead()
    {
        using std::chrono::seconds;
        QVERIFY(!sleptBetween(seconds{5}, seconds{5}));
        QVERIFY(!sleptBetween(seconds{120}, seconds{120})); // a stopped process is not a sleeping computer
        QVERIFY(!sleptBetween(seconds{-3600}, seconds{5})); // the clock was set back
        QVERIFY(sleptBetween(seconds{3600}, seconds{5}));
    }

    void retryAfter_isReadFromTheReason()
    {
        QCOMPARE(retryAfterFromReason(QStringLiteral("draining retry_after_ms=1500")), milliseconds{1500});
        QCOMPARE(retryAfterFromReason(QStringLiteral("{\"retry_after_ms\":250}")), milliseconds{250});
        QCOMPARE(retryAfterFromReason(QString()), milliseconds{0});
        QCOMPARE(retryAfterFromReason(QStringLiteral("99999999999999999999999")), milliseconds{60000});
    }

    void plainHttp_isForLoopbackOnly()
    {
        QVERIFY(checkedServer(QUrl(QStringLiteral("http://127.0.0.1:8080"))).has_value());
        QVERIFY(checkedServer(QUrl(QStringLiteral("http://localhost:8080"))).has_value());
        QVERIFY(checkedServer(QUrl(QStringLiteral("http://[::1]:8080"))).has_value());
        const auto refused = checkedServer(QUrl(QStringLiteral("http://chat.example.org")));
        QVERIFY(!refused);
        QVERIFY(refused.error().code == ClientErrorCode::InsecureRefused);
        const auto typed = checkedServer(QUrl(QStringLiteral("chat.example.org")));
        QVERIFY(typed.has_value());
        QCOMPARE(*typed, QUrl(QStringLiteral("https://chat.example.org")));
        QCOMPARE(socketUrl(*typed), QUrl(QStringLiteral("wss://chat.example.org/v1/socket")));
        QVERIFY(!checkedServer(QUrl(QStringLiteral("ftp://localhost"))));
    }

    void envelopesOfOneTurn_leaveAsOneFrame()
    {
        QWebSocketServer server(QStringLiteral("test"), QWebSocketServer::NonSecureMode);
        speaksKith(server);
        QVERIFY(server.listen(QHostAddress::LocalHost));
        Link link(std::make_shared<SystemClock>());
        QSignalSpy opened(&link, &Link::opened);
        link.open(QUrl(QStringLiteral("http://127.0.0.1:%1").arg(server.serverPort())));
        QTRY_COMPARE(server.hasPendingConnections(), true);
        const std::unique_ptr<QWebSocket> peer(server.nextPendingConnection());
        QStringList frames;
        connect(peer.get(), &QWebSocket::textMessageReceived, this, [&](const QString &text) { frames << text; });
        QTRY_COMPARE(opened.count(), 1);
        for (int i = 0; i < 20; ++i)
            link.send(beat(std::to_string(i)));
        QTRY_COMPARE(frames.size(), 1);
        QVERIFY(frames[0].startsWith(QLatin1Char('[')));
    }

    void otherSubprotocol_isNotKith()
    {
        QWebSocketServer server(QStringLiteral("test"), QWebSocketServer::NonSecureMode);
        QVERIFY(server.listen(QHostAddress::LocalHost));
        Link link(std::make_shared<SystemClock>());
        QSignalSpy failed(&link, &Link::failed);
        link.open(QUrl(QStringLiteral("http://127.0.0.1:%1").arg(server.serverPort())));
        QTRY_COMPARE(failed.count(), 1);
    }

    void nobodyListens_fails()
    {
        Link link(std::make_shared<SystemClock>());
        QSignalSpy failed(&link, &Link::failed);
        link.open(QUrl(QStringLiteral("http://127.0.0.1:1")));
        QTRY_COMPARE(failed.count(), 1);
    }

    void closeCodeOfTheServer_arrives()
    {
        QWebSocketServer server(QStringLiteral("test"), QWebSocketServer::NonSecureMode);
        speaksKith(server);
        QVERIFY(server.listen(QHostAddress::LocalHost));
        Link link(std::make_shared<SystemClock>());
        QSignalSpy closed(&link, &Link::closed);
        QSignalSpy opened(&link, &Link::opened);
        link.open(QUrl(QStringLiteral("http://127.0.0.1:%1").arg(server.serverPort())));
        QTRY_COMPARE(opened.count(), 1);
        QTRY_VERIFY(server.hasPendingConnections());
        const std::unique_ptr<QWebSocket> peer(server.nextPendingConnection());
        peer->close(static_cast<QWebSocketProtocol::CloseCode>(4012), QStringLiteral("retry_after_ms=700"));
        QTRY_COMPARE(closed.count(), 1);
        QCOMPARE(closed[0][0].toInt(), 4012);
        QCOMPARE(closed[0][1].toString(), QStringLiteral("retry_after_ms=700"));
    }

private:
    static void speaksKith(QWebSocketServer &server)
    {
#if QT_VERSION >= QT_VERSION_CHECK(6, 4, 0)
        server.setSupportedSubprotocols({QStringLiteral("kith.v1")});
#endif
    }
};

QTEST_GUILESS_MAIN(TestLink)
#include "test_link.moc"
