// SPDX-License-Identifier: GPL-3.0-or-later
// A live connection as everything behind the gateway sees it: a narrow `push`, so that framing can be replaced freely.
#pragma once

#include "core/protocol/errors.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace kith::server {

/// One envelope, serialised once and shared by all its receivers.
using Encoded = std::shared_ptr<const std::string>;

/// What may be dropped when a connection falls behind (PROTOCOL §3, `lagging`; DESIGN §6).
enum class Weight {
    Reply,     // answer to a request: always queued, up to the hard limit
    Log,       // message, change, conversation, receipt: dropped only together with `lagging`
    Ephemeral, // typing, presence: dropped once the queue is half full
};

/// Implemented by the gateway. All methods are thread-safe, never block and never call back synchronously.
class Peer {
public:
    virtual ~Peer() = default;
    /// Queues; the connection's own thread writes all that is queued as one frame per loop turn.
    virtual void push(Encoded envelope, Weight weight) = 0;
    /// Writes what is queued, then closes with that code. `reason` is at most 123 bytes.
    virtual void close(protocol::CloseCode code, std::string reason) = 0;
    /// Which I/O thread it lives on, 0 … threads-1: fan-out posts one task per thread.
    virtual std::size_t thread() const = 0;
    /// After `lagging`: pushes of weight Log flow again (the client has called sync).
    virtual void resume() = 0;
};
using PeerPtr = std::shared_ptr<Peer>;

/// Runs tasks on the gateway's I/O threads; implemented by the gateway, used by the fan-out.
class IoThreads {
public:
    virtual ~IoThreads() = default;
    virtual std::size_t count() const = 0;
    virtual void post(std::size_t thread, std::function<void()> task) = 0;
};

} // namespace kith::server
