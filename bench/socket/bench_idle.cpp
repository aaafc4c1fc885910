// SPDX-License-Identifier: GPL-3.0-or-later
// Resident memory of an idle connection that has logged in, at 10,000 of them. Aim: at most 10 KB without TLS (DESIGN
// §7).
#include "bench/socket/bench_server.h"

#include <cstdio>
#include <thread>

using namespace kith::bench;

namespace {

constexpr int kConnections = 10'000;
constexpr int kAccounts = 500; // twenty connections each: one device that connects again would replace nothing

} // namespace

int main()
{
    raiseDescriptorLimit();
    BenchServer server;
    std::vector<BenchServer::Account> accounts;
    for (int i = 0; i < kAccounts; ++i)
        accounts.push_back(server.account("idle" + std::to_string(i)));
    std::vector<kith::test::RawClient> sockets;
    sockets.reserve(kConnections);
    long long before = 0;
    constexpr int kWarm = 500; // the allocator's and the caches' first growth is not a connection's
    for (int i = 0; i < kConnections + kWarm; ++i) {
        if (i == kWarm)
            before = residentBytes(server.pid());
        // Many source addresses: one has ports for about 28,000 connections only, shared with all that run here.
        const std::string source = "127.0.0." + std::to_string(2 + i % 200);
        sockets.push_back(server.socket(accounts[static_cast<std::size_t>(i % kAccounts)], source));
    }
    std::this_thread::sleep_for(std::chrono::seconds(2));
    const long long after = residentBytes(server.pid());
    std::printf("idle connections, logged in, without TLS: %d\n", kConnections);
    std::printf("  each                  %10.1f KB   (aim: 10; ejabberd 45, Prosody 36)\n",
                double(after - before) / kConnections / 1024);
    std::printf("  the server in all     %10.1f MB\n", double(after) / 1024 / 1024);
    return 0;
}
