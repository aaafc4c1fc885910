// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/delivery/delivery.h"

#include "core/base/failpoint.h"
#include "core/base/limits.h"
#include "server/ops/metrics.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <unordered_map>

namespace kith::server {
namespace {

/// Batches waiting on each I/O thread: one that runs and one that is next. More would only keep runs short.
constexpr std::size_t kBatchesAhead = 2;

/// Which copy a user gets, or none.
const OutgoingPtr &copyFor(const Publication &publication, const UserId &user)
{
    for (const auto &[owner, copy] : publication.own)
        if (owner == user)
            return copy;
    return publication.others;
}

std::size_t bytesOf(const Publication &publication)
{
    std::size_t bytes = sizeof(Publication);
    if (publication.others)
        bytes += publication.others->envelope->size();
    for (const auto &[owner, copy] : publication.own)
        bytes += copy ? copy->envelope->size() : 0;
    return bytes;
}

} // namespace

struct Delivery::Fanout {
    std::atomic<std::size_t> unfinished{
        0}; // publications queued or partly on I/O threads: the usual case takes no lock

    std::mutex mutex; // guards all below; never held while another lock is taken
    std::condition_variable changed;
    std::deque<std::shared_ptr<const Publication>> queue;
    std::unordered_map<ConversationId, std::size_t> pending; // unfinished ones by conversation
    std::size_t bytes = 0;                                   // of the queue
    std::size_t tasksPosted = 0;                             // on I/O threads, not run yet
    bool stopping = false;

    void finished(const ConversationId &conversation, std::size_t count)
    {
        const std::lock_guard lock(mutex);
        const auto found = pending.find(conversation);
        if (found != pending.end() && (found->second -= count) == 0)
            pending.erase(found);
        unfinished.fetch_sub(count, std::memory_order_release);
    }
    void taskDone()
    {
        {
            const std::lock_guard lock(mutex);
            --tasksPosted;
        }
        changed.notify_one();
    }
};

/// Publications of one conversation to the same members. Finished when the last task that holds it has run, or was
/// thrown away with its thread.
struct Delivery::Run {
    std::shared_ptr<Fanout> fanout;
    std::vector<std::shared_ptr<const Publication>> publications;
    std::vector<OutgoingPtr> common; // what a member gets who is in no `own` and no `except`
    std::vector<UserId> special;     // the other members

    ~Run() { fanout->finished(publications.front()->conversation, publications.size()); }
};

Delivery::Delivery(const Registry &registry, Retransmitter &retransmitter, IoThreads &io, const Clock &clock,
                   Metrics &metrics)
    : m_registry(registry), m_retransmitter(retransmitter), m_io(io), m_clock(clock), m_metrics(metrics),
      m_fanout(std::make_shared<Fanout>()), m_thread([this] { work(); })
{
}

Delivery::~Delivery()
{
    stop();
}

void Delivery::stop()
{
    {
        const std::lock_guard lock(m_fanout->mutex);
        m_fanout->stopping = true;
    }
    m_fanout->changed.notify_one();
    if (m_thread.joinable())
        m_thread.join();
}

void Delivery::pushTo(const ConnectionPtr &connection, const OutgoingPtr &message)
{
    if (message->seq)
        connection->pushTracked(message, m_retransmitter, m_clock.steady());
    else
        connection->push(message->envelope, message->weight);
}

void Delivery::toUser(const UserId &user, const OutgoingPtr &message, const ConnectionPtr &except)
{
    m_registry.forEach(user, [&](const ConnectionPtr &connection) {
        if (connection != except)
            pushTo(connection, message);
    });
}

void Delivery::deliverNow(const Publication &publication)
{
    for (const UserId &user : *publication.members) {
        if (const OutgoingPtr &copy = copyFor(publication, user))
            toUser(user, copy, publication.except);
        KITH_FAILPOINT("delivery.half_way");
    }
}

void Delivery::publish(Publication publication)
{
    if (!publication.members || publication.members->empty())
        return;
    const bool large = publication.members->size() >= static_cast<std::size_t>(limits::kSmallGroup);
    // A group that has just shrunk below the limit must not overtake its own queue.
    if (!large && m_fanout->unfinished.load(std::memory_order_acquire) == 0)
        return deliverNow(publication);
    if (!enqueue(std::move(publication), !large))
        deliverNow(publication);
}

bool Delivery::enqueue(Publication &&publication, bool onlyBehindOthers)
{
    bool dropped = false;
    {
        const std::lock_guard lock(m_fanout->mutex);
        if (onlyBehindOthers && !m_fanout->pending.contains(publication.conversation))
            return false;
        const std::size_t bytes = bytesOf(publication);
        if (m_fanout->stopping || m_fanout->unfinished.load() >= kMaxFanout ||
            m_fanout->bytes + bytes > kMaxFanoutBytes) {
            dropped = true;
        } else {
            m_fanout->bytes += bytes;
            ++m_fanout->pending[publication.conversation];
            m_fanout->queue.push_back(std::make_shared<const Publication>(std::move(publication)));
            m_fanout->unfinished.fetch_add(1, std::memory_order_release);
        }
    }
    if (dropped)
        m_metrics.dropped("fanout");
    else
        m_fanout->changed.notify_one();
    return true;
}

bool Delivery::overloaded() const
{
    return m_fanout->unfinished.load(std::memory_order_relaxed) >= kBusyFanout;
}

std::shared_ptr<const Delivery::Run> Delivery::nextRun()
{
    const auto run = std::make_shared<Run>();
    run->fanout = m_fanout;
    {
        const std::lock_guard lock(m_fanout->mutex);
        auto &queue = m_fanout->queue; // not empty: work() has waited, and it alone takes out
        do {
            m_fanout->bytes -= bytesOf(*queue.front());
            run->publications.push_back(std::move(queue.front()));
            queue.pop_front();
        } while (run->publications.size() < kMaxRun && !queue.empty() &&
                 queue.front()->members == run->publications.front()->members &&
                 queue.front()->conversation == run->publications.front()->conversation);
    }
    for (const auto &publication : run->publications) {
        if (publication->others)
            run->common.push_back(publication->others);
        for (const auto &[user, copy] : publication->own)
            run->special.push_back(user);
        if (publication->except)
            run->special.push_back(publication->except->user());
    }
    return run;
}

void Delivery::work()
{
    for (;;) {
        {
            std::unique_lock lock(m_fanout->mutex);
            m_fanout->changed.wait(lock, [&] { return m_fanout->stopping || !m_fanout->queue.empty(); });
            if (m_fanout->stopping)
                return;
        }
        const auto run = nextRun();
        const std::size_t members = run->publications.front()->members->size();
        for (std::size_t from = 0; from < members; from += kBatch)
            if (!postBatch(run, from))
                return;
    }
}

void Delivery::pushRunTo(const Run &run, const ConnectionPtr &connection, bool plain, Unacked::Time now)
{
    if (plain)
        return connection->pushRun(run.common, m_retransmitter, now);
    std::vector<OutgoingPtr> copies;
    for (const auto &publication : run.publications) {
        const OutgoingPtr &copy = copyFor(*publication, connection->user());
        if (copy && publication->except != connection)
            copies.push_back(copy);
    }
    connection->pushRun(copies, m_retransmitter, now);
}

bool Delivery::postBatch(const std::shared_ptr<const Run> &run, std::size_t from)
{
    struct Target {
        ConnectionPtr connection;
        bool plain;
    };
    const auto &members = *run->publications.front()->members;
    const std::size_t to = std::min(from + kBatch, members.size());
    std::vector<std::vector<Target>> byThread(m_io.count());
    for (std::size_t i = from; i < to; ++i) {
        const bool plain = std::find(run->special.begin(), run->special.end(), members[i]) == run->special.end();
        m_registry.forEach(members[i], [&](const ConnectionPtr &connection) {
            byThread[connection->thread() % byThread.size()].push_back({connection, plain});
        });
    }
    for (std::size_t thread = 0; thread < byThread.size(); ++thread) {
        if (byThread[thread].empty())
            continue;
        {
            std::unique_lock lock(m_fanout->mutex);
            m_fanout->changed.wait(
                lock, [&] { return m_fanout->stopping || m_fanout->tasksPosted < kBatchesAhead * byThread.size(); });
            if (m_fanout->stopping)
                return false;
            ++m_fanout->tasksPosted;
        }
        const std::shared_ptr<void> done(nullptr, [fanout = m_fanout](void *) { fanout->taskDone(); });
        // `this` is used only when the task runs, and the gateway runs none after its threads have stopped.
        m_io.post(thread, [this, run, done, targets = std::move(byThread[thread])] {
            const auto now = m_clock.steady();
            for (const Target &target : targets)
                pushRunTo(*run, target.connection, target.plain, now);
        });
    }
    return true;
}

} // namespace kith::server
