// SPDX-License-Identifier: GPL-3.0-or-later
// The pure parts of the logic: throttles, tokens, password pool, packet table, error mapping.
#include "core/crypto/crypto.h"
#include "server/logic/errors.h"
#include "server/logic/one_by_one.h"
#include "server/logic/packet_table.h"
#include "server/logic/passwords.h"
#include "server/logic/throttle.h"
#include "server/logic/tokens.h"

#include <QTest>

#include <atomic>
#include <future>
#include <jwt.h>

using namespace kith;
using namespace kith::server;
using namespace std::chrono_literals;

namespace {

const UserId kUser("1001");
const DeviceId kDevice("00000000-0000-4000-8000-000000000001");

std::string keyBytes(char c)
{
    return std::string(32, c);
}

/// A token as somebody else might make it.
std::string forged(jwt_alg_t algorithm, const std::string &key, std::int64_t exp, const char *user = "1001")
{
    jwt_t *jwt = nullptr;
    jwt_new(&jwt);
    jwt_add_grant(jwt, "sub", user);
    jwt_add_grant(jwt, "did", kDevice.str().c_str());
    jwt_add_grant(jwt, "fam", "f");
    jwt_add_grant_int(jwt, "exp", static_cast<long>(exp));
    jwt_set_alg(jwt, algorithm, reinterpret_cast<const unsigned char *>(key.data()),
                algorithm == JWT_ALG_NONE ? 0 : static_cast<int>(key.size()));
    char *text = jwt_encode_str(jwt);
    std::string out = text ? text : "";
    free(text);
    jwt_free(jwt);
    return out;
}

} // namespace

class TestLogicParts final : public QObject {
    Q_OBJECT
private slots:
    // --- throttle
    void throttle_closedKeysAreNotPushedOut()
    {
        ManualClock clock(fromUnixMs(1));
        Throttle throttle(5, clock, 100);
        for (int i = 0; i < 5; ++i)
            QVERIFY(!throttle.admit({"code:1"}));
        for (int i = 0; i < 1000; ++i)
            QVERIFY(!throttle.admit({"name" + std::to_string(i)}));
        QCOMPARE(throttle.size(), std::size_t(100));
        QVERIFY(throttle.admit({"code:1"}));
        throttle.refund({"name999"});
        QCOMPARE(throttle.size(), std::size_t(99)); // an attempt that was none leaves nothing
        // All closed: memory stays bounded all the same.
        Throttle full(1, clock, 10);
        for (int i = 0; i < 50; ++i)
            QVERIFY(!full.admit({"n" + std::to_string(i)}));
        QCOMPARE(full.size(), std::size_t(10));
    }
    void fiveFailures_areFreeThenEachCostsTwiceAsLong()
    {
        ManualClock clock(fromUnixMs(0));
        Throttle throttle(5, clock);
        const std::vector<std::string> key{"account:ada"};
        for (int i = 0; i < 5; ++i)
            QVERIFY(!throttle.admit(key));
        std::vector<std::int64_t> waits;
        for (int i = 0; i < 4; ++i) {
            const auto wait = throttle.admit(key);
            QVERIFY(wait.has_value());
            waits.push_back(wait->count());
            clock.advance(*wait - 1ms);
            QVERIFY(throttle.admit(key).has_value());
            clock.advance(1ms);
            QVERIFY(!throttle.admit(key));
        }
        QCOMPARE(waits, (std::vector<std::int64_t>{15'000, 30'000, 60'000, 120'000}));
        for (int i = 0; i < 30; ++i)
            if (const auto wait = throttle.admit(key))
                clock.advance(*wait);
        QVERIFY(throttle.admit(key).value_or(0ms) <= Throttle::kLongestPenalty);
    }
    void quietTime_forgives()
    {
        ManualClock clock(fromUnixMs(0));
        Throttle throttle(5, clock);
        for (int round = 0; round < 3; ++round) {
            for (int i = 0; i < 4; ++i)
                QVERIFY(!throttle.admit({"k"}));
            clock.advance(60s);
        }
        for (int i = 0; i < 5; ++i)
            QVERIFY(!throttle.admit({"k"}));
        QVERIFY(throttle.admit({"k"}).has_value());
        clock.advance(Throttle::kWindow);
        for (int i = 0; i < 5; ++i)
            QVERIFY(!throttle.admit({"k"}));
    }
    void guessesAtCodes_areRememberedForADay()
    {
        ManualClock clock(fromUnixMs(0));
        Throttle codes(5, clock, Throttle::kMaxKeys, Throttle::kCodeWindow);
        int guesses = 0;
        for (milliseconds passed{0}; passed < 24h;) { // as fast as it lets one
            const auto wait = codes.admit({"code:1"});
            guesses += !wait;
            clock.advance(wait.value_or(0ms));
            passed += wait.value_or(0ms);
        }
        QVERIFY2(guesses >= 30 && guesses < 40, std::to_string(guesses).c_str()); // four a minute would be 5,760
        Throttle slow(5, clock, Throttle::kMaxKeys, Throttle::kCodeWindow);
        for (int i = 0; i < 5; ++i) {
            QVERIFY(!slow.admit({"code:1"}));
            clock.advance(61s);
        }
        QVERIFY(!slow.admit({"code:1"})); // its penalty is over
        QVERIFY(slow.admit({"code:1"}));
    }
    void anyClosedKey_closesTheAttemptAndCountsNothing()
    {
        ManualClock clock(fromUnixMs(0));
        Throttle throttle(2, clock);
        throttle.admit({"a"});
        throttle.admit({"a"});
        for (int i = 0; i < 10; ++i)
            QVERIFY(throttle.admit({"b", "a"}).has_value());
        QVERIFY(!throttle.admit({"b"}));
    }
    void sharedKey_isAskedButCountsOnlyFailures()
    {
        ManualClock clock(fromUnixMs(0));
        Throttle throttle(3, clock);
        for (int i = 0; i < 50; ++i) // many people behind one address, all of them right
            QVERIFY(!throttle.admit({"account:" + std::to_string(i)}, {"address"}));
        for (int i = 0; i < 3; ++i)
            throttle.failed({"address"});
        QVERIFY(throttle.admit({"account:new"}, {"address"}).has_value());
    }
    void successAndRefund_takeBack()
    {
        ManualClock clock(fromUnixMs(0));
        Throttle throttle(2, clock);
        for (int i = 0; i < 20; ++i) {
            QVERIFY(!throttle.admit({"a"}));
            throttle.refund({"a"});
        }
        throttle.admit({"a"});
        throttle.admit({"a"});
        QVERIFY(throttle.admit({"a"}).has_value());
        throttle.clear({"a", "never seen"});
        QVERIFY(!throttle.admit({"a"}));
    }
    void manyKeys_areBoundedAndTheBusyOneIsKept()
    {
        ManualClock clock(fromUnixMs(0));
        Throttle throttle(1, clock, 100);
        throttle.admit({"busy"});
        for (int i = 0; i < 1000; ++i) {
            throttle.admit({"k" + std::to_string(i)});
            throttle.failed({"busy"});
        }
        QCOMPARE(throttle.size(), 100u);
        QVERIFY(throttle.admit({"busy"}).has_value());
    }
    void rateLimit_ofAnHour_asksWithoutCounting()
    {
        ManualClock clock(fromUnixMs(0));
        RateLimit limit(20, clock, 50, std::chrono::hours{1});
        for (int i = 0; i < 20; ++i) {
            QVERIFY(!limit.wait("a") && !limit.wait("a"));
            QVERIFY(!limit.admit("a"));
        }
        QVERIFY(limit.wait("a") == std::optional<milliseconds>(3min));
        QVERIFY(limit.admit("a") == std::optional<milliseconds>(3min));
        QVERIFY(!limit.wait("b"));
        clock.advance(3min);
        QVERIFY(!limit.wait("a") && !limit.admit("a"));
        QVERIFY(limit.wait("a").has_value());
    }
    void rateLimit_letsTenAMinuteThrough()
    {
        ManualClock clock(fromUnixMs(0));
        RateLimit limit(10, clock, 50);
        for (int i = 0; i < 10; ++i)
            QVERIFY(!limit.admit("a"));
        const auto wait = limit.admit("a");
        QVERIFY(wait && *wait == 6s);
        QVERIFY(!limit.admit("b"));
        clock.advance(6s);
        QVERIFY(!limit.admit("a"));
        QVERIFY(limit.admit("a").has_value());
        for (int i = 0; i < 1000; ++i)
            limit.admit(std::to_string(i)); // bounded: no crash, no growth to see
    }
    void tokenBucket_refillsAndSaysWhen()
    {
        TokenBucket bucket(10, 20);
        TokenBucket::Time now{};
        for (int i = 0; i < 20; ++i)
            QVERIFY(!bucket.take(now));
        const auto wait = bucket.take(now);
        QVERIFY(wait && *wait == 100ms);
        now += 100ms;
        QVERIFY(!bucket.take(now));
        QVERIFY(bucket.take(now).has_value());
        now += 1h;
        for (int i = 0; i < 20; ++i)
            QVERIFY(!bucket.take(now));
        QVERIFY(bucket.take(now).has_value()); // the burst is the ceiling
    }
    void addresses_shareTheirPrefix()
    {
        QCOMPARE(addressPrefix("192.0.2.7"), addressPrefix("192.0.2.250"));
        QVERIFY(addressPrefix("192.0.2.7") != addressPrefix("192.0.3.7"));
        QCOMPARE(addressPrefix("2001:db8:1:2::1"), addressPrefix("2001:db8:1:2:ffff::9"));
        QVERIFY(addressPrefix("2001:db8:1:2::1") != addressPrefix("2001:db8:1:3::1"));
        QCOMPARE(addressPrefix("::ffff:192.0.2.7"), addressPrefix("192.0.2.9"));
        QCOMPARE(addressPrefix("fe80::1%eth0"), addressPrefix("fe80::2"));
        QVERIFY(addressPrefix("") != addressPrefix("0.0.0.0"));
    }

    // --- tokens
    void token_comesBackWithItsClaims()
    {
        ManualClock clock(fromUnixMs(1'800'000'000'500));
        const Tokens tokens(crypto::Secret::copyOf(keyBytes('k')), 7200s, clock);
        const auto token = tokens.issue(kUser, kDevice, "family");
        const auto claims = tokens.verify(token);
        QVERIFY(claims.has_value());
        QCOMPARE(claims->user, kUser);
        QCOMPARE(claims->device, kDevice);
        QCOMPARE(claims->family, std::string("family"));
        QCOMPARE(toUnixMs(claims->expires), 1'800'007'200'000);
        QVERIFY(tokens.issue(kUser, kDevice, "family") != token); // jti
        clock.advance(7199s);
        QVERIFY(tokens.verify(token).has_value());
        clock.advance(1s);
        QVERIFY(tokens.verify(token).error() == TokenError::Expired);
    }
    void foreignTokens_areRefused()
    {
        ManualClock clock(fromUnixMs(1'800'000'000'000));
        const Tokens tokens(crypto::Secret::copyOf(keyBytes('k')), 7200s, clock);
        const std::int64_t later = 1'800'003'600;
        QVERIFY(tokens.verify(forged(JWT_ALG_HS256, keyBytes('k'), later)).has_value()); // the helper itself works
        QVERIFY(tokens.verify(forged(JWT_ALG_HS256, keyBytes('x'), later)).error() == TokenError::Invalid);
        QVERIFY(tokens.verify(forged(JWT_ALG_HS384, keyBytes('k'), later)).error() == TokenError::Invalid);
        QVERIFY(tokens.verify(forged(JWT_ALG_HS512, keyBytes('k'), later)).error() == TokenError::Invalid);
        QVERIFY(tokens.verify(forged(JWT_ALG_NONE, {}, later)).error() == TokenError::Invalid);
        QVERIFY(tokens.verify(forged(JWT_ALG_HS256, keyBytes('k'), later, "../1")).error() == TokenError::Invalid);
        QVERIFY(tokens.verify(forged(JWT_ALG_HS256, keyBytes('k'), 0)).error() == TokenError::Expired);
        const auto good = tokens.issue(kUser, kDevice, "f");
        for (const std::string &bad :
             {std::string(), std::string("."), std::string(".."), std::string("a.b.c"), good + "x",
              good.substr(0, good.size() - 2), good.substr(good.find('.')), good + std::string(1, '\0'),
              std::string(100'000, 'a'), std::string("\xff\xfe\x00.\x01.\x02", 7)})
            QVERIFY(tokens.verify(bad).error() == TokenError::Invalid);
        for (std::size_t i = 0; i < good.size(); ++i) { // no single changed character passes, and none crashes
            std::string changed = good;
            changed[i] = changed[i] == 'A' ? 'B' : 'A';
            const auto result = tokens.verify(changed);
            // The last character of Base64url carries bits that are not part of the signature.
            QVERIFY(i + 1 == good.size() || !result);
        }
    }
    void successor_isOneAndTheSame()
    {
        ManualClock clock(fromUnixMs(0));
        const Tokens tokens(crypto::Secret::copyOf(keyBytes('k')), 7200s, clock);
        const Tokens other(crypto::Secret::copyOf(keyBytes('x')), 7200s, clock);
        const auto token = Tokens::newRefreshToken();
        QCOMPARE(token.size(), 43u); // 32 bytes
        QVERIFY(Tokens::newRefreshToken() != token);
        QCOMPARE(tokens.successor(token), tokens.successor(token));
        QCOMPARE(tokens.successor(token).size(), 43u);
        QVERIFY(tokens.successor(token) != other.successor(token));
        QVERIFY(tokens.successor(tokens.successor(token)) != tokens.successor(token));
        QCOMPARE(Tokens::hash("abc"),
                 std::string("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")); // FIPS 180-2, B.1
    }

    // --- passwords
    void commonPasswords_areFoundInAnyCase()
    {
        for (const char *common : {"password", "PASSWORD", "12345678", "qwertyuiop", "iloveyou1", "5201314520"})
            QVERIFY2(isCommonPassword(common), common);
        for (const char *fine : {"", "a fine sentence", "kJ8#mQz2!x", "passwor"})
            QVERIFY2(!isCommonPassword(fine), fine);
    }
    void pool_hashesVerifiesAndKnowsNobody()
    {
        PasswordPool pool(2, 8, crypto::PasswordCost::cheapest());
        std::promise<std::string> hashed;
        QVERIFY(pool.hash("a", "correct horse", [&](auto result) { hashed.set_value(result.value_or("")); }));
        const std::string hash = hashed.get_future().get();
        const auto verify = [&](const std::string &encoded, const std::string &password) {
            std::promise<bool> right;
            pool.verify("a", encoded, password, [&](bool is) { right.set_value(is); });
            return right.get_future().get();
        };
        QVERIFY(verify(hash, "correct horse"));
        QVERIFY(!verify(hash, "wrong horse"));
        QVERIFY(!verify("", "correct horse")); // unknown user: the dummy never fits
    }
    void fullPool_refuses_andOnePartyFillsHalfOfItOnly()
    {
        PasswordPool pool(1, 4, crypto::PasswordCost::cheapest());
        std::promise<void> started, go;
        auto wait = go.get_future().share();
        QVERIFY(pool.verify("a", "", "x", [&, wait](bool) {
            started.set_value();
            wait.wait();
        }));
        started.get_future().wait();
        std::atomic<int> done{0};
        const auto ask = [&](const char *party) { return pool.verify(party, "", "x", [&](bool) { ++done; }); };
        QVERIFY(ask("a") && ask("a"));
        QVERIFY(!ask("a"));
        QVERIFY(!pool.hash("a", "x", [](auto) {}));
        QVERIFY(ask("b") && ask("c"));
        QVERIFY(!ask("d"));
        go.set_value();
        QTRY_COMPARE(done.load(), 4);
        QVERIFY(ask("a")); // what is done makes room
        QTRY_COMPARE(done.load(), 5);
        pool.stop();
        QVERIFY(!pool.hash("a", "x", [](auto) {}));
    }

    void oneByOne_staysFlatWhenAnsweredAtOnceAndWaitsWhenNot()
    {
        std::size_t sum = 0, ended = 0;
        oneByOne(
            1'000'000,
            [&](std::size_t i, const std::function<void()> &next) {
                sum += i;
                next();
            },
            [&] { ++ended; });
        QCOMPARE(sum, std::size_t(499'999'500'000));
        QCOMPARE(ended, std::size_t(1));
        std::function<void()> later;
        std::string order;
        oneByOne(
            3,
            [&](std::size_t i, std::function<void()> next) {
                order += std::to_string(i);
                if (i == 1)
                    return next();
                later = std::move(next);
            },
            [&] { order += "end"; });
        QCOMPARE(order, std::string("0"));
        std::exchange(later, nullptr)();
        QCOMPARE(order, std::string("012"));
        std::exchange(later, nullptr)();
        QCOMPARE(order, std::string("012end"));
        oneByOne(0, {}, [&] { order += "none"; });
        QCOMPARE(order, std::string("012endnone"));
    }

    // --- table and errors
    void table_holdsWhatClientsSendAndNothingElse()
    {
        using protocol::Op;
        for (const Op op : {Op::Ok, Op::Error, Op::Hello, Op::HeartbeatReply, Op::Accepted, Op::Message, Op::Change,
                            Op::Receipt, Op::Presence, Op::Conversation, Op::Lagging})
            QVERIFY2(!packetRow(op), std::string(protocol::name(op)).c_str());
        for (const Op op : {Op::Login,
                            Op::Token,
                            Op::Heartbeat,
                            Op::Logout,
                            Op::Send,
                            Op::Edit,
                            Op::Recall,
                            Op::Like,
                            Op::Unlike,
                            Op::Typing,
                            Op::Ack,
                            Op::Read,
                            Op::Sync,
                            Op::Page,
                            Op::Changes,
                            Op::Receipts,
                            Op::WatchPresence,
                            Op::ConversationCreate,
                            Op::ConversationUpdate,
                            Op::ConversationInvite,
                            Op::ConversationJoin,
                            Op::ConversationLeave,
                            Op::ConversationRemove,
                            Op::ConversationRole,
                            Op::ConversationMute,
                            Op::ConversationMembers,
                            Op::UserBlock,
                            Op::UserUnblock,
                            Op::UserBlocked,
                            Op::UserShared}) {
            QVERIFY2(packetRow(op) && packetRow(op)->op == op, std::string(protocol::name(op)).c_str());
            QCOMPARE(packetRow(op)->beforeLogin, op == Op::Login);
        }
    }
    void onlyTransientErrors_allowABlindResend()
    {
        for (int i = 0; i <= static_cast<int>(StoreError::Unavailable); ++i) {
            const auto error = static_cast<StoreError>(i);
            const auto wire = wireError(error);
            QVERIFY(!wire.message.empty());
            const bool transient = error == StoreError::DiskFull || error == StoreError::Unavailable;
            QCOMPARE(wire.retry == protocol::Retry::Same, transient);
        }
        QVERIFY(wireError(StoreError::Overloaded).retry == protocol::Retry::After);
        QCOMPARE(rateLimited(1500ms).retryAfterMs, 1500);
        QCOMPARE(newTrace().size(), 8u);
    }
};

QTEST_APPLESS_MAIN(TestLogicParts)
#include "test_logic_parts.moc"
