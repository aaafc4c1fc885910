// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/delivery/connection.h"

#include "core/base/failpoint.h"
#include "server/delivery/retransmitter.h"

#include <algorithm>
#include <utility>

namespace kith::server {

Connection::Connection(UserId user, DeviceId device, std::string family, std::weak_ptr<Peer> peer, std::size_t thread)
    : m_user(std::move(user)), m_device(std::move(device)), m_family(std::move(family)), m_peer(std::move(peer)),
      m_thread(thread)
{
}

void Connection::push(const Encoded &envelope, Weight weight) const
{
    if (const auto peer = m_peer.lock())
        peer->push(envelope, weight);
}

void Connection::close(protocol::CloseCode code, std::string reason) const
{
    if (const auto peer = m_peer.lock())
        peer->close(code, std::move(reason));
}

bool Connection::track(const OutgoingPtr &message, Time now)
{
    const std::lock_guard lock(m_mutex);
    m_unacked.pushed(message, now);
    return !std::exchange(m_enrolled, true);
}

void Connection::pushTracked(const OutgoingPtr &message, Retransmitter &retransmitter, Time now)
{
    const bool enrol = track(message, now); // before the push: the ack may come on another thread at once
    push(message->envelope, message->weight);
    if (enrol)
        retransmitter.enrol(weak_from_this());
}

void Connection::pushRun(const std::vector<OutgoingPtr> &messages, Retransmitter &retransmitter, Time now)
{
    const auto peer = m_peer.lock();
    if (!peer)
        return;
    const auto newest = std::find_if(messages.rbegin(), messages.rend(),
                                     [](const OutgoingPtr &message) { return static_cast<bool>(message->seq); });
    const bool enrol = newest != messages.rend() && track(*newest, now);
    for (const OutgoingPtr &message : messages)
        peer->push(message->envelope, message->weight);
    if (enrol)
        retransmitter.enrol(weak_from_this());
}

void Connection::acked(const ConversationId &conversation, Seq seq)
{
    const std::lock_guard lock(m_mutex);
    m_unacked.acked(conversation, seq);
}

bool Connection::resend(Time now)
{
    std::vector<OutgoingPtr> due;
    bool more = false;
    {
        const std::lock_guard lock(m_mutex);
        due = m_unacked.due(now);
        more = m_enrolled = !m_unacked.empty();
    }
    for (const OutgoingPtr &message : due) {
        KITH_FAILPOINT("delivery.resending");
        push(message->envelope, message->weight);
    }
    return more;
}

} // namespace kith::server
