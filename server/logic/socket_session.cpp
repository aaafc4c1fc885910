// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/logic/socket_session.h"

#include "server/logic/socket.h"

namespace kith::server {

struct SocketSession::Impl {
    std::shared_ptr<Socket> socket;
};

SocketSession::SocketSession(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}

SocketSession::~SocketSession()
{
    m_impl->socket->closed();
}

std::shared_ptr<SocketSession> SocketSession::create(Services &services, std::weak_ptr<Peer> peer, std::string address)
{
    auto impl = std::make_unique<Impl>();
    impl->socket = std::make_shared<Socket>(services.impl().core, std::move(peer), std::move(address));
    return std::shared_ptr<SocketSession>(new SocketSession(std::move(impl)));
}

void SocketSession::receive(std::string_view frame)
{
    m_impl->socket->receive(frame);
}

void SocketSession::frameTooLarge()
{
    m_impl->socket->frameTooLarge();
}

void SocketSession::frameBinary()
{
    m_impl->socket->frameBinary();
}

bool SocketSession::loggedIn() const
{
    return m_impl->socket->loggedIn();
}

void SocketSession::closed()
{
    m_impl->socket->closed();
}

} // namespace kith::server
