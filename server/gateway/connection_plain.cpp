// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/gateway/http_connection.ipp"

namespace kith::server::gateway {

void startPlainConnection(Door &door, IoThread &thread, TcpSocket socket, Entrance entrance)
{
    std::string address = peerAddress(socket);
    std::make_shared<HttpConnection<TcpSocket>>(door, thread, std::move(socket), entrance, std::move(address))->start();
}

} // namespace kith::server::gateway
