// SPDX-License-Identifier: GPL-3.0-or-later
// Ending the sockets of sessions that have ended in the store.
#pragma once

#include "server/logic/core.h"

#include <functional>

namespace kith::server {

/// After the store has ended them: closes the sockets with 4501.
void closeSockets(Core &core, const UserId &user, const std::vector<DeviceId> &devices);
/// After a new login of the same device: sockets of its earlier session close with 4001.
void closeEarlierSockets(Core &core, const UserId &user, const DeviceId &device, const std::string &family);
/// After a refresh token came back (the store names neither user nor device): looks at every socket's session once.
void recheckAllSockets(const CorePtr &core);

} // namespace kith::server
