// SPDX-License-Identifier: GPL-3.0-or-later
// Locks after some minutes without a key or click anywhere in the application, and before the computer sleeps.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/client/suspend_monitor.h"
#endif

#include <QDateTime>
#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

namespace kith::ui {

class AutoLock final : public QObject {
    Q_OBJECT
public:
    explicit AutoLock(QObject *parent = nullptr);
    /// 0: not by idleness.
    void configure(std::chrono::milliseconds idle, bool atSuspend);
    /// What due() asked for is done: the computer may sleep.
    void done() { m_suspend.ready(); }

signals:
    void due();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void check();
    std::chrono::milliseconds quiet() const;
    bool isOver() const;

    client::SuspendMonitor m_suspend;
    QTimer m_timer;
    QElapsedTimer m_quiet;
    qint64 m_wallMs = 0; // of the last activity: time asleep counts as quiet too
    std::chrono::milliseconds m_idle{0};
    bool m_atSuspend = false;
};

} // namespace kith::ui
