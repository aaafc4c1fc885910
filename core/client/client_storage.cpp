// SPDX-License-Identifier: GPL-3.0-or-later
// What is on this computer and what it takes; taking old messages off it.
#include "core/client/client_impl.h"

namespace kith::client {

namespace {

constexpr std::size_t kPerTask = 50; // conversations: a window's read waits for no more

struct Measured {
    ConversationStorage row;
    double weight = 0;
};

} // namespace

QCoro::Task<Result<StorageReport>> Client::storage()
{
    auto *impl = m_impl.get();
    using Ids = std::vector<ConversationId>;
    auto idsLater = impl->history.run([](history::HistoryStore &store) -> sql::Result<Ids> {
        KITH_TRY_VALUE(heads, store.heads());
        Ids ids;
        for (const auto &local : heads)
            ids.push_back(local.head.conversation);
        return ids;
    });
    auto ids = co_await idsLater;
    if (!ids)
        co_return Unexpected(std::move(ids).error());
    StorageReport report;
    std::vector<double> weights;
    double sum = 0;
    for (std::size_t at = 0; at < ids->size(); at += kPerTask) {
        const auto end = std::min(ids->size(), at + kPerTask);
        Ids piece(ids->begin() + static_cast<std::ptrdiff_t>(at), ids->begin() + static_cast<std::ptrdiff_t>(end));
        auto later = impl->history.run([piece](history::HistoryStore &store) -> sql::Result<std::vector<Measured>> {
            std::vector<Measured> all;
            for (const auto &id : piece) {
                KITH_TRY_VALUE(covered, store.coverage(id));
                KITH_TRY_VALUE(print, store.footprint(id));
                all.push_back({{id, std::move(covered), print.oldest, 0}, print.weight});
            }
            return all;
        });
        auto measured = co_await later;
        if (!measured)
            co_return Unexpected(std::move(measured).error());
        for (auto &one : *measured) {
            report.conversations.push_back(std::move(one.row));
            weights.push_back(one.weight);
            sum += one.weight;
        }
    }
    auto sizeLater = impl->history.run([](history::HistoryStore &store) { return store.fileSize(); });
    auto size = co_await sizeLater;
    if (!size)
        co_return Unexpected(std::move(size).error());
    report.fileBytes = size->file;
    report.emptyBytes = size->empty;
    auto picturesLater = impl->history.run([](history::HistoryStore &store) { return store.avatarBytes(); });
    auto pictures = co_await picturesLater;
    if (!pictures)
        co_return Unexpected(std::move(pictures).error());
    report.pictureBytes = *pictures;
    const double used = static_cast<double>(std::max<std::int64_t>(0, size->file - size->empty - *pictures));
    for (std::size_t i = 0; i < weights.size() && sum > 0; ++i)
        report.conversations[i].bytes = static_cast<std::int64_t>(used * weights[i] / sum);
    co_return report;
}

QCoro::Task<Result<history::ForgetSurvey>> Client::surveyForget(std::vector<ConversationId> conversations,
                                                                Timestamp before)
{
    return m_impl->forgetter.survey(std::move(conversations), before);
}

QCoro::Task<Result<Forgotten>> Client::forget(std::vector<ConversationId> conversations, Timestamp before)
{
    return m_impl->forgetter.forget(std::move(conversations), before);
}

ForgetProgress Client::forgetProgress() const
{
    return m_impl->forgetter.progress();
}

QCoro::Task<Result<void>> Client::fillHole(ConversationId conversation, history::Hole hole, Seq near)
{
    auto *impl = m_impl.get();
    // Asked for by name, what was forgotten is wanted again: as much as one page brings, or all above the place asked
    // for.
    const Seq from = near >= hole.to ? Seq(std::max(hole.from.value(), hole.to.value() - limits::kDefaultPage + 1))
                                     : std::max(hole.from, Seq(near.value() - limits::kDefaultPage / 2));
    auto wantedLater = impl->history.run([conversation, hole, from](history::HistoryStore &store) -> sql::Result<bool> {
        KITH_TRY_VALUE(local, store.head(conversation));
        if (!local || hole.to >= local->keptFrom)
            return false;
        KITH_TRY(store.wantAgain(conversation, from));
        return true;
    });
    auto wanted = co_await wantedLater;
    if (!wanted)
        co_return Unexpected(std::move(wanted).error());
    if (*wanted)
        impl->touchHead(conversation);
    auto filledTask = impl->sync.fillHole(conversation, hole, near);
    co_return co_await filledTask;
}

void Client::downloadAll(std::optional<ConversationId> only)
{
    if (only) { // in the order given: before the downloader looks what is missing
        const ConversationId id = *only;
        auto wanted = m_impl->history.run([id](history::HistoryStore &store) { return store.wantAgain(id, Seq(1)); });
        m_impl->touchHead(id);
    }
    m_impl->downloader.start(std::move(only));
}

} // namespace kith::client
