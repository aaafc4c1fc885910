// SPDX-License-Identifier: GPL-3.0-or-later
// Asks the store to remove unused files: a look once a minute, then small steps until nothing is left: one a second,
// and one after the other while no piece of an upload waits.
#pragma once

#include "server/store/store.h"

#include <atomic>
#include <memory>

namespace kith::server {

class Metrics;

/// tick() is called by one thread.
class FileSweeper final {
public:
    static constexpr int kLookEvery = 60; // ticks

    FileSweeper(Store &store, Metrics &metrics);
    /// Once a second.
    void tick();

private:
    struct State { // shared with the answer, which may come after us
        std::atomic<bool> asked{false}, more{false};
    };

    static void step(Store &store, Metrics &metrics, const std::shared_ptr<State> &state);

    Store &m_store;
    Metrics &m_metrics;
    std::shared_ptr<State> m_state = std::make_shared<State>();
    int m_ticks = 0;
};

} // namespace kith::server
