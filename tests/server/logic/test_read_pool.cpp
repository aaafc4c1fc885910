// SPDX-License-Identifier: GPL-3.0-or-later
// Reads of files stand behind all others, and never have every thread.
#include "server/store/embedded/read_pool.h"

#include "core/crypto/crypto.h"
#include "core/crypto/secret.h"

#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <future>
#include <string>

using namespace kith;
using namespace kith::server;
using namespace kith::server::embedded;
using namespace std::chrono_literals;

namespace {

struct Pool {
    QTemporaryDir folder;
    SystemClock clock;
    std::unique_ptr<ReadPool> pool;

    explicit Pool(int threads)
    {
        const auto key = crypto::Secret::random(crypto::kKeyBytes);
        std::vector<std::unique_ptr<Reader>> readers;
        for (int i = 0; i < threads; ++i) {
            auto database = sql::Database::open(folder.filePath("store.db").toStdString(), key);
            if (database)
                readers.push_back(std::make_unique<Reader>(Engine(std::move(*database), {}), clock));
        }
        if (readers.size() == static_cast<std::size_t>(threads))
            pool = std::make_unique<ReadPool>(std::move(readers), 100);
    }
    bool post(std::function<void()> what, ReadLane lane = ReadLane::Normal)
    {
        ReadJob job = [what = std::move(what)](Reader &) { what(); };
        return pool->post(job, lane);
    }
};

} // namespace

class TestReadPool final : public QObject {
    Q_OBJECT
private slots:
    void manyReadsOfFiles_leaveAThreadForMessages()
    {
        Pool pool(2);
        QVERIFY(pool.pool);
        std::promise<void> release, message;
        const auto gate = release.get_future().share();
        std::atomic<int> files{0};
        for (int i = 0; i < 5; ++i)
            QVERIFY(pool.post(
                [&, gate] {
                    gate.wait();
                    ++files;
                },
                ReadLane::Files));
        QVERIFY(pool.post([&] { message.set_value(); }));
        const bool served = message.get_future().wait_for(20s) == std::future_status::ready;
        const int before = files;
        release.set_value();
        pool.pool->close(); // after what is queued
        QVERIFY2(served, "a message waited for files");
        QCOMPARE(before, 0);
        QCOMPARE(files.load(), 5);
    }
    void messages_comeFirst()
    {
        Pool pool(1);
        QVERIFY(pool.pool);
        std::promise<void> release;
        std::string order; // of the one thread, until it has ended
        QVERIFY(pool.post([gate = release.get_future().share()] { gate.wait(); }));
        for (int i = 0; i < 3; ++i) {
            QVERIFY(pool.post([&] { order += 'f'; }, ReadLane::Files));
            QVERIFY(pool.post([&] { order += 'm'; }));
        }
        release.set_value();
        pool.pool->close();
        QCOMPARE(order, std::string("mmmfff"));
    }
    void eachLane_isBounded()
    {
        Pool pool(1);
        QVERIFY(pool.pool);
        std::promise<void> release, begun;
        QVERIFY(pool.post([&begun, gate = release.get_future().share()] {
            begun.set_value();
            gate.wait();
        }));
        begun.get_future().wait();
        for (int i = 0; i < 100; ++i)
            QVERIFY(pool.post([] {}, ReadLane::Files));
        const bool tooMany = pool.post([] {}, ReadLane::Files), message = pool.post([] {});
        release.set_value();
        QVERIFY(!tooMany);
        QVERIFY(message); // files do not take its room
    }
};

QTEST_GUILESS_MAIN(TestReadPool)
#include "test_read_pool.moc"
