// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/client/forgetter.h"

#include <algorithm>
#include <span>

namespace kith::client {

using history::ForgetPhase;
using history::ForgetSurvey;
using history::HistoryStore;

namespace {
constexpr std::size_t kPerTask = 50; // conversations: a window's read waits for no more

std::vector<std::vector<ConversationId>> inPieces(const std::vector<ConversationId> &ids)
{
    std::vector<std::vector<ConversationId>> pieces;
    for (std::size_t at = 0; at < ids.size(); at += kPerTask)
        pieces.emplace_back(ids.begin() + static_cast<std::ptrdiff_t>(at),
                            ids.begin() + static_cast<std::ptrdiff_t>(std::min(ids.size(), at + kPerTask)));
    return pieces;
}
} // namespace

Forgetter::Forgetter(HistoryService &history, QObject *parent) : QObject(parent), m_history(history) {}

void Forgetter::open()
{
    ++m_round;
    m_open = true;
    goOn();
}

void Forgetter::close()
{
    ++m_round;
    m_open = m_working = false;
    m_progress = {};
    for (const auto &waiter : std::exchange(m_waiters, {}))
        waiter.finish(Unexpected(cancelledError()));
}

QCoro::Task<> Forgetter::goOn()
{
    auto task = finish();
    co_await task;
}

void Forgetter::tell(const ForgetProgress &progress)
{
    if (m_progress == progress)
        return;
    m_progress = progress;
    emit changed(m_progress);
}

QCoro::Task<Result<std::vector<ConversationId>>> Forgetter::idsOr(std::vector<ConversationId> ids)
{
    if (!ids.empty())
        co_return ids;
    auto allLater = m_history.run([](HistoryStore &store) -> sql::Result<std::vector<ConversationId>> {
        KITH_TRY_VALUE(heads, store.heads());
        std::vector<ConversationId> all;
        for (const auto &local : heads)
            all.push_back(local.head.conversation);
        return all;
    });
    co_return co_await allLater;
}

QCoro::Task<Result<ForgetSurvey>> Forgetter::survey(std::vector<ConversationId> ids, Timestamp before)
{
    auto idsTask = idsOr(std::move(ids));
    auto all = co_await idsTask;
    if (!all)
        co_return Unexpected(std::move(all).error());
    ForgetSurvey sum;
    for (const auto &piece : inPieces(*all)) {
        auto later = m_history.run([piece, before](HistoryStore &store) { return store.surveyForget(piece, before); });
        auto one = co_await later;
        if (!one)
            co_return one;
        sum.conversations += one->conversations;
        sum.messages += one->messages;
        sum.forGood += one->forGood;
    }
    co_return sum;
}

QCoro::Task<Result<history::FileSize>> Forgetter::size()
{
    auto later = m_history.run([](HistoryStore &store) { return store.fileSize(); });
    co_return co_await later;
}

QCoro::Task<Result<Forgotten>> Forgetter::forget(std::vector<ConversationId> ids, Timestamp before)
{
    auto idsTask = idsOr(std::move(ids));
    auto all = co_await idsTask;
    if (!all)
        co_return Unexpected(std::move(all).error());
    auto surveyTask = survey(*all, before);
    auto what = co_await surveyTask;
    if (!what)
        co_return Unexpected(std::move(what).error());
    Forgotten done{*what, 0};
    if (all->empty() || what->messages == 0)
        co_return done;
    auto sizeTask = size();
    auto sizeBefore = co_await sizeTask;
    if (!sizeBefore)
        co_return Unexpected(std::move(sizeBefore).error());
    // A damaged history that was set aside has them too.
    auto asideLater = m_history.run([](HistoryStore &store) -> sql::Result<void> {
        history::forgetDamaged(store.database().path());
        return {};
    });
    co_await asideLater;
    auto progress = m_progress;
    progress.phase = ForgetPhase::Rows;
    progress.total += what->messages;
    tell(progress);
    for (const auto &piece : inPieces(*all)) {
        auto later = m_history.run([piece, before](HistoryStore &store) { return store.forget(piece, before); });
        auto touched = co_await later;
        if (!touched)
            co_return Unexpected(std::move(touched).error());
        for (const auto &conversation : *touched)
            emit forgotten(conversation);
    }
    auto finishTask = finish();
    auto finished = co_await finishTask;
    if (!finished)
        co_return Unexpected(std::move(finished).error());
    auto afterTask = size();
    auto sizeAfter = co_await afterTask;
    if (sizeAfter)
        done.freedBytes = std::max<std::int64_t>(0, sizeBefore->file - sizeAfter->file);
    co_return done;
}

QCoro::Task<Result<void>> Forgetter::finish()
{
    if (!m_open)
        co_return Unexpected(cancelledError());
    const auto round = m_round;
    if (m_working) {
        Promise<void> done;
        m_waiters.push_back(done);
        auto later = done.later();
        auto waited = co_await later;
        if (!waited || round != m_round)
            co_return Unexpected(cancelledError());
    }
    m_working = true;
    auto task = work(round);
    auto done = co_await task;
    if (round != m_round)
        co_return Unexpected(cancelledError());
    m_working = false;
    tell({});
    for (const auto &waiter : std::exchange(m_waiters, {}))
        waiter.finish({});
    co_return done;
}

QCoro::Task<Result<void>> Forgetter::work(std::uint64_t round)
{
    for (;;) {
        auto later = m_history.run([](HistoryStore &store) { return store.continueForget(); });
        auto step = co_await later;
        if (round != m_round)
            co_return Unexpected(cancelledError());
        if (!step)
            co_return Unexpected(std::move(step).error());
        if (step->phase == ForgetPhase::None)
            co_return Result<void>{};
        auto progress = m_progress;
        progress.phase = step->phase;
        progress.removed += step->removed;
        progress.total = std::max(progress.total, progress.removed); // of an earlier run nobody counted
        tell(progress);
    }
}

} // namespace kith::client
