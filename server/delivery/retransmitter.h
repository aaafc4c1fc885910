// SPDX-License-Identifier: GPL-3.0-or-later
// Sends un-acked messages again after 5, 10 and 20 s (PROTOCOL §4); looks only at connections that wait for an ack.
#pragma once

#include "core/base/clock.h"

#include <memory>
#include <mutex>
#include <vector>

namespace kith::server {

class Connection;

class Retransmitter final {
public:
    explicit Retransmitter(const Clock &clock) : m_clock(clock) {}

    void enrol(std::weak_ptr<Connection> connection);
    /// Called about once a second by one thread.
    void tick();
    std::size_t waiting() const;

private:
    const Clock &m_clock;
    mutable std::mutex m_mutex; // guards m_waiting; held for list operations only
    std::vector<std::weak_ptr<Connection>> m_waiting;
};

} // namespace kith::server
