// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/gateway/io_thread.h"

#include "core/base/logging.h"
#include "server/gateway/send_queue.h"
#include "server/gateway/socket_peer.h"
#include "server/ops/log.h"

#include <boost/asio/post.hpp>

namespace kith::server::gateway {
namespace {

constexpr std::size_t kMaxBuffers = 4;
constexpr std::size_t kMaxBufferBytes = 2 * 1024 * 1024;

} // namespace

IoThread::IoThread(std::size_t index, std::chrono::milliseconds tick)
    : m_index(index), m_context(1), m_wheel(std::chrono::steady_clock::now(), tick), m_ticker(m_context.get_executor())
{
}

void IoThread::run()
{
    startTick();
    const auto guard = asio::make_work_guard(m_context);
    for (;;) {
        try {
            m_context.run();
            return;
        } catch (const std::exception &error) {
            // Memory ran out inside a handler: that connection is lost, the thread goes on.
            log(LogLevel::Error, logging::kGateway, "a handler failed", {{"what", error.what()}});
        }
    }
}

void IoThread::startTick()
{
    m_ticker.expires_after(m_wheel.tick());
    m_ticker.async_wait([this](error_code ec) {
        if (ec)
            return;
        m_wheel.advance(std::chrono::steady_clock::now());
        startTick();
    });
}

void IoThread::markDirty(std::shared_ptr<SocketPeer> peer)
{
    {
        const std::lock_guard lock(m_dirtyMutex);
        m_dirty.push_back(std::move(peer));
        if (std::exchange(m_flushPosted, true))
            return;
    }
    asio::post(m_context, [this] { flushDirty(); });
}

void IoThread::flushDirty()
{
    {
        const std::lock_guard lock(m_dirtyMutex);
        m_flushing.swap(m_dirty);
        m_flushPosted = false;
    }
    for (const auto &peer : m_flushing)
        peer->flush();
    m_flushing.clear();
    // Nothing is kept alive for a neighbour that may never come.
    giveBack(std::move(m_joined));
    m_joinedBatch.clear();
}

std::shared_ptr<std::string> IoThread::joined(const std::vector<Encoded> &batch)
{
    if (m_joined && batch == m_joinedBatch) // the same pointers in the same order
        return m_joined;
    giveBack(std::move(m_joined));
    m_joined.reset();
    if (!m_buffers.empty()) {
        m_joined = std::move(m_buffers.back());
        m_buffers.pop_back();
    } else {
        m_joined = std::make_shared<std::string>();
    }
    joinEnvelopes(batch, *m_joined);
    m_joinedBatch = batch;
    return m_joined;
}

void IoThread::giveBack(std::shared_ptr<std::string> &&frame)
{
    if (frame.use_count() == 1 && frame->capacity() <= kMaxBufferBytes && m_buffers.size() < kMaxBuffers)
        m_buffers.push_back(std::move(frame));
    frame.reset();
}

} // namespace kith::server::gateway
