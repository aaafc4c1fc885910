// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++'s concepts
#include "core/base/backoff.h"
#include "core/base/clock.h"
#include "core/base/domain.h"
#include "core/base/expected.h"
#include "core/base/ids.h"
#include "core/base/limits.h"

#include <memory>
#include <string>
#include <unordered_set>
#endif

#include <QTest>

using namespace kith;
using namespace std::chrono_literals;

static_assert(!std::is_convertible_v<UserId, MessageId>, "ids of different things must not mix");
static_assert(!std::is_convertible_v<Seq, Rev>, "counters of different things must not mix");

namespace {

Expected<int, std::string> half(int number)
{
    if (number % 2 != 0)
        return Unexpected(std::string("odd"));
    return number / 2;
}

Expected<int, std::string> quarter(int number)
{
    KITH_TRY_VALUE(first, half(number));
    KITH_TRY_VALUE(second, half(first));
    return second;
}

Expected<void, std::string> check(int number)
{
    KITH_TRY(half(number));
    return {};
}

} // namespace

class TestBase final : public QObject {
    Q_OBJECT
private slots:
    void privateConversation_ordersItsUsersAsNumbers()
    {
        const UserId nine("9"), ten("10");
        QCOMPARE(privateConversation(ten, nine).str(), std::string("p:9:10"));
        QCOMPARE(privateConversation(nine, ten), privateConversation(ten, nine));
        QCOMPARE(privatePeer(ConversationId("p:9:10"), nine), std::optional(ten));
        QCOMPARE(privatePeer(ConversationId("p:9:10"), ten), std::optional(nine));
        QVERIFY(!privatePeer(ConversationId("p:9:10"), UserId("11")));
        QVERIFY(!privatePeer(ConversationId("g:9"), nine));
        QVERIFY(!privatePeer(ConversationId("p:9"), nine));
    }

    void conversationType_isOfWellFormedIdsOnly_data()
    {
        QTest::addColumn<QString>("id");
        QTest::addColumn<int>("type"); // -1: none
        const auto add = [](const char *id, int type) { QTest::newRow(*id ? id : "empty") << QString(id) << type; };
        add("p:1:2", int(ConversationType::Private));
        add("p:9:10", int(ConversationType::Private));
        add("g:382406225721032704", int(ConversationType::Group));
        add("r:ABC123", int(ConversationType::Room));
        for (const char *bad : {"", "p", "p:", "p:1", "p:2:1", "p:10:9", "p:1:1", "p:01:2", "p:1:2:3", "p:a:b",
                                "g:", "g:x", "g:1:2", "x:1", "r:12345", "r:1234567", "g: 1", "G:1"})
            add(bad, -1);
    }
    void conversationType_isOfWellFormedIdsOnly()
    {
        QFETCH(QString, id);
        QFETCH(int, type);
        const auto found = conversationType(ConversationId(id.toStdString()));
        QCOMPARE(found ? int(*found) : -1, type);
    }

    void userIds_areDecimalWithoutLeadingZero()
    {
        for (const char *good : {"1", "42", "9223372036854775807"})
            QVERIFY2(isValidUserId(good), good);
        for (const char *bad : {"", "0", "007", "-1", "+1", "1.0", "1e3", " 1", "12345678901234567890", "١"})
            QVERIFY2(!isValidUserId(bad), bad);
    }

    void uuids_haveTheirDashes()
    {
        QVERIFY(isValidUuid("6f1ed002-ab5a-4d3c-9f52-2c5a5c8e0b1a"));
        QVERIFY(isValidUuid("6F1ED002-AB5A-4D3C-9F52-2C5A5C8E0B1A"));
        for (const char *bad : {"", "6f1ed002ab5a4d3c9f522c5a5c8e0b1a", "6f1ed002-ab5a-4d3c-9f52-2c5a5c8e0b1",
                                "6f1ed002-ab5a-4d3c-9f52-2c5a5c8e0b1ag", "6f1ed002-ab5a-4d3c-9f52-2c5a5c8e0b1g",
                                "{f1ed002-ab5a-4d3c-9f52-2c5a5c8e0b1a}"})
            QVERIFY2(!isValidUuid(bad), bad);
    }

    void counters_areOrderedAndHashed()
    {
        QVERIFY(!Seq() && Seq(1));
        QCOMPARE(Seq(4).next(), Seq(5));
        QCOMPARE(Seq(4).previous(), Seq(3));
        QVERIFY(Seq(4) < Seq(5));
        const std::unordered_set<Seq> some{Seq(1), Seq(1), Seq(2)};
        QCOMPARE(some.size(), size_t(2));
    }

    void backoff_isFullJitterUnderADoublingCeiling()
    {
        Backoff backoff(limits::kReconnectFirst, limits::kReconnectCeiling);
        for (const auto ceiling : {1s, 2s, 4s, 8s, 16s, 20s, 20s, 20s}) {
            Backoff same = backoff; // one draw from each end of the range
            const auto least = same.next(0.0), most = backoff.next(0.999999);
            QVERIFY(least > 0ms && least <= 1ms);
            QVERIFY(most <= ceiling && most > ceiling - 10ms);
        }
        for (int i = 0; i < 1000; ++i)
            QVERIFY(backoff.next(0.5) <= limits::kReconnectCeiling); // no overflow, however long the server is away
        backoff.reset();
        QCOMPARE(backoff.attempt(), 0);
        QVERIFY(backoff.next(0.999999) <= 1s);
    }

    void expected_holdsAValueOrAnError()
    {
        QCOMPARE(*quarter(12), 3);
        QCOMPARE(quarter(6).error(), std::string("odd"));
        QVERIFY(check(2).has_value());
        QCOMPARE(check(3).error(), std::string("odd"));
        QCOMPARE(half(3).value_or(7), 7);
        QVERIFY_EXCEPTION_THROWN(half(3).value(), std::bad_variant_access);
        Expected<std::unique_ptr<int>, std::string> owned = std::make_unique<int>(5);
        const auto taken = std::move(owned).value();
        QCOMPARE(*taken, 5);
    }

    void manualClock_movesBothTimesTogether()
    {
        ManualClock clock(fromUnixMs(1000));
        const auto before = clock.steady();
        clock.advance(1500ms);
        QCOMPARE(toUnixMs(clock.now()), std::int64_t(2500));
        QVERIFY(clock.steady() - before == 1500ms);
    }

    void systemClock_countsFromTheUnixEpoch()
    {
        const SystemClock clock;
        const auto first = clock.now();
        QVERIFY(toUnixMs(first) > 1'700'000'000'000);
        const auto earlier = clock.steady();
        QVERIFY(earlier <= clock.steady());
    }
};

QTEST_APPLESS_MAIN(TestBase)
#include "test_base.moc"
