// SPDX-License-Identifier: GPL-3.0-or-later
// A logged-in socket: whose it is, the way to push to it, and what it still has to ack.
#pragma once

#include "core/base/ids.h"
#include "server/delivery/unacked.h"

#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace kith::server {

class Retransmitter;

/// Thread-safe. Does not keep the peer alive: a push to one that is gone is lost, like the socket.
class Connection final : public std::enable_shared_from_this<Connection> {
public:
    using Time = Unacked::Time;

    Connection(UserId user, DeviceId device, std::string family, std::weak_ptr<Peer> peer, std::size_t thread);

    const UserId &user() const { return m_user; }
    const DeviceId &device() const { return m_device; }
    /// Of refresh tokens: the session that this socket logged in with.
    const std::string &family() const { return m_family; }
    /// I/O thread that it lives on.
    std::size_t thread() const { return m_thread; }

    void push(const Encoded &envelope, Weight weight) const;
    void close(protocol::CloseCode code, std::string reason) const;
    /// Pushes a message and expects its ack; the retransmitter is told when this is the first one.
    void pushTracked(const OutgoingPtr &message, Retransmitter &retransmitter, Time now);
    /// Several of one conversation, in order; of those that want an ack the newest is waited for.
    void pushRun(const std::vector<OutgoingPtr> &messages, Retransmitter &retransmitter, Time now);
    void acked(const ConversationId &conversation, Seq seq);

    /// For the retransmitter: pushes what is due. False when nothing is left to wait for; the next tracked push then
    /// enrols again.
    bool resend(Time now);

private:
    bool track(const OutgoingPtr &message, Time now);
    const UserId m_user;
    const DeviceId m_device;
    const std::string m_family;
    const std::weak_ptr<Peer> m_peer;
    const std::size_t m_thread;

    std::mutex m_mutex; // guards the two below; never held while another lock is taken
    Unacked m_unacked;
    bool m_enrolled = false;
};
using ConnectionPtr = std::shared_ptr<Connection>;

} // namespace kith::server
