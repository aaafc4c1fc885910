// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/history/search.h"

#include "core/history/search_text.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>

namespace kith::bench {

using namespace kith::history;

namespace {

constexpr int kRounds = 60;

double since(std::chrono::steady_clock::time_point begin)
{
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
}

template <class T>
T must(sql::Result<T> result)
{
    if (!result) {
        std::fprintf(stderr, "search: %s\n", result.error().detail.c_str());
        std::exit(1);
    }
    if constexpr (!std::is_void_v<T>)
        return std::move(*result);
}

double percentile(std::vector<double> samples, std::size_t percent)
{
    std::sort(samples.begin(), samples.end());
    return samples[std::min(samples.size() - 1, samples.size() * percent / 100)];
}

void measure(HistoryStore &store, const char *what, const SearchQuery &query)
{
    std::vector<double> whole, pieces;
    double first = 0;
    std::size_t hits = 0;
    for (int round = 0; round <= kRounds; ++round) {
        const auto begin = std::chrono::steady_clock::now();
        auto run = must(store.beginSearch(query));
        while (!run.over) {
            const auto piece = std::chrono::steady_clock::now();
            must(store.continueSearch(run));
            pieces.push_back(since(piece));
        }
        hits = must(store.finishSearch(std::move(run))).hits.size();
        (round == 0 ? first : whole.emplace_back()) = since(begin);
    }
    std::printf(
        "search %-34s first %8.2f ms, then %8.2f ms (p95 %8.2f, worst %8.2f); longest piece %6.2f ms; %zu hits\n", what,
        first, percentile(whole, 50), percentile(whole, 95), percentile(whole, 100), percentile(pieces, 100), hits);
}

} // namespace

void search(HistoryStore &store, const ConversationId &one)
{
    const auto words = [](const char *text) {
        SearchQuery query;
        auto typed = parseSearch(text);
        query.phrases = std::move(typed.phrases);
        query.lastOpen = typed.lastOpen;
        return query;
    };
    measure(store, "蓝鲸 (0.5 % of all)", words("蓝鲸"));
    measure(store, "我们 (5 %)", words("我们"));
    measure(store, "丁万 (chance pairs)", words("丁万"));
    auto query = words("蓝鲸");
    query.from = {UserId("3")};
    measure(store, "蓝鲸 from:", query);
    query = words("蓝鲸");
    query.in = {one};
    measure(store, "蓝鲸 in:", query);
    query = words("蓝鲸");
    query.notBefore = fromUnixMs(1'700'000'000'000 + 5'000 * 60'000);
    query.before = fromUnixMs(1'700'000'000'000 + 15'000 * 60'000LL);
    measure(store, "蓝鲸 after: before:", query);
    query = words("蓝鲸");
    query.hasLink = true;
    measure(store, "蓝鲸 has:link", query);
    query = words("");
    query.hasLink = true;
    measure(store, "has:link alone", query);
    query = words("");
    query.from = {UserId("3")};
    measure(store, "from: alone", query);
    query.from = {UserId("99")};
    measure(store, "from: of 1 in 5,000", query);
    query = words("");
    query.in = {one};
    measure(store, "in: alone", query);
    query = words("");
    query.before = fromUnixMs(1'700'000'000'000 + 100 * 60'000);
    measure(store, "before: alone, the oldest", query);
    measure(store, "lighthouse question", words("lighthouse question "));
    measure(store, "lighthouse (every fifth)", words("lighthouse "));
    measure(store, "lig (being typed)", words("lig"));
    const auto begin = std::chrono::steady_clock::now();
    must(store.searchReach({}));
    std::printf("reach of all %.2f ms\n", since(begin));
}

} // namespace kith::bench
