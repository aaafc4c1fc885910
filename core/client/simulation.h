// SPDX-License-Identifier: GPL-3.0-or-later
// A worse network than the one that is there, for testers.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include <chrono>
#include <deque>
#include <functional>
#endif

#include <QObject>
#include <QTimer>

namespace kith::client {

struct Simulation {
    bool offline = false;                 // nothing gets through, what was open breaks
    std::chrono::milliseconds latency{0}; // added each way

    bool on() const { return offline || latency.count() > 0; }
    bool operator==(const Simulation &) const = default;
};

/// Does things later, in the order in which they came; at once and in place while there is no delay.
class DelayLine final : public QObject {
    Q_OBJECT
public:
    explicit DelayLine(QObject *parent = nullptr);

    /// For what comes from now on; what waits keeps its time, and what comes after it stays behind it.
    void setDelay(std::chrono::milliseconds delay) { m_delay = delay; }
    /// `action` may destroy this.
    void pass(std::function<void()> action);
    void clear();

private:
    using Time = std::chrono::steady_clock::time_point;
    struct Waiting {
        Time due;
        std::function<void()> action;
    };

    void run();
    void wait();

    std::chrono::milliseconds m_delay{0};
    std::deque<Waiting> m_waiting;
    QTimer m_timer;
};

} // namespace kith::client
