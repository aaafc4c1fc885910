// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/client/outbox.h"

#include "core/base/failpoint.h"
#include "core/base/logging.h"
#include "core/crypto/crypto.h"

#include <QLoggingCategory>

#include <algorithm>

namespace kith::client {

namespace {

Q_LOGGING_CATEGORY(lcOutbox, kith::logging::kClient, QtWarningMsg)

constexpr std::size_t kWindow = 1; // sends under way in one conversation: more could overtake one that must wait
constexpr double kPerSecond = 150, kBurst = 100; // the server's default is 200 with a burst of 400
constexpr int kConversations = 1000;             // that wait at one time; the rest follow when these are done

} // namespace

Outbox::Outbox(HistoryService &history, Rpc &rpc, std::shared_ptr<const Clock> clock, QObject *parent)
    : QObject(parent), m_history(history), m_rpc(rpc), m_clock(std::move(clock)), m_tokens(kBurst)
{
    m_refilled = m_clock->steady();
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &Outbox::pump);
}

void Outbox::stop()
{
    ++m_round;
    m_lanes.clear();
    m_loading = m_loadAgain = m_known = false;
    m_timer.stop();
}

void Outbox::wake()
{
    if (!m_rpc.online())
        return;
    if (m_loading) {
        m_loadAgain = true;
        return;
    }
    load(m_round);
}

QCoro::Task<> Outbox::load(std::uint64_t round)
{
    m_loading = true;
    do {
        m_loadAgain = false;
        using Items = std::vector<history::OutboxItem>;
        auto jobsLater = m_history.run([](history::HistoryStore &store) -> sql::Result<Items> {
            KITH_TRY_VALUE(heads, store.dueJobs(kConversations));
            std::set<ConversationId> conversations;
            for (const auto &job : heads)
                conversations.insert(job.conversation);
            Items items;
            for (const auto &conversation : conversations) {
                KITH_TRY_VALUE(jobs, store.jobs(conversation));
                items.insert(items.end(), jobs.begin(), jobs.end());
            }
            return items;
        });
        auto jobs = co_await jobsLater;
        if (round != m_round)
            co_return;
        if (!jobs) {
            qCWarning(lcOutbox) << "the outbox cannot be read:" << jobs.error().detail;
            break;
        }
        std::map<ConversationId, std::deque<history::OutboxItem>> byConversation;
        for (auto &job : *jobs)
            byConversation[job.conversation].push_back(std::move(job));
        for (auto &[conversation, items] : byConversation) {
            auto &lane = m_lanes[conversation];
            std::erase_if(items, [&](const auto &item) { return lane.underWay.contains(item.cid); });
            // What is behind a message that is held must not overtake it.
            if (std::any_of(items.begin(), items.end(), [&](const auto &item) { return m_held.contains(item.cid); }))
                items.clear();
            lane.waiting = std::move(items);
        }
        m_known = true;
    } while (m_loadAgain);
    m_loading = false;
    pump();
}

bool Outbox::hold(const ClientMessageId &cid)
{
    if (!m_fresh.contains(cid))
        return false;
    m_held.insert(cid);
    for (auto &[conversation, lane] : m_lanes)
        if (std::any_of(lane.waiting.begin(), lane.waiting.end(), [&](const auto &item) { return item.cid == cid; }))
            lane.waiting.clear(); // all of them: what is behind must not overtake it; release() reads them again
    return true;
}

void Outbox::release(const ClientMessageId &cid)
{
    m_held.erase(cid);
    wake();
}

void Outbox::refill()
{
    const auto now = m_clock->steady();
    const std::chrono::duration<double> passed = now - m_refilled;
    m_refilled = now;
    m_tokens = std::min(kBurst, m_tokens + passed.count() * kPerSecond);
}

void Outbox::pump()
{
    if (!m_rpc.online())
        return;
    refill();
    bool waits = false;
    for (auto it = m_lanes.begin(); it != m_lanes.end();) {
        waits |= pumpLane(it->first, it->second);
        if (it->second.waiting.empty() && it->second.underWay.empty())
            it = m_lanes.erase(it);
        else
            ++it;
    }
    if (waits && !m_timer.isActive())
        m_timer.start(std::chrono::milliseconds{20});
    finishIfIdle();
}

/// True: it must be looked at again by the timer.
bool Outbox::pumpLane(const ConversationId &, Lane &lane)
{
    if (lane.stopped) {
        if (!lane.underWay.empty())
            return false; // the last answer brings us back
        if (m_clock->steady() < lane.pausedUntil)
            return true;
        lane.stopped = false;
    }
    while (!lane.waiting.empty() && lane.underWay.size() < kWindow) {
        if (m_tokens < 1)
            return true;
        m_tokens -= 1;
        auto item = std::move(lane.waiting.front());
        lane.waiting.pop_front();
        lane.underWay.insert(item.cid);
        m_fresh.erase(item.cid);
        // Queued, so that an answer that is there at once does not change the lanes under this loop.
        QMetaObject::invokeMethod(
            this, [this, round = m_round, item = std::move(item)] { sendOne(round, item); }, Qt::QueuedConnection);
    }
    return false;
}

QCoro::Task<> Outbox::sendOne(std::uint64_t round, history::OutboxItem item)
{
    if (round != m_round)
        co_return;
    protocol::SendPacket packet;
    packet.cid = item.cid;
    packet.kind = item.kind;
    packet.body = item.body;
    packet.replyTo = item.replyTo;
    packet.mentions = item.mentions;
    // A private conversation may not exist on the server yet: its first message opens it.
    if (auto peer = privatePeer(item.conversation, m_self))
        packet.to = *peer;
    else
        packet.conversation = item.conversation;
    const auto conversation = item.conversation;
    const auto cid = item.cid;
    KITH_FAILPOINT("outbox.due");
    bool kept = true; // here, what the server said
    auto answerLater = call<protocol::AcceptedPacket>(m_rpc, protocol::Op::Send, packet);
    KITH_FAILPOINT("outbox.posted");
    auto answer = co_await answerLater;
    if (answer) {
        KITH_FAILPOINT("outbox.accepted");
        auto storedLater = m_history.run([cid, accepted = *answer](history::HistoryStore &store) {
            return store.accept(cid, accepted.conversation, accepted.seq, accepted.rev, accepted.id,
                                accepted.createdAt);
        });
        auto stored = co_await storedLater;
        KITH_FAILPOINT("outbox.settled");
        kept = stored.has_value();
        if (kept)
            emit accepted(conversation, cid, *stored);
    } else if (isFinalRefusal(answer.error())) {
        const std::string code(protocol::name(answer.error().wire->code));
        auto failedLater = m_history.run([cid, code](history::HistoryStore &store) { return store.fail(cid, code); });
        auto failed = co_await failedLater;
        kept = failed.has_value();
        if (kept)
            emit refused(conversation, cid);
    }
    if (round != m_round)
        co_return;
    const auto found = m_lanes.find(conversation);
    if (found == m_lanes.end())
        co_return;
    auto &lane = found->second;
    lane.underWay.erase(cid);
    if (answer && kept) {
        lane.backoff.reset();
    } else if (!kept || !isFinalRefusal(answer.error())) {
        // What the disk did not take is asked again: the same cid gets the same answer.
        milliseconds pause = lane.backoff.next(crypto::randomUnit());
        if (!answer && answer.error().wire)
            pause = std::max(pause, milliseconds(answer.error().wire->retryAfterMs));
        lane.pausedUntil = m_clock->steady() + pause;
        lane.stopped = true;
        lane.waiting.push_back(std::move(item));
        std::sort(lane.waiting.begin(), lane.waiting.end(),
                  [](const auto &a, const auto &b) { return a.localId < b.localId; });
    }
    pump();
}

void Outbox::finishIfIdle()
{
    if (isIdle())
        emit idle();
}

} // namespace kith::client
