// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/client/simulation.h"

#include <QPointer>

#include <algorithm>

namespace kith::client {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

DelayLine::DelayLine(QObject *parent) : QObject(parent)
{
    m_timer.setSingleShot(true);
    m_timer.setTimerType(Qt::PreciseTimer);
    connect(&m_timer, &QTimer::timeout, this, &DelayLine::run);
}

void DelayLine::pass(std::function<void()> action)
{
    if (m_delay.count() == 0 && m_waiting.empty())
        return action();
    auto due = steady_clock::now() + m_delay;
    if (!m_waiting.empty())
        due = std::max(due, m_waiting.back().due);
    m_waiting.push_back({due, std::move(action)});
    wait();
}

void DelayLine::clear()
{
    m_timer.stop();
    m_waiting.clear();
}

void DelayLine::run()
{
    const QPointer<DelayLine> alive(this);
    const auto now = steady_clock::now();
    while (!m_waiting.empty() && m_waiting.front().due <= now) {
        const auto action = std::move(m_waiting.front().action);
        m_waiting.pop_front();
        action();
        if (!alive)
            return;
    }
    wait();
}

void DelayLine::wait()
{
    if (m_waiting.empty() || m_timer.isActive())
        return;
    const auto left = std::chrono::ceil<milliseconds>(m_waiting.front().due - steady_clock::now());
    m_timer.start(std::max(left, milliseconds{0}));
}

} // namespace kith::client
