// SPDX-License-Identifier: GPL-3.0-or-later
// What is typed to search is read in one place; filters, pages, snippets, and what a search could look at.
#include "tests/history/history_fixture.h"

#include <random>
#include <set>
#include <thread>

using namespace kith;
using namespace kith::history;
using namespace kith::test;

namespace {

using Kind = SearchFilterKind;
using Hint = SearchHint::Kind;

std::string marked(const Snippet &snippet)
{
    std::string text = snippet.text;
    for (auto mark = snippet.marks.rbegin(); mark != snippet.marks.rend(); ++mark)
        text.insert(mark->to, "]").insert(mark->from, "[");
    return text;
}

} // namespace

class TestHistorySearch final : public HistoryFixture {
    Q_OBJECT

    void say(const ConversationId &chat, std::int64_t seq, const UserId &who, const char *body)
    {
        KITH_VERIFY(store().applyLive(chat, message(seq, who, body), Rev(seq)));
    }
    /// Bodies, newest first.
    QStringList bodies(const SearchQuery &query)
    {
        const auto page = store().search(query);
        if (!page)
            return {QString::fromStdString(page.error().detail)};
        QStringList all;
        for (const auto &hit : page->hits)
            all << QString::fromStdString(hit.message.message.body);
        return all;
    }
    QStringList found(const char *text) { return bodies(looking(text)); }

private slots:
    void init() { fresh(); }

    void typedText_isReadIntoPhrasesFiltersAndHints_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QStringList>("phrases");
        QTest::addColumn<QStringList>("filters");
        QTest::addColumn<QStringList>("hints");
        QTest::addColumn<bool>("open");
        using L = QStringList;
        const auto row = [](const char *typed, L phrases, L filters, L hints, bool open) {
            QTest::newRow(typed) << QString::fromUtf8(typed) << phrases << filters << hints << open;
        };
        row("", {}, {}, {}, false);
        row("   ", {}, {}, {}, false);
        row("tea", {"tea"}, {}, {}, true);
        row("tea ", {"tea"}, {}, {}, false);
        row("green tea", {"green", "tea"}, {}, {}, true);
        row("\"green tea\"", {"green tea"}, {}, {}, false);
        row("\"green tea", {"green tea"}, {}, {}, false);
        row("“绿茶 红茶”好", {"绿茶 红茶", "好"}, {}, {}, true);
        row("下班　一起", {"下班", "一起"}, {}, {}, true);
        row("from:ann tea", {"tea"}, {"from=ann"}, {}, true);
        row("tea from:ann", {"tea"}, {"from=ann"}, {}, false);
        row("FROM:Ann", {}, {"from=Ann"}, {}, false);
        row("from:\"Ann Lee\" tea", {"tea"}, {"from=Ann Lee"}, {}, true);
        row("来自：林桥 在:读书会", {}, {"from=林桥", "in=读书会"}, {}, false);
        row("after:2024-05-03 before:2024-06 has:link", {}, {"after=2024-05-03", "before=2024-06", "has=link"}, {},
            false);
        row("from:", {}, {}, {"no value from"}, false);
        row("from:\"\"", {}, {}, {"no value from"}, false);
        row("form:ann tea", {"tea"}, {}, {"unknown form=ann"}, true);
        row("\"form:ann\"", {"form:ann"}, {}, {}, false);
        row("https://kith.example/a from:x", {"https://kith.example/a"}, {"from=x"}, {}, false);
        row("12:30", {"12:30"}, {}, {}, true);
        row("c:\\temp", {"c:\\temp"}, {}, {}, true);
        row("注意：明天", {"注意：明天"}, {}, {}, true);
        row(":tea", {":tea"}, {}, {}, true);
        row("\"\"", {}, {}, {}, false);
    }
    void typedText_isReadIntoPhrasesFiltersAndHints()
    {
        QFETCH(QString, typed);
        const auto parsed = parseSearch(typed.toStdString());
        QStringList phrases, filters, hints;
        for (const auto &phrase : parsed.phrases)
            phrases << QString::fromStdString(phrase);
        for (const auto &filter : parsed.filters)
            filters << QString::fromStdString(std::string(searchFilterName(filter.kind)) + '=' + filter.value);
        for (const auto &hint : parsed.hints)
            hints << QString::fromStdString(hint.kind == Hint::NoValue ? "no value " + hint.name
                                                                       : "unknown " + hint.name + '=' + hint.value);
        QTEST(phrases, "phrases");
        QTEST(filters, "filters");
        QTEST(hints, "hints");
        QTEST(parsed.lastOpen, "open");
    }

    void anyBytes_areReadWithoutHarm()
    {
        const std::string pieces[] = {"\"", ":",   "：", "“",  "”",    " ",    "　", "from",
                                      "in", "has", "a",  "林", "\xff", "\xe6", "/"};
        std::mt19937 random(5);
        for (int round = 0; round < 20'000; ++round) {
            std::string text;
            for (unsigned i = 0, n = random() % 12; i < n; ++i)
                text += pieces[random() % std::size(pieces)];
            const auto parsed = parseSearch(text);
            std::size_t size = 0;
            for (const auto &phrase : parsed.phrases) {
                QVERIFY(!phrase.empty());
                size += phrase.size();
            }
            for (const auto &filter : parsed.filters) {
                QVERIFY(!filter.value.empty());
                size += filter.value.size();
            }
            QVERIFY(size <= text.size());
        }
    }

    void day_isReadInItsUsualSpellings()
    {
        QCOMPARE(parseSearchDay("2024-05-03"), (SearchDay{2024, 5, 3}));
        QCOMPARE(parseSearchDay("2024/5/3"), (SearchDay{2024, 5, 3}));
        QCOMPARE(parseSearchDay("2024.05"), (SearchDay{2024, 5, 0}));
        QCOMPARE(parseSearchDay("2024"), (SearchDay{2024, 0, 0}));
        for (const char *wrong : {"", "soon", "2024-13", "2024-02-30", "2024-", "2024-1-1-1", "24-05-03", "-2024",
                                  "2024-0-1", "99999999999999999999"})
            QVERIFY2(!parseSearchDay(wrong), wrong);
    }

    void words_mustAllBeThere_quotedOnesInTheirOrder()
    {
        say(kChat, 1, kPeer, "The parcel came by Tuesday");
        say(kChat, 2, kPeer, "Tuesday then");
        QCOMPARE(found("tuesday parcel "), QStringList("The parcel came by Tuesday"));
        QCOMPARE(found("\"came parcel\""), QStringList());
        QCOMPARE(found("\"parcel came\""), QStringList("The parcel came by Tuesday"));
        QCOMPARE(found("parcel rain"), QStringList());
        QCOMPARE(found("tuesday"), QStringList({"Tuesday then", "The parcel came by Tuesday"}));
    }

    void lastWord_mayBeUnfinished_whileItIsTyped()
    {
        say(kChat, 1, kPeer, "The lighthouse is open");
        QCOMPARE(found("ligh").size(), 1);
        QCOMPARE(found("ligh ").size(), 0); // finished: it is no word of the message
        QCOMPARE(found("\"ligh\"").size(), 0);
        QCOMPARE(found("op lighthouse").size(), 0); // only the last one is being typed
        const auto page = store().search(looking("ligh"));
        KITH_VERIFY(page);
        QCOMPARE(marked(page->hits.front().snippet), std::string("The [lighthouse] is open"));
    }

    void twoChineseCharacters_areFoundWhereverTheyStand()
    {
        // Against a plain look at every body: nothing is lost, nothing is invented.
        const std::vector<std::string> marks{"下", "班", "河", "边", "天", "a", " ", "，", "!", "b"};
        std::mt19937 random(11);
        std::vector<std::string> said;
        for (std::int64_t seq = 1; seq <= 600; ++seq) {
            std::string body;
            for (unsigned i = 0, n = 1 + random() % 9; i < n; ++i)
                body += marks[random() % marks.size()];
            say(kChat, seq, kPeer, body.c_str());
            said.push_back(body);
        }
        for (std::size_t i = 0; i < 5; ++i)
            for (std::size_t j = 0; j < 5; ++j) {
                const std::string pair = marks[i] + marks[j];
                std::multiset<std::string> wanted, got;
                for (const auto &body : said) {
                    std::string bare; // punctuation between two characters does not matter (decision 3)
                    for (std::size_t at = 0; at < body.size(); ++at)
                        if (body.compare(at, 3, "，") == 0)
                            at += 2;
                        else if (body[at] != ' ' && body[at] != '!')
                            bare += body[at];
                    if (bare.find(pair) != std::string::npos)
                        wanted.insert(body);
                }
                const auto page = store().search(looking(pair, {}, 1000));
                KITH_VERIFY(page);
                for (const auto &hit : page->hits) {
                    got.insert(hit.message.message.body);
                    QVERIFY2(!hit.snippet.marks.empty(), hit.message.message.body.c_str());
                }
                QCOMPARE(got, wanted);
            }
    }

    void filters_holdTogetherWithWordsAndAlone()
    {
        say(kChat, 10, kPeer, "tea at four");
        say(kChat, 20, kMe, "tea at five");
        say(kGroup, 30, kOther, "tea for all, see https://tea.example");
        say(kGroup, 40, kPeer, "coffee instead: HTTPS://COFFEE.example");
        say(kGroup, 50, kOther, "what http is, is another question");
        auto system = message(60, kPeer, "{\"event\":\"tea\"}");
        system.kind = MessageKind::System;
        KITH_VERIFY(store().applyLive(kGroup, system, Rev(60)));

        auto query = looking("tea ");
        QCOMPARE(bodies(query).size(), 3); // what the server says in JSON is no hit
        query.from = {kMe};
        QCOMPARE(bodies(query), QStringList("tea at five"));
        query.from = {kMe, kPeer};
        QCOMPARE(bodies(query), QStringList({"tea at five", "tea at four"}));
        query.in = {kGroup};
        QCOMPARE(bodies(query), QStringList());
        query.from.clear();
        QCOMPARE(bodies(query).size(), 1);
        query.hasLink = true;
        QCOMPARE(bodies(query).size(), 1);
        query = looking("tea ");
        query.before = at(30);
        query.notBefore = at(20);
        QCOMPARE(bodies(query), QStringList("tea at five")); // `before` is not reached, `notBefore` is

        SearchQuery links;
        links.hasLink = true;
        QCOMPARE(bodies(links).size(), 2);
        SearchQuery from;
        from.from = {kPeer};
        QCOMPARE(bodies(from), QStringList({"coffee instead: HTTPS://COFFEE.example", "tea at four"}));
        from.before = at(40);
        QCOMPARE(bodies(from), QStringList("tea at four"));
        SearchQuery in;
        in.in = {kGroup, kChat};
        in.limit = 3;
        QCOMPARE(bodies(in).size(), 3);
        QCOMPARE(bodies(in).front(), QStringLiteral("what http is, is another question"));
        SearchQuery since;
        since.notBefore = at(40);
        QCOMPARE(bodies(since).size(), 2);
        SearchQuery nowhere = looking("tea");
        nowhere.in = {ConversationId("g:404")};
        QCOMPARE(bodies(nowhere), QStringList());
        QCOMPARE(bodies(looking("?!")), QStringList()); // no word in it
        QCOMPARE(bodies(SearchQuery{}), QStringList());
    }

    void pages_followEachOtherWithoutGapOrRepetition()
    {
        // Downloaded newest page first, as a catch-up does: rows are not in the order of time.
        for (std::int64_t to = 500; to > 0; to -= 100)
            fetch({kChat, Seq(to + 1), {}, {}, 100}, 500);
        for (std::int64_t to = 300; to > 0; to -= 100)
            fetch({kGroup, Seq(to + 1), {}, {}, 100}, 300);
        std::vector<SearchQuery> queries{looking("message ")};
        queries.emplace_back().from = {kPeer};
        queries.emplace_back().notBefore = at(1);
        for (auto &query : queries) {
            query.limit = 37;
            std::set<std::int64_t> seen;
            std::optional<SearchPlace> last;
            for (bool more = true; more;) {
                query.below = last;
                const auto page = store().search(query);
                KITH_VERIFY(page);
                QVERIFY(!page->hits.empty());
                for (const auto &hit : page->hits) {
                    QVERIFY(!last || hit.place() < *last);
                    last = hit.place();
                    QVERIFY(seen.insert(hit.message.localId).second);
                }
                more = page->more;
            }
            QCOMPARE(seen.size(), std::size_t(800));
        }
    }

    void search_isDoneInPieces_withTheStoreFreeInBetween()
    {
        const auto made =
            store().database().execute("INSERT INTO conversations(id,name,head_seq,last_at) VALUES(1,'g:7',30000,1);"
                                       "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<30000) "
                                       "INSERT INTO messages(conversation,"
                                       "seq,server_id,cid,sender,kind,body,mentions,created_at,recalled,likes,liked,"
                                       "state) SELECT 1,i,'m'||i,'','2',0,"
                                       "'common word '||i,'',1700000000000+i*1000,0,0,0,0 FROM n;"
                                       "INSERT INTO messages_fts(rowid,body) SELECT id,body FROM messages");
        KITH_VERIFY(made);
        SearchQuery byWords = looking("common "), bySender, byDay;
        bySender.from = {UserId("77")};
        byDay.in = {kGroup};
        byDay.before = at(2);
        for (auto *query : {&byWords, &bySender, &byDay}) {
            auto run = store().beginSearch(*query);
            KITH_VERIFY(run);
            int pieces = 0;
            for (; !run->over; ++pieces) {
                KITH_VERIFY(store().continueSearch(*run));
                // What comes in between is not lost by it, and does not disturb it.
                KITH_VERIFY(store().applyLive(kGroup, message(30001 + pieces, kOther, "in between"), Rev(1)));
            }
            QVERIFY2(pieces >= (query == &byWords ? 2 : 3), qPrintable(QString::number(pieces)));
            const auto page = store().finishSearch(std::move(*run));
            KITH_VERIFY(page);
            QCOMPARE(page->hits.size(), std::size_t(query == &byWords ? 50 : query == &byDay ? 1 : 0));
            if (query != &bySender)
                QCOMPARE(page->hits.front().message.message.seq, Seq(query == &byWords ? 30000 : 1));
        }
    }

    void frequentWordOfARareSender_isFoundBelowTheWalkTheSameAsAbove()
    {
        const auto made = store().database().execute(
            "INSERT INTO conversations(id,name,head_seq,last_at) VALUES(1,'g:7',90000,1);"
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<90000) INSERT INTO "
            "messages(conversation,"
            "seq,server_id,cid,sender,kind,body,mentions,created_at,recalled,likes,liked,state) SELECT 1,i,'m'||i,'',"
            "iif(i IN (3,5,89990),'9','2'),0,'common','',1700000000000+i*1000,0,0,0,0 FROM n;"
            "INSERT INTO messages_fts(rowid,body) SELECT id,body FROM messages");
        KITH_VERIFY(made);
        auto query = looking("common ");
        query.from = {UserId("9")};
        auto run = store().beginSearch(query);
        KITH_VERIFY(run);
        std::set<SearchRun::Phase> phases;
        while (!run->over) {
            phases.insert(run->phase);
            KITH_VERIFY(store().continueSearch(*run));
        }
        QCOMPARE(phases.size(), std::size_t(3));
        const auto page = store().finishSearch(std::move(*run));
        KITH_VERIFY(page);
        std::vector<std::int64_t> got;
        for (const auto &hit : page->hits)
            got.push_back(hit.message.message.seq.value());
        QCOMPARE(got, (std::vector<std::int64_t>{89990, 5, 3}));
        query.in = {kGroup}; // down the conversation instead
        query.below = page->hits.front().place();
        const auto below = store().search(query);
        KITH_VERIFY(below);
        QCOMPARE(below->hits.size(), std::size_t(2));
    }

    void interrupt_endsASearchAndNothingElse()
    {
        const auto made =
            store().database().execute("INSERT INTO conversations(id,name,head_seq,last_at) VALUES(1,'g:7',60000,1);"
                                       "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<60000) "
                                       "INSERT INTO messages(conversation,"
                                       "seq,server_id,cid,sender,kind,body,mentions,created_at,recalled,likes,liked,"
                                       "state) SELECT 1,i,'m'||i,'','2',0,"
                                       "'common word '||i,'',1700000000000+i*1000,0,0,0,0 FROM n;"
                                       "INSERT INTO messages_fts(rowid,body) SELECT id,body FROM messages");
        KITH_VERIFY(made);
        std::optional<sql::SqlErrorCode> code;
        std::atomic<bool> over = false;
        std::thread other([&] {
            while (!over)
                store().database().interrupt();
        });
        for (int round = 0; round < 200 && !code; ++round)
            if (const auto page = store().search(looking("common ")); !page)
                code = page.error().code;
        over = true;
        other.join();
        QVERIFY(code.has_value());
        QCOMPARE(*code, sql::SqlErrorCode::Interrupted);
        const auto after = store().search(looking("common "));
        KITH_VERIFY(after);
        QCOMPARE(after->hits.size(), std::size_t(50));
        KITH_VERIFY(store().applyLive(kGroup, message(60001, kPeer, "goes on"), Rev(60001)));
    }

    void snippet_showsThePlaceInALongText()
    {
        std::string text;
        for (int i = 0; i < 40; ++i)
            text += "words before it ";
        text += "the lighthouse\nand the lighthouse keeper";
        for (int i = 0; i < 40; ++i)
            text += " words behind";
        const auto snippet = makeSnippet(text, looking("lighthouse "));
        QVERIFY(snippet.text.starts_with("…"));
        QVERIFY(snippet.text.ends_with("…"));
        QCOMPARE(snippet.marks.size(), std::size_t(2));
        QVERIFY(marked(snippet).find("the [lighthouse] and the [lighthouse] keeper words") != std::string::npos);
        QVERIFY(snippet.text.find('\n') == std::string::npos);
        QVERIFY(!marked(snippet).starts_with("…rds")); // no half word
        std::string han;
        for (int i = 0; i < 300; ++i)
            han += i == 150 ? "下班" : "天";
        const auto chinese = makeSnippet(han, looking("下班"));
        QVERIFY(marked(chinese).find("天[下班]天") != std::string::npos);
        QVERIFY(QString::fromStdString(chinese.text).toStdString() == chinese.text); // whole characters
        QCOMPARE(marked(makeSnippet("Café au lait", looking("\"CAFÉ au\""))), std::string("[Café au] lait"));
        QCOMPARE(marked(makeSnippet("no place", looking("other"))), std::string("no place"));
        QCOMPARE(makeSnippet("", looking("other")), Snippet());
    }

    void edited_isFoundByItsNewWords_andRecalledNotAtAll()
    {
        say(kChat, 1, kPeer, "今天下班一起走吗");
        KITH_VERIFY(store().applyChange(kChat, message(1, kPeer, "改到明天吧"), Rev(2)));
        QCOMPARE(found("下班"), QStringList());
        QCOMPARE(found("明天").size(), 1);
        auto gone = message(1);
        gone.recalled = true;
        KITH_VERIFY(store().applyChange(kChat, gone, Rev(3)));
        QCOMPARE(found("明天"), QStringList());
        SearchQuery from;
        from.from = {kPeer};
        QCOMPARE(bodies(from), QStringList());
    }

    void reach_saysWhatIsHereAndWhatIsNot()
    {
        fetch({kChat, {}, {}, {}, 20}, 100);      // 81 … 100
        fetch({kChat, Seq(51), {}, {}, 10}, 100); // 41 … 50
        fetch({kGroup, {}, {}, {}, 30}, 30);
        const auto all = store().searchReach({});
        KITH_VERIFY(all);
        QCOMPARE(all->conversations, 2);
        QCOMPARE(all->messages, 60);
        QCOMPARE(all->missing, 70);
        QCOMPARE(all->holes, 2);
        QCOMPARE(all->since, std::optional(at(1)));
        const std::vector only{kChat};
        const auto chat = store().searchReach(only);
        KITH_VERIFY(chat);
        QCOMPARE(chat->messages, 30);
        QCOMPARE(chat->since, std::optional(at(41)));
        KITH_VERIFY(store().markRemoved(kChat));
        const auto left = store().searchReach(only);
        KITH_VERIFY(left);
        QCOMPARE(left->missing, 0);
        QCOMPARE(left->lost, 70);
        QCOMPARE(found("\"message 95\"").size(), 1); // left, and still searched
    }

    void hotQueries_readNoTableFromEndToEnd()
    {
        const std::pair<const char *, const char *> plans[] = {
            {"SELECT m.id FROM (SELECT rowid AS row FROM messages_fts WHERE messages_fts MATCH 'a' AND rowid>0 ORDER "
             "BY rowid "
             "LIMIT 9) f CROSS JOIN messages m ON m.id=f.row",
             "SEARCH m USING INTEGER PRIMARY KEY"},
            {"SELECT id,created_at,sender FROM messages m INDEXED BY messages_by_time WHERE created_at<=9 AND "
             "(created_at<9 OR "
             "id<9) ORDER BY created_at DESC,id DESC LIMIT 9",
             "SEARCH m USING INDEX messages_by_time"},
            {"SELECT m.id FROM messages m WHERE m.conversation=1 AND m.seq<9 ORDER BY m.seq DESC LIMIT 9",
             "SEARCH m USING INDEX sqlite_autoindex_messages_1"}};
        for (const auto &[sql, wanted] : plans) {
            auto plan = store().database().prepare(std::string("EXPLAIN QUERY PLAN ") + sql);
            KITH_VERIFY(plan);
            std::string text;
            for (auto row = plan->step(); row && *row; row = plan->step())
                text += plan->text(3) + '\n';
            QVERIFY2(text.find(wanted) != std::string::npos ||
                         text.find(std::string(wanted).replace(0, 14, "SEARCH m USING COVERING")) != std::string::npos,
                     text.c_str());
            QVERIFY2(text.find("SCAN m\n") == std::string::npos &&
                         text.find("TEMP B-TREE FOR ORDER") == std::string::npos,
                     text.c_str());
        }
    }
};

QTEST_APPLESS_MAIN(TestHistorySearch)
#include "test_history_search.moc"
