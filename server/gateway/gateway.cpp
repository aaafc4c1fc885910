// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/gateway/gateway.h"

#include "core/base/logging.h"
#include "server/gateway/connection.h"
#include "server/gateway/door.h"
#include "server/gateway/io_thread.h"
#include "server/gateway/listener.h"
#include "server/gateway/socket_peer.h"
#include "server/gateway/tls_context.h"
#include "server/logic/services.h"
#include "server/ops/log.h"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <random>
#include <thread>

namespace kith::server {

using namespace gateway;

namespace {

/// A second; shorter only where a test has shortened the intervals that the wheel measures.
std::chrono::milliseconds tickFor(const GatewaySettings &settings)
{
    const auto shortest = std::min({settings.loginDeadline, settings.silence, settings.httpHeader, settings.httpIdle,
                                    settings.slowReader, settings.closeGrace});
    return std::clamp(shortest / 4, std::chrono::milliseconds(20), std::chrono::milliseconds(1000));
}

/// Closes its thread's sockets one by one over the spread, in random order, so that they do not all come back at once.
class ThreadDrain final : public std::enable_shared_from_this<ThreadDrain> {
public:
    ThreadDrain(IoThread &thread, std::chrono::milliseconds spread)
        : m_timer(thread.context().get_executor()), m_random(std::random_device{}())
    {
        thread.wheel().forEach([&](WheelItem &item) {
            if (auto *peer = dynamic_cast<SocketPeer *>(&item))
                m_peers.push_back(peer->weak_from_this());
            else if (auto *drainable = dynamic_cast<Drainable *>(&item))
                drainable->drain(std::chrono::steady_clock::now());
        });
        std::shuffle(m_peers.begin(), m_peers.end(), m_random);
        // Two milliseconds a socket are enough to stay smooth; a handful need not take seconds.
        const auto length = std::min<std::chrono::milliseconds>(spread, m_peers.size() * std::chrono::milliseconds(2));
        m_perStep = std::max<std::size_t>(1, m_peers.size() * kStep.count() / std::max<long>(1, length.count()));
    }
    void step()
    {
        std::uniform_int_distribution<int> retryAfter(500, 3000);
        for (std::size_t i = 0; i < m_perStep && !m_peers.empty(); ++i) {
            if (const auto peer = m_peers.back().lock()) {
                peer->close(protocol::CloseCode::Draining,
                            "{\"retry_after_ms\":" + std::to_string(retryAfter(m_random)) + "}");
            }
            m_peers.pop_back();
        }
        if (m_peers.empty())
            return;
        m_timer.expires_after(kStep);
        m_timer.async_wait([self = shared_from_this()](error_code ec) {
            if (!ec)
                self->step();
        });
    }

private:
    static constexpr std::chrono::milliseconds kStep{20};
    Timer m_timer;
    std::mt19937 m_random;
    std::vector<std::weak_ptr<SocketPeer>> m_peers;
    std::size_t m_perStep = 1;
};

} // namespace

struct Gateway::Impl {
    Impl(GatewaySettings given, Metrics &metrics) : settings(std::move(given)), door(settings, metrics)
    {
        const auto tick = tickFor(settings);
        for (std::size_t i = 0; i < std::max<std::size_t>(1, settings.threads); ++i)
            io.push_back(std::make_unique<IoThread>(i, tick));
    }

    GatewaySettings settings;
    Door door;
    TlsContext tls;
    std::vector<std::unique_ptr<IoThread>> io;
    std::vector<std::unique_ptr<Listener>> listeners; // before `threads`: they are closed on them
    std::vector<std::thread> threads;
};

Gateway::Gateway(GatewaySettings settings, Metrics &metrics)
    : m_impl(std::make_unique<Impl>(std::move(settings), metrics))
{
}

Gateway::~Gateway()
{
    stop();
}

std::size_t Gateway::count() const
{
    return m_impl->io.size();
}

void Gateway::post(std::size_t thread, std::function<void()> task)
{
    asio::post(m_impl->io.at(thread)->context(), std::move(task));
}

Expected<Endpoints, GatewayFailure> Gateway::start(Services &services)
{
    const GatewaySettings &settings = m_impl->settings;
    m_impl->door.services = &services;
    KITH_TRY_VALUE(address, resolveListenAddress(settings.host));
    const bool hasTls = !settings.tlsCertificate.empty() || !settings.tlsKey.empty();
    if (settings.insecure) {
        if (hasTls)
            return Unexpected(
                GatewayFailure{GatewayError::BadCertificate, "TLS files and --insecure exclude each other"});
        if (!address.is_loopback()) {
            return Unexpected(GatewayFailure{GatewayError::NotLoopback, "--insecure is for loopback addresses only, " +
                                                                            settings.host +
                                                                            " can be reached by others"});
        }
    } else if (!hasTls) {
        return Unexpected(GatewayFailure{GatewayError::NoCertificate,
                                         "give --tls-cert and --tls-key, or --insecure on a loopback address"});
    } else {
        KITH_TRY(m_impl->tls.load(settings.tlsCertificate, settings.tlsKey));
        m_impl->door.tls = m_impl->tls.get();
    }

    Endpoints endpoints;
    tcp::endpoint endpoint(address, settings.port);
    KITH_TRY(checkFree(endpoint));
    for (auto &thread : m_impl->io) {
        auto listener = std::make_unique<Listener>(m_impl->door, *thread, Entrance::Public);
        KITH_TRY_VALUE(bound, listener->open(endpoint));
        endpoint = bound; // the first one found the port for all
        m_impl->listeners.push_back(std::move(listener));
    }
    endpoints.listen = formatEndpoint(endpoint);
    if (!settings.opsHost.empty()) {
        KITH_TRY_VALUE(opsAddress, resolveListenAddress(settings.opsHost));
        const tcp::endpoint opsEndpoint(opsAddress, settings.opsPort);
        KITH_TRY(checkFree(opsEndpoint));
        auto listener = std::make_unique<Listener>(m_impl->door, *m_impl->io.front(), Entrance::Ops);
        KITH_TRY_VALUE(bound, listener->open(opsEndpoint));
        endpoints.ops = formatEndpoint(bound);
        m_impl->listeners.push_back(std::move(listener));
    }
    for (auto &listener : m_impl->listeners)
        listener->accept();
    for (auto &thread : m_impl->io)
        m_impl->threads.emplace_back([&thread] { thread->run(); });
    return endpoints;
}

void Gateway::drain(std::chrono::milliseconds patience)
{
    Door &door = m_impl->door;
    if (door.draining.exchange(true))
        return;
    log(LogLevel::Info, logging::kGateway, "draining", {{"busy", door.busy()}});
    for (auto &thread : m_impl->io) {
        asio::post(thread->context(), [&thread = *thread, spread = m_impl->settings.drainSpread] {
            std::make_shared<ThreadDrain>(thread, spread)->step();
        });
    }
    if (!door.waitIdle(patience))
        log(LogLevel::Warning, logging::kGateway, "connections are left after draining", {{"busy", door.busy()}});
}

void Gateway::stop()
{
    if (m_impl->threads.empty()) {
        m_impl->listeners.clear();
        return;
    }
    for (std::size_t i = 0; i < m_impl->io.size(); ++i) {
        asio::post(m_impl->io[i]->context(), [this, &thread = *m_impl->io[i]] {
            for (auto &listener : m_impl->listeners) {
                if (&listener->thread() == &thread)
                    listener->close();
            }
            std::vector<std::shared_ptr<SocketPeer>> peers;
            thread.wheel().forEach([&](WheelItem &item) {
                if (auto *peer = dynamic_cast<SocketPeer *>(&item))
                    peers.push_back(peer->shared_from_this());
            });
            for (const auto &peer : peers)
                peer->cut();
            // One more turn, so that the operations that were cut can end.
            asio::post(thread.context(), [&thread] { thread.context().stop(); });
        });
    }
    for (auto &thread : m_impl->threads)
        thread.join();
    m_impl->threads.clear();
    m_impl->listeners.clear();
}

} // namespace kith::server
