// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/countdown.h"

namespace kith::ui {

Countdown::Countdown(QObject *parent) : QObject(parent)
{
    constexpr int kTickMs = 250; // so that no second is shown for two
    m_timer.setInterval(kTickMs);
    connect(&m_timer, &QTimer::timeout, this, &Countdown::tick);
}

void Countdown::start(std::chrono::milliseconds time)
{
    m_time = time;
    m_clock.start();
    m_timer.start();
    tick();
}

void Countdown::stop()
{
    m_timer.stop();
}

void Countdown::tick()
{
    const auto left = m_time - std::chrono::milliseconds(m_clock.elapsed());
    const int seconds = left.count() > 0 ? static_cast<int>((left.count() + 999) / 1000) : 0;
    if (seconds == 0)
        m_timer.stop();
    emit ticked(seconds);
}

} // namespace kith::ui
