// SPDX-License-Identifier: GPL-3.0-or-later
// Durable private messages: how many a second when sends are pipelined, and how long one takes from the sender's send
// to the receiver's socket at 1,000 a second. Aim: 23,000/s; p50 2 ms, p99 10 ms (DESIGN §7).
#include "bench/socket/bench_server.h"

#include <atomic>
#include <cstdio>
#include <thread>

using namespace kith::bench;
using kith::test::RawClient;

namespace {

constexpr int kSenders = 8;
constexpr int kPerSender = 5000;
constexpr int kWindow = 200; // sends of one connection that wait for their answer
constexpr int kRate = 1000;
constexpr int kTimed = 5000;

int occurrences(const std::string &text, const char *needle)
{
    int count = 0;
    const std::size_t length = std::char_traits<char>::length(needle);
    for (auto at = text.find(needle); at != std::string::npos; at = text.find(needle, at + length))
        ++count;
    return count;
}

std::string sendEnvelope(const std::string &to, int cid, const std::string &body)
{
    return R"({"op":"send","id":"s","d":{"to":")" + to + R"(","cid":")" + uuidOf(cid) + R"(","kind":"text","body":")" +
           body + "\"}}";
}

void throughput(BenchServer &server)
{
    std::vector<RawClient> senders;
    std::vector<std::string> receivers;
    for (int i = 0; i < kSenders; ++i) {
        senders.push_back(server.socket(server.account("from" + std::to_string(i))));
        receivers.push_back(server.account("to" + std::to_string(i)).id);
    }
    const auto start = SteadyClock::now();
    std::vector<std::thread> threads;
    std::atomic<int> accepted = 0;
    for (int t = 0; t < kSenders; ++t) {
        threads.emplace_back([&, t] {
            RawClient &client = senders[static_cast<std::size_t>(t)];
            int sent = 0;
            int answered = 0;
            while (answered < kPerSender) {
                std::string frame;
                while (sent < kPerSender && sent - answered < kWindow && frame.size() < 32'000) {
                    frame += (frame.empty() ? "[" : ",") + sendEnvelope(receivers[static_cast<std::size_t>(t)],
                                                                        (t + 1) * 1'000'000 + sent,
                                                                        "hello, how are you today?");
                    ++sent;
                }
                if (!frame.empty())
                    client.sendText(frame + "]");
                const auto got = client.receive(20'000);
                if (got.opcode != 1 || got.payload.find("\"error\"") != std::string::npos)
                    give_up("a send failed: " + got.payload.substr(0, 200));
                answered += occurrences(got.payload, "\"op\":\"accepted\"");
            }
            accepted += answered;
        });
    }
    for (auto &thread : threads)
        thread.join();
    const double seconds = secondsSince(start);
    std::printf("durable private messages, %d connections, pipelined by %d\n", kSenders, kWindow);
    std::printf("  accepted              %10.0f /s   (aim: 23,000 = ejabberd that saves nothing; with archive 1,450)\n",
                accepted / seconds);
}

void latency(BenchServer &server)
{
    const auto receiver = server.account("timed-to");
    RawClient to = server.socket(receiver);
    RawClient from = server.socket(server.account("timed-from"));
    std::vector<SteadyClock::time_point> sentAt(kTimed);
    std::vector<double> took;
    took.reserve(kTimed);
    std::atomic<int> sent = 0;
    std::thread reading([&] {
        while (took.size() < kTimed) {
            const auto got = to.receive(20'000);
            const auto now = SteadyClock::now();
            if (got.opcode != 1)
                give_up("the receiver's socket ended");
            for (auto at = got.payload.find("\"body\":\"t"); at != std::string::npos;
                 at = got.payload.find("\"body\":\"t", at + 9)) {
                const int number = std::atoi(got.payload.c_str() + at + 9);
                took.push_back(
                    std::chrono::duration<double, std::milli>(now - sentAt[static_cast<std::size_t>(number)]).count());
            }
        }
    });
    std::thread answers([&] {
        int answered = 0;
        while (answered < kTimed) {
            const auto got = from.receive(20'000);
            if (got.opcode != 1)
                give_up("the sender's socket ended");
            answered += occurrences(got.payload, "\"op\":\"accepted\"");
        }
    });
    const auto start = SteadyClock::now();
    for (int i = 0; i < kTimed; ++i) {
        std::this_thread::sleep_until(start + i * std::chrono::microseconds(1'000'000 / kRate));
        sentAt[static_cast<std::size_t>(i)] = SteadyClock::now();
        from.sendText(sendEnvelope(receiver.id, 900'000'000 + i, "t" + std::to_string(i)));
    }
    reading.join();
    answers.join();
    std::printf("send to receive, loopback, durable, %d/s\n", kRate);
    std::printf("  p50                   %10.2f ms   (aim: 2; ejabberd with archive 3.8)\n", percentile(took, 0.5));
    std::printf("  p99                   %10.2f ms   (aim: 10; ejabberd with archive 58)\n", percentile(took, 0.99));
}

} // namespace

int main()
{
    BenchServer server;
    throughput(server);
    latency(server);
    return 0;
}
