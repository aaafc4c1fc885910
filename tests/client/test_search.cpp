// SPDX-License-Identifier: GPL-3.0-or-later
// Names and days of a search resolved; a stale search is ended without harm to what else the store does.
#include "core/client/history_service.h"
#include "core/client/search.h"
#include "tests/client/fake_rpc.h"
#include "tests/people.h"

#include <QTemporaryDir>
#include <QTest>

using namespace kith;
using namespace kith::client;
using test::person;
using Hint = history::SearchHint::Kind;

namespace {

history::LocalHead head(const char *id, const char *name)
{
    history::LocalHead h;
    h.head.conversation = ConversationId(id);
    h.head.name = name;
    return h;
}

const std::vector<User> kPeople{person("1", "lin", "Lin Qiao"), person("2", "ann", "Ann Lee"),
                                person("3", "anna", "Anna Berg"), person("4", "wei", "魏子涵")};
const std::vector<history::LocalHead> kHeads{head("p:1:2", "Ann Lee"), head("p:1:4", "魏子涵"), head("g:7", "Hikes"),
                                             head("g:8", "Hikes 2024"), head("g:9", "读书会")};
const QDate kToday(2024, 5, 3);

ResolvedSearch resolve(const char *text)
{
    SearchRequest request;
    request.text = text;
    return resolveSearch(request, kPeople, kHeads, UserId("1"), kToday);
}

Timestamp day(int year, int month, int date)
{
    return fromUnixMs(QDate(year, month, date).startOfDay().toMSecsSinceEpoch());
}

} // namespace

class TestSearch final : public QObject {
    Q_OBJECT
private slots:
    void from_takesTheExactNameBeforeThoseThatContainIt()
    {
        using Ids = std::vector<UserId>;
        QCOMPARE(resolve("from:ann").query.from, Ids{UserId("2")});
        QCOMPARE(resolve("from:@ANN").query.from, Ids{UserId("2")});
        QCOMPARE(resolve("from:\"ann lee\"").query.from, Ids{UserId("2")});
        QCOMPARE(resolve("from:an").query.from, (Ids{UserId("2"), UserId("3")}));
        QCOMPARE(resolve("from:子涵").query.from, Ids{UserId("4")});
        QCOMPARE(resolve("from:me").query.from, Ids{UserId("1")});
        QCOMPARE(resolve("来自：我").query.from, Ids{UserId("1")});
        QCOMPARE(resolve("from:ann from:wei").query.from, (Ids{UserId("2"), UserId("4")}));
    }

    void in_takesNamesUserNamesAndIds()
    {
        using Ids = std::vector<ConversationId>;
        QCOMPARE(resolve("in:hikes").query.in, Ids{ConversationId("g:7")});
        QCOMPARE(resolve("in:hike").query.in, (Ids{ConversationId("g:7"), ConversationId("g:8")}));
        QCOMPARE(resolve("in:读书").query.in, Ids{ConversationId("g:9")});
        QCOMPARE(resolve("in:wei").query.in, Ids{ConversationId("p:1:4")});
        QCOMPARE(resolve("in:g:9").query.in, Ids{ConversationId("g:9")});
    }

    void days_areThoseOfThisComputer()
    {
        QCOMPARE(resolve("after:2024-05-03").query.notBefore, std::optional(day(2024, 5, 3)));
        QCOMPARE(resolve("before:2024-05").query.before, std::optional(day(2024, 5, 1)));
        QCOMPARE(resolve("before:2023").query.before, std::optional(day(2023, 1, 1)));
        QCOMPARE(resolve("after:today").query.notBefore, std::optional(day(2024, 5, 3)));
        QCOMPARE(resolve("晚于：昨天").query.notBefore, std::optional(day(2024, 5, 2)));
        QCOMPARE(resolve("before:2024 before:2022").query.before, std::optional(day(2022, 1, 1)));
        QCOMPARE(resolve("after:2020 after:2022").query.notBefore, std::optional(day(2022, 1, 1)));
    }

    void whatIsUnknown_isAHintAndFindsNothing_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<int>("kind");
        QTest::addColumn<bool>("possible");
        const auto row = [](const char *typed, Hint kind, bool possible) {
            QTest::newRow(typed) << QString::fromUtf8(typed) << static_cast<int>(kind) << possible;
        };
        row("from:nobody tea", Hint::UnknownPerson, false);
        row("in:nowhere tea", Hint::UnknownConversation, false);
        row("before:soon tea", Hint::BadDate, false);
        row("has:wings tea", Hint::UnknownThing, false);
        row("form:ann tea", Hint::UnknownFilter, true); // the words are still looked for
        row("from: tea", Hint::NoValue, true);
    }
    void whatIsUnknown_isAHintAndFindsNothing()
    {
        QFETCH(QString, typed);
        const auto resolved = resolve(typed.toUtf8().constData());
        QCOMPARE(resolved.hints.size(), std::size_t(1));
        QTEST(static_cast<int>(resolved.hints.front().kind), "kind");
        QTEST(resolved.possible, "possible");
        QCOMPARE(resolved.query.phrases, std::vector<std::string>{"tea"});
    }

    void stopped_endsTheSearchInTheMiddle_andTheNextTaskRuns()
    {
        QTemporaryDir folder;
        HistoryService service;
        const auto opened =
            test::wait(service.open(folder.filePath(QStringLiteral("h.db")).toStdString(), crypto::Secret::random(32)));
        QVERIFY(opened.has_value());
        const auto made = test::wait(service.run([](history::HistoryStore &store) {
            return store.database().execute(
                "INSERT INTO conversations(id,name,head_seq) VALUES(1,'g:7',50000);"
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<50000) INSERT INTO messages("
                "conversation,seq,server_id,cid,sender,kind,body,mentions,created_at,recalled,likes,liked,state) "
                "SELECT "
                "1,i,'m'||i,'','2',0,'common word '||i,'',1700000000000+i*1000,0,0,0,0 FROM n");
        }));
        QVERIFY(made.has_value());
        // A statement that would run for hours, so that it surely is under way when it is stopped.
        const auto stop = std::make_shared<HistoryStop>(), other = std::make_shared<HistoryStop>();
        std::atomic<bool> running = false;
        auto endless = service.runStoppable(stop, [&running](history::HistoryStore &store) {
            running = true;
            return store.database().scalar("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n) SELECT "
                                           "count(*) FROM n WHERE i<0");
        });
        auto queued = service.runStoppable(stop, [](history::HistoryStore &store) { return store.messageCount(); });
        auto innocent = service.runStoppable(other, [](history::HistoryStore &store) { return store.messageCount(); });
        auto plain = service.run([](history::HistoryStore &store) { return store.messageCount(); });
        QTRY_VERIFY(running);
        service.stop(*stop);
        const auto ended = test::wait(std::move(endless)), never = test::wait(std::move(queued));
        QVERIFY(!ended && ended.error().code == ClientErrorCode::Cancelled);
        QVERIFY(!never && never.error().code == ClientErrorCode::Cancelled);
        const auto first = test::wait(std::move(innocent)), second = test::wait(std::move(plain));
        QVERIFY(first && *first == 50000);
        QVERIFY(second && *second == 50000);
        service.stop(*other); // over already: nothing is hit
        const auto third = test::wait(service.run([](history::HistoryStore &store) { return store.messageCount(); }));
        QVERIFY(third && *third == 50000);
    }
};

QTEST_GUILESS_MAIN(TestSearch)
#include "test_search.moc"
