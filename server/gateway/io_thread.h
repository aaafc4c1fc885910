// SPDX-License-Identifier: GPL-3.0-or-later
// One I/O thread: its io_context, its timing wheel, and the connections that have something to write this turn.
#pragma once

#include "server/delivery/peer.h"
#include "server/gateway/net.h"
#include "server/gateway/wheel.h"

#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace kith::server::gateway {

class SocketPeer;

class IoThread final {
public:
    IoThread(std::size_t index, std::chrono::milliseconds tick);

    std::size_t index() const { return m_index; }
    asio::io_context &context() { return m_context; }
    Wheel &wheel() { return m_wheel; }

    /// Runs until the context is stopped.
    void run();

    /// From any thread: the peer is flushed in this thread's next turn. One task per turn, however many peers.
    void markDirty(std::shared_ptr<SocketPeer> peer);

    /// The batch as one frame. Members of a group mostly get the same batch: the frame is joined once for all that ask
    /// for it in a row. On this thread only, like giveBack().
    std::shared_ptr<std::string> joined(const std::vector<Encoded> &batch);
    /// When a frame is written. Buffers are kept warm: above malloc's mmap threshold a fresh one costs page faults.
    void giveBack(std::shared_ptr<std::string> &&frame);

private:
    void flushDirty();
    void startTick();

    std::size_t m_index;
    asio::io_context m_context;
    Wheel m_wheel;
    Timer m_ticker;

    std::mutex m_dirtyMutex; // innermost: nothing else is locked while it is held
    std::vector<std::shared_ptr<SocketPeer>> m_dirty;
    bool m_flushPosted = false;
    std::vector<std::shared_ptr<SocketPeer>> m_flushing; // of the I/O thread alone
    std::vector<std::shared_ptr<std::string>> m_buffers; // of the I/O thread alone
    std::vector<Encoded> m_joinedBatch;                  // of the I/O thread alone: what m_joined was made of
    std::shared_ptr<std::string> m_joined;
};

} // namespace kith::server::gateway
