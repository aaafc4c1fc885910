// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/catchup/heartbeat.h"

#include <QEvent>
#include <QThread>

#include <algorithm>
#include <ctime>
#include <utility>

namespace kith::bench {

namespace {

double threadCpuMs()
{
    timespec spent{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
    return static_cast<double>(spent.tv_sec) * 1e3 + static_cast<double>(spent.tv_nsec) / 1e6;
}

double msBetween(std::chrono::steady_clock::time_point from, std::chrono::steady_clock::time_point to)
{
    return std::chrono::duration<double, std::milli>(to - from).count();
}

} // namespace

Heartbeat::Heartbeat()
{
    m_timer.setTimerType(Qt::PreciseTimer);
    m_timer.setInterval(1);
    connect(&m_timer, &QTimer::timeout, this, &Heartbeat::beat);
}

void Heartbeat::start()
{
    m_gaps.clear();
    m_gaps.reserve(100'000);
    m_last = SteadyClock::now();
    m_lastCpu = threadCpuMs();
    m_timer.start();
}

void Heartbeat::beat()
{
    const auto now = SteadyClock::now();
    const double cpu = threadCpuMs();
    m_gaps.push_back({msBetween(m_last, now), cpu - m_lastCpu});
    m_last = now;
    m_lastCpu = cpu;
}

Heartbeat::Figures Heartbeat::stop()
{
    beat(); // what blocks at the very end counts too
    m_timer.stop();
    Figures found;
    found.beats = static_cast<int>(m_gaps.size());
    for (const auto &gap : m_gaps) {
        found.longestCpu = std::max(found.longestCpu, gap.cpu);
        found.over50 += gap.wall > 50;
    }
    std::sort(m_gaps.begin(), m_gaps.end(), [](const Gap &a, const Gap &b) { return a.wall < b.wall; });
    const auto at = [this](double part) {
        return m_gaps[std::min(m_gaps.size() - 1, static_cast<std::size_t>(part * double(m_gaps.size())))].wall;
    };
    found.p50 = at(0.5);
    found.p99 = at(0.99);
    found.longest = m_gaps.back().wall;
    found.cpuInLongest = m_gaps.back().cpu;
    return found;
}

bool TimedApplication::notify(QObject *receiver, QEvent *event)
{
    if (m_depth > 0 || QThread::currentThread() != thread())
        return QApplication::notify(receiver, event);
    // Named before: the event may delete its receiver.
    const char *name = receiver->metaObject()->className();
    const int type = event->type();
    const auto from = std::chrono::steady_clock::now();
    const double cpu = threadCpuMs();
    ++m_depth;
    const bool done = QApplication::notify(receiver, event);
    --m_depth;
    const double wall = msBetween(from, std::chrono::steady_clock::now());
    if (wall >= 1)
        m_slow.push_back({wall, threadCpuMs() - cpu, std::string(name) + " event " + std::to_string(type)});
    return done;
}

std::vector<TimedApplication::Slow> TimedApplication::takeSlowest(std::size_t count)
{
    auto slow = std::exchange(m_slow, {});
    std::sort(slow.begin(), slow.end(), [](const Slow &a, const Slow &b) { return a.wall > b.wall; });
    if (slow.size() > count)
        slow.resize(count);
    return slow;
}

} // namespace kith::bench
