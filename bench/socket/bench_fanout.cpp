// SPDX-License-Identifier: GPL-3.0-or-later
// Deliveries per second in a group of 1,000 connections: kithd (durable, ordered, batched) against a bare epoll
// broadcaster that writes the same bytes and does nothing else, in one run. Aim: at least 70 % (DESIGN §7).
#include "bench/socket/bench_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstring>
#include <thread>

using namespace kith::bench;
using kith::test::RawClient;

namespace {

constexpr int kMembers = 1000;
constexpr int kMessages = 8000;
constexpr int kPerFrame = 50;
constexpr int kRounds = 5; // in turns: the machine's mood falls on both
constexpr double kTimeout = 120;

/// Two threads, as kithd has on two cores; each writes to its half whatever the log has beyond what a peer got. Writes
/// are merged: this is the floor, not a straw man.
class Broadcaster final {
public:
    explicit Broadcaster(std::size_t peers) : m_accepting(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        if (::bind(m_accepting, reinterpret_cast<sockaddr *>(&address), sizeof address) != 0 ||
            ::listen(m_accepting, 1024) != 0 ||
            ::getsockname(m_accepting, reinterpret_cast<sockaddr *>(&address), &size) != 0)
            give_up("no broadcaster");
        m_endpoint = "127.0.0.1:" + std::to_string(ntohs(address.sin_port));
        m_peers.reserve(peers);
    }
    ~Broadcaster()
    {
        m_stop = true;
        for (auto &thread : m_threads)
            thread.join();
        for (const Peer &peer : m_peers)
            ::close(peer.descriptor);
        ::close(m_accepting);
    }
    const std::string &endpoint() const { return m_endpoint; }
    void acceptOne()
    {
        const int descriptor = ::accept4(m_accepting, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
        const int on = 1;
        ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        m_peers.push_back({descriptor, 0});
    }
    /// `log` grows up to `*available`; it is never moved.
    void start(const std::string &log, const std::atomic<std::size_t> &available, std::size_t threads)
    {
        for (std::size_t t = 0; t < threads; ++t)
            m_threads.emplace_back([this, &log, &available, t, threads] { run(log, available, t, threads); });
    }

private:
    struct Peer {
        int descriptor;
        std::size_t sent;
    };
    void run(const std::string &log, const std::atomic<std::size_t> &available, std::size_t first, std::size_t step)
    {
        const int poller = ::epoll_create1(EPOLL_CLOEXEC);
        for (std::size_t i = first; i < m_peers.size(); i += step) {
            epoll_event event{};
            event.events = EPOLLOUT | EPOLLET;
            event.data.u64 = i;
            ::epoll_ctl(poller, EPOLL_CTL_ADD, m_peers[i].descriptor, &event);
        }
        std::vector<epoll_event> events(64);
        std::size_t seen = 0;
        while (!m_stop) {
            const std::size_t now = available.load(std::memory_order_acquire);
            if (now != seen) {
                for (std::size_t i = first; i < m_peers.size(); i += step)
                    write(m_peers[i], log, now);
                seen = now;
            }
            const int ready = ::epoll_wait(poller, events.data(), 64, now == available ? 1 : 0);
            for (int i = 0; i < ready; ++i)
                write(m_peers[events[static_cast<std::size_t>(i)].data.u64], log, now);
        }
        ::close(poller);
    }
    static void write(Peer &peer, const std::string &log, std::size_t end)
    {
        while (peer.sent < end) {
            const ssize_t count = ::send(peer.descriptor, log.data() + peer.sent, end - peer.sent, MSG_NOSIGNAL);
            if (count <= 0)
                return;
            peer.sent += static_cast<std::size_t>(count);
        }
    }

    int m_accepting;
    std::string m_endpoint;
    std::vector<Peer> m_peers;
    std::vector<std::thread> m_threads;
    std::atomic<bool> m_stop = false;
};

std::string envelopeOf(const std::string &conversation, int number)
{
    const std::string body =
        number == kMessages ? "the-very-last-one" : "message number " + std::to_string(number) + " of a lively group";
    return R"({"op":"send","id":"s)" + std::to_string(number) + R"(","d":{"conversation":")" + conversation +
           R"(","cid":")" + uuidOf(number) + R"(","kind":"text","body":")" + body + "\"}}";
}

/// Waits while the receivers are more than 800 messages behind: a group does not type faster than it reads, and kithd
/// would tell those who lag so (send queues are bounded).
void pace(const Sink &sink, int sent)
{
    constexpr long long kLeast = 200; // bytes of a message on the wire, at least
    while (sent - sink.bytes() / kMembers / kLeast > 800)
        std::this_thread::sleep_for(std::chrono::microseconds(200));
}

struct Run {
    double seconds = 0;
    long long bytes = 0;
};

/// A fresh server with its group; the time from the first frame sent to the last delivery.
Run runKith()
{
    Run result;
    BenchServer server;
    std::vector<BenchServer::Account> accounts;
    std::vector<RawClient> sockets;
    for (int i = 0; i < kMembers; ++i) {
        accounts.push_back(server.account("member" + std::to_string(i)));
        sockets.push_back(server.socket(accounts.back()));
    }
    RawClient sender = server.socket(server.account("sender"));
    const auto ask = [&](const std::string &frame, const std::string &id) {
        sender.sendText(frame);
        for (;;) {
            const auto got = sender.receive(20'000);
            if (got.opcode != 1)
                give_up("the sender's socket ended");
            const auto at = got.payload.find("\"id\":\"" + id + "\"");
            if (at != std::string::npos)
                return got.payload;
        }
    };
    const auto userList = [&](int from, int to) {
        std::string list;
        for (int i = from; i < to; ++i)
            list += (list.empty() ? "\"" : ",\"") + accounts[static_cast<std::size_t>(i)].id + "\"";
        return "[" + list + "]";
    };
    const std::string made =
        ask(R"({"op":"conversation.create","id":"c","d":{"name":"bench","members":)" + userList(0, 400) + "}}", "c");
    const std::string conversation = kith::test::jsonString(made, "conversation");
    if (conversation.empty())
        give_up("no group: " + made);
    for (int from = 400; from < kMembers; from += 400) {
        const std::string answer = ask(R"({"op":"conversation.invite","id":"i","d":{"conversation":")" + conversation +
                                           R"(","users":)" + userList(from, std::min(from + 400, kMembers)) + "}}",
                                       "i");
        if (answer.find("\"error\"") != std::string::npos)
            give_up("no invitation: " + answer);
    }
    Sink sink("the-very-last-one");
    for (RawClient &socket : sockets)
        sink.add(socket.descriptor());
    std::thread sending([&] {
        std::string frame;
        for (int i = 1; i <= kMessages; ++i) {
            frame += (frame.empty() ? "[" : ",") + envelopeOf(conversation, i);
            if (i % kPerFrame == 0) {
                sender.sendText(frame + "]");
                frame.clear();
                pace(sink, i);
                while (sender.receiveSome(0)) { // keep its own answers from filling up
                }
            }
        }
    });
    result.seconds = sink.run(kTimeout);
    sending.join();
    result.bytes = sink.bytes();
    if (result.seconds < 0)
        give_up("kithd did not deliver in time");
    return result;
}

/// The same bytes to as many sockets.
Run runBare(std::size_t perMessage)
{
    Run result;
    Broadcaster broadcaster(kMembers);
    std::vector<RawClient> sockets(kMembers);
    Sink sink("the-very-last-one");
    for (RawClient &socket : sockets) {
        if (!socket.connect(broadcaster.endpoint()))
            give_up("no connection to the broadcaster");
        broadcaster.acceptOne();
        sink.add(socket.descriptor());
    }
    std::string log(perMessage * kMessages, 'x');
    const std::string last = "the-very-last-one";
    log.replace(log.size() - last.size(), last.size(), last);
    std::atomic<std::size_t> available = 0;
    broadcaster.start(log, available, std::max(1u, std::thread::hardware_concurrency()));
    std::thread producing([&] {
        for (int i = kPerFrame; i <= kMessages; i += kPerFrame) {
            available.store(perMessage * static_cast<std::size_t>(i), std::memory_order_release);
            pace(sink, i);
        }
    });
    result.seconds = sink.run(kTimeout);
    producing.join();
    result.bytes = sink.bytes();
    if (result.seconds < 0)
        give_up("the broadcaster did not deliver in time");
    return result;
}

} // namespace

int main()
{
    raiseDescriptorLimit();
    const double deliveries = double(kMembers) * kMessages;
    std::vector<double> kith, bare, ratio;
    std::size_t perMessage = 0;
    for (int round = 0; round < kRounds; ++round) {
        const Run ours = runKith();
        perMessage = static_cast<std::size_t>(ours.bytes / kMembers / kMessages);
        const Run floor = runBare(perMessage);
        kith.push_back(deliveries / ours.seconds);
        bare.push_back(deliveries / floor.seconds);
        ratio.push_back(100 * floor.seconds / ours.seconds);
    }
    std::printf("fan-out, group of %d connections, %d messages, %zu bytes each on the wire, %d rounds in turns\n",
                kMembers, kMessages, perMessage, kRounds);
    const auto line = [](const char *what, std::vector<double> values, const char *unit) {
        std::sort(values.begin(), values.end());
        std::printf("  %-20s %10.0f %s (%.0f to %.0f)\n", what, values[values.size() / 2], unit, values.front(),
                    values.back());
    };
    line("kithd, durable", kith, "deliveries/s");
    line("bare epoll", bare, "deliveries/s");
    line("ratio", ratio, "%, aim at least 70 %");
    return 0;
}
