// SPDX-License-Identifier: GPL-3.0-or-later
// What all connections of the gateway share. Lives as long as the gateway.
#pragma once

#include "server/gateway/gateway.h"

#include <atomic>
#include <condition_variable>
#include <mutex>

using SSL_CTX = struct ssl_ctx_st;

namespace kith::server::gateway {

struct Door {
    Door(const GatewaySettings &s, Metrics &m) : settings(s), metrics(m) {}

    const GatewaySettings &settings;
    Metrics &metrics;
    Services *services = nullptr; // set before the first connection
    SSL_CTX *tls = nullptr;       // null with `insecure`
    std::atomic<bool> draining = false;

    /// Open sockets and requests under way: what a drain waits for.
    void entered() { m_busy.fetch_add(1); }
    void left()
    {
        if (m_busy.fetch_sub(1) == 1 && draining) {
            const std::lock_guard lock(m_mutex);
            m_idle.notify_all();
        }
    }
    bool waitIdle(std::chrono::milliseconds patience)
    {
        std::unique_lock lock(m_mutex);
        return m_idle.wait_for(lock, patience, [this] { return m_busy == 0; });
    }
    long busy() const { return m_busy; }

private:
    std::atomic<long> m_busy = 0;
    std::mutex m_mutex;
    std::condition_variable m_idle;
};

} // namespace kith::server::gateway
