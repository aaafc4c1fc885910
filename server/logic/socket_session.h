// SPDX-License-Identifier: GPL-3.0-or-later
// The protocol side of one socket: frames in, answers and pushes out through its Peer. Knows no sockets and no timers.
#pragma once

#include "server/delivery/peer.h"

#include <memory>
#include <string>
#include <string_view>

namespace kith::server {

class Services;

/// Made by the gateway at the upgrade. All calls come on the connection's I/O thread; answers of the store come on the
/// store's threads and go straight to Peer::push. Safe to drop at any time: late answers find nobody.
class SocketSession final : public std::enable_shared_from_this<SocketSession> {
public:
    static std::shared_ptr<SocketSession> create(Services &services, std::weak_ptr<Peer> peer, std::string address);
    ~SocketSession();

    /// One text frame, at most limits::kMaxClientFrameBytes + 1 bytes (a longer one is reported by frameTooLarge).
    void receive(std::string_view frame);
    void frameTooLarge();
    void frameBinary();
    /// After ten malformed frames in a minute the session itself closes the peer with 4500.
    bool loggedIn() const;
    /// The socket is gone: presence and registrations are cleared.
    void closed();

private:
    struct Impl;
    explicit SocketSession(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace kith::server
