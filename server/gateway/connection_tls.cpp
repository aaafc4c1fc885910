// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/gateway/tls_stream.h"

// TlsStream before the templates that use it.
#include "server/gateway/http_connection.ipp"

namespace kith::server::gateway {

void startTlsConnection(Door &door, IoThread &thread, TcpSocket socket, Entrance entrance)
{
    std::string address = peerAddress(socket);
    std::make_shared<HttpConnection<TlsStream>>(door, thread, TlsStream(std::move(socket), door.tls), entrance,
                                                std::move(address))
        ->start();
}

} // namespace kith::server::gateway
