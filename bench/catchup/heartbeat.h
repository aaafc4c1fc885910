// SPDX-License-Identifier: GPL-3.0-or-later
// How long the event loop of the window's thread was busy with something else, and which event it was busy with.
#pragma once

#include <QApplication>
#include <QTimer>

#include <chrono>
#include <string>
#include <vector>

namespace kith::bench {

/// A timer of 1 ms on the thread whose loop is watched. The gap between two firings is how long a key or a mouse would
/// have waited; the thread's own CPU time in it tells work from a machine that ran something else.
class Heartbeat final : public QObject {
    Q_OBJECT
public:
    struct Figures {
        double p50 = 0, p99 = 0, longest = 0; // ms, gaps
        double cpuInLongest = 0;              // ms that the thread itself computed in the longest gap
        double longestCpu = 0;                // ms, most computed in any gap
        int beats = 0;
        int over50 = 0;
    };

    Heartbeat();
    void start();
    Figures stop();

private:
    void beat();

    using SteadyClock = std::chrono::steady_clock;
    struct Gap {
        double wall = 0, cpu = 0; // ms
    };
    QTimer m_timer;
    SteadyClock::time_point m_last;
    double m_lastCpu = 0;
    std::vector<Gap> m_gaps;
};

/// Times every event that the application hands out, nested ones within those that caused them.
class TimedApplication final : public QApplication {
    Q_OBJECT
public:
    using QApplication::QApplication;

    struct Slow {
        double wall = 0, cpu = 0; // ms
        std::string what;         // class of the receiver, number of the event's type
    };
    bool notify(QObject *receiver, QEvent *event) override;
    /// The slowest since the last call, slowest first; events of below 1 ms are not kept.
    std::vector<Slow> takeSlowest(std::size_t count);

private:
    int m_depth = 0;
    std::vector<Slow> m_slow;
};

} // namespace kith::bench
