// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/client/client_impl.h"

namespace kith::client {

namespace {

using Coverages = std::vector<std::pair<ConversationId, history::Coverage>>;

sql::Result<Coverages> coveragesOf(history::HistoryStore &store)
{
    KITH_TRY_VALUE(heads, store.heads());
    Coverages all;
    for (const auto &local : heads) {
        KITH_TRY_VALUE(covered, store.coverage(local.head.conversation));
        all.emplace_back(local.head.conversation, std::move(covered));
    }
    return all;
}

} // namespace

Client::Client(ClientOptions options, QObject *parent)
    : QObject(parent), m_impl(std::make_unique<Impl>(this, std::move(options)))
{
}

Client::~Client()
{
    m_impl->shutdown();
}

QCoro::Task<Result<void>> Client::open()
{
    return m_impl->open(std::nullopt);
}

QCoro::Task<Result<void>> Client::openWithPassphrase(crypto::Secret passphrase)
{
    return m_impl->open(std::move(passphrase));
}

QCoro::Task<Result<void>> Client::openAnew(std::optional<crypto::Secret> passphrase)
{
    return m_impl->open(std::move(passphrase), true);
}

std::optional<history::Salvage> Client::takeRepair()
{
    return std::exchange(m_impl->repaired, std::nullopt);
}

QCoro::Task<Result<void>> Client::checkHistory()
{
    auto *impl = m_impl.get();
    auto checkedLater =
        impl->history.run([](history::HistoryStore &store) { return store.database().integrityCheck(); });
    auto checked = co_await checkedLater;
    if (checked || !checked.error().sql || checked.error().sql->code != sql::SqlErrorCode::Corrupt)
        co_return checked;
    auto task = impl->repair(); // unless the failure has begun it already
    auto done = co_await task;
    co_return done ? Result<void>{} : Result<void>(Unexpected(std::move(done).error()));
}

bool Client::isOpen() const
{
    return m_impl->opened;
}

void Client::connectToServer()
{
    m_impl->connectSoon();
}
void Client::disconnectFromServer()
{
    ++m_impl->connects;
    m_impl->session.handle(event::DisconnectWanted{});
}
void Client::reconnectNow()
{
    m_impl->session.handle(event::ReconnectWanted{});
}
LinkStatus Client::linkStatus() const
{
    return m_impl->linkStatus();
}

// --- reading

template <class F>
static auto fromHistory(HistoryService &history, F task)
    -> QCoro::Task<Result<typename std::invoke_result_t<F &, history::HistoryStore &>::value_type>>
{
    auto resultLater = history.run(std::move(task));
    auto result = co_await resultLater;
    co_return std::move(result);
}

using Store = history::HistoryStore;

QCoro::Task<Result<std::vector<history::LocalHead>>> Client::heads()
{
    return fromHistory(m_impl->history, [](Store &store) { return store.heads(); });
}

QCoro::Task<Result<std::optional<history::LocalHead>>> Client::head(ConversationId conversation)
{
    return fromHistory(m_impl->history, [conversation](Store &store) { return store.head(conversation); });
}

QCoro::Task<Result<history::LocalPage>> Client::page(PageQuery query)
{
    return fromHistory(m_impl->history, [query](Store &store) { return store.page(query); });
}

QCoro::Task<Result<std::vector<history::StoredMessage>>> Client::unsent(ConversationId conversation)
{
    return fromHistory(m_impl->history, [conversation](Store &store) { return store.unsent(conversation); });
}

QCoro::Task<Result<std::vector<Receipt>>> Client::receipts(ConversationId conversation)
{
    return fromHistory(m_impl->history, [conversation](Store &store) { return store.receipts(conversation); });
}

QCoro::Task<Result<history::Coverage>> Client::coverage(ConversationId conversation)
{
    return fromHistory(m_impl->history, [conversation](Store &store) { return store.coverage(conversation); });
}

QCoro::Task<Result<std::vector<std::pair<ConversationId, history::Coverage>>>> Client::coverages()
{
    return fromHistory(m_impl->history, [](Store &store) { return coveragesOf(store); });
}

QCoro::Task<Result<std::vector<User>>> Client::users(std::vector<UserId> ids)
{
    auto *impl = m_impl.get();
    auto foundLater = impl->history.run([ids](Store &store) { return store.users(ids); });
    auto found = co_await foundLater;
    if (!found)
        co_return found;
    if (found->size() < ids.size())
        impl->wantUsers(ids);
    co_return found;
}

QCoro::Task<Result<std::vector<User>>> Client::knownUsers()
{
    return fromHistory(m_impl->history, [](Store &store) { return store.allUsers(); });
}

QCoro::Task<Result<std::optional<std::string>>> Client::setting(std::string name)
{
    return fromHistory(m_impl->history, [name](Store &store) { return store.setting(name); });
}

QCoro::Task<Result<void>> Client::setSetting(std::string name, std::string value)
{
    return fromHistory(m_impl->history, [name, value](Store &store) { return store.setSetting(name, value); });
}

// --- state of the whole

QCoro::Task<Result<Client::Status>> Client::status()
{
    auto *impl = m_impl.get();
    auto countedLater = impl->history.run([](Store &store) -> sql::Result<Status> {
        Status status;
        KITH_TRY_VALUE(heads, store.heads());
        KITH_TRY_VALUE(messages, store.messageCount());
        status.conversations = static_cast<std::int64_t>(heads.size());
        status.messages = messages;
        for (const auto &head : heads) {
            status.unsent += head.unsent;
            status.failed += head.failed;
        }
        KITH_TRY_VALUE(coverages, coveragesOf(store));
        for (const auto &[conversation, covered] : coverages)
            for (const auto &hole : covered.holes)
                status.holes.emplace_back(conversation, hole);
        KITH_TRY_VALUE(epoch, store.setting("sync.epoch"));
        status.epoch = epoch.value_or(std::string());
        return status;
    });
    auto counted = co_await countedLater;
    if (!counted)
        co_return counted;
    counted->link = impl->linkStatus();
    co_return counted;
}

QCoro::Task<Result<void>> Client::flushOutbox(std::chrono::milliseconds deadline)
{
    auto *impl = m_impl.get();
    auto dueLater = impl->history.run([](Store &store) { return store.dueJobs(1); });
    auto due = co_await dueLater;
    if (!due)
        co_return Unexpected(std::move(due).error());
    if (due->empty())
        co_return Result<void>{};
    impl->outbox.wake();
    auto answerLater = impl->waitUntil([impl] { return impl->outbox.isIdle(); }, deadline);
    co_return co_await answerLater;
}

QCoro::Task<Result<void>> Client::waitCaughtUp(std::chrono::milliseconds deadline)
{
    auto *impl = m_impl.get();
    auto answerLater = impl->waitUntil([impl] { return impl->session.online() && impl->sync.caughtUp(); }, deadline);
    co_return co_await answerLater;
}

} // namespace kith::client
