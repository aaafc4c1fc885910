// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/logic/sessions.h"

#include <algorithm>

namespace kith::server {

using protocol::CloseCode;

namespace {

void recheck(const CorePtr &core, std::shared_ptr<std::vector<ConnectionPtr>> left)
{
    if (left->empty())
        return;
    const ConnectionPtr connection = left->back();
    left->pop_back();
    core->store.session(connection->user(), connection->device(),
                        [core, left = std::move(left), connection](StoreResult<Session> session) mutable {
                            const bool ended = session ? session->family != connection->family()
                                                       : session.error() == StoreError::NotFound;
                            if (ended)
                                connection->close(CloseCode::Revoked, "the session has ended");
                            recheck(core, std::move(left));
                        });
}

} // namespace

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
    recheck(core, std::make_shared<std::vector<ConnectionPtr>>(core->registry.all()));
}

} // namespace kith::server
