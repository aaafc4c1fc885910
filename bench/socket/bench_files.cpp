// SPDX-License-Identifier: GPL-3.0-or-later
// Files: how fast one connection uploads and downloads, what kithd's memory does meanwhile, and what messages feel of
// it: send to receive at 1,000 a second alone and beside an upload of 100 MiB, by turns in one run.
#include "bench/socket/bench_server.h"

#include "core/crypto/crypto.h"

#include <atomic>
#include <cstdio>
#include <thread>

using namespace kith::bench;
using kith::test::RawClient;

namespace {

constexpr std::size_t kFileBytes = 100 * 1024 * 1024;
constexpr std::size_t kChunk = 1024 * 1024;
constexpr int kRate = 1000;
constexpr int kAlone = 5000; // messages
constexpr int kMost = 200'000;
constexpr int kRounds = 3;

std::string header(const char *method, const std::string &path, const std::string &token, std::size_t body,
                   const std::string &more = {})
{
    return std::string(method) + " " + path + " HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer " + token +
           "\r\nContent-Length: " + std::to_string(body) + "\r\n" + more + "\r\n";
}

/// Uploads that many random bytes and returns the id; `seconds` without the making of them.
std::string upload(const BenchServer &server, const std::string &token, double &seconds)
{
    const std::string bytes = kith::crypto::randomBytes(kFileBytes);
    const std::string hash = kith::crypto::toHex(kith::crypto::sha256(bytes));
    RawClient client;
    if (!client.connect(server.listen()))
        give_up("no connection");
    const std::string body = R"({"name":"bench","size":)" + std::to_string(kFileBytes) +
                             R"(,"mime":"application/octet-stream","sha256":")" + hash + R"(","chunk":)" +
                             std::to_string(kChunk) + "}";
    const auto start = SteadyClock::now();
    client.send(header("POST", "/v1/files", token, body.size()) + body);
    const std::string id = kith::test::jsonString(client.receiveResponse(20'000), "id");
    if (id.empty())
        give_up("the upload was refused");
    for (std::size_t at = 0; at < kFileBytes; at += kChunk) {
        client.send(header("PATCH", "/v1/files/" + id, token, kChunk, "Upload-Offset: " + std::to_string(at) + "\r\n"));
        client.send(std::string_view(bytes).substr(at, kChunk));
        if (client.receiveResponse(20'000).find(" 204 ") == std::string::npos)
            give_up("a piece was refused");
    }
    seconds = secondsSince(start);
    return id;
}

void download(const BenchServer &server, const std::string &token, const std::string &id)
{
    RawClient client;
    if (!client.connect(server.listen()))
        give_up("no connection");
    const auto start = SteadyClock::now();
    client.send(header("GET", "/v1/files/" + id, token, 0, "Connection: close\r\n"));
    std::size_t got = 0;
    while (const auto part = client.receiveSome(20'000))
        got += part->size();
    if (got < kFileBytes)
        give_up("the download broke off");
    std::printf("  download              %10.0f MB/s\n", static_cast<double>(kFileBytes) / 1e6 / secondsSince(start));
}

struct People {
    BenchServer::Account receiver;
    RawClient to, from;
    int next = 0;
    std::vector<SteadyClock::time_point> sentAt;
};

/// Sends at kRate until `enough` says so; milliseconds from each send to the receiver's socket.
template <class Enough>
std::vector<double> timed(People &people, Enough enough)
{
    auto &sentAt = people.sentAt;
    const int first = people.next;
    std::vector<double> took;
    std::atomic<int> end = kMost;
    std::thread reading([&] {
        while (first + static_cast<int>(took.size()) < end) {
            const auto got = people.to.receive(20'000);
            const auto now = SteadyClock::now();
            if (got.opcode != 1)
                give_up("the receiver's socket ended");
            if (const auto seq = got.payload.rfind("\"seq\":"); seq != std::string::npos) // else all comes again
                people.to.sendText(R"({"op":"ack","d":[{"conversation":")" +
                                   kith::test::jsonString(got.payload, "conversation") + R"(","seq":)" +
                                   std::to_string(std::atoll(got.payload.c_str() + seq + 6)) + "}]}");
            for (auto at = got.payload.find("\"body\":\"t"); at != std::string::npos;
                 at = got.payload.find("\"body\":\"t", at + 9)) {
                const int number = std::atoi(got.payload.c_str() + at + 9);
                if (number != first + static_cast<int>(took.size()))
                    continue; // of a head, or sent again
                took.push_back(
                    std::chrono::duration<double, std::milli>(now - sentAt[static_cast<std::size_t>(number)]).count());
            }
        }
    });
    std::thread answers([&] {
        for (int answered = first; answered < end;) {
            const auto got = people.from.receive(20'000);
            if (got.opcode != 1)
                give_up("the sender's socket ended");
            for (auto at = got.payload.find("\"op\":\"accepted\""); at != std::string::npos;
                 at = got.payload.find("\"op\":\"accepted\"", at + 10))
                ++answered;
        }
    });
    const auto start = SteadyClock::now();
    for (;;) {
        const int i = people.next++;
        std::this_thread::sleep_until(start + (i - first) * std::chrono::microseconds(1'000'000 / kRate));
        const bool last = enough(people.next - first) || people.next == kMost;
        if (last)
            end = people.next;
        sentAt[static_cast<std::size_t>(i)] = SteadyClock::now();
        people.from.sendText(R"({"op":"send","id":"s","d":{"to":")" + people.receiver.id + R"(","cid":")" +
                             uuidOf(900'000'000 + i) + R"(","kind":"text","body":"t)" + std::to_string(i) + "\"}}");
        if (last)
            break;
    }
    reading.join();
    answers.join();
    return took;
}

void show(const char *what, std::vector<double> took)
{
    std::printf("  %-21s p50 %7.2f ms   p99 %7.2f ms   most %7.2f ms   (%zu messages)\n", what, percentile(took, 0.5),
                percentile(took, 0.99), percentile(took, 1.0), took.size());
}

} // namespace

int main()
{
    BenchServer server;
    const auto uploader = server.account("uploader");
    std::printf("files of 100 MiB, one connection, chunks of 1 MiB\n");
    const long long before = residentBytes(server.pid());
    double seconds = 0;
    std::string id = upload(server, uploader.token, seconds);
    std::printf("  upload                %10.0f MB/s\n", static_cast<double>(kFileBytes) / 1e6 / seconds);
    download(server, uploader.token, id);
    std::printf("  kithd's memory grew   %10.1f MB   (the page caches of the store are 96 MiB when full)\n",
                static_cast<double>(residentBytes(server.pid()) - before) / 1e6);

    People people{server.account("timed-to"), {}, {}, 0, std::vector<SteadyClock::time_point>(kMost)};
    people.to = server.socket(people.receiver);
    people.from = server.socket(server.account("timed-from"));
    std::printf("send to receive, loopback, durable, %d/s\n", kRate);
    for (int round = 0; round < kRounds; ++round) {
        show("alone", timed(people, [](int sent) { return sent >= kAlone; }));
        const auto other = server.account("uploader" + std::to_string(round));
        std::atomic<bool> done = false;
        double beside = 0;
        std::thread uploading([&] {
            upload(server, other.token, beside);
            done = true;
        });
        show("beside an upload", timed(people, [&](int) { return done.load(); }));
        uploading.join();
        std::printf("  upload beside them    %10.0f MB/s\n", static_cast<double>(kFileBytes) / 1e6 / beside);
    }
    return 0;
}
