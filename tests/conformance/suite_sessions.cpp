// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/limits.h"
#include "tests/conformance/suite_accounts.h"

#include <atomic>
#include <thread>

namespace kith::server::test {

using namespace std::chrono_literals;

namespace {

constexpr auto kMonth = 24h * 30;

/// As SHA-256 gives them: any bytes.
std::string hashOf(const std::string &token)
{
    return std::string("\x00\xff\x01", 3) + token;
}

} // namespace

NewSession SessionSuite::session(const UserId &user, const std::string &device, const std::string &token,
                                 const std::string &family)
{
    NewSession s;
    s.user = user;
    s.device = {DeviceId(device), "Laptop", "linux", clock.now()};
    s.addressMasked = "192.0.2.x";
    s.family = family;
    s.refreshHash = hashOf(token);
    s.expires = later(kMonth);
    return s;
}

void SessionSuite::opened_isThereUntilItExpires()
{
    const UserId tom = makeUser("tom");
    MUST_DO(store().openSession(session(tom, "d1", "t1")));
    MUST(there, store().session(tom, DeviceId("d1")));
    QVERIFY(there.user == tom);
    QCOMPARE(there.family, std::string("family"));
    QCOMPARE(there.device.name, std::string("Laptop"));
    MUST(list, store().sessions(tom));
    QCOMPARE(list.size(), std::size_t(1));
    QCOMPARE(list.front().address, std::string("192.0.2.x")); // masked before it came here
    MUST_FAIL(store().session(tom, DeviceId("d2")), StoreError::NotFound);
    MUST_FAIL(store().openSession(session(UserId("4711"), "d1", "t9")), StoreError::NotFound);
    clock.advance(kMonth + 1s);
    MUST_FAIL(store().session(tom, DeviceId("d1")), StoreError::NotFound);
    MUST(none, store().sessions(tom));
    QVERIFY(none.empty());
}

void SessionSuite::sameDevice_replacesItsSession()
{
    const UserId tom = makeUser("tom");
    MUST_DO(store().openSession(session(tom, "d1", "t1", "first")));
    MUST_DO(store().openSession(session(tom, "d1", "t2", "second")));
    MUST(there, store().session(tom, DeviceId("d1")));
    QCOMPARE(there.family, std::string("second"));
    MUST_FAIL(store().rotate({hashOf("t1"), hashOf("t3"), later(kMonth)}), StoreError::TokenUnknown);
    MUST_DO(store().rotate({hashOf("t2"), hashOf("t3"), later(kMonth)}));
}

void SessionSuite::tooManyDevices_isRefused()
{
    const UserId tom = makeUser("tom");
    for (int i = 0; i < limits::kMaxDevices; ++i)
        MUST_DO(store().openSession(session(tom, "d" + std::to_string(i), "t" + std::to_string(i))));
    MUST_FAIL(store().openSession(session(tom, "one-more", "tx")), StoreError::TooManyDevices);
    MUST_DO(store().openSession(session(tom, "d3", "ty"))); // one that is there already
    MUST_DO(store().closeSession(tom, DeviceId("d5")));
    MUST_DO(store().openSession(session(tom, "one-more", "tx")));
    clock.advance(kMonth + 1s);
    MUST_DO(store().openSession(session(tom, "after-all-expired", "tz")));
}

void SessionSuite::rotation_goesFromTokenToToken()
{
    const UserId tom = makeUser("tom");
    MUST_DO(store().openSession(session(tom, "d1", "t0")));
    for (int i = 0; i < 5; ++i) {
        clock.advance(24h * 20); // the session lives on by its rotations
        MUST(rotated,
             store().rotate({hashOf("t" + std::to_string(i)), hashOf("t" + std::to_string(i + 1)), later(kMonth)}));
        QVERIFY(rotated.user == tom);
        QCOMPARE(rotated.device.id.str(), std::string("d1"));
        QCOMPARE(rotated.family, std::string("family"));
    }
    MUST_DO(store().session(tom, DeviceId("d1")));
}

void SessionSuite::lostReply_getsTheSameSuccessorWithinGrace()
{
    const UserId tom = makeUser("tom");
    MUST_DO(store().openSession(session(tom, "d1", "t1")));
    MUST_DO(store().rotate({hashOf("t1"), hashOf("t2"), later(kMonth)}));
    clock.advance(limits::kRefreshGrace);
    MUST(again, store().rotate({hashOf("t1"), hashOf("t2"), later(kMonth)}));
    QVERIFY(again.user == tom);
    MUST_DO(store().rotate({hashOf("t2"), hashOf("t3"), later(kMonth)}));
}

void SessionSuite::usedTokenAfterGrace_endsTheFamily()
{
    const UserId tom = makeUser("tom");
    MUST_DO(store().openSession(session(tom, "d1", "t1", "stolen")));
    MUST_DO(store().openSession(session(tom, "d2", "u1", "other")));
    MUST_DO(store().rotate({hashOf("t1"), hashOf("t2"), later(kMonth)}));
    clock.advance(limits::kRefreshGrace + 1ms);
    MUST_FAIL(store().rotate({hashOf("t1"), hashOf("t2"), later(kMonth)}), StoreError::TokenReused);
    MUST_FAIL(store().session(tom, DeviceId("d1")), StoreError::NotFound);
    MUST_FAIL(store().rotate({hashOf("t2"), hashOf("t3"), later(kMonth)}), StoreError::TokenUnknown);
    MUST_DO(store().session(tom, DeviceId("d2")));
    MUST_DO(store().rotate({hashOf("u1"), hashOf("u2"), later(kMonth)}));
}

void SessionSuite::usedTokenWithAnotherSuccessor_endsTheFamily()
{
    const UserId tom = makeUser("tom");
    MUST_DO(store().openSession(session(tom, "d1", "t1")));
    MUST_DO(store().rotate({hashOf("t1"), hashOf("t2"), later(kMonth)}));
    MUST_FAIL(store().rotate({hashOf("t1"), hashOf("x2"), later(kMonth)}), StoreError::TokenReused);
    MUST_FAIL(store().session(tom, DeviceId("d1")), StoreError::NotFound);
}

void SessionSuite::expiredOrUnknownToken_isUnknown()
{
    const UserId tom = makeUser("tom");
    MUST_FAIL(store().rotate({hashOf("t1"), hashOf("t2"), later(kMonth)}), StoreError::TokenUnknown);
    MUST_DO(store().openSession(session(tom, "d1", "t1")));
    clock.advance(kMonth + 1ms);
    MUST_FAIL(store().rotate({hashOf("t1"), hashOf("t2"), later(kMonth)}), StoreError::TokenUnknown);
}

void SessionSuite::disabledUser_cannotRotate()
{
    const UserId tom = makeUser("tom");
    MUST_DO(store().openSession(session(tom, "d1", "t1")));
    MUST_DO(store().setDisabled(tom, true));
    MUST_FAIL(store().rotate({hashOf("t1"), hashOf("t2"), later(kMonth)}), StoreError::TokenUnknown);
}

void SessionSuite::parallelRotation_sameSuccessor_allGetTheSession()
{
    const UserId tom = makeUser("tom");
    MUST_DO(store().openSession(session(tom, "d1", "t1")));
    std::atomic<int> rotated{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i)
        threads.emplace_back([&] {
            if (store().rotate({hashOf("t1"), hashOf("t2"), later(kMonth)}))
                ++rotated;
        });
    for (auto &thread : threads)
        thread.join();
    QCOMPARE(rotated.load(), 8);
    MUST_DO(store().rotate({hashOf("t2"), hashOf("t3"), later(kMonth)}));
}

void SessionSuite::parallelRotation_differentSuccessors_atMostOneWins()
{
    const UserId tom = makeUser("tom");
    MUST_DO(store().openSession(session(tom, "d1", "t1")));
    std::atomic<int> rotated{0}, reused{0}, unknown{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i)
        threads.emplace_back([&, i] {
            const auto result = store().rotate({hashOf("t1"), hashOf("s" + std::to_string(i)), later(kMonth)});
            if (result)
                ++rotated;
            else if (result.error() == StoreError::TokenReused)
                ++reused;
            else if (result.error() == StoreError::TokenUnknown)
                ++unknown;
        });
    for (auto &thread : threads)
        thread.join();
    QCOMPARE(rotated.load(), 1);
    QCOMPARE(reused.load(), 1); // and then nothing of the family is left
    QCOMPARE(unknown.load(), 6);
    MUST_FAIL(store().session(tom, DeviceId("d1")), StoreError::NotFound);
}

void SessionSuite::closing_endsSessionsAndTokens()
{
    const UserId tom = makeUser("tom");
    for (const char *device : {"d1", "d2", "d3"})
        MUST_DO(store().openSession(session(tom, device, std::string("t-") + device, device)));
    MUST_DO(store().closeSession(tom, DeviceId("d1")));
    MUST_FAIL(store().closeSession(tom, DeviceId("d1")), StoreError::NotFound);
    MUST_FAIL(store().rotate({hashOf("t-d1"), hashOf("t2"), later(kMonth)}), StoreError::TokenUnknown);
    MUST(ended, store().closeSessions(tom, DeviceId("d2")));
    QVERIFY(ended == std::vector{DeviceId("d3")});
    MUST_DO(store().session(tom, DeviceId("d2")));
    MUST(rest, store().closeSessions(tom, std::nullopt));
    QVERIFY(rest == std::vector{DeviceId("d2")});
    MUST(none, store().closeSessions(tom, std::nullopt));
    QVERIFY(none.empty());
}

void SessionSuite::touch_movesLastSeen()
{
    const UserId tom = makeUser("tom");
    MUST_DO(store().openSession(session(tom, "d1", "t1")));
    const Timestamp seen = kStart + 1h;
    store().async().touchSession(tom, DeviceId("d1"), seen);
    QTRY_COMPARE(store().sessions(tom)->front().lastSeen, seen);
    store().async().touchSession(tom, DeviceId("d1"), kStart);
    MUST_DO(store().setDisabled(tom, false)); // a write behind it
    QCOMPARE(store().sessions(tom)->front().lastSeen, seen);
}

} // namespace kith::server::test
