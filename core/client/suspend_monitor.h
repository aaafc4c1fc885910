// SPDX-License-Identifier: GPL-3.0-or-later
// Tells when the computer is about to sleep.
#pragma once

#include <QObject>

namespace kith::client {

/// On Linux by logind's signal PrepareForSleep; elsewhere it says nothing yet.
class SuspendMonitor final : public QObject {
    Q_OBJECT
public:
    explicit SuspendMonitor(QObject *parent = nullptr);

signals:
    void aboutToSuspend();

private slots:
    void prepareForSleep(bool before);
};

} // namespace kith::client
