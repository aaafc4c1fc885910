// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/gateway/listener.h"

#include "core/base/logging.h"
#include "server/gateway/door.h"
#include "server/gateway/io_thread.h"
#include "server/ops/log.h"

#include <boost/asio/detail/socket_option.hpp>

#include <sys/socket.h>

namespace kith::server::gateway {
namespace {

using ReusePort = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;
constexpr int kBacklog = 4096; // the kernel cuts it to net.core.somaxconn

GatewayFailure failure(const error_code &ec, const tcp::endpoint &endpoint)
{
    GatewayError error = GatewayError::System;
    if (ec == asio::error::address_in_use)
        error = GatewayError::AddressInUse;
    else if (ec == boost::system::errc::address_not_available)
        error = GatewayError::BadAddress;
    return {error, formatEndpoint(endpoint) + ": " + ec.message()};
}

} // namespace

Expected<asio::ip::address, GatewayFailure> resolveListenAddress(const std::string &host)
{
    if (host == "localhost")
        return asio::ip::address(asio::ip::address_v4::loopback());
    error_code ec;
    const auto address = asio::ip::make_address(host, ec);
    if (ec)
        return Unexpected(
            GatewayFailure{GatewayError::BadAddress, "'" + host + "' is neither a numeric address nor localhost"});
    return address;
}

Expected<void, GatewayFailure> checkFree(const tcp::endpoint &endpoint)
{
    if (endpoint.port() == 0)
        return {};
    asio::io_context context;
    Acceptor probe(context.get_executor());
    error_code ec;
    probe.open(endpoint.protocol(), ec);
    if (!ec)
        probe.set_option(Acceptor::reuse_address(true), ec);
    if (!ec)
        probe.bind(endpoint, ec);
    if (ec)
        return Unexpected(failure(ec, endpoint));
    return {};
}

std::string formatEndpoint(const tcp::endpoint &endpoint)
{
    const std::string host = endpoint.address().to_string();
    return (endpoint.address().is_v6() ? "[" + host + "]" : host) + ":" + std::to_string(endpoint.port());
}

Listener::Listener(Door &door, IoThread &thread, Entrance entrance)
    : m_door(door), m_thread(thread), m_entrance(entrance), m_acceptor(thread.context().get_executor()),
      m_pause(thread.context().get_executor())
{
}

Expected<tcp::endpoint, GatewayFailure> Listener::open(const tcp::endpoint &endpoint)
{
    error_code ec;
    m_acceptor.open(endpoint.protocol(), ec);
    if (!ec)
        m_acceptor.set_option(Acceptor::reuse_address(true), ec);
    if (!ec && m_entrance == Entrance::Public)
        m_acceptor.set_option(ReusePort(true), ec);
    if (!ec)
        m_acceptor.bind(endpoint, ec);
    if (!ec)
        m_acceptor.listen(kBacklog, ec);
    if (ec)
        return Unexpected(failure(ec, endpoint));
    return m_acceptor.local_endpoint();
}

void Listener::accept()
{
    m_acceptor.async_accept([this](error_code ec, TcpSocket socket) {
        if (ec == asio::error::operation_aborted || !m_acceptor.is_open())
            return;
        if (ec) {
            // Out of descriptors or memory: accepting at once again would spin.
            log(LogLevel::Warning, logging::kGateway, "accept failed", {{"what", ec.message()}});
            m_pause.expires_after(std::chrono::milliseconds(100));
            m_pause.async_wait([this](error_code stopped) {
                if (!stopped)
                    accept();
            });
            return;
        }
        welcome(std::move(socket));
        accept();
    });
}

void Listener::welcome(TcpSocket socket)
{
    error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    if (m_door.tls && m_entrance == Entrance::Public)
        startTlsConnection(m_door, m_thread, std::move(socket), m_entrance);
    else
        startPlainConnection(m_door, m_thread, std::move(socket), m_entrance);
}

void Listener::close()
{
    error_code ignored;
    m_pause.cancel();
    m_acceptor.close(ignored);
}

} // namespace kith::server::gateway
