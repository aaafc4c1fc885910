// SPDX-License-Identifier: GPL-3.0-or-later
// A socket without its framing: queue, deadlines and end of a connection. What writes bytes derives from it.
#pragma once

#include "server/delivery/peer.h"
#include "server/gateway/send_queue.h"
#include "server/gateway/wheel.h"

#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace kith::server {
class SocketSession;
}

namespace kith::server::gateway {

struct Door;
class IoThread;

class SocketPeer : public Peer, public WheelItem, public std::enable_shared_from_this<SocketPeer> {
public:
    SocketPeer(Door &door, IoThread &thread, std::string address);
    ~SocketPeer() override;

    // Peer: from any thread.
    void push(Encoded envelope, Weight weight) final;
    void close(protocol::CloseCode code, std::string reason) final;
    std::size_t thread() const final;
    void resume() final;

    // All below: on the connection's I/O thread only.

    /// Writes what is queued as one frame, then closes if that was asked for. Called once per turn by the IoThread.
    void flush();
    /// Cuts the connection without a close frame.
    void cut();
    bool gone() const { return m_gone; }

protected:
    /// After the handshake: makes the session and starts the deadlines.
    void opened();
    /// One whole text frame.
    void received(std::string_view frame);
    void receivedBinary();
    void receivedTooLarge();
    /// Any frame, also ping and pong, counts as life.
    void alive();
    void written(bool ok);
    /// The socket is at its end, whoever ended it. Idempotent.
    void ended(int closeCode);

    virtual void writeFrame(std::string_view frame) = 0; // text; answered by written()
    virtual void writeClose(protocol::CloseCode code, std::string_view reason) = 0;
    virtual void abort() = 0; // closes the descriptor; pending operations end with an error

    IoThread &ioThread() { return m_thread; }
    Door &door() { return m_door; }

private:
    void expired(SteadyTime now) final;
    void startClosing(SteadyTime now);
    void endSession();

    Door &m_door;
    IoThread &m_thread;
    std::shared_ptr<SocketSession> m_session;
    std::string m_address;

    std::mutex m_mutex; // guards the following block; IoThread's dirty mutex may be taken while it is held
    SendQueue m_queue;
    bool m_busy = false; // being written, or already on the thread's dirty list
    bool m_closing = false;
    protocol::CloseCode m_closeCode{};
    std::string m_closeReason;

    // I/O thread only
    std::vector<Encoded> m_batch;          // being written
    std::shared_ptr<std::string> m_joined; // being written, if more than one; shared with neighbours
    SteadyTime m_openedAt{};
    SteadyTime m_lastSeen{};
    SteadyTime m_writeStarted{};
    bool m_writing = false;
    bool m_graceStarted = false;
    bool m_closeSent = false;
    bool m_gone = false;
    bool m_counted = false;
};

} // namespace kith::server::gateway
