// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/gateway/socket_peer.h"

#include "core/base/failpoint.h"
#include "core/base/limits.h"
#include "core/base/logging.h"
#include "server/gateway/door.h"
#include "server/gateway/io_thread.h"
#include "server/logic/socket_session.h"
#include "server/ops/log.h"
#include "server/ops/metrics.h"

#include <algorithm>

namespace kith::server::gateway {
namespace {

using std::chrono::steady_clock;

constexpr std::size_t kFrameBytes = 1024 * 1024; // of joined envelopes; far below what a client must take

std::string_view weightName(Weight weight)
{
    switch (weight) {
    case Weight::Reply:
        return "reply";
    case Weight::Log:
        return "log";
    case Weight::Ephemeral:
        return "ephemeral";
    }
    return "reply";
}

} // namespace

SocketPeer::SocketPeer(Door &door, IoThread &thread, std::string address)
    : m_door(door), m_thread(thread), m_address(std::move(address)), m_queue(door.settings.queueBytes)
{
}

SocketPeer::~SocketPeer() = default;

std::size_t SocketPeer::thread() const
{
    return m_thread.index();
}

void SocketPeer::push(Encoded envelope, Weight weight)
{
    bool wake = false;
    Pushed outcome = Pushed::Queued;
    {
        const std::lock_guard lock(m_mutex);
        if (m_closing)
            return;
        outcome = m_queue.push(std::move(envelope), weight);
        if (outcome == Pushed::Overflow) {
            m_queue.clear();
            m_closing = true;
            m_closeCode = protocol::CloseCode::SlowReader;
            m_closeReason = "too many answers are waiting";
            wake = true; // to start the grace of a write that is stuck
        } else if (outcome != Pushed::Dropped) {
            wake = !m_busy;
        }
        m_busy = m_busy || wake;
    }
    if (outcome != Pushed::Queued)
        m_door.metrics.dropped(weightName(weight));
    if (wake)
        m_thread.markDirty(shared_from_this());
}

void SocketPeer::close(protocol::CloseCode code, std::string reason)
{
    {
        const std::lock_guard lock(m_mutex);
        if (m_closing)
            return;
        m_closing = true;
        m_closeCode = code;
        m_closeReason = std::move(reason);
        m_busy = true;
    }
    m_thread.markDirty(shared_from_this());
}

void SocketPeer::resume()
{
    const std::lock_guard lock(m_mutex);
    m_queue.resume();
}

void SocketPeer::opened()
{
    const auto now = steady_clock::now();
    m_openedAt = m_lastSeen = now;
    m_counted = true;
    m_door.entered();
    m_door.metrics.connectionOpened();
    m_session = SocketSession::create(*m_door.services, std::weak_ptr<Peer>(shared_from_this()), m_address);
    m_thread.wheel().schedule(*this, now + std::min(m_door.settings.loginDeadline, m_door.settings.silence));
    if (m_door.draining) // the upgrade was under way when the drain began
        close(protocol::CloseCode::Draining, R"({"retry_after_ms":1000})");
}

void SocketPeer::received(std::string_view frame)
{
    KITH_FAILPOINT("gateway.frame_read");
    if (m_session && !m_closeSent)
        m_session->receive(frame);
    KITH_FAILPOINT("gateway.frame_handled");
}

void SocketPeer::receivedBinary()
{
    if (m_session && !m_closeSent)
        m_session->frameBinary();
}

void SocketPeer::receivedTooLarge()
{
    if (m_session && !m_closeSent)
        m_session->frameTooLarge();
}

void SocketPeer::alive()
{
    m_lastSeen = steady_clock::now();
}

void SocketPeer::flush()
{
    if (m_gone || m_closeSent)
        return;
    bool closing = false;
    bool lagging = false;
    if (!m_writing) {
        const std::lock_guard lock(m_mutex);
        m_queue.take(m_batch, kFrameBytes, limits::kMaxEnvelopesPerFrame);
        m_busy = !m_batch.empty();
        closing = m_closing;
        lagging = m_queue.lagging();
    } else {
        const std::lock_guard lock(m_mutex);
        closing = m_closing;
        lagging = m_queue.lagging();
    }
    const auto now = steady_clock::now();
    if (closing)
        startClosing(now);
    else if (lagging)
        m_thread.wheel().schedule(*this,
                                  std::min(now + m_door.settings.slowReader, m_lastSeen + m_door.settings.silence));
    if (m_writing)
        return;
    if (m_batch.empty()) {
        if (closing) {
            m_closeSent = true;
            endSession();
            writeClose(m_closeCode, m_closeReason); // not changed any more once m_closing is set
        }
        return;
    }
    m_writing = true;
    m_writeStarted = now;
    std::string_view frame = *m_batch.front();
    if (m_batch.size() > 1) {
        m_joined = m_thread.joined(m_batch);
        frame = *m_joined;
    }
    m_door.metrics.pushed(m_batch.size(), frame.size());
    KITH_FAILPOINT("gateway.writing");
    writeFrame(frame);
}

void SocketPeer::written(bool ok)
{
    KITH_FAILPOINT("gateway.written");
    m_writing = false;
    if (m_joined)
        m_thread.giveBack(std::move(m_joined));
    if (m_batch.capacity() > 4)
        std::vector<Encoded>().swap(m_batch); // an idle connection keeps nothing
    else
        m_batch.clear();
    {
        const std::lock_guard lock(m_mutex);
        m_queue.written();
        if (ok && m_queue.empty() && !m_closing) {
            m_busy = false;
            return;
        }
    }
    if (ok)
        flush();
}

void SocketPeer::startClosing(SteadyTime now)
{
    if (!std::exchange(m_graceStarted, true))
        m_thread.wheel().schedule(*this, now + m_door.settings.closeGrace);
}

void SocketPeer::expired(SteadyTime now)
{
    if (m_gone)
        return;
    const auto self = shared_from_this();
    if (m_graceStarted) {
        cut(); // our close frame found nobody
        return;
    }
    const GatewaySettings &settings = m_door.settings;
    SteadyTime next = m_lastSeen + settings.silence;
    if (now >= next) {
        close(protocol::CloseCode::SilentTooLong, "no frame for too long");
        return;
    }
    if (!m_session->loggedIn()) {
        const auto deadline = m_openedAt + settings.loginDeadline;
        if (now >= deadline) {
            close(protocol::CloseCode::LogInAgain, "no login in time");
            return;
        }
        next = std::min(next, deadline);
    }
    bool lagging = false;
    {
        const std::lock_guard lock(m_mutex);
        lagging = m_queue.lagging();
    }
    if (lagging && m_writing) {
        const auto stuck = m_writeStarted + settings.slowReader;
        if (now >= stuck) {
            {
                const std::lock_guard lock(m_mutex);
                m_queue.clear();
            }
            close(protocol::CloseCode::SlowReader, "read faster");
            return;
        }
        next = std::min(next, stuck);
    } else if (lagging) {
        next = std::min(next, now + settings.slowReader);
    }
    m_thread.wheel().schedule(*this, next);
}

void SocketPeer::endSession()
{
    if (const auto session = std::exchange(m_session, nullptr))
        session->closed();
}

void SocketPeer::cut()
{
    const auto self = shared_from_this();
    abort();
    ended(1006);
}

void SocketPeer::ended(int closeCode)
{
    if (std::exchange(m_gone, true))
        return;
    unlink();
    {
        const std::lock_guard lock(m_mutex);
        if (m_closing)
            closeCode = static_cast<int>(m_closeCode);
        m_closing = true;
        m_queue.clear();
    }
    endSession();
    if (m_counted) {
        m_door.metrics.connectionClosed(closeCode);
        log(LogLevel::Debug, logging::kGateway, "socket closed",
            {{"code", closeCode}, {"address", maskAddress(m_address)}});
        m_door.left();
    }
}

} // namespace kith::server::gateway
