// SPDX-License-Identifier: GPL-3.0-or-later
// 2,000 clients lose their server to SIGKILL, and come back by the client's backoff rule while new messages are
// written: how long until all have caught up. Aim: 30 s. The comparison in the same run is the same rule without its
// jitter. Ends with 1 where a message that was accepted is lost or doubled, or somebody does not come back.
#include "bench/reconnect/admin.h"

#include <algorithm>
#include <cstdio>
#include <functional>
#include <thread>

using namespace kith;
using namespace kith::bench;

namespace {

constexpr int kClients = 2000;
constexpr int kGroups = 40;     // of 50: delivered at once
constexpr int kLargeGroups = 4; // of 500: by the fan-out queue
constexpr int kBefore = 10;     // messages in each group before the first kill
constexpr int kAfter = 5;       // in each group right after a restart, and one in each private conversation
constexpr std::size_t kInFlight = 400, kAnswered = 150; // of the sends that the kill interrupts
constexpr double kPatience = 120;                       // seconds
constexpr double kAim = 30;

// The gateway's limits are those of a server that is really run.
constexpr const char *kSettings = "[accounts]\npassword_operations = 1\npassword_memory_kib = 8\n"
                                  "password_queue = 1000\nregistrations_per_minute = 1000000\n"
                                  "[messages]\nsends_per_second = 10000000\n";

void until(const std::function<bool()> &done, const std::string &what)
{
    const auto start = SteadyClock::now();
    while (!done()) {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
        if (secondsSince(start) > kPatience)
            give_up(what);
    }
}

std::vector<BenchServer::Account> makeAccounts(const BenchServer &server)
{
    constexpr int kThreads = 8;
    std::vector<BenchServer::Account> accounts(kClients);
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t)
        threads.emplace_back([&, t] {
            for (int i = t; i < kClients; i += kThreads)
                accounts[static_cast<std::size_t>(i)] = server.account("member" + std::to_string(i));
        });
    for (auto &thread : threads)
        thread.join();
    return accounts;
}

struct World {
    std::vector<ConversationId> groups, privates;
    std::vector<std::vector<ConversationId>> ofClient;
    int number = 0;

    void writeGroups(Admin &admin, int each)
    {
        for (int i = 0; i < each; ++i)
            for (const auto &group : groups)
                admin.write(group, "#" + std::to_string(++number));
    }
    void writePrivates(Admin &admin)
    {
        for (const auto &one : privates)
            admin.write(one, "#" + std::to_string(++number));
    }
};

World makeWorld(Admin &admin, const std::vector<BenchServer::Account> &accounts)
{
    World world;
    world.ofClient.resize(accounts.size());
    const auto make = [&](int count, const char *name) {
        for (int g = 0; g < count; ++g) {
            std::vector<UserId> members;
            std::vector<std::size_t> numbers;
            for (std::size_t i = static_cast<std::size_t>(g); i < accounts.size();
                 i += static_cast<std::size_t>(count)) {
                members.emplace_back(accounts[i].id);
                numbers.push_back(i);
            }
            world.groups.push_back(admin.makeGroup(name + std::to_string(g), members));
            for (const auto i : numbers)
                world.ofClient[i].push_back(world.groups.back());
        }
    };
    make(kGroups, "small ");
    make(kLargeGroups, "large ");
    for (std::size_t i = 0; i < accounts.size(); ++i) {
        world.privates.push_back(admin.with(accounts[i].id));
        world.ofClient[i].push_back(world.privates.back());
    }
    world.writeGroups(admin, kBefore);
    world.writePrivates(admin);
    admin.deliverAll();
    return world;
}

/// Seconds after `from` at which that part of the times had come.
double partBy(std::vector<SteadyTime> times, SteadyTime from, double part)
{
    std::vector<double> seconds;
    for (const auto time : times)
        seconds.push_back(std::chrono::duration<double>(time - from).count());
    return percentile(seconds, part);
}

/// One kill and what follows; false where the aim was missed.
void scenario(const char *name, Swarm::Rule rule, int outageMs, BenchServer &server, Admin &admin, World &world,
              Swarm &swarm)
{
    const auto write = [&] {
        world.writeGroups(admin, kAfter);
        world.writePrivates(admin);
        admin.deliverAll();
    };
    until([&] { return swarm.greeted() == kClients; }, "not everybody was there before the kill");
    swarm.begin(rule);
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    admin.reconnect();
    for (std::size_t i = 0; i < kInFlight; ++i)
        admin.write(world.groups[i % world.groups.size()], "#" + std::to_string(++world.number));
    admin.deliver(kAnswered); // the rest is on its way
    server.kill();
    const auto killed = SteadyClock::now();
    const auto interrupted = admin.waiting();
    const int duplicates = admin.duplicates(), putOff = admin.putOff();
    if (outageMs > 0) {
        // What everybody finds when they come back is written where nobody but the writer gets in.
        server.start(BenchServer::Door::Back);
        admin.reconnect();
        write();
        server.kill();
        std::this_thread::sleep_until(killed + std::chrono::milliseconds(outageMs));
    }
    const auto starting = SteadyClock::now();
    server.start();
    const auto ready = SteadyClock::now();
    admin.reconnect();
    write(); // and this while they come
    const double written = secondsSince(ready);
    swarm.aim(admin.goal());
    until([&] { return swarm.allThere(); },
          std::string(name) + ": not everybody caught up within 120 s of the last message");
    const auto tally = swarm.tally();
    const double all = partBy(swarm.arrivals(), ready, 1);
    std::printf("%s\n", name);
    std::printf("  killed to serving again            %6.2f s  (%.2f s of it the server's start)\n",
                std::chrono::duration<double>(ready - killed).count(),
                std::chrono::duration<double>(ready - starting).count());
    std::printf("  greeted, after serving: 50 %%       %6.2f s   95 %% %.2f s   all %.2f s\n",
                partBy(swarm.greetings(), ready, 0.5), partBy(swarm.greetings(), ready, 0.95),
                partBy(swarm.greetings(), ready, 1));
    std::printf("  caught up, after serving: 50 %%     %6.2f s   95 %% %.2f s   all %.2f s   (aim: %.0f%s)\n",
                partBy(swarm.arrivals(), ready, 0.5), partBy(swarm.arrivals(), ready, 0.95), all, kAim,
                all > kAim ? ", short" : "");
    std::printf("  the messages were written until    %6.2f s  (put off as overload: %d)\n", written,
                admin.putOff() - putOff);
    std::printf("  attempts                           %6d    refused %d, ended before the greeting %d, at most %d "
                "connected within 100 ms\n",
                tally.attempts, tally.refused, tally.broken, tally.mostPer100ms);
    std::printf("  sends cut by the kill              %6zu    of them accepted before it: %d\n", interrupted,
                admin.duplicates() - duplicates);
    std::printf("  the server since its start         %6.1f MB resident, %.2f s CPU\n",
                double(residentBytes(server.pid())) / 1024 / 1024, cpuSeconds(server.pid()));
    std::fflush(stdout);
}

struct Verdict {
    int lost = 0, doubled = 0, faults = 0, repeated = 0;
};

Verdict verify(const Admin &admin, const World &world, const Swarm &swarm)
{
    Verdict verdict;
    for (std::size_t i = 0; i < swarm.size(); ++i) {
        const auto &member = swarm.member(i);
        verdict.faults += member.faults();
        verdict.repeated += member.repeated();
        if (member.faults() > 0 && !member.fault().empty())
            std::fprintf(stderr, "client %zu: %s\n", i, member.fault().c_str());
        for (const auto &id : world.ofClient[i]) {
            const auto &has = member.conversations().at(id).messages;
            const auto &accepted = admin.accepted().at(id);
            for (const auto &[seq, body] : accepted) {
                const auto found = has.find(seq);
                verdict.lost += found == has.end() || found->second != body;
            }
            // The admin's own are numbered; whatever else a group holds are notices of who came.
            const auto written =
                std::count_if(has.begin(), has.end(), [](const auto &one) { return one.second.starts_with('#'); });
            verdict.doubled += static_cast<int>(std::max<long>(0, written - static_cast<long>(accepted.size())));
            if (!has.empty()) // no hole between the first and the last
                verdict.lost +=
                    static_cast<int>(has.rbegin()->first - has.begin()->first + 1) - static_cast<int>(has.size());
        }
    }
    return verdict;
}

} // namespace

int main()
{
    raiseDescriptorLimit();
    BenchServer server(kSettings);
    const auto accounts = makeAccounts(server);
    Admin admin(server, server.account("admin"));
    World world = makeWorld(admin, accounts);
    std::vector<std::string> tokens;
    for (const auto &account : accounts)
        tokens.push_back(account.token);
    Swarm swarm(server.listen(), tokens, world.ofClient);
    swarm.aim(admin.goal());
    std::thread thread([&] { swarm.run(); });
    until([&] { return swarm.allThere() && swarm.greeted() == kClients; }, "not everybody came in at the beginning");
    std::printf("%d clients, each in a group of %d, a group of %d and a private conversation; SIGKILL, restart, %d new "
                "messages in each group and one in each private conversation; seed %u\n",
                kClients, kClients / kGroups, kClients / kLargeGroups, kAfter, swarm.seed());
    scenario("restarted at once, full jitter", Swarm::Rule::FullJitter, 0, server, admin, world, swarm);
    scenario("restarted at once, without jitter", Swarm::Rule::Together, 0, server, admin, world, swarm);
    scenario("down for 5 s, full jitter", Swarm::Rule::FullJitter, 5000, server, admin, world, swarm);
    scenario("down for 5 s, without jitter", Swarm::Rule::Together, 5000, server, admin, world, swarm);
    // Long enough for everybody to wait as long as the rule lets them.
    scenario("down for 60 s, full jitter", Swarm::Rule::FullJitter, 60'000, server, admin, world, swarm);
    swarm.stop();
    thread.join();
    const auto verdict = verify(admin, world, swarm);
    std::printf("messages accepted by the server: %d; in all clients together lost %d, doubled %d, faults %d "
                "(copies that came again and were known: %d)\n",
                world.number, verdict.lost, verdict.doubled, verdict.faults, verdict.repeated);
    return verdict.lost == 0 && verdict.doubled == 0 && verdict.faults == 0 ? 0 : 1;
}
