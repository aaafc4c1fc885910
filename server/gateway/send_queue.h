// SPDX-License-Identifier: GPL-3.0-or-later
// What waits to be written to one connection: bounded in bytes, with a defined end for every overflow (DESIGN §6).
// Not thread-safe; its owner locks.
#pragma once

#include "server/delivery/peer.h"

#include <cstddef>
#include <string>
#include <vector>

namespace kith::server::gateway {

enum class Pushed {
    Queued,
    Dropped,    // ephemeral above half, or log while lagging
    BecameSlow, // log overflowed: the one `lagging` push took its place
    Overflow,   // replies above the hard limit: the connection must end
};

class SendQueue final {
public:
    /// Replies answer requests that the client itself sent, so they have room above the limit of the pushes: a page of
    /// long messages alone can be 4 MiB.
    static constexpr std::size_t kReplyFactor = 8;

    explicit SendQueue(std::size_t limitBytes) : m_limit(limitBytes) {}

    Pushed push(Encoded envelope, Weight weight);
    /// Moves the next frame's envelopes out: at most `maxBytes` (or a single larger one) and `maxCount`. Their bytes
    /// count until written() is called.
    void take(std::vector<Encoded> &batch, std::size_t maxBytes, std::size_t maxCount);
    void written();
    void resume() { m_lagging = false; }
    /// Drops what waits; what is being written stays counted.
    void clear();

    bool empty() const { return m_next == m_waiting.size(); }
    bool lagging() const { return m_lagging; }
    std::size_t bytes() const { return m_bytes; }

private:
    std::size_t m_limit;
    std::size_t m_bytes = 0;   // waiting and being written
    std::size_t m_writing = 0; // of those, being written
    bool m_lagging = false;
    std::vector<Encoded> m_waiting;
    std::size_t m_next = 0; // in m_waiting: the first that has not been taken
};

/// The envelopes as one frame: alone, or as an array. `frame` is overwritten and keeps its capacity.
void joinEnvelopes(const std::vector<Encoded> &batch, std::string &frame);

} // namespace kith::server::gateway
