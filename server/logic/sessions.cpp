// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/logic/sessions.h"

#include "server/logic/one_by_one.h"

#include <algorithm>

namespace kith::server {

using protocol::CloseCode;

void closeSockets(Core &core, const UserId &user, const std::vector<DeviceId> &devices)
{
    core.revocations.fetch_add(1); // before looking: a login that is under way then looks again itself
    for (const ConnectionPtr &connection : core.registry.of(user))
        if (std::find(devices.begin(), devices.end(), connection->device()) != devices.end())
            connection->close(CloseCode::Revoked, "the session has ended");
}

void closeEarlierSockets(Core &core, const UserId &user, const DeviceId &device, const std::string &family)
{
    core.revocations.fetch_add(1);
    for (const ConnectionPtr &connection : core.registry.of(user))
        if (connection->device() == device && connection->family() != family)
            connection->close(CloseCode::LogInAgain, "this device has logged in again");
}

void recheckAllSockets(const CorePtr &core)
{
    core->revocations.fetch_add(1);
    auto connections = core->registry.all();
    const std::size_t count = connections.size();
    oneByOne(count, [core, connections = std::move(connections)](std::size_t i, std::function<void()> next) {
        const ConnectionPtr &one = connections[i];
        core->store.session(one->user(), one->device(), [one, next = std::move(next)](StoreResult<Session> session) {
            const bool ended = session ? session->family != one->family() : session.error() == StoreError::NotFound;
            if (ended)
                one->close(CloseCode::Revoked, "the session has ended");
            next();
        });
    });
}

} // namespace kith::server
