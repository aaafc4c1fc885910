// SPDX-License-Identifier: GPL-3.0-or-later
// Which days of a conversation have messages, over a real history: time zones, summer time, holes, nothing at all.
#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/client/days_query.h"
#include "tests/history/history_fixture.h"
#endif

#include <QDateTime>
#include <QTimeZone>

using namespace kith;
using namespace kith::client;
using namespace kith::test;

class TestDays final : public HistoryFixture {
    Q_OBJECT

    std::map<std::int64_t, QDateTime> m_times; // of what the server has

    /// The server has one message at each of these times; nothing of it is here.
    void take(const QList<QDateTime> &times)
    {
        fresh();
        m_times.clear();
        for (const QDateTime &time : times)
            m_times[static_cast<std::int64_t>(m_times.size()) + 1] = time;
    }
    void bring(std::int64_t from, std::int64_t to)
    {
        PageQuery query;
        query.conversation = kGroup;
        query.before = Seq(to + 1);
        const auto head = static_cast<std::int64_t>(m_times.size());
        Page page{{}, Seq(head), Rev(head), Seq(1)};
        for (std::int64_t seq = to; seq >= from; --seq) {
            Message one = message(seq);
            one.createdAt = fromUnixMs(m_times.at(seq).toMSecsSinceEpoch());
            page.messages.push_back(one);
        }
        const auto done = store().applyPage(query, page);
        KITH_VERIFY(done);
    }
    void bringAll() { bring(1, static_cast<std::int64_t>(m_times.size())); }
    MessageMonth month(int year, int number, const QDate &today = {2030, 1, 1})
    {
        auto got = monthOf(store(), kGroup, {year, number, 17}, today);
        return got ? *got : MessageMonth{};
    }
    static QString drawn(const MessageMonth &month)
    {
        QString text;
        for (const MessageDay &day : month.days)
            text += day.state == DayState::Here ? 'x' : day.state == DayState::Missing ? 'o' : '.';
        return text;
    }
    static QDateTime local(int y, int mo, int d, int h = 12, int mi = 0) { return {QDate(y, mo, d), QTime(h, mi)}; }

private slots:
    void cleanup()
    {
        qputenv("TZ", "UTC");
        tzset();
    }

    void daysWithMessages_leadToTheFirstOfEach()
    {
        take({local(2024, 2, 3, 8), local(2024, 2, 3, 9), local(2024, 2, 29, 23, 59), local(2024, 3, 1, 0, 0)});
        bringAll();
        const MessageMonth february = month(2024, 2);
        QCOMPARE(drawn(february), QStringLiteral("..x.........................x"));
        QCOMPARE(february.days.at(2).at, Seq(1));
        QCOMPARE(february.days.at(28).at, Seq(3));
        QCOMPARE(february.earlier, std::nullopt);
        QCOMPARE(february.later, QDate(2024, 3, 1));
        const auto all = daysOf(store(), kGroup);
        KITH_VERIFY(all);
        QCOMPARE(all->size(), std::size_t(3));
        QCOMPARE(all->back(), (MessageDay{QDate(2024, 3, 1), DayState::Here, Seq(4)}));
    }

    void monthsWithout_areSkipped()
    {
        take({local(2019, 5, 20), local(2024, 11, 2)});
        bringAll();
        QCOMPARE(month(2024, 11).earlier, QDate(2019, 5, 20));
        QCOMPARE(month(2019, 5).later, QDate(2024, 11, 2));
        const MessageMonth between = month(2021, 7);
        QVERIFY(!drawn(between).contains('x') && !drawn(between).contains('o'));
        QCOMPARE(between.earlier, QDate(2019, 5, 20));
        QCOMPARE(between.later, QDate(2024, 11, 2));
    }

    void days_areThoseOfThisComputersZone()
    {
        const QDateTime late(QDate(2024, 6, 30), QTime(18, 0), QTimeZone::utc());
        take({late});
        bringAll();
        qputenv("TZ", "Asia/Shanghai");
        tzset();
        QCOMPARE(drawn(month(2024, 7)).indexOf('x'), 0); // two in the morning there
        QVERIFY(!drawn(month(2024, 6)).contains('x'));
        qputenv("TZ", "America/New_York");
        tzset();
        QCOMPARE(drawn(month(2024, 6)).indexOf('x'), 29);
    }

    void daysOfSummerTime_beginWhenTheyBegin()
    {
        qputenv("TZ", "Europe/Berlin");
        tzset();
        // 31 March 2024 has 23 hours, 27 October 25.
        take({local(2024, 3, 30, 23, 59), local(2024, 3, 31, 23, 59), local(2024, 4, 1, 0, 0),
              local(2024, 10, 27, 23, 30), local(2024, 10, 28, 0, 0)});
        bringAll();
        QVERIFY(drawn(month(2024, 3)).endsWith(QStringLiteral(".xx")));
        QVERIFY(drawn(month(2024, 4)).startsWith(QStringLiteral("x.")));
        QCOMPARE(month(2024, 10).days.at(26).at, Seq(4));
        QCOMPARE(month(2024, 10).days.at(27).at, Seq(5));
    }

    void daysWithinAHole_areToldApart()
    {
        QList<QDateTime> times;
        for (int day = 1; day <= 30; ++day)
            times << local(2024, 6, day);
        take(times);
        bring(21, 30);
        bring(1, 10);
        const MessageMonth june = month(2024, 6);
        // From the day of the last one below to that of the first one above, which both may have more.
        QCOMPARE(drawn(june), QStringLiteral("xxxxxxxxxxooooooooooxxxxxxxxxx"));
        for (int day = 11; day <= 20; ++day) {
            const Seq at = june.days.at(static_cast<std::size_t>(day - 1)).at;
            QVERIFY(at >= Seq(11) && at <= Seq(20));
        }
        QVERIFY(june.days.at(10).at < june.days.at(19).at);
        QCOMPARE(june.earlier, std::nullopt);
    }

    void onlyTheNewest_olderDaysAreUnknown_newerOnesAreNot()
    {
        QList<QDateTime> times;
        for (int day = 1; day <= 30; ++day)
            times << local(2024, 6, day);
        take(times);
        bring(28, 30);
        QCOMPARE(drawn(month(2024, 6)), QStringLiteral("ooooooooooooooooooooooooooo") + QStringLiteral("xxx"));
        const MessageMonth may = month(2024, 5);
        QVERIFY(!drawn(may).contains('.'));
        QVERIFY(may.earlier.has_value()); // nobody knows when it began
        QCOMPARE(may.later, QDate(2024, 6, 1));
        QVERIFY(!drawn(month(2024, 7)).contains('o'));
    }

    void newestLacks_upToToday()
    {
        take({local(2024, 6, 1), local(2024, 6, 2), local(2024, 6, 3)});
        bring(1, 2);
        QCOMPARE(drawn(month(2024, 6, QDate(2024, 6, 5))), QStringLiteral("xxooo") + QString(25, '.'));
        QCOMPARE(month(2024, 6, QDate(2024, 7, 2)).later, QDate(2024, 7, 1));
        QCOMPARE(month(2024, 6, QDate(2024, 6, 5)).later, std::nullopt);
    }

    void nothingHere_nothingIsClaimed()
    {
        fresh();
        const MessageMonth none = month(2024, 6);
        QCOMPARE(drawn(none), QString(30, '.'));
        QCOMPARE(none.earlier, std::nullopt);
        QCOMPARE(none.later, std::nullopt);
        const auto all = daysOf(store(), kGroup);
        KITH_VERIFY(all);
        QVERIFY(all->empty());
    }

    void unsentMessages_areOfNoDay()
    {
        take({local(2024, 6, 1)});
        bringAll();
        const auto job = store().enqueue(kGroup, MessageKind::Text, "soon", {}, {}, ClientMessageId("c-1"),
                                         fromUnixMs(local(2024, 6, 9).toMSecsSinceEpoch()));
        KITH_VERIFY(job);
        QCOMPARE(drawn(month(2024, 6)), QStringLiteral("x") + QString(29, '.'));
    }

    void otherConversations_areNotCounted()
    {
        take({local(2024, 6, 1)});
        bringAll();
        const auto elsewhere = monthOf(store(), kChat, {2024, 6, 1}, {2024, 7, 1});
        KITH_VERIFY(elsewhere);
        QCOMPARE(drawn(*elsewhere), QString(30, '.'));
    }

    void theQueries_seek()
    {
        take({local(2024, 6, 1)});
        bringAll();
        for (const char *query :
             {"SELECT seq,created_at FROM messages INDEXED BY messages_by_day WHERE conversation=1 AND "
              "created_at>=5 AND seq IS NOT NULL ORDER BY created_at,seq LIMIT 1",
              "SELECT seq,created_at FROM messages INDEXED BY messages_by_day WHERE conversation=1 AND "
              "created_at<5 AND seq IS NOT NULL ORDER BY created_at DESC,seq DESC LIMIT 1"}) {
            auto plan = store().database().prepare(std::string("EXPLAIN QUERY PLAN ") + query);
            KITH_VERIFY(plan);
            std::string text;
            for (auto row = plan->step(); row && *row; row = plan->step())
                text += plan->text(3) + "\n";
            QVERIFY2(text.find("SEARCH messages USING COVERING INDEX messages_by_day") == 0, text.c_str());
            QVERIFY2(text.find("SCAN") == std::string::npos && text.find("TEMP") == std::string::npos, text.c_str());
        }
    }
};

QTEST_GUILESS_MAIN(TestDays)
#include "test_days.moc"

#include <QTimeZone>
