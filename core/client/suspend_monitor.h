// SPDX-License-Identifier: GPL-3.0-or-later
// Tells when the computer is about to sleep, and can make it wait until what must be done before is done.
#pragma once

#include <QObject>

#include <memory>

namespace kith::client {

/// On Linux by logind (org.freedesktop.login1.Manager: PrepareForSleep, Inhibit); elsewhere it says nothing yet.
class SuspendMonitor final : public QObject {
    Q_OBJECT
public:
    explicit SuspendMonitor(QObject *parent = nullptr);
    ~SuspendMonitor() override;

    /// Whether sleep is to wait after aboutToSuspend() until ready() is called. logind waits 5 s at the most.
    void setDelaying(bool delaying);
    void ready();

signals:
    void aboutToSuspend();

private slots:
    void prepareForSleep(bool before);

private:
    void inhibit();

    struct Lock; // held: sleep waits
    std::unique_ptr<Lock> m_lock;
    bool m_delaying = false;
};

} // namespace kith::client
