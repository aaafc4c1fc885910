// SPDX-License-Identifier: GPL-3.0-or-later
// The calls of somebody who is logged in: profile, password, devices, other users.
#include "core/base/limits.h"
#include "core/base/logging.h"
#include "server/logic/audit.h"
#include "server/logic/errors.h"
#include "server/logic/http_call.h"
#include "server/logic/sessions.h"
#include "server/ops/log.h"

namespace kith::server::accounts {

using protocol::ErrorCode;
using protocol::makeError;

namespace {

Reply<User> userReply(const HttpCallPtr &call)
{
    return [call](StoreResult<User> user) {
        if (!user)
            return call->fail(user.error());
        call->ok(protocol::encode(protocol::UserReply{std::move(*user)}));
    };
}

void endSession(const HttpCallPtr &call, const UserId &user, const DeviceId &device, std::string_view event)
{
    call->core()->store.closeSession(user, device, [call, user, device, event](StoreResult<void> closed) {
        if (!closed)
            return call->fail(closed.error());
        closeSockets(*call->core(), user, {device});
        log(LogLevel::Info, logging::kLogic, "session ended", {{"user", user.str()}, {"device", device.str()}});
        audit::note(*call, user, event, device);
        call->noContent();
    });
}

void sessionsEnded(const HttpCallPtr &call, const UserId &user, const std::vector<DeviceId> &ended)
{
    closeSockets(*call->core(), user, ended);
    log(LogLevel::Info, logging::kLogic, "sessions ended", {{"user", user.str()}, {"devices", ended.size()}});
    call->noContent();
}

struct PasswordChange {
    HttpCallPtr call;
    Claims claims;
    protocol::PasswordRequest request;
    std::vector<std::string> keys;
    std::int64_t version = 0; // of the credentials that the old password was checked against
};

void storeNewPassword(const std::shared_ptr<PasswordChange> &change)
{
    const bool queued = change->call->core()->passwords.hash(
        addressPrefix(change->call->request().address), change->request.newPassword,
        [change](crypto::Result<std::string> hash) {
            if (!hash)
                return change->call->fail(overloaded());
            const Claims &who = change->claims;
            change->call->core()->store.changePassword(
                who.user, std::move(*hash), change->version, who.device,
                [change](StoreResult<std::vector<DeviceId>> ended) {
                    const UserId &user = change->claims.user;
                    if (!ended)
                        return change->call->fail(ended.error());
                    log(LogLevel::Info, logging::kLogic, "password changed", {{"user", user.str()}});
                    audit::note(*change->call, user, audit::kPasswordChanged, change->claims.device);
                    sessionsEnded(change->call, user, *ended);
                });
        });
    if (!queued)
        change->call->fail(overloaded());
}

} // namespace

void logout(const HttpCallPtr &call, const Claims &claims)
{
    const auto request = call->decodeBody<protocol::LogoutRequest>();
    if (!request)
        return;
    if (request->all)
        call->core()->store.closeSessions(claims.user, std::nullopt,
                                          [call, claims](StoreResult<std::vector<DeviceId>> ended) {
                                              if (!ended)
                                                  return call->fail(ended.error());
                                              audit::note(*call, claims.user, audit::kLogoutAll, claims.device);
                                              sessionsEnded(call, claims.user, *ended);
                                          });
    else
        endSession(call, claims.user, claims.device, audit::kLogout);
}

void me(const HttpCallPtr &call, const Claims &claims)
{
    call->core()->store.user(claims.user, userReply(call));
}

void patchMe(const HttpCallPtr &call, const Claims &claims)
{
    auto patch = call->decodeBody<protocol::ProfilePatch>();
    if (!patch)
        return;
    if (patch->avatar)
        if (const auto wait = call->core()->avatarChanges.admit(avatarKey(claims.user)))
            return call->fail(rateLimited(*wait));
    call->core()->store.updateProfile(claims.user, std::move(patch->displayName), std::move(patch->avatar),
                                      userReply(call));
}

void changePassword(const HttpCallPtr &call, const Claims &claims)
{
    auto request = call->decodeBody<protocol::PasswordRequest>();
    if (!request)
        return;
    if (isCommonPassword(request->newPassword))
        return call->fail(makeError(ErrorCode::Malformed, "this password is too common", "new"), 422);
    const CorePtr &core = call->core();
    // Guesses at the old password count like those at the door.
    auto change = std::make_shared<PasswordChange>(
        PasswordChange{call, claims, std::move(*request), {"password:" + claims.user.str()}, 0});
    if (const auto wait = core->logins.admit(change->keys))
        return call->fail(rateLimited(*wait));
    core->store.credentialsById(claims.user, [change](StoreResult<Credentials> found) {
        Core &c = *change->call->core();
        if (!found) {
            c.logins.refund(change->keys);
            return change->call->fail(found.error());
        }
        change->version = found->version;
        const bool queued = c.passwords.verify(
            addressPrefix(change->call->request().address), found->passwordHash, change->request.oldPassword,
            [change](bool right) {
                if (!right) {
                    audit::note(*change->call, change->claims.user, audit::kPasswordFailed, change->claims.device);
                    return change->call->fail(makeError(ErrorCode::InvalidCredentials, "wrong password", "old"));
                }
                change->call->core()->logins.clear(change->keys);
                storeNewPassword(change);
            });
        if (!queued) {
            c.logins.refund(change->keys);
            change->call->fail(overloaded());
        }
    });
}

void devices(const HttpCallPtr &call, const Claims &claims)
{
    call->core()->store.sessions(claims.user, [call](StoreResult<std::vector<Device>> found) {
        if (!found)
            return call->fail(found.error());
        call->ok(protocol::encode(protocol::DevicesReply{std::move(*found)}));
    });
}

void revokeDevice(const HttpCallPtr &call, const Claims &claims)
{
    const std::string id = call->lastSegment();
    if (!isValidUuid(id))
        return call->fail(makeError(ErrorCode::NotFound, "no such device"));
    endSession(call, claims.user, DeviceId(id), audit::kDeviceRevoked);
}

void findUsers(const HttpCallPtr &call, const Claims &)
{
    const auto &query = call->request().query;
    const auto found = query.find("query");
    std::string text = found == query.end() ? std::string() : found->second;
    if (text.size() > limits::kMaxNameChars * 4)
        return call->fail(makeError(ErrorCode::TooLarge, "too long", "query"));
    call->core()->store.findUsers(std::move(text), std::nullopt, limits::kMaxUserResults,
                                  [call](StoreResult<std::vector<User>> users) {
                                      if (!users)
                                          return call->fail(users.error());
                                      call->ok(protocol::encode(protocol::UsersReply{std::move(*users)}));
                                  });
}

void user(const HttpCallPtr &call, const Claims &)
{
    const std::string id = call->lastSegment();
    if (!isValidUserId(id))
        return call->fail(makeError(ErrorCode::NotFound, "no such user"));
    call->core()->store.user(UserId(id), userReply(call));
}

} // namespace kith::server::accounts
