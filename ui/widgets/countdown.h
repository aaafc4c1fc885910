// SPDX-License-Identifier: GPL-3.0-or-later
// Seconds until something may be tried again.
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <chrono>

namespace kith::ui {

class Countdown final : public QObject {
    Q_OBJECT
public:
    explicit Countdown(QObject *parent = nullptr);
    void start(std::chrono::milliseconds time);
    void stop();
    bool isRunning() const { return m_timer.isActive(); }

signals:
    /// At once and each second; 0 is the last.
    void ticked(int secondsLeft);

private:
    void tick();
    QTimer m_timer;
    QElapsedTimer m_clock;
    std::chrono::milliseconds m_time{0};
};

} // namespace kith::ui
