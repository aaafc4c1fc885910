// SPDX-License-Identifier: GPL-3.0-or-later
// Files on the real kithd: killed in the middle of uploads, read by the slow, sent by the hostile; and nothing of them
// in plain on the disk.
#include "core/base/file_limits.h"
#include "core/crypto/crypto.h"
#include "tests/pictures.h"
#include "tests/server/gateway/server_process.h"

#include <QDir>
#include <QDirIterator>

#include <algorithm>
#include <random>
#include <vector>

using namespace kith;
using namespace kith::test;

namespace {

/// Bytes that would be recognised anywhere: compressible text in the middle of noise.
constexpr const char *kMark = "this very sentence must never be found in plain on a disk ";

std::string marked(std::size_t size)
{
    std::string bytes = crypto::randomBytes(size);
    const std::string mark(kMark);
    for (std::size_t at = 0; at + mark.size() <= size; at += 50'000)
        bytes.replace(at, mark.size(), mark);
    return bytes;
}

std::string headerOf(const std::string &response, const std::string &name)
{
    const auto end = response.find("\r\n\r\n");
    const auto at = response.find("\r\n" + name + ": ");
    if (at == std::string::npos || at > end)
        return {};
    const auto from = at + name.size() + 4;
    return response.substr(from, response.find("\r\n", from) - from);
}

int statusOf(const std::string &response)
{
    return response.size() > 12 ? std::atoi(response.c_str() + 9) : 0;
}

std::string bodyOf(const std::string &response)
{
    const auto end = response.find("\r\n\r\n");
    return end == std::string::npos ? std::string() : response.substr(end + 4);
}

#if defined(__SANITIZE_ADDRESS__)
constexpr long kMostGrownKib = 128 * 1024; // AddressSanitizer keeps what was freed for a while
#else
constexpr long kMostGrownKib = 24 * 1024;
#endif

/// One connection with a token that goes from request to request.
struct Caller {
    std::string endpoint, token;
    RawClient client{};

    std::string head(const std::string &method, const std::string &path, const std::string &more) const
    {
        return method + " " + path + " HTTP/1.1\r\nHost: test\r\n" +
               (token.empty() ? std::string() : "Authorization: Bearer " + token + "\r\n") + more + "\r\n";
    }
    bool sendOnly(const std::string &method, const std::string &path, const std::string &body, const std::string &more)
    {
        if (!client.connected() && !client.connect(endpoint))
            return false;
        return client.send(head(method, path, "Content-Length: " + std::to_string(body.size()) + "\r\n" + more) + body);
    }
    std::string call(const std::string &method, const std::string &path, const std::string &body = {},
                     const std::string &more = {})
    {
        if (!sendOnly(method, path, body, more))
            return {};
        return client.receiveResponse(20'000, method == "HEAD");
    }
    std::string announce(const std::string &bytes, const std::string &mime = "application/octet-stream")
    {
        const auto answer = call("POST", "/v1/files",
                                 R"({"name":"a","size":)" + std::to_string(bytes.size()) + R"(,"mime":")" + mime +
                                     R"(","sha256":")" + crypto::toHex(crypto::sha256(bytes)) + R"(","chunk":)" +
                                     std::to_string(limits::kMaxFileChunk) + "}");
        return jsonString(answer, "id");
    }
    std::string patch(const std::string &id, std::size_t offset, const std::string &bytes)
    {
        return call("PATCH", "/v1/files/" + id, bytes, "Upload-Offset: " + std::to_string(offset) + "\r\n");
    }
    std::string upload(const std::string &bytes, const std::string &mime = "application/octet-stream")
    {
        const std::string id = announce(bytes, mime);
        const auto chunk = static_cast<std::size_t>(limits::kMaxFileChunk);
        for (std::size_t at = 0; at < bytes.size(); at += chunk)
            if (statusOf(patch(id, at, bytes.substr(at, chunk))) != 204)
                return {};
        return id;
    }
};

QStringList filesWithMark(const std::string &folder)
{
    QStringList found;
    QDirIterator files(QString::fromStdString(folder), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        QFile file(files.next());
        if (file.open(QIODevice::ReadOnly) && file.readAll().contains(kMark))
            found << file.fileName();
    }
    return found;
}

long residentKib(qint64 pid)
{
    QFile status(QStringLiteral("/proc/%1/status").arg(pid));
    if (!status.open(QIODevice::ReadOnly))
        return -1;
    const QByteArray text = status.readAll();
    const auto at = text.indexOf("VmRSS:");
    return at < 0 ? -1 : text.mid(at + 6, text.indexOf("kB", at) - at - 6).trimmed().toLong();
}

qsizetype descriptors(qint64 pid)
{
    return QDir(QStringLiteral("/proc/%1/fd").arg(pid))
        .entryList(QDir::NoDotAndDotDot | QDir::AllEntries | QDir::System)
        .size();
}

std::int64_t metric(const ServerProcess &server, const std::string &name)
{
    const std::string page = httpCall(server.ops, "GET", "/metrics").body;
    const auto at = page.find("\n" + name + " ");
    return at == std::string::npos ? -1 : static_cast<std::int64_t>(std::atof(page.c_str() + at + name.size() + 2));
}

} // namespace

class TestKithdFiles final : public QObject {
    Q_OBJECT
private slots:
    void sigkillDuringUploads_losesNothingThatWasAnswered()
    {
        constexpr std::size_t kSize = 6'000'001;
        ServerProcess server;
        const std::string bytes = marked(kSize);
        std::mt19937 random(21);
        std::string id;
        std::size_t answered = 0;
        int kills = 0;
        for (bool complete = false; !complete;) {
            QVERIFY(server.start());
            Caller caller{server.listen, server.account("sender")};
            if (id.empty())
                id = caller.announce(bytes);
            QVERIFY(!id.empty());
            const std::string there = caller.call("HEAD", "/v1/files/" + id);
            QCOMPARE(statusOf(there), 200);
            QCOMPARE(headerOf(there, "Upload-Length"), std::to_string(kSize));
            auto at = static_cast<std::size_t>(std::atoll(headerOf(there, "Upload-Offset").c_str()));
            QVERIFY2(at >= answered, "an answered piece is gone");
            QVERIFY(caller.announce(bytes) == id || at == kSize);
            // Killed after some answers, with a piece on its way whose answer nobody waits for.
            int pieces = std::uniform_int_distribution<int>(0, 4)(random);
            for (; at < kSize && pieces > 0; --pieces) {
                const auto size = std::uniform_int_distribution<std::size_t>(4096, 400'000)(random);
                const std::string taken = caller.patch(id, at, bytes.substr(at, size));
                QCOMPARE(statusOf(taken), 204);
                at = static_cast<std::size_t>(std::atoll(headerOf(taken, "Upload-Offset").c_str()));
                answered = at;
            }
            complete = at == kSize;
            if (!complete) {
                const auto size = static_cast<std::size_t>(limits::kMaxFileChunk);
                QVERIFY(caller.sendOnly("PATCH", "/v1/files/" + id, bytes.substr(at, size),
                                        "Upload-Offset: " + std::to_string(at) + "\r\n"));
                Caller watcher{server.listen, caller.token};
                const auto stored = [&] {
                    const std::string state = watcher.call("HEAD", "/v1/files/" + id);
                    return static_cast<std::size_t>(std::atoll(headerOf(state, "Upload-Offset").c_str()));
                };
                if (kills % 2 == 0) // as soon as the first part of it is stored, most likely with others on their way
                    QVERIFY(QTest::qWaitFor([&] { return stored() > at; }, 10'000));
                QVERIFY(filesWithMark(server.data()).isEmpty()); // the log and whatever lies beside it
                ++kills;
                server.signal(SIGKILL);
                QVERIFY(server.waitForExit(10'000));
                QVERIFY(filesWithMark(server.data()).isEmpty());
            }
        }
        Caller caller{server.listen, server.account("sender")};
        const std::string whole = caller.call("GET", "/v1/files/" + id);
        QCOMPARE(statusOf(whole), 200);
        QVERIFY(bodyOf(whole) == bytes);
        QVERIFY(filesWithMark(server.data()).isEmpty());
        QVERIFY2(kills >= 3, "too few kills to mean anything");
        qInfo("%d kills", kills);
    }
    void backup_holdsTheFiles()
    {
        ServerProcess server;
        QVERIFY(server.start());
        const std::string bytes = marked(400'000);
        const std::string token = server.account("keeper");
        const std::string id = Caller{server.listen, token}.upload(bytes);
        QVERIFY(!id.empty());
        const QString data = QString::fromStdString(server.data()), backup = server.path("backup");
        QByteArray said;
        QVERIFY2(ServerProcess::run({QStringLiteral("backup"), backup, QStringLiteral("--data"), data}, &said) == 0,
                 said.constData());
        const std::string later = Caller{server.listen, token}.upload(marked(100'000));
        server.kill();
        QVERIFY(filesWithMark(backup.toStdString()).isEmpty());
        QVERIFY2(ServerProcess::run({QStringLiteral("restore"), backup, QStringLiteral("--data"), data}, &said) == 0,
                 said.constData());
        QVERIFY(server.start());
        Caller caller{server.listen, server.account("keeper")};
        QVERIFY(bodyOf(caller.call("GET", "/v1/files/" + id)) == bytes);
        QCOMPARE(statusOf(caller.call("GET", "/v1/files/" + later)), 404);
    }
    void oneConnection_carriesManyCalls()
    {
        ServerProcess server;
        QVERIFY(server.start());
        Caller caller{server.listen, server.account("reader")};
        const std::string bytes = marked(700'000);
        const std::string id = caller.upload(bytes);
        for (int round = 0; round < 3; ++round) {
            QVERIFY(bodyOf(caller.call("GET", "/v1/files/" + id)) == bytes);
            const std::string part = caller.call("GET", "/v1/files/" + id, {}, "Range: bytes=131000-262200\r\n");
            QCOMPARE(statusOf(part), 206);
            QCOMPARE(headerOf(part, "Content-Range"), std::string("bytes 131000-262200/700000"));
            QVERIFY(bodyOf(part) == bytes.substr(131'000, 131'201));
            const std::string head = caller.call("HEAD", "/v1/files/" + id);
            QCOMPARE(headerOf(head, "Content-Length"), std::string("700000"));
            QCOMPARE(headerOf(head, "Content-Type"), std::string("application/octet-stream"));
            QCOMPARE(headerOf(head, "X-Content-Type-Options"), std::string("nosniff"));
            QCOMPARE(statusOf(caller.call("GET", "/v1/me")), 200);
        }
        QCOMPARE(metric(server, "kithd_files_stored_total"), 1);
        QCOMPARE(metric(server, "kithd_file_bytes_received_total"), 700'000);
        QCOMPARE(metric(server, "kithd_file_bytes_sent_total"), 3 * (700'000 + 131'201));
    }
    void readersThatDoNotRead_costNoMemoryAndAreCut()
    {
        constexpr std::size_t kSize = 24 * 1024 * 1024;
        constexpr int kReaders = 6;
        ServerProcess server;
        QVERIFY(server.start());
        Caller caller{server.listen, server.account("reader")};
        const std::string id = caller.upload(marked(kSize));
        QVERIFY(!id.empty());
        QVERIFY(bodyOf(caller.call("GET", "/v1/files/" + id)).size() == kSize); // now its pages are in the caches
        const auto before = descriptors(server.pid());
        const long memory = residentKib(server.pid());
        std::vector<Caller> readers;
        for (int i = 0; i < kReaders; ++i) {
            readers.push_back(Caller{server.listen, caller.token});
            readers.back().client.setReceiveBuffer(16 * 1024);
            QVERIFY(readers.back().sendOnly("GET", "/v1/files/" + id, {}, {}));
            QVERIFY(readers.back().client.receiveSome(10'000, 1000));
        }
        std::int64_t sent = -1;
        QVERIFY(QTest::qWaitFor(
            [&] {
                const auto now = metric(server, "kithd_file_bytes_sent_total");
                return std::exchange(sent, now) == now; // it has stopped reading for them
            },
            20'000));
        const long grown = residentKib(server.pid()) - memory;
        QVERIFY2(grown < kMostGrownKib, ("grew by KiB: " + std::to_string(grown)).c_str()); // of 147,456 asked for
        // Others are served meanwhile; then those who take nothing lose their connection.
        QCOMPARE(statusOf(caller.call("GET", "/v1/me")), 200);
        caller.client.close();
        QVERIFY(QTest::qWaitFor([&] { return descriptors(server.pid()) < before; }, 90'000));
        QVERIFY(readers[0].client.receiveAll(10'000).size() < kSize);
    }
    void readersThatDoNotRead_doNotHoldADrainUp()
    {
        constexpr std::size_t kSize = 24 * 1024 * 1024;
        ServerProcess server;
        QVERIFY(server.start());
        Caller caller{server.listen, server.account("reader")};
        const std::string id = caller.upload(marked(kSize));
        caller.client.setReceiveBuffer(16 * 1024);
        QVERIFY(caller.sendOnly("GET", "/v1/files/" + id, {}, {}));
        QVERIFY(caller.client.receiveSome(10'000, 1000));
        server.signal(SIGTERM);
        QVERIFY(server.waitForExit(60'000));
        QCOMPARE(server.exitCode(), 0);
        const QByteArray said = server.errors();
        QVERIFY(said.contains("draining"));
        QVERIFY2(!said.contains("are left after draining"), said.constData());
    }
    void bodiesThatDoNotCome_loseTheirPlace()
    {
        ServerProcess server;
        QVERIFY(server.start());
        Caller caller{server.listen, server.account("slow")};
        const std::string bytes = marked(1'000'000), id = caller.announce(bytes);
        caller.client.close();
        QVERIFY(caller.client.connect(server.listen));
        QVERIFY(caller.client.send(
            caller.head("PATCH", "/v1/files/" + id, "Upload-Offset: 0\r\nContent-Length: 1000000\r\n") +
            bytes.substr(0, 100'000)));
        QVERIFY(caller.client.receiveAll(60'000).empty());
        QCOMPARE(statusOf(Caller{server.listen, caller.token}.patch(id, 0, bytes)), 204);
    }
    void hostileBodies_areRefusedBeforeTheyAreRead()
    {
        ServerProcess server;
        QVERIFY(server.start());
        const std::string token = server.account("hostile");
        const std::string bytes = marked(3'000'000);
        const std::string id = Caller{server.listen, token}.announce(bytes);
        const std::string path = "/v1/files/" + id, offset = "Upload-Offset: 0\r\n";
        // Only the header goes out: an answer means that nothing more was waited for.
        const auto answerTo = [&](const std::string &method, const std::string &target, const std::string &more,
                                  const std::string &bearer) {
            Caller caller{server.listen, bearer};
            if (!caller.client.connect(server.listen) || !caller.client.send(caller.head(method, target, more)))
                return std::string();
            return caller.client.receiveResponse(10'000);
        };
        QCOMPARE(statusOf(answerTo("PATCH", path, offset + "Content-Length: 1048577\r\n", token)), 413);
        QCOMPARE(statusOf(answerTo("PATCH", path, offset + "Content-Length: 99999999999999\r\n", token)), 413);
        QCOMPARE(statusOf(answerTo("PATCH", path, offset + "Content-Length: -1\r\n", token)), 400);
        QCOMPARE(statusOf(answerTo("PATCH", path, offset + "Content-Length: 1000000\r\n", "")), 401);
        QCOMPARE(statusOf(answerTo("PATCH", path, offset + "Content-Length: 1000000\r\n", "a.b.c")), 401);
        QCOMPARE(statusOf(answerTo("PATCH", path, offset + "Transfer-Encoding: chunked\r\n", "")), 401);
        QCOMPARE(statusOf(answerTo("PATCH", "/v1/me", "Content-Length: 65537\r\n", token)), 413);
        QCOMPARE(statusOf(answerTo("POST", "/v1/files", "Content-Length: 65537\r\n", token)), 413);
        QCOMPARE(statusOf(answerTo("GET", path, "Content-Length: 65537\r\n", token)), 413);
        const std::string waiting = "Content-Length: 1000000\r\nExpect: 100-continue\r\n";
        QCOMPARE(statusOf(answerTo("PATCH", path, offset + waiting, "")), 401);
        QCOMPARE(statusOf(answerTo("PATCH", path, offset + waiting, token)), 100);

        Caller chunked{server.listen, token};
        QVERIFY(chunked.client.connect(server.listen));
        chunked.client.send(chunked.head("POST", "/v1/files", "Transfer-Encoding: chunked\r\n") + "20000\r\n" +
                            std::string(0x20000, ' '));
        QCOMPARE(statusOf(chunked.client.receiveResponse(10'000)), 413);

        Caller caller{server.listen, token};
        const auto patched = [&](const std::string &more) {
            return statusOf(caller.call("PATCH", path, bytes.substr(0, 5000), more));
        };
        QCOMPARE(patched({}), 400);
        QCOMPARE(patched("Upload-Offset: 0\r\nUpload-Offset: 0\r\n"), 400);
        QCOMPARE(patched("Upload-Offset: 0x0\r\n"), 400);
        QCOMPARE(patched("Upload-Offset: 99999999999999999999\r\n"), 400);
        QCOMPARE(patched("Upload-Offset: 9007199254740991\r\n"), 409);
        QCOMPARE(patched("upload-offset: 0\r\n"), 204);
        for (const char *odd :
             {"/v1/files/", "/v1/files/..", "/v1/files/%2e%2e%2fkithd.key", "/v1/files/../../kithd.key",
              "/v1/files//etc/passwd", "/v1/files/%00", "/v1/files/x/y"}) {
            const int status = statusOf(caller.call("GET", odd));
            QVERIFY2(status == 404 || status == 400, odd);
            caller.client.close(); // a bad escape ends the connection
        }
    }
    void bodiesInFlight_areBoundedForEachUser()
    {
        ServerProcess server;
        QVERIFY(server.start());
        const std::string token = server.account("greedy");
        const std::string id = Caller{server.listen, token}.announce(marked(1'000'000));
        const auto begin = [&](Caller &caller) {
            return caller.client.connect(server.listen) &&
                   caller.client.send(
                       caller.head("PATCH", "/v1/files/" + id,
                                   "Upload-Offset: 0\r\nContent-Length: 1000000\r\nExpect: 100-continue\r\n"));
        };
        std::vector<Caller> slow;
        for (int i = 0; i < 4; ++i)
            slow.push_back(Caller{server.listen, token});
        for (Caller &caller : slow) {
            QVERIFY(begin(caller));
            QCOMPARE(statusOf(caller.client.receiveResponse(10'000)), 100);
        }
        Caller fifth{server.listen, token};
        QVERIFY(begin(fifth));
        const std::string refused = fifth.client.receiveResponse(10'000);
        QCOMPARE(statusOf(refused), 429);
        QVERIFY(!headerOf(refused, "Retry-After").empty());
        slow.clear(); // their places are free when the server has seen that they are gone
        QVERIFY(QTest::qWaitFor(
            [&] {
                Caller again{server.listen, token};
                return begin(again) && statusOf(again.client.receiveResponse(10'000)) == 100;
            },
            20'000));
    }
};

QTEST_GUILESS_MAIN(TestKithdFiles)
#include "test_kithd_files.moc"
