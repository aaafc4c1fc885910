// SPDX-License-Identifier: GPL-3.0-or-later
// What the embedded store does for one thousand conversations: durable appends a second with a deep queue, time to the
// reply at a steady 1,000 a second, and reads beside it. Also the disk's own pace, because that is what bounds it.
#include "core/crypto/crypto.h"
#include "server/store/embedded/embedded_store.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <future>
#include <mutex>
#include <string>
#include <thread>
#include <unistd.h>

namespace {

using namespace kith;
using namespace kith::server;
using SteadyClock = std::chrono::steady_clock;

constexpr int kConversations = 1000;
constexpr int kDepth = 8000; // in flight: deep, and below what the queue holds

double secondsSince(SteadyClock::time_point start)
{
    return std::chrono::duration<double>(SteadyClock::now() - start).count();
}

template <class T>
StoreResult<T> await(const std::function<void(Reply<T>)> &call)
{
    std::promise<StoreResult<T>> done;
    call([&](StoreResult<T> result) { done.set_value(std::move(result)); });
    return done.get_future().get();
}

/// Uniform enough and the same in every run.
class Dice final {
public:
    std::uint64_t next()
    {
        m_state ^= m_state << 13;
        m_state ^= m_state >> 7;
        m_state ^= m_state << 17;
        return m_state;
    }

private:
    std::uint64_t m_state = 0x9e3779b97f4a7c15;
};

class Bench final {
public:
    explicit Bench(EmbeddedStore &store) : m_store(store)
    {
        for (int i = 0; i < 2 * kConversations; ++i) {
            const NewUser user{"user" + std::to_string(i), "x", "User"};
            m_users.push_back(await<User>([&](Reply<User> r) { m_store.createUser(user, std::move(r)); })->id);
        }
    }

    AppendMessage message()
    {
        const std::uint64_t dice = m_dice.next();
        const std::size_t pair = dice % kConversations;
        const bool first = (dice >> 32) % 2 == 0;
        AppendMessage m;
        m.sender = m_users[2 * pair + (first ? 0 : 1)];
        m.to = m_users[2 * pair + (first ? 1 : 0)];
        m.cid = ClientMessageId(crypto::makeUuid());
        m.body = "Shall we meet at the station at eight, or is that too early for you and the children?";
        return m;
    }

    /// `count` appends with kDepth always in flight; replies a second.
    double deep(int count)
    {
        std::atomic<int> done{0}, failed{0};
        std::mutex mutex;
        std::condition_variable room;
        const auto start = SteadyClock::now();
        for (int sent = 0; sent < count; ++sent) {
            if (sent - done.load() >= kDepth) {
                std::unique_lock lock(mutex);
                room.wait(lock, [&] { return sent - done.load() < kDepth; });
            }
            m_store.append(message(), [&](StoreResult<Appended> result) {
                if (!result)
                    failed.fetch_add(1);
                if (done.fetch_add(1) % 64 == 0)
                    wake(mutex, room);
            });
        }
        while (done.load() < count)
            std::this_thread::yield();
        const double seconds = secondsSince(start);
        if (failed > 0)
            std::printf("  %d appends failed\n", failed.load());
        return count / seconds;
    }

    /// Milliseconds from append() to its reply at a steady pace.
    std::vector<double> steady(int perSecond, int seconds)
    {
        const int count = perSecond * seconds;
        std::vector<double> times(static_cast<std::size_t>(count));
        std::atomic<int> done{0};
        const auto start = SteadyClock::now();
        for (int i = 0; i < count; ++i) {
            const auto due = start + std::chrono::microseconds(1'000'000LL * i / perSecond);
            std::this_thread::sleep_until(due);
            const auto sent = SteadyClock::now();
            m_store.append(message(), [&, sent, i](const StoreResult<Appended> &) {
                times[static_cast<std::size_t>(i)] = secondsSince(sent) * 1000;
                done.fetch_add(1);
            });
        }
        while (done.load() < count)
            std::this_thread::yield();
        std::sort(times.begin(), times.end());
        return times;
    }

    double pageMicroseconds(int count)
    {
        const auto start = SteadyClock::now();
        for (int i = 0; i < count; ++i) {
            const std::size_t pair = m_dice.next() % kConversations;
            const PageQuery query{privateConversation(m_users[2 * pair], m_users[2 * pair + 1]), {}, {}, {}, 50};
            (void)await<Page>([&](Reply<Page> r) { m_store.page(m_users[2 * pair], query, std::move(r)); });
        }
        return secondsSince(start) * 1e6 / count;
    }

private:
    static void wake(std::mutex &mutex, std::condition_variable &room)
    {
        const std::lock_guard lock(mutex);
        room.notify_one();
    }

    EmbeddedStore &m_store;
    std::vector<UserId> m_users;
    Dice m_dice;
};

/// Milliseconds of a 16 KiB append with fdatasync: the least that a commit can cost on this disk.
double syncMilliseconds(const std::string &path)
{
    const int file = ::open(path.c_str(), O_CREAT | O_WRONLY, 0600);
    const std::string block(16 * 1024, 'x');
    constexpr int kRounds = 200;
    const auto start = SteadyClock::now();
    for (int i = 0; i < kRounds; ++i)
        if (::write(file, block.data(), block.size()) < 0 || ::fdatasync(file) != 0)
            break;
    const double each = secondsSince(start) * 1000 / kRounds;
    ::close(file);
    return each;
}

} // namespace

int main(int argc, char **argv)
{
    const int count = argc > 1 ? std::atoi(argv[1]) : 200'000;
    std::string folder = (std::filesystem::current_path() / "bench-store-XXXXXX").string();
    if (!::mkdtemp(folder.data()))
        return 1;
    std::printf("disk: %.2f ms for 16 KiB and fdatasync\n", syncMilliseconds(folder + "/sync"));
    {
        const SystemClock clock;
        const auto key = crypto::Secret::random(crypto::kKeyBytes);
        std::atomic<std::size_t> commits{0}, rows{0};
        EmbeddedOptions options;
        options.onCommit = [&](std::size_t n, double) {
            ++commits;
            rows += n;
        };
        auto store = EmbeddedStore::open(folder + "/kithd.db", key, clock, options);
        if (!store) {
            std::printf("cannot open: %s\n", store.error().detail.c_str());
            return 1;
        }
        Bench bench(**store);
        bench.deep(4 * kConversations); // every conversation is open
        for (int round = 1; round <= 2; ++round) {
            commits = rows = 0;
            const double rate = bench.deep(count);
            std::printf("durable appends, deep queue, %d conversations: %.0f/s (%.0f rows a commit; aim 23,000)\n",
                        kConversations, rate,
                        commits > 0 ? static_cast<double>(rows) / static_cast<double>(commits) : 0.0);
        }
        for (const int pace : {100, 1000}) {
            const auto times = bench.steady(pace, 10);
            const auto at = [&](double part) {
                return times[static_cast<std::size_t>(part * static_cast<double>(times.size() - 1))];
            };
            std::printf("append to reply at %d/s: p50 %.2f ms, p99 %.2f ms, max %.2f ms\n", pace, at(0.5), at(0.99),
                        at(1));
        }
        std::printf("newest page of 50: %.0f us\n", bench.pageMicroseconds(2000));
        (*store)->close();
    }
    std::printf("file: %.0f MB\n", static_cast<double>(std::filesystem::file_size(folder + "/kithd.db")) / 1e6);
    std::filesystem::remove_all(folder);
    return 0;
}
