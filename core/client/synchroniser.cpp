// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/client/synchroniser.h"

#include "core/base/failpoint.h"
#include "core/base/limits.h"
#include "core/base/logging.h"
#include "core/crypto/crypto.h"

#include <QLoggingCategory>

#include <charconv>

namespace kith::client {

namespace {

Q_LOGGING_CATEGORY(lcSync, kith::logging::kClient, QtWarningMsg)

constexpr const char *kEpochSetting = "sync.epoch";
constexpr const char *kSinceSetting = "sync.since";
constexpr std::int64_t kOverlapMs = 10 * 60 * 1000; // heads that were written while the last sync was read
constexpr int kHeadsPerSync = 100;
constexpr std::int64_t kNearRevs = 500; // up to here `changes` is cheaper than a hole and a page

std::optional<std::int64_t> number(const std::optional<std::string> &text)
{
    std::int64_t value = 0;
    if (!text || std::from_chars(text->data(), text->data() + text->size(), value).ec != std::errc())
        return std::nullopt;
    return value;
}

/// Not what the user took off this computer.
bool lacksNewest(const history::LocalHead &local, const history::LocalPage &page)
{
    return local.head.headSeq >= local.keptFrom &&
           (page.messages.empty() || page.messages.front().message.seq < local.head.headSeq);
}

} // namespace

Synchroniser::Synchroniser(HistoryService &history, Rpc &rpc, QObject *parent)
    : QObject(parent), m_history(history), m_rpc(rpc)
{
    m_retry.setSingleShot(true);
    connect(&m_retry, &QTimer::timeout, this, [this] {
        if (m_unadopted)
            run(m_round, m_offered);
        else
            resync();
    });
    m_ackAgain.setSingleShot(true);
    connect(&m_ackAgain, &QTimer::timeout, this, &Synchroniser::scheduleAck);
}

void Synchroniser::start(const protocol::HelloPacket &hello)
{
    ++m_round;
    releaseWaiters();
    m_queue.clear();
    m_later.clear();
    m_queued.clear();
    m_busy.clear();
    m_far.clear();
    m_working = m_syncing = m_syncAgain = false;
    m_caughtUp = m_unadopted = false;
    m_offered = hello.epoch;
    m_backoff.reset();
    m_ackBackoff.reset();
    m_self = hello.user.id;
    setCatchingUp(true);
    run(m_round, hello.epoch);
}

void Synchroniser::stop()
{
    ++m_round;
    m_caughtUp = false;
    m_retry.stop();
    m_ackAgain.stop();
    setCatchingUp(false);
    releaseWaiters();
}

void Synchroniser::setCatchingUp(bool on)
{
    const bool changed = m_catchingUp != on;
    m_catchingUp = on;
    if (!on && m_rpc.online())
        m_caughtUp = true;
    if (changed)
        emit catchUpChanged();
}

void Synchroniser::tryAgain()
{
    m_behind = m_failed = true;
    if (m_rpc.online() && !m_retry.isActive())
        m_retry.start(m_backoff.next(crypto::randomUnit()));
}

QCoro::Task<> Synchroniser::run(std::uint64_t round, std::string epoch)
{
    auto adoptedLater = adoptEpoch(std::move(epoch));
    auto adopted = co_await adoptedLater;
    if (!current(round))
        co_return;
    m_unadopted = !adopted;
    if (!adopted)
        co_return tryAgain();
    // Acks are not answered: those of earlier connections, of another run of the program too, may have been lost.
    auto forgottenLater = m_history.run([](history::HistoryStore &store) { return store.forgetAcks(); });
    co_await forgottenLater;
    if (!current(round))
        co_return;
    scheduleAck();
    co_await resync();
    if (!current(round))
        co_return;
    auto doneLater = resendReads(round);
    co_await doneLater;
}

QCoro::Task<Result<void>> Synchroniser::adoptEpoch(std::string epoch)
{
    auto doneLater = m_history.run([epoch](history::HistoryStore &store) -> sql::Result<bool> {
        KITH_TRY_VALUE(before, store.setting(kEpochSetting));
        if (before && *before == epoch)
            return false;
        if (before) {
            KITH_TRY(store.dropCursors());
            KITH_TRY(store.removeSetting(kSinceSetting));
        }
        KITH_TRY(store.setSetting(kEpochSetting, epoch));
        return before.has_value();
    });
    auto done = co_await doneLater;
    if (!done)
        co_return Unexpected(std::move(done).error());
    KITH_FAILPOINT("sync.epoch_adopted");
    m_epoch = epoch;
    if (*done) {
        qCInfo(lcSync) << "the server's data set was replaced: cursors dropped";
        m_owed.clear();
    }
    co_return Result<void>{};
}

/// Reads the heads, then works through what they show to be missing. Runs once at a time; asked again meanwhile, it
/// does all of it again.
QCoro::Task<> Synchroniser::resync()
{
    if (m_syncing) {
        m_syncAgain = true;
        co_return;
    }
    m_syncing = true;
    const auto round = m_round;
    do {
        m_syncAgain = m_failed = false;
        m_retry.stop();
        setCatchingUp(true);
        auto owedLater = applyOwed();
        auto heads = co_await owedLater;
        if (heads && current(round)) {
            auto headsLater = syncHeads(round);
            heads = co_await headsLater;
        }
        if (!current(round))
            co_return;
        if (!heads) {
            qCWarning(lcSync) << "sync failed:" << heads.error().detail;
            tryAgain();
            break;
        }
        auto doneLater = work(round);
        co_await doneLater;
        if (!current(round))
            co_return;
    } while (m_syncAgain);
    m_syncing = false;
    scheduleAck();
    if (m_failed)
        co_return; // catching up goes on after the pause
    m_behind = false;
    m_backoff.reset();
    setCatchingUp(false);
}

QCoro::Task<Result<void>> Synchroniser::syncHeads(std::uint64_t round)
{
    auto sinceLater = m_history.run([](history::HistoryStore &store) { return store.setting(kSinceSetting); });
    auto since = co_await sinceLater;
    if (!since)
        co_return Unexpected(std::move(since).error());
    protocol::SyncPacket ask;
    if (const auto last = number(*since))
        ask.sinceMs = std::max<std::int64_t>(0, *last - kOverlapMs);
    ask.limit = kHeadsPerSync;
    std::optional<std::int64_t> began;
    for (bool more = true; more;) {
        auto replyLater = call<protocol::SyncReply>(m_rpc, protocol::Op::Sync, ask);
        auto reply = co_await replyLater;
        if (!reply)
            co_return Unexpected(std::move(reply).error());
        if (!current(round))
            co_return Unexpected(makeError(ClientErrorCode::Unreachable, {}));
        KITH_FAILPOINT("sync.heads_received");
        if (!began)
            began = toUnixMs(reply->serverTime);
        auto takenLater = takeHeads(std::move(reply->conversations));
        auto taken = co_await takenLater;
        if (!taken)
            co_return Unexpected(std::move(taken).error());
        more = reply->more && reply->cursor && reply->cursor != ask.cursor;
        ask.cursor = reply->cursor;
    }
    if (!ask.sinceMs) {
        auto closedLater = m_history.run([](history::HistoryStore &store) { return store.closeEpoch(); });
        auto gone = co_await closedLater;
        if (!gone)
            co_return Unexpected(std::move(gone).error());
        for (const auto &conversation : *gone)
            emit headTouched(conversation);
    }
    // What the history lacks, most recently changed first: from these heads and from earlier, interrupted rounds.
    auto needsLater = m_history.run([](history::HistoryStore &store) -> sql::Result<std::vector<Need>> {
        KITH_TRY_VALUE(heads, store.heads());
        std::vector<Need> lacking;
        for (const auto &local : heads) {
            Need need{local.head.conversation, local.knownRev, local.head.headRev, false};
            if (local.head.removed)
                continue;
            if (local.head.headSeq) {
                PageQuery newest;
                newest.conversation = local.head.conversation;
                newest.limit = 1;
                KITH_TRY_VALUE(page, store.page(newest));
                need.page = lacksNewest(local, page);
            }
            if (need.page || need.head > need.known)
                lacking.push_back(std::move(need));
        }
        return lacking;
    });
    KITH_FAILPOINT("sync.heads_stored");
    auto needs = co_await needsLater;
    if (!needs)
        co_return Unexpected(std::move(needs).error());
    for (const auto &need : *needs)
        enqueue(need.conversation, m_open && *m_open == need.conversation);
    auto answerLater = m_history.run([began](history::HistoryStore &store) {
        return store.setSetting(kSinceSetting, std::to_string(began.value_or(0)));
    });
    co_return co_await answerLater;
}

QCoro::Task<Result<void>> Synchroniser::takeHeads(std::vector<Head> heads)
{
    std::vector<ConversationId> touched;
    std::vector<UserId> people;
    for (const auto &head : heads) {
        touched.push_back(head.conversation);
        if (head.peer)
            people.push_back(head.peer->user);
        if (head.last)
            people.push_back(head.last->sender);
    }
    auto appliedLater = m_history.run([heads = std::move(heads)](history::HistoryStore &store) -> sql::Result<void> {
        KITH_TRY(store.applyHeads(heads));
        for (const auto &head : heads)
            if (head.removed)
                KITH_TRY(store.markRemoved(head.conversation));
        return {};
    });
    auto applied = co_await appliedLater;
    if (!applied)
        co_return applied;
    for (const auto &conversation : touched)
        emit headTouched(conversation);
    if (!people.empty())
        emit usersSeen(people);
    scheduleAck();
    co_return applied;
}

void Synchroniser::enqueue(const ConversationId &conversation, bool first)
{
    if (!m_queued.insert(conversation).second) {
        if (!first)
            return;
        std::erase(m_queue, conversation);
        std::erase(m_later, conversation);
    }
    if (first)
        m_queue.push_front(conversation);
    else
        m_queue.push_back(conversation);
}

/// Empties the queue, two conversations at a time: one answer is stored while the next is on its way.
QCoro::Task<> Synchroniser::work(std::uint64_t round)
{
    if (m_working) {
        Promise<void> done;
        m_workWaiters.push_back(done);
        co_await done.later();
        co_return;
    }
    m_working = true;
    auto other = lane(round);
    auto doneLater = lane(round);
    co_await doneLater;
    co_await other;
    if (round != m_round)
        co_return;
    m_working = false;
    releaseWaiters();
}

void Synchroniser::releaseWaiters()
{
    for (const auto &waiter : std::exchange(m_workWaiters, {}))
        waiter.finish({});
}

QCoro::Task<> Synchroniser::lane(std::uint64_t round)
{
    while (current(round) && (!m_queue.empty() || !m_later.empty())) {
        auto &from = m_queue.empty() ? m_later : m_queue;
        const ConversationId next = from.front();
        from.pop_front();
        m_queued.erase(next);
        if (!m_busy.insert(next).second) {
            // The other lane has it, and may have asked before the news came: once more, after what else is due.
            if (m_queue.empty() && m_later.empty())
                co_return enqueue(next, false);
            enqueue(next, false);
            continue;
        }
        auto doneLater = catchUp(round, next);
        auto done = co_await doneLater;
        if (!current(round))
            co_return;
        m_busy.erase(next);
        if (!done)
            qCWarning(lcSync) << "catch-up failed:" << done.error().detail;
        if (!done && !isFinalRefusal(done.error()))
            tryAgain();
        if (!done && done.error().code == ClientErrorCode::Storage)
            co_return;
    }
}

QCoro::Task<Result<void>> Synchroniser::catchUp(std::uint64_t round, ConversationId conversation)
{
    auto needLater = m_history.run([conversation](history::HistoryStore &store) -> sql::Result<std::optional<Need>> {
        KITH_TRY_VALUE(local, store.head(conversation));
        if (!local)
            return std::optional<Need>();
        PageQuery newest;
        newest.conversation = conversation;
        newest.limit = 1;
        KITH_TRY_VALUE(page, store.page(newest));
        Need found{conversation, local->knownRev, local->head.headRev, false};
        found.page = local->head.headSeq && lacksNewest(*local, page);
        return std::optional<Need>(found);
    });
    auto need = co_await needLater;
    if (!need)
        co_return Unexpected(std::move(need).error());
    if (!*need)
        co_return Result<void>{};
    const bool far = (*need)->head.value() - (*need)->known.value() > kNearRevs;
    const bool second = m_far.erase(conversation) > 0;
    if ((*need)->page && (far || (*need)->head == (*need)->known)) {
        PageQuery newest;
        newest.conversation = conversation;
        newest.limit = limits::kDefaultPage;
        auto pagedLater = storePage(newest);
        auto paged = co_await pagedLater;
        if (!paged)
            co_return Unexpected(std::move(paged).error());
        if (!current(round))
            co_return Result<void>{};
    }
    if (far && !second) {
        // Edits and recalls of what is here are still out there; everybody else's newest page comes first.
        m_far.insert(conversation);
        if (m_queued.insert(conversation).second)
            m_later.push_back(conversation);
        co_return Result<void>{};
    }
    // Asked even where the heads agree: a push with a gap in its rev brought us here.
    auto changedLater = fetchChanges(round, conversation, (*need)->known);
    auto changed = co_await changedLater;
    co_return changed;
}

QCoro::Task<Result<void>> Synchroniser::fetchChanges(std::uint64_t round, ConversationId conversation, Rev since)
{
    protocol::ChangesPacket ask{conversation, since, limits::kMaxPage};
    for (bool more = true; more;) {
        auto replyLater = call<protocol::ChangesReply>(m_rpc, protocol::Op::Changes, ask);
        auto reply = co_await replyLater;
        if (!reply)
            co_return Unexpected(std::move(reply).error());
        if (!current(round))
            co_return Unexpected(makeError(ClientErrorCode::Unreachable, {}));
        KITH_FAILPOINT("sync.changes_received");
        const auto from = ask.sinceRev;
        const auto next = reply->nextRev;
        more = reply->more && next > from;
        if (reply->messages.empty() && next <= from)
            break;
        std::vector<Seq> seqs;
        for (const auto &message : reply->messages)
            seqs.push_back(message.seq);
        seen(reply->messages);
        auto appliedLater = m_history.run(
            [conversation, messages = std::move(reply->messages), from, next, more](history::HistoryStore &store) {
                return store.applyChanges(conversation, messages, from, next, !more);
            });
        auto applied = co_await appliedLater;
        if (!applied)
            co_return applied;
        KITH_FAILPOINT("sync.changes_stored");
        ask.sinceRev = next;
        emit messagesStored(conversation, seqs);
        emit coverageChanged(conversation);
        emit headTouched(conversation);
        scheduleAck();
    }
    co_return Result<void>{};
}

QCoro::Task<Result<void>> Synchroniser::fetchPage(PageQuery query)
{
    const auto round = m_round;
    auto storedLater = storePage(query);
    auto stored = co_await storedLater;
    if (!stored)
        co_return Unexpected(std::move(stored).error());
    if (*stored && current(round)) { // a new connection's catch-up finds it by itself
        std::vector<ConversationId> lacking{query.conversation};
        fetchMissed(round, std::move(lacking), false);
    }
    co_return Result<void>{};
}

QCoro::Task<Result<bool>> Synchroniser::storePage(PageQuery query)
{
    auto replyLater = call<protocol::PageReply>(m_rpc, protocol::Op::Page, protocol::PagePacket{query});
    auto reply = co_await replyLater;
    if (!reply)
        co_return Unexpected(std::move(reply).error());
    KITH_FAILPOINT("sync.page_received");
    seen(reply->page.messages);
    auto appliedLater = m_history.run(
        [query, page = std::move(reply->page)](history::HistoryStore &store) { return store.applyPage(query, page); });
    auto applied = co_await appliedLater;
    if (!applied)
        co_return applied;
    KITH_FAILPOINT("sync.page_stored");
    emit coverageChanged(query.conversation);
    emit headTouched(query.conversation);
    scheduleAck();
    co_return applied;
}

QCoro::Task<Result<void>> Synchroniser::fillHole(ConversationId conversation, history::Hole hole, Seq near)
{
    if (isArchive(conversation))
        co_return Unexpected(wireError(protocol::makeError(protocol::ErrorCode::NotFound, "the server lost these")));
    PageQuery query;
    query.conversation = conversation;
    query.limit = limits::kDefaultPage;
    if (near >= hole.to)
        query.before = hole.to.next();
    else if (near <= hole.from)
        query.after = hole.from.previous();
    else
        query.around = near;
    const auto key =
        conversation.str() + " " + std::to_string(hole.from.value()) + " " + std::to_string(hole.to.value());
    if (!m_filling.insert(key).second)
        co_return Result<void>{}; // it is on its way; coverageChanged will tell
    auto filledLater = fetchPage(query);
    auto filled = co_await filledLater;
    m_filling.erase(key);
    co_return filled;
}

void Synchroniser::seen(const std::vector<Message> &messages)
{
    std::set<UserId> senders;
    for (const auto &message : messages)
        if (!message.sender.empty())
            senders.insert(message.sender);
    if (!senders.empty())
        emit usersSeen({senders.begin(), senders.end()});
}

void Synchroniser::setOpen(std::optional<ConversationId> conversation)
{
    m_open = std::move(conversation);
    if (m_open && m_queued.contains(*m_open))
        enqueue(*m_open, true);
}

} // namespace kith::client
