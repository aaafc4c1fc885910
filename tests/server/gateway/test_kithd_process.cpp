// SPDX-License-Identifier: GPL-3.0-or-later
// The real kithd: handshakes, limits, deadlines, drain, TLS and refusals, with exactly the bytes that a peer may send.
#include "tests/server/gateway/server_process.h"

#include "core/base/limits.h"

#include <QDir>
#include <QElapsedTimer>

#include <vector>

using namespace kith;
using namespace kith::test;

namespace {

int count(std::string_view text, std::string_view needle)
{
    int found = 0;
    for (auto at = text.find(needle); at != std::string_view::npos; at = text.find(needle, at + needle.size()))
        ++found;
    return found;
}

/// A `send` to oneself's notes would be special; a second user makes it an ordinary private message.
std::string sendFrame(const std::string &to, const std::string &cid, const std::string &body, const std::string &id)
{
    return "{\"op\":\"send\",\"id\":\"" + id + "\",\"d\":{\"to\":\"" + to + "\",\"cid\":\"" + cid +
           "\",\"kind\":\"text\",\"body\":\"" + body + "\"}}";
}

std::string cidOf(int number)
{
    char text[40];
    std::snprintf(text, sizeof text, "00000000-0000-4000-8000-%012d", number);
    return text;
}

} // namespace

class TestKithdProcess final : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { QVERIFY(m_server.start()); }

    void upgradeWithoutSubprotocol_isRefused()
    {
        for (const char *wrong : {"", "chat", "kith.v2"}) {
            RawClient client;
            QVERIFY(client.connect(m_server.listen));
            QVERIFY2(client.upgrade(wrong).find(" 400 ") != std::string::npos, wrong);
        }
        RawClient client;
        QVERIFY(client.connect(m_server.listen));
        QVERIFY(client.upgrade("chat, kith.v1").find(" 101 ") != std::string::npos);
    }
    void foreignOrigin_isRefused()
    {
        RawClient client;
        QVERIFY(client.connect(m_server.listen));
        QVERIFY(client.upgrade("kith.v1", "Origin: https://evil.example\r\n").find(" 403 ") != std::string::npos);
    }
    void frameOf64KiB_isReadOneByteMoreIsTooLargeAndTheSocketLives()
    {
        RawClient client;
        QVERIFY(m_server.logIn(client, m_server.account("big")));
        const std::string head = "{\"op\":\"heartbeat\",\"id\":\"h\",\"d\":{\"pad\":\"";
        const std::string tail = "\"}}";
        const std::string exact =
            head + std::string(limits::kMaxClientFrameBytes - head.size() - tail.size(), 'x') + tail;
        QCOMPARE(exact.size(), limits::kMaxClientFrameBytes);
        client.sendText(exact);
        QVERIFY(client.receive().payload.find("server_time") != std::string::npos);
        for (const std::size_t more : {std::size_t(1), std::size_t(300'000), std::size_t(3'000'000)}) {
            client.sendText(exact + std::string(more, ' '));
            QVERIFY(client.receive().payload.find("too_large") != std::string::npos);
        }
        client.sendText("{\"op\":\"heartbeat\",\"id\":\"h2\",\"d\":{}}");
        QVERIFY(client.receive().payload.find("h2") != std::string::npos);
    }
    void binaryFrame_isMalformed()
    {
        RawClient client;
        QVERIFY(m_server.logIn(client, m_server.account("binary")));
        client.send(RawClient::frame(2, "abc", true));
        const std::string answer = client.receive().payload;
        QVERIFY2(answer.find("malformed") != std::string::npos, answer.c_str());
        QVERIFY2(answer.find("binary frames are not spoken") != std::string::npos, answer.c_str());
        client.sendText("{\"op\":\"heartbeat\",\"id\":\"h\",\"d\":{}}");
        QVERIFY(client.receive().payload.find("server_time") != std::string::npos);
    }
    void endlessFrame_isClosedWith1009()
    {
        RawClient client;
        QVERIFY(m_server.logIn(client, m_server.account("endless")));
        std::string frame("\x01\xff\0\0\0\0\x01\x01\0\0", 10); // text, 16 MiB and 64 KiB, not the last
        frame[0] = '\x01';
        client.send(frame + std::string(4, '\0'));
        const std::string part(64 * 1024, 'x');
        for (int i = 0; i < 257 && client.send(part); ++i) {
        }
        QCOMPARE(client.receive().closeCode(), 1009);
        QVERIFY(m_server.running());
    }
    void tenMalformedFrames_close4500()
    {
        RawClient client;
        QVERIFY(m_server.logIn(client, m_server.account("broken")));
        for (int i = 0; i < limits::kMalformedPerMinute; ++i)
            client.sendText("{not json");
        int errors = 0;
        RawFrame frame = client.receive();
        for (; frame.opcode == 1; frame = client.receive())
            errors += count(frame.payload, "\"malformed\"");
        QVERIFY(errors >= limits::kMalformedPerMinute - 1);
        QCOMPARE(frame.closeCode(), 4500);
    }
    void manyPushes_arriveAsArraysInOrder()
    {
        std::string receiver;
        RawClient to;
        QVERIFY(m_server.logIn(to, m_server.account("receiver", &receiver)));
        RawClient from;
        QVERIFY(m_server.logIn(from, m_server.account("sender")));
        constexpr int kMessages = 500;
        std::string frame;
        for (int i = 1; i <= kMessages; ++i) {
            frame +=
                (frame.empty() ? "[" : ",") + sendFrame(receiver, cidOf(i), "n" + std::to_string(i), std::to_string(i));
            if (i % 100 == 0) {
                QVERIFY(from.sendText(frame + "]"));
                frame.clear();
            }
        }
        int messages = 0;
        int frames = 0;
        int arrays = 0;
        std::string all;
        while (messages < kMessages) {
            const RawFrame got = to.receive();
            QCOMPARE(got.opcode, 1);
            ++frames;
            arrays += got.payload.front() == '[';
            messages += count(got.payload, "\"op\":\"message\"");
            all += got.payload;
        }
        QCOMPARE(messages, kMessages);
        QVERIFY(arrays > 0);
        QVERIFY2(frames < kMessages, "nothing was batched");
        std::size_t at = 0;
        for (int i = 1; i <= kMessages; ++i) {
            at = all.find("\"body\":\"n" + std::to_string(i) + "\"", at);
            QVERIFY2(at != std::string::npos, std::to_string(i).c_str());
        }
    }

    void readerThatStopsReading_lagsIsClosedAndLosesNothing()
    {
        ServerProcess server;
        QVERIFY(
            server.start(ServerProcess::quickSettings() + "[gateway]\nqueue_bytes = 1048576\nslow_reader_ms = 300\n"));
        std::string receiver;
        const std::string token = server.account("slow", &receiver);
        RawClient slow, from;
        slow.setReceiveBuffer(16 * 1024);
        QVERIFY(server.logIn(slow, token));
        QVERIFY(server.logIn(from, server.account("quick")));
        // Far more than the kernel's buffers hold: in the end the queue is full, then the write is stuck.
        const std::string body(16'000, 'x');
        const auto closed = [&] {
            return httpCall(server.ops, "GET", "/metrics").body.find("code=\"4010\"") != std::string::npos;
        };
        int sent = 0;
        bool ended = false;
        while (!ended && sent < 3000) {
            ++sent;
            QVERIFY(from.sendText(sendFrame(receiver, cidOf(sent), body, std::to_string(sent))));
            RawFrame answer = from.receive();
            while (answer.payload.find("\"accepted\"") == std::string::npos) {
                QCOMPARE(answer.opcode, 1);
                answer = from.receive();
            }
            // Acked without being read: otherwise, on a machine that takes over 5 s so far, what is sent again fills
            // the queue while the socket still takes bytes; then the connection lags, and nothing is stuck that could
            // end it.
            slow.sendText("{\"op\":\"ack\",\"d\":[{\"conversation\":\"" + jsonString(answer.payload, "conversation") +
                          "\",\"seq\":" + std::to_string(sent) + "}]}");
            ended = sent % 100 == 0 && closed();
        }
        QTRY_VERIFY_WITH_TIMEOUT(closed(), 60'000); // a write that is stuck keeps its time for the close frame
        // It comes back and finds all of it: the log is for correctness.
        RawClient again;
        QVERIFY(server.logIn(again, token));
        again.sendText(R"({"op":"sync","id":"s","d":{}})");
        RawFrame head = again.receive();
        while (head.payload.find("\"id\":\"s\"") == std::string::npos)
            head = again.receive();
        QCOMPARE(jsonInteger(head.payload.substr(head.payload.find("\"op\":\"sync\"")), "head_seq"), sent);
    }

    void httpLimitsAndGarbage_areAnsweredNotFatal()
    {
        const auto status = [&](const std::string &bytes) {
            RawClient client;
            client.connect(m_server.listen);
            client.send(bytes);
            const std::string answer = client.receiveResponse(10'000);
            return answer.find("\"trace\":\"") == std::string::npos ? "no trace in " + answer : answer.substr(0, 12);
        };
        QCOMPARE(status("GET /v1/me HTTP/1.1\r\nHost: x\r\n\r\n"), std::string("HTTP/1.1 401"));
        QCOMPARE(status("GET /v1/me HTTP/1.1\r\nX: " + std::string(70'000, 'x') + "\r\n\r\n"),
                 std::string("HTTP/1.1 413"));
        QCOMPARE(status("POST /v1/login HTTP/1.1\r\nContent-Length: 65537\r\n\r\n" + std::string(65'537, 'x')),
                 std::string("HTTP/1.1 413"));
        QCOMPARE(status("POST /v1/login HTTP/1.1\r\nContent-Length: 1048576000\r\n\r\n"), std::string("HTTP/1.1 413"));
        QCOMPARE(status("POST /v1/login HTTP/1.1\r\nContent-Length: 3\r\n\r\n{x}"), std::string("HTTP/1.1 400"));
        QCOMPARE(status("\x16\x03\x01\x02 garbage\r\n\r\n"), std::string("HTTP/1.1 400"));
        QCOMPARE(status("GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n"), std::string("HTTP/1.1 400"));
        QCOMPARE(status("GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n"), std::string("HTTP/1.1 404"));
        std::string noise;
        for (unsigned seed = 1; seed < 200; ++seed) {
            noise.clear();
            for (unsigned i = 0, x = seed; i < 300; ++i) {
                x = x * 1664525u + 1013904223u;
                noise += static_cast<char>(x >> 24);
            }
            RawClient client;
            QVERIFY(client.connect(m_server.listen));
            client.send(noise);
            RawClient socket;
            QVERIFY(socket.connect(m_server.listen));
            QVERIFY(socket.upgrade().find("101") != std::string::npos);
            socket.send(noise);
        }
        QCOMPARE(httpCall(m_server.ops, "GET", "/healthz").status, 200);
        QVERIFY(m_server.running());
    }
    void keepAlive_answersSeveralRequestsOnOneConnection()
    {
        RawClient client;
        QVERIFY(client.connect(m_server.listen));
        for (int i = 0; i < 3; ++i) {
            client.send("GET /v1/me HTTP/1.1\r\nHost: x\r\n\r\n");
            QVERIFY(client.receiveResponse(10'000).find("unauthenticated") != std::string::npos);
        }
    }
    void opsPages_areOnTheirOwnDoorOnly()
    {
        QCOMPARE(httpCall(m_server.ops, "GET", "/healthz").status, 200);
        QCOMPARE(httpCall(m_server.ops, "GET", "/readyz").status, 200);
        const HttpAnswer metrics = httpCall(m_server.ops, "GET", "/metrics");
        QVERIFY(metrics.body.find("kithd_connections ") != std::string::npos);
        QCOMPARE(httpCall(m_server.listen, "GET", "/metrics").status, 404);
        QCOMPARE(httpCall(m_server.ops, "GET", "/v1/me").status, 404);
    }

    void silentPeersAndSlowRequests_areEndedByTheWheel()
    {
        ServerProcess server;
        QVERIFY(server.start(ServerProcess::quickSettings() +
                             "[gateway]\nlogin_deadline_ms = 300\nheartbeat_silence_ms = 900\n"
                             "http_header_timeout_ms = 300\nhttp_idle_timeout_ms = 300\n"));
        RawClient stranger;
        QVERIFY(stranger.connect(server.listen));
        QVERIFY(stranger.upgrade().find("101") != std::string::npos);
        QCOMPARE(stranger.receive().closeCode(), 4001);

        RawClient silent;
        QVERIFY(server.logIn(silent, server.account("silent")));
        RawFrame frame = silent.receive();
        while (frame.opcode == 1)
            frame = silent.receive();
        QCOMPARE(frame.closeCode(), 4008);

        RawClient alive;
        QVERIFY(server.logIn(alive, server.account("alive")));
        QElapsedTimer timer;
        timer.start();
        while (timer.elapsed() < 2500) { // a ping is a sign of life as well
            alive.send(RawClient::frame(9, "p", true));
            const RawFrame pong = alive.receive();
            QVERIFY(pong.opcode == 10 || pong.opcode == 1);
            alive.receiveSome(100);
        }

        // Slowloris: many headers that never end must not keep others from being served.
        std::vector<RawClient> slow(50);
        for (RawClient &client : slow) {
            QVERIFY(client.connect(server.listen));
            client.send("GET /v1/me HTTP/1.1\r\nX: ");
        }
        QCOMPARE(httpCall(server.listen, "GET", "/v1/me").status, 401);
        for (RawClient &client : slow)
            QVERIFY(client.receiveAll(5'000).find("200") == std::string::npos);
    }

    void sigterm_drainsWith4012AndExits0()
    {
        ServerProcess server;
        QVERIFY(server.start());
        std::vector<RawClient> clients(20);
        const std::string token = server.account("drained");
        for (RawClient &client : clients)
            QVERIFY(client.connect(server.listen) && client.upgrade().find("101") != std::string::npos);
        QVERIFY(server.logIn(clients.front(), token));
        QElapsedTimer timer;
        timer.start();
        server.signal(SIGTERM);
        for (RawClient &client : clients) {
            RawFrame frame = client.receive();
            while (frame.opcode == 1)
                frame = client.receive();
            QCOMPARE(frame.closeCode(), 4012);
            QVERIFY(jsonInteger(frame.closeReason(), "retry_after_ms") > 0);
            client.send(RawClient::frame(8, std::string("\x0f\xac", 2), true));
        }
        QVERIFY(server.waitForExit(30'000));
        QCOMPARE(server.exitCode(), 0);
        QVERIFY(timer.elapsed() < 10'000);
        QVERIFY(!QFile::exists(server.path("ready.json")));
    }
    void clientThatIgnoresTheClose_doesNotHoldTheExit()
    {
        ServerProcess server;
        QVERIFY(server.start());
        RawClient deaf;
        QVERIFY(deaf.connect(server.listen) && deaf.upgrade().find("101") != std::string::npos);
        server.signal(SIGINT);
        QVERIFY(server.waitForExit(30'000));
        QCOMPARE(server.exitCode(), 0);
    }

    void stoppedAndContinuedWhileItDrains_itStillExits0()
    {
        ServerProcess server;
        QVERIFY(server.start());
        RawClient deaf;
        QVERIFY(deaf.connect(server.listen) && deaf.upgrade().find("101") != std::string::npos);
        server.signal(SIGTERM);
        QCOMPARE(deaf.receive().closeCode(), 4012); // it drains, and waits for the answer
        server.signal(SIGSTOP);
        const auto isStopped = [&] {
            QFile file(QStringLiteral("/proc/%1/stat").arg(server.pid()));
            return file.open(QIODevice::ReadOnly) && file.readAll().contains(") T ");
        };
        QTRY_VERIFY(isStopped());
        server.signal(SIGCONT);
        QVERIFY(server.waitForExit(30'000));
        QCOMPARE(server.exitCode(), 0);
    }

    void tls_servesBothDoors()
    {
        ServerProcess server;
        QProcess openssl;
        openssl.start(QStringLiteral("openssl"),
                      {QStringLiteral("req"), QStringLiteral("-x509"), QStringLiteral("-newkey"), QStringLiteral("ec"),
                       QStringLiteral("-pkeyopt"), QStringLiteral("ec_paramgen_curve:P-256"), QStringLiteral("-nodes"),
                       QStringLiteral("-keyout"), server.path("key.pem"), QStringLiteral("-out"),
                       server.path("cert.pem"), QStringLiteral("-days"), QStringLiteral("1"), QStringLiteral("-subj"),
                       QStringLiteral("/CN=localhost")});
        QVERIFY(openssl.waitForFinished() && openssl.exitCode() == 0);
        QVERIFY(server.start(ServerProcess::quickSettings(),
                             {QStringLiteral("--tls-cert"), server.path("cert.pem"), QStringLiteral("--tls-key"),
                              server.path("key.pem")},
                             false));
        RawClient client;
        QVERIFY(server.logIn(client, server.account("secure", nullptr, true), true));
        client.sendText("{\"op\":\"heartbeat\",\"id\":\"h\",\"d\":{\"pad\":\"" + std::string(60'000, 'x') + "\"}}");
        QVERIFY(client.receive().payload.find("server_time") != std::string::npos);
        RawClient plain;
        QVERIFY(plain.connect(server.listen));
        plain.send("GET /v1/me HTTP/1.1\r\nHost: x\r\n\r\n");
        QVERIFY(plain.receiveAll(10'000).find("HTTP/1.1 ") == std::string::npos);
        server.signal(SIGTERM);
        QVERIFY(server.waitForExit(30'000));
        QCOMPARE(server.exitCode(), 0);
    }

    void whatMustNotStart_doesNotStart()
    {
        const QTemporaryDir folder;
        const QString data = folder.filePath(QStringLiteral("data"));
        const auto serve = [&](QStringList more, QByteArray *errors = nullptr) {
            return ServerProcess::run(QStringList{QStringLiteral("serve"), QStringLiteral("--data"), data} + more,
                                      errors);
        };
        QByteArray errors;
        for (const char *open : {"0.0.0.0:0", "[::]:0"}) {
            QCOMPARE(
                serve({QStringLiteral("--insecure"), QStringLiteral("--listen"), QString::fromLatin1(open)}, &errors),
                1);
            QVERIFY2(errors.contains("loopback"), errors.constData());
        }
        QCOMPARE(serve({QStringLiteral("--listen"), QStringLiteral("127.0.0.1:0")}, &errors), 1);
        QVERIFY2(errors.contains("--tls-cert"), errors.constData());
        QCOMPARE(serve({QStringLiteral("--insecure"), QStringLiteral("--store"), QStringLiteral("cluster")}, &errors),
                 2);
        QVERIFY(errors.contains("not in this build"));
        QCOMPARE(serve({QStringLiteral("--no-such-option")}), 2);
        QCOMPARE(serve({QStringLiteral("--insecure"), QStringLiteral("--listen"), QStringLiteral("nonsense")}), 2);

        const QString key = data + QStringLiteral("/kithd.key");
        QVERIFY(QFile::exists(key));
        QFile::setPermissions(key, QFile::ReadOwner | QFile::ReadGroup);
        QCOMPARE(
            serve({QStringLiteral("--insecure"), QStringLiteral("--listen"), QStringLiteral("127.0.0.1:0")}, &errors),
            1);
        QVERIFY2(errors.contains("0600"), errors.constData());
        QFile::remove(key);
        QCOMPARE(
            serve({QStringLiteral("--insecure"), QStringLiteral("--listen"), QStringLiteral("127.0.0.1:0")}, &errors),
            1);
        QVERIFY2(errors.contains("missing"), errors.constData());
        QVERIFY(!QFile::exists(key));
    }
    void portInUse_isSaid()
    {
        QByteArray errors;
        const QTemporaryDir folder;
        QCOMPARE(ServerProcess::run({QStringLiteral("serve"), QStringLiteral("--data"), folder.path(),
                                     QStringLiteral("--insecure"), QStringLiteral("--listen"),
                                     QString::fromStdString(m_server.listen), QStringLiteral("--ops-listen"),
                                     QStringLiteral("off")},
                                    &errors),
                 1);
        QVERIFY2(errors.contains("use"), errors.constData());
    }
    void userCommands_workWithoutAServer()
    {
        const QTemporaryDir folder;
        const auto user = [&](QStringList arguments, QByteArray input, QByteArray *out = nullptr) {
            return ServerProcess::run(QStringList{QStringLiteral("user")} + arguments +
                                          QStringList{QStringLiteral("--data"), folder.path()},
                                      out, input);
        };
        QByteArray out;
        QCOMPARE(user({QStringLiteral("add"), QStringLiteral("Mei")}, "a long enough passphrase\n", &out), 0);
        QCOMPARE(user({QStringLiteral("add"), QStringLiteral("mei")}, "a long enough passphrase\n", &out), 1);
        QVERIFY2(out.contains("username_taken"), out.constData());
        QCOMPARE(user({QStringLiteral("add"), QStringLiteral("x")}, "a long enough passphrase\n"), 2);
        QCOMPARE(user({QStringLiteral("add"), QStringLiteral("short")}, "short\n"), 2);
        QCOMPARE(user({QStringLiteral("list")}, {}, &out), 0);
        QVERIFY2(out.contains("mei"), out.constData());
        QCOMPARE(user({QStringLiteral("passwd"), QStringLiteral("mei")}, "another long passphrase\n"), 0);
        QCOMPARE(user({QStringLiteral("mfa-off"), QStringLiteral("mei")}, {}, &out), 1);
        QVERIFY2(out.contains("mfa_not_bound"), out.constData());
        QCOMPARE(user({QStringLiteral("mfa-off"), QStringLiteral("nobody")}, {}), 1);
        QCOMPARE(user({QStringLiteral("audit"), QStringLiteral("mei")}, {}, &out), 0);
        QCOMPARE(user({QStringLiteral("disable"), QStringLiteral("mei")}, {}), 0);
        QCOMPARE(user({QStringLiteral("disable"), QStringLiteral("nobody")}, {}), 1);
        QCOMPARE(ServerProcess::run({QStringLiteral("check"), QStringLiteral("--data"), folder.path()}), 0);
        QCOMPARE(ServerProcess::run({QStringLiteral("version")}, &out), 0);
        QVERIFY(out.contains(KITH_VERSION));
    }
    void secrets_areNotInTheLog()
    {
        const QByteArray log = m_server.errors();
        QVERIFY(!log.contains("passphrase"));
        QVERIFY(!log.contains("eyJ")); // every JWT begins so
    }

private:
    ServerProcess m_server;
};

QTEST_GUILESS_MAIN(TestKithdProcess)
#include "test_kithd_process.moc"
