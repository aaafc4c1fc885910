// SPDX-License-Identifier: GPL-3.0-or-later
// Tells a service manager how far kithd is (sd_notify(3)), so that `systemctl start` waits until it serves.
#pragma once

namespace kith::server {

/// Sends `state` to NOTIFY_SOCKET; nothing happens where there is none, or nobody listens.
void notifyManager(const char *state);

} // namespace kith::server
