// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/conformance/suite_factors.h"

#include "core/base/limits.h"

#include <atomic>
#include <thread>

namespace kith::server::test {

using namespace std::chrono_literals;

namespace {

/// As sealing and hashing give them: any bytes.
std::string bytes(const std::string &text)
{
    return std::string("\x00\xff\x01", 3) + text;
}

SecondFactor step(std::int64_t number)
{
    return {number, {}};
}

SecondFactor recovery(const std::string &code)
{
    return {std::nullopt, bytes(code)};
}

} // namespace

NewSession FactorSuite::session(const UserId &user, const std::string &device, std::optional<SecondFactor> factor)
{
    NewSession s;
    s.user = user;
    s.device = {DeviceId(device), "Laptop", "linux", clock.now()};
    s.family = "family of " + device;
    s.refreshHash = bytes(user.str() + device);
    s.expires = clock.now() + 24h;
    s.factor = std::move(factor);
    return s;
}

/// With the recovery codes r0 … r9.
UserId FactorSuite::boundUser(const std::string &name, std::int64_t at)
{
    const UserId user = makeUser(name);
    TotpBinding binding{user, bytes("waits"), bytes("bound"), at, {}, bytes("answer"), clock.now() + 60s};
    for (int i = 0; i < 10; ++i)
        binding.recoveryHashes.push_back(bytes("r" + std::to_string(i)));
    if (!store().enrolTotp(user, binding.pendingSealed, clock.now() + 900s) || !store().bindTotp(binding))
        qFatal("cannot bind");
    return user;
}

int FactorSuite::parallelLogins(const UserId &user, const SecondFactor &factor)
{
    std::atomic<int> passed{0}, refused{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i)
        threads.emplace_back([&, i] {
            const auto done = store().openSession(session(user, "d" + std::to_string(i), factor));
            if (done)
                ++passed;
            else if (done.error() == StoreError::CodeUsed)
                ++refused;
        });
    for (auto &thread : threads)
        thread.join();
    return passed + refused == 8 ? passed.load() : -1;
}

void FactorSuite::passwordChange_endsTheOtherSessions()
{
    const UserId tom = makeUser("tom");
    for (const char *device : {"d1", "d2", "d3"})
        MUST_DO(store().openSession(session(tom, device)));
    MUST(before, store().credentials("tom"));
    MUST(ended, store().changePassword(tom, "second", before.version, DeviceId("d2")));
    QVERIFY(ended == (std::vector{DeviceId("d1"), DeviceId("d3")}));
    MUST_DO(store().session(tom, DeviceId("d2")));
    MUST_FAIL(store().session(tom, DeviceId("d1")), StoreError::NotFound);
    MUST_FAIL(store().rotate({bytes(tom.str() + "d1"), bytes("next"), clock.now() + 24h}), StoreError::TokenUnknown);
    MUST(after, store().credentials("tom"));
    QCOMPARE(after.passwordHash, std::string("second"));
    QVERIFY(after.version > before.version);
}

void FactorSuite::passwordChange_ofOutdatedCredentials_isRefused()
{
    const UserId tom = makeUser("tom");
    MUST(read, store().credentialsById(tom));
    MUST_DO(store().changePassword(tom, "first", read.version));
    MUST_FAIL(store().changePassword(tom, "second", read.version), StoreError::Outdated);
    MUST(now, store().credentials("tom"));
    QCOMPARE(now.passwordHash, std::string("first"));
}

void FactorSuite::loginCheckedAgainstOldCredentials_isOutdated()
{
    const UserId tom = makeUser("tom");
    const auto opened = [&](const Credentials &checked) {
        NewSession s = session(tom, "d1");
        s.credentialsVersion = checked.version;
        return store().openSession(s);
    };
    MUST(first, store().credentials("tom"));
    MUST_DO(opened(first));
    MUST_DO(store().changePassword(tom, "second"));
    MUST_FAIL(opened(first), StoreError::Outdated);
    MUST(second, store().credentials("tom"));
    MUST_DO(store().setDisabled(tom, true));
    MUST_FAIL(opened(second), StoreError::Outdated);
    MUST_DO(store().setDisabled(tom, false));
    MUST(third, store().credentials("tom"));
    MUST_DO(store().enrolTotp(tom, bytes("waits"), clock.now() + 900s));
    MUST_DO(opened(third)); // an enrolment changes nothing yet
    MUST_DO(store().bindTotp({tom, bytes("waits"), bytes("bound"), 7, {}, {}, clock.now()}));
    MUST_FAIL(opened(third), StoreError::Outdated);
    MUST(fourth, store().credentials("tom"));
    QCOMPARE(fourth.totpSealed, bytes("bound"));
    MUST_DO(store().unbindTotp(tom, std::nullopt));
    MUST_FAIL(opened(fourth), StoreError::Outdated);
}

void FactorSuite::enrolment_waitsUntilItExpiresOrIsReplaced()
{
    const UserId tom = makeUser("tom");
    MUST(none, store().mfa(tom));
    QVERIFY(none.pendingSealed.empty() && !none.bound && none.recoveryLeft == 0);
    MUST_DO(store().enrolTotp(tom, bytes("one"), clock.now() + 900s));
    MUST_DO(store().enrolTotp(tom, bytes("two"), clock.now() + 900s));
    QCOMPARE(store().mfa(tom)->pendingSealed, bytes("two"));
    clock.advance(899s);
    QCOMPARE(store().mfa(tom)->pendingSealed, bytes("two"));
    clock.advance(1s);
    QVERIFY(store().mfa(tom)->pendingSealed.empty());
}

void FactorSuite::bind_consumesTheEnrolment()
{
    const UserId tom = boundUser("tom", 50);
    MUST(state, store().mfa(tom));
    QVERIFY(state.bound && state.pendingSealed.empty());
    QCOMPARE(state.boundAt, clock.now());
    QCOMPARE(state.recoveryLeft, 10);
    MUST_FAIL(store().enrolTotp(tom, bytes("again"), clock.now() + 900s), StoreError::MfaBound);
    MUST_FAIL(store().bindTotp({tom, bytes("waits"), bytes("other"), 51, {}, {}, clock.now()}), StoreError::MfaBound);
    QCOMPARE(store().credentials("tom")->totpSealed, bytes("bound"));
    // The step of the code that bound it is used.
    MUST_FAIL(store().openSession(session(tom, "d1", step(50))), StoreError::CodeUsed);
}

void FactorSuite::bind_ofAReplacedOrExpiredEnrolment_isRefused()
{
    const UserId tom = makeUser("tom");
    MUST_FAIL(store().bindTotp({tom, bytes("none"), bytes("b"), 1, {}, {}, clock.now()}), StoreError::MfaNotPending);
    MUST_DO(store().enrolTotp(tom, bytes("one"), clock.now() + 900s));
    MUST_DO(store().enrolTotp(tom, bytes("two"), clock.now() + 900s));
    MUST_FAIL(store().bindTotp({tom, bytes("one"), bytes("b"), 1, {}, {}, clock.now()}), StoreError::MfaNotPending);
    clock.advance(900s);
    MUST_FAIL(store().bindTotp({tom, bytes("two"), bytes("b"), 1, {}, {}, clock.now()}), StoreError::MfaNotPending);
    QVERIFY(!store().mfa(tom)->bound);
}

void FactorSuite::bindAnswer_isThereUntilItExpires()
{
    const UserId tom = boundUser("tom");
    QCOMPARE(store().mfa(tom)->bindAnswer, bytes("answer"));
    clock.advance(60s);
    QVERIFY(store().mfa(tom)->bindAnswer.empty());
}

void FactorSuite::step_isAcceptedOnce()
{
    const UserId tom = boundUser("tom", 100);
    for (const std::int64_t old : {100, 99, 1})
        MUST_FAIL(store().openSession(session(tom, "d1", step(old))), StoreError::CodeUsed);
    MUST_DO(store().openSession(session(tom, "d1", step(101))));
    MUST_FAIL(store().openSession(session(tom, "d2", step(101))), StoreError::CodeUsed);
    MUST_DO(store().openSession(session(tom, "d2", step(103))));
    MUST_FAIL(store().openSession(session(tom, "d3", step(102))), StoreError::CodeUsed); // older than the last
    MUST_FAIL(store().session(tom, DeviceId("d3")), StoreError::NotFound);
}

void FactorSuite::parallelLoginsWithOneStep_exactlyOnePasses()
{
    const UserId tom = boundUser("tom", 100);
    for (std::int64_t number = 101; number < 111; ++number)
        QCOMPARE(parallelLogins(tom, step(number)), 1);
}

void FactorSuite::recoveryCode_worksOnce()
{
    const UserId tom = boundUser("tom"), lin = boundUser("lin");
    MUST_DO(store().openSession(session(tom, "d1", recovery("r3"))));
    QCOMPARE(store().mfa(tom)->recoveryLeft, 9);
    MUST_FAIL(store().openSession(session(tom, "d1", recovery("r3"))), StoreError::CodeUsed);
    MUST_FAIL(store().openSession(session(tom, "d1", recovery("r"))), StoreError::CodeUsed);
    MUST_FAIL(store().openSession(session(tom, "d1", recovery(""))), StoreError::CodeUsed);
    QCOMPARE(store().mfa(tom)->recoveryLeft, 9);
    QCOMPARE(store().mfa(lin)->recoveryLeft, 10); // everybody has their own
}

void FactorSuite::parallelLoginsWithOneRecoveryCode_exactlyOnePasses()
{
    const UserId tom = boundUser("tom");
    for (int i = 0; i < 10; ++i)
        QCOMPARE(parallelLogins(tom, recovery("r" + std::to_string(i))), 1);
    QCOMPARE(store().mfa(tom)->recoveryLeft, 0);
}

void FactorSuite::refusedLogin_usesNothingUp()
{
    const UserId tom = boundUser("tom", 100);
    NewSession outdated = session(tom, "d1", step(105));
    outdated.credentialsVersion = store().credentials("tom")->version + 1;
    MUST_FAIL(store().openSession(outdated), StoreError::Outdated);
    for (int i = 0; i < limits::kMaxDevices; ++i)
        MUST_DO(store().openSession(session(tom, "d" + std::to_string(i))));
    MUST_FAIL(store().openSession(session(tom, "one-more", step(105))), StoreError::TooManyDevices);
    MUST_FAIL(store().openSession(session(tom, "one-more", recovery("r1"))), StoreError::TooManyDevices);
    QCOMPARE(store().mfa(tom)->recoveryLeft, 10);
    MUST_DO(store().openSession(session(tom, "d1", step(105))));
}

void FactorSuite::newRecoveryCodes_replaceTheOld()
{
    const UserId tom = boundUser("tom", 100);
    MUST_FAIL(store().replaceRecoveryCodes(tom, step(100), {bytes("n1")}), StoreError::CodeUsed);
    QCOMPARE(store().mfa(tom)->recoveryLeft, 10);
    MUST_DO(store().replaceRecoveryCodes(tom, step(101), {bytes("n1"), bytes("n2")}));
    QCOMPARE(store().mfa(tom)->recoveryLeft, 2);
    MUST_FAIL(store().openSession(session(tom, "d1", recovery("r1"))), StoreError::CodeUsed);
    MUST_DO(store().openSession(session(tom, "d1", recovery("n1"))));
    const UserId lin = makeUser("lin");
    MUST_FAIL(store().replaceRecoveryCodes(lin, step(1), {bytes("n1")}), StoreError::MfaNotBound);
}

void FactorSuite::unbind_needsTheFactorUnlessByTheOperator()
{
    const UserId tom = boundUser("tom", 100), lin = boundUser("lin", 100);
    SecondFactor outdated = step(101);
    outdated.credentialsVersion = store().credentials("tom")->version;
    MUST_DO(store().changePassword(tom, "another"));
    MUST_FAIL(store().unbindTotp(tom, outdated), StoreError::Outdated);
    MUST_FAIL(store().replaceRecoveryCodes(tom, outdated, {bytes("n")}), StoreError::Outdated);
    MUST_FAIL(store().unbindTotp(tom, step(100)), StoreError::CodeUsed);
    QVERIFY(store().mfa(tom)->bound);
    MUST_DO(store().unbindTotp(tom, step(101)));
    MUST(state, store().mfa(tom));
    QVERIFY(!state.bound && state.recoveryLeft == 0 && state.bindAnswer.empty());
    QVERIFY(store().credentials("tom")->totpSealed.empty());
    MUST_FAIL(store().unbindTotp(tom, std::nullopt), StoreError::MfaNotBound);
    MUST_DO(store().unbindTotp(lin, std::nullopt));
    MUST_DO(store().enrolTotp(lin, bytes("anew"), clock.now() + 900s));
}

void FactorSuite::unknownUsers_areNotFound()
{
    for (const UserId &nobody : {UserId("4711"), UserId()}) {
        MUST_FAIL(store().mfa(nobody), StoreError::NotFound);
        MUST_FAIL(store().enrolTotp(nobody, bytes("x"), clock.now() + 900s), StoreError::NotFound);
        MUST_FAIL(store().bindTotp({nobody, bytes("x"), bytes("y"), 1, {}, {}, clock.now()}),
                  StoreError::MfaNotPending);
        MUST_FAIL(store().unbindTotp(nobody, step(1)), StoreError::MfaNotBound);
        store().async().audit({0, nobody, {}, "login"});
        MUST(none, store().auditLog(nobody));
        QVERIFY(none.empty());
    }
}

void FactorSuite::audit_isNewestFirstAndBounded()
{
    const UserId tom = makeUser("tom"), lin = makeUser("lin");
    store().async().audit({0, lin, {}, "login", "other", "192.0.2.x"});
    for (int i = 0; i < 700; ++i)
        store().async().audit({0, tom, {}, "e" + std::to_string(i), "d1", "192.0.2.x"});
    MUST_DO(store().setDisabled(lin, false)); // a write behind them
    MUST(newest, store().auditLog(tom, {}, 3));
    QCOMPARE(newest.size(), std::size_t(3));
    QCOMPARE(newest[0].event, std::string("e699"));
    QCOMPARE(newest[2].event, std::string("e697"));
    QCOMPARE(newest[0].device, std::string("d1"));
    QCOMPARE(newest[0].addressMasked, std::string("192.0.2.x"));
    QVERIFY(newest[0].user == tom);
    MUST(next, store().auditLog(tom, newest[2].id, 1));
    QCOMPARE(next.at(0).event, std::string("e696"));
    std::size_t kept = 0;
    std::optional<std::int64_t> before;
    for (;;) {
        MUST(page, store().auditLog(tom, before, 200));
        if (page.empty())
            break;
        kept += page.size();
        before = page.back().id;
    }
    QVERIFY2(kept >= 300 && kept < 700,
             std::to_string(kept).c_str()); // somebody who is attacked does not fill the disk
    MUST(others, store().auditLog(lin));
    QCOMPARE(others.size(), std::size_t(1));
}

void FactorSuite::restart_keepsAll()
{
    const UserId tom = boundUser("tom", 100), lin = makeUser("lin");
    MUST_DO(store().enrolTotp(lin, bytes("waits"), clock.now() + 900s));
    store().async().audit({0, tom, {}, "login", "d1", "192.0.2.x"});
    MUST_DO(store().openSession(session(tom, "d1", step(101))));
    reopen();
    QCOMPARE(store().credentials("tom")->totpSealed, bytes("bound"));
    MUST_FAIL(store().openSession(session(tom, "d2", step(101))), StoreError::CodeUsed);
    QCOMPARE(store().mfa(tom)->recoveryLeft, 10);
    QCOMPARE(store().mfa(lin)->pendingSealed, bytes("waits"));
    QCOMPARE(store().auditLog(tom)->size(), std::size_t(1));
}

} // namespace kith::server::test
