// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/client/client_impl.h"
#include "core/client/search.h"

#include <QDateTime>

namespace kith::client {

namespace {

using Store = history::HistoryStore;

struct Searching {
    history::SearchRun run;
    SearchAnswer answer;
};

sql::Result<std::shared_ptr<Searching>> begin(Store &store, const SearchRequest &request, const UserId &self,
                                              const QDate &today)
{
    std::vector<User> people;
    std::vector<history::LocalHead> heads;
    if (!history::parseSearch(request.text).filters.empty()) { // words need no names, and come letter by letter
        KITH_TRY_VALUE(everybody, store.allUsers());
        KITH_TRY_VALUE(everywhere, store.heads());
        people = std::move(everybody);
        heads = std::move(everywhere);
    }
    auto resolved = resolveSearch(request, people, heads, self, today);
    auto state = std::make_shared<Searching>();
    state->answer.asked = !resolved.query.isEmpty();
    state->answer.hints = std::move(resolved.hints);
    if (request.here && resolved.query.in.empty())
        resolved.query.in.push_back(*request.here);
    if (!request.below) {
        KITH_TRY_VALUE(reach, store.searchReach(resolved.query.in));
        state->answer.reach = reach;
    }
    if (!resolved.possible || !state->answer.asked) {
        state->run.over = true;
        return state;
    }
    KITH_TRY_VALUE(run, store.beginSearch(std::move(resolved.query)));
    state->run = std::move(run);
    KITH_TRY(store.continueSearch(state->run));
    return state;
}

sql::Result<bool> goOn(Store &store, Searching &state)
{
    KITH_TRY(store.continueSearch(state.run));
    return state.run.over;
}

sql::Result<SearchAnswer> finish(Store &store, Searching &state)
{
    KITH_TRY_VALUE(page, store.finishSearch(std::move(state.run)));
    state.answer.hits = std::move(page.hits);
    state.answer.more = page.more;
    return std::move(state.answer);
}

} // namespace

QCoro::Task<Result<SearchAnswer>> Client::search(SearchRequest request)
{
    auto *impl = m_impl.get();
    cancelSearch();
    const auto stop = std::make_shared<HistoryStop>();
    impl->searching = stop;
    const UserId me = owner().id;
    const QDate today = QDateTime::fromMSecsSinceEpoch(toUnixMs(impl->clock->now())).date();
    auto begunLater = impl->history.runStoppable(
        stop, [request = std::move(request), me, today](Store &store) { return begin(store, request, me, today); });
    auto begun = co_await begunLater;
    if (!begun)
        co_return Unexpected(std::move(begun).error());
    const auto state = *begun;
    // Piece by piece: whatever else wants the history comes in between.
    for (bool over = state->run.over; !over;) {
        auto pieceLater = impl->history.runStoppable(stop, [state](Store &store) { return goOn(store, *state); });
        auto piece = co_await pieceLater;
        if (!piece)
            co_return Unexpected(std::move(piece).error());
        over = *piece;
    }
    auto pageLater = impl->history.runStoppable(stop, [state](Store &store) { return finish(store, *state); });
    auto page = co_await pageLater;
    co_return page;
}

void Client::cancelSearch()
{
    if (const auto stop = std::exchange(m_impl->searching, nullptr))
        m_impl->history.stop(*stop);
}

} // namespace kith::client
