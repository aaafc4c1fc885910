// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/delivery/delivery.h"

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

/// Batches waiting on each I/O thread: the fan-out stays a little ahead of the sockets and no more.
constexpr std::size_t kBatchesAhead = 8;

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
    std::unordered_map<ConversationId, int> pending; // unfinished ones by conversation
    std::size_t bytes = 0;                           // of the queue
    std::size_t tasksPosted = 0;                     // on I/O threads, not run yet
    bool stopping = false;

    void finished(const ConversationId &conversation)
    {
        const std::lock_guard lock(mutex);
        if (const auto found = pending.find(conversation); found != pending.end() && --found->second == 0)
            pending.erase(found);
        unfinished.fetch_sub(1, std::memory_order_release);
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
    for (const UserId &user : *publication.members)
        if (const OutgoingPtr &copy = copyFor(publication, user))
            toUser(user, copy, publication.except);
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

void Delivery::work()
{
    for (;;) {
        std::shared_ptr<const Publication> publication;
        {
            std::unique_lock lock(m_fanout->mutex);
            m_fanout->changed.wait(lock, [&] { return m_fanout->stopping || !m_fanout->queue.empty(); });
            if (m_fanout->stopping)
                return;
            publication = std::move(m_fanout->queue.front());
            m_fanout->queue.pop_front();
            m_fanout->bytes -= bytesOf(*publication);
        }
        // Finished when the last task that holds the ticket has run or was thrown away with its thread.
        const std::shared_ptr<void> ticket(
            nullptr, [fanout = m_fanout, id = publication->conversation](void *) { fanout->finished(id); });
        for (std::size_t from = 0; from < publication->members->size(); from += kBatch)
            if (!postBatch(publication, from, ticket))
                return;
    }
}

bool Delivery::postBatch(const std::shared_ptr<const Publication> &publication, std::size_t from,
                         const std::shared_ptr<void> &ticket)
{
    struct Target {
        ConnectionPtr connection;
        const OutgoingPtr *copy; // inside the publication
    };
    const auto &members = *publication->members;
    const std::size_t to = std::min(from + kBatch, members.size());
    std::vector<std::vector<Target>> byThread(m_io.count());
    for (std::size_t i = from; i < to; ++i) {
        const OutgoingPtr &copy = copyFor(*publication, members[i]);
        if (!copy)
            continue;
        m_registry.forEach(members[i], [&](const ConnectionPtr &connection) {
            if (connection != publication->except)
                byThread[connection->thread() % byThread.size()].push_back({connection, &copy});
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
        m_io.post(thread, [this, publication, ticket, done, targets = std::move(byThread[thread])] {
            for (const Target &target : targets)
                pushTo(target.connection, *target.copy);
        });
    }
    return true;
}

} // namespace kith::server
