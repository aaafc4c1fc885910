// SPDX-License-Identifier: GPL-3.0-or-later
// The client's encrypted history against plain SQLite with the same tables, in one run: insert, open, newest page,
// random page, and search of two Chinese characters. DESIGN §7: random page ≤ 1.5 × plain, search p95 ≤ 20 ms at
// 1,000,000.
//   bench_history [messages, default 1000000]
#include "bench/history/plain_sqlite.h"
#include "bench/history/search.h"
#include "core/history/history.h"

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <random>

using namespace kith;
using namespace kith::history;

namespace {

constexpr int kConversations = 40;
constexpr std::int64_t kBatch = 200;

double took(const std::function<void()> &work)
{
    const auto begin = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
}

struct Spread {
    double median, p95, worst;
};

Spread spread(std::vector<double> samples)
{
    std::sort(samples.begin(), samples.end());
    return {samples[samples.size() / 2], samples[samples.size() * 95 / 100], samples.back()};
}

template <class T>
T must(sql::Result<T> result)
{
    if (!result) {
        std::fprintf(stderr, "history: %s\n", result.error().detail.c_str());
        std::exit(1);
    }
    if constexpr (!std::is_void_v<T>)
        return std::move(*result);
}

/// Half English, half Chinese, 10 to 60 characters; every hundredth Chinese one holds the rare pair that is searched
/// for, every tenth a frequent one, every hundredth an address.
class Words final {
public:
    std::string next()
    {
        std::string text;
        if (m_random() % 2 == 0) {
            for (std::size_t i = 0, words = 3 + m_random() % 9; i < words; ++i)
                text += (i ? " " : "") + kEnglish[m_random() % kEnglish.size()];
            return text;
        }
        for (std::size_t i = 0, marks = 6 + m_random() % 30; i < marks; ++i)
            text += kHan[m_random() % kHan.size()];
        if (m_random() % 100 == 0)
            text += "蓝鲸";
        if (m_random() % 10 == 0)
            text += "我们";
        if (m_random() % 100 == 0)
            text += " https://kith.example/" + std::to_string(m_random() % 1000);
        return text;
    }

private:
    std::mt19937_64 m_random{7};
    static const std::vector<std::string> kEnglish, kHan;
};

const std::vector<std::string> Words::kEnglish{"the",     "river",  "meeting",  "at",        "nine",     "bread",
                                               "release", "draft",  "yes",      "maybe",     "tomorrow", "train",
                                               "photos",  "garden", "question", "lighthouse"};
const std::vector<std::string> Words::kHan = [] {
    std::vector<std::string> all;
    for (char32_t mark = 0x4E00; mark < 0x4E00 + 1500; ++mark) // three bytes each in UTF-8
        all.push_back({static_cast<char>(0xE0 | (mark >> 12)), static_cast<char>(0x80 | ((mark >> 6) & 0x3F)),
                       static_cast<char>(0x80 | (mark & 0x3F))});
    return all;
}();

ConversationId conversation(int i)
{
    return ConversationId("g:" + std::to_string(1000 + i));
}

Message makeMessage(std::int64_t seq, int place, Words &words)
{
    Message m;
    m.seq = Seq(seq);
    m.id = MessageId(std::to_string(seq * kConversations + place));
    m.sender = UserId(seq % 5000 == 0 ? std::string("99") : std::to_string(1 + seq % 7));
    m.body = words.next();
    m.createdAt = fromUnixMs(1'700'000'000'000 + seq * 60'000 + place);
    return m;
}

constexpr const char *kSchema = R"(
CREATE TABLE conversations(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE messages(
  id INTEGER PRIMARY KEY, conversation INTEGER NOT NULL REFERENCES conversations(id), seq INTEGER, server_id TEXT NOT NULL,
  cid TEXT NOT NULL, sender TEXT NOT NULL, kind INTEGER NOT NULL, body TEXT NOT NULL, reply_to INTEGER,
  mentions TEXT NOT NULL, file TEXT, created_at INTEGER NOT NULL, edited_at INTEGER, recalled INTEGER NOT NULL,
  likes INTEGER NOT NULL, liked INTEGER NOT NULL, state INTEGER NOT NULL, failure TEXT NOT NULL DEFAULT '',
  UNIQUE(conversation, seq));
CREATE UNIQUE INDEX messages_cid ON messages(cid) WHERE cid <> '';
CREATE INDEX messages_unsent ON messages(state) WHERE state > 0;
CREATE VIRTUAL TABLE messages_fts USING fts5(body, content='messages', content_rowid='id', prefix='3');)";

constexpr const char *kPageQuery =
    "SELECT "
    "m.id,c.name,m.seq,m.server_id,m.cid,m.sender,m.kind,m.body,m.reply_to,m.mentions,m.file,m.created_at,m.edited_at,"
    "m.recalled,m.likes,m.liked,m.state,m.failure FROM messages m JOIN conversations c ON c.id=m.conversation "
    "WHERE m.conversation=? AND m.seq BETWEEN ? AND ? ORDER BY m.seq DESC LIMIT ?";

void line(const char *what, const Spread &ours, const Spread &plain)
{
    std::printf("%-28s kith %8.3f ms (p95 %8.3f, worst %8.3f)   plain %8.3f ms (p95 %8.3f)   ratio %.2f\n", what,
                ours.median, ours.p95, ours.worst, plain.median, plain.p95, ours.median / plain.median);
}

} // namespace

int main(int argc, char **argv)
{
    const std::int64_t total = argc > 1 ? std::atoll(argv[1]) : 1'000'000;
    const std::int64_t each = total / kConversations;
    char pattern[] = "/tmp/kith-bench-XXXXXX";
    const std::string folder = ::mkdtemp(pattern);
    const auto key = crypto::Secret::random(32);
    const std::string ourPath = folder + "/history.db", plainPath = folder + "/plain.db";
    std::printf("%lld messages in %d conversations, SQLCipher against plain SQLite %s\n", static_cast<long long>(total),
                kConversations, bench::PlainSqlite::version());

    double ourInsert = 0, plainInsert = 0;
    {
        auto store = must(HistoryStore::open(ourPath, key));
        store.setSelf(UserId("1"));
        bench::PlainSqlite plain(plainPath);
        plain.execute(kSchema);
        for (int place = 0; place < kConversations; ++place)
            plain.execute("INSERT INTO conversations(name) VALUES('" + conversation(place).str() + "')");
        auto put = plain.prepare(
            "INSERT INTO messages(conversation,seq,server_id,cid,sender,kind,body,mentions,created_at,recalled,"
            "likes,liked,state) VALUES(?,?,?,'',?,0,?,'',?,0,0,0,0)");
        auto index = plain.prepare("INSERT INTO messages_fts(rowid,body) VALUES(?,?)");
        std::int64_t rowid = 0;
        Words words;
        // Batches of 200, as a catch-up brings them: each is one durable transaction on either side, in turns.
        for (std::int64_t from = 1; from <= each; from += kBatch)
            for (int place = 0; place < kConversations; ++place) {
                Page page;
                const std::int64_t to = std::min(each, from + kBatch - 1);
                for (auto seq = to; seq >= from; --seq)
                    page.messages.push_back(makeMessage(seq, place, words));
                page.headSeq = Seq(each);
                page.headRev = Rev(each);
                page.floorSeq = Seq(1);
                const PageQuery query{conversation(place), Seq(to + 1), {}, {}, kBatch};
                ourInsert += took([&] { must(store.applyPage(query, page)); });
                plainInsert += took([&] {
                    plain.execute("BEGIN IMMEDIATE");
                    for (const auto &m : page.messages) {
                        put.bind(1, std::int64_t{place + 1})
                            .bind(2, m.seq.value())
                            .bind(3, m.id.str())
                            .bind(4, m.sender.str());
                        put.bind(5, m.body).bind(6, toUnixMs(m.createdAt)).step();
                        put.reset();
                        index.bind(1, ++rowid).bind(2, m.body).step();
                        index.reset();
                    }
                    plain.execute("COMMIT");
                });
            }
    }
    std::printf(
        "%-28s kith %.0f messages/s   plain %.0f messages/s   ratio of times %.2f (kith indexes Chinese one by one)\n",
        "insert, batches of 200", 1000.0 * double(total) / ourInsert, 1000.0 * double(total) / plainInsert,
        ourInsert / plainInsert);

    std::vector<double> ours, others;
    for (int round = 0; round < 15; ++round) {
        ours.push_back(took([&] {
            auto store = must(HistoryStore::open(ourPath, key));
            must(store.page({conversation(round), {}, {}, {}, 50}));
        }));
        others.push_back(took([&] {
            bench::PlainSqlite plain(plainPath);
            auto page = plain.prepare(kPageQuery);
            page.bind(1, std::int64_t{round + 1}).bind(2, std::int64_t{1}).bind(3, each).bind(4, std::int64_t{50});
            while (page.step())
                ;
        }));
    }
    line("open and first page", spread(ours), spread(others));

    auto store = must(HistoryStore::open(ourPath, key));
    store.setSelf(UserId("1"));
    bench::PlainSqlite plain(plainPath);
    auto select = plain.prepare(kPageQuery);
    std::mt19937_64 random(11);
    const auto comparePages = [&](const char *what, int rounds, bool newest) {
        ours.clear();
        others.clear();
        for (int round = 0; round < rounds; ++round) {
            const int place = static_cast<int>(random() % kConversations);
            const auto before = newest ? each + 1 : std::int64_t(60 + random() % std::uint64_t(each - 60));
            const auto ask = [&] {
                const auto page = must(store.page({conversation(place), Seq(before), {}, {}, 50}));
                if (page.messages.size() != 50)
                    std::exit(1);
            };
            const auto askPlain = [&] {
                std::vector<std::vector<std::string>> rows;
                select.bind(1, std::int64_t{place + 1})
                    .bind(2, std::int64_t{1})
                    .bind(3, before - 1)
                    .bind(4, std::int64_t{50});
                while (select.step()) {
                    auto &row = rows.emplace_back();
                    for (int column = 0; column < 18; ++column)
                        row.push_back(select.text(column));
                }
                select.reset();
                if (rows.size() != 50)
                    std::exit(1);
            };
            // Neither side always comes second to pages that the other has just warmed in the file cache.
            if (round % 2 == 0) {
                ours.push_back(took(ask));
                others.push_back(took(askPlain));
            } else {
                others.push_back(took(askPlain));
                ours.push_back(took(ask));
            }
        }
        line(what, spread(ours), spread(others));
    };
    comparePages("newest page of 50", 400, true);
    comparePages("random page of 50", 2000, false);

    bench::search(store, conversation(7));
    std::vector<double> heads;
    for (int round = 0; round < 50; ++round)
        heads.push_back(took([&] { must(store.heads()); }));
    std::printf("%-28s %8.3f ms\n", "heads() of 40", spread(heads).median);

    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    std::printf("history.db %.0f MB, plain.db %.0f MB, peak RSS of both together %.0f MB\n",
                double(std::filesystem::file_size(ourPath)) / 1e6, double(std::filesystem::file_size(plainPath)) / 1e6,
                double(usage.ru_maxrss) / 1024);
    std::filesystem::remove_all(folder);
    return 0;
}
