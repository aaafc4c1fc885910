// SPDX-License-Identifier: GPL-3.0-or-later
// One acceptor per I/O thread on the same port (SO_REUSEPORT): the kernel spreads the connections.
#pragma once

#include "server/gateway/connection.h"
#include "server/gateway/gateway.h"
#include "server/gateway/net.h"

#include <string>

namespace kith::server::gateway {

/// Numeric, or localhost.
Expected<asio::ip::address, GatewayFailure> resolveListenAddress(const std::string &host);
/// SO_REUSEPORT would let two servers share a port in silence: this finds another listener first.
Expected<void, GatewayFailure> checkFree(const tcp::endpoint &endpoint);
std::string formatEndpoint(const tcp::endpoint &endpoint);

class Listener final {
public:
    Listener(Door &door, IoThread &thread, Entrance entrance);

    /// Answers the endpoint with the port that it got.
    Expected<tcp::endpoint, GatewayFailure> open(const tcp::endpoint &endpoint);
    void accept();
    void close();
    IoThread &thread() { return m_thread; }

private:
    void welcome(TcpSocket socket);

    Door &m_door;
    IoThread &m_thread;
    Entrance m_entrance;
    Acceptor m_acceptor;
    Timer m_pause;
};

} // namespace kith::server::gateway
