// SPDX-License-Identifier: GPL-3.0-or-later
// register, login, token/refresh: the calls that need no access token.
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

/// What failures of one attempt are counted under.
struct AttemptKeys {
    std::vector<std::string> own;    // account and device: counted before the outcome is known
    std::vector<std::string> shared; // the address: many people may be behind it
};

struct Login {
    HttpCallPtr call;
    protocol::LoginRequest request;
    AttemptKeys keys;

    /// What was typed for the second factor; nothing if the client has not asked for it yet.
    std::optional<std::string> code() const { return request.totp ? request.totp : request.recoveryCode; }
};

std::vector<std::string> codeKeys(const UserId &user)
{
    return {"code:" + user.str()};
}

void wrongCode(const std::shared_ptr<Login> &login, const UserId &user)
{
    login->call->core()->logins.failed(login->keys.shared);
    audit::note(*login->call, user, audit::kLoginCodeFailed, login->request.device.id);
    login->call->fail(makeError(ErrorCode::MfaInvalid, "the code is wrong or was used",
                                login->request.totp ? "totp" : "recovery_code"));
}

void openSession(const std::shared_ptr<Login> &login, const Credentials &known, std::optional<SecondFactor> factor)
{
    const User &user = known.user;
    const CorePtr &core = login->call->core();
    const auto now = core->clock.now();
    Device device = login->request.device;
    device.lastSeen = now;
    const std::string refresh = Tokens::newRefreshToken();
    NewSession session{user.id,
                       device,
                       login->call->maskedAddress(),
                       Tokens::newFamily(),
                       Tokens::hash(refresh),
                       now + limits::kRefreshToken,
                       known.version,
                       std::move(factor)};
    core->store.openSession(session, [login, user, session, refresh](StoreResult<void> opened) {
        const CorePtr &c = login->call->core();
        if (!opened && opened.error() == StoreError::CodeUsed)
            return wrongCode(login, user.id);
        if (!opened)
            return login->call->fail(opened.error()); // whatever refused it: the code was not found right
        if (session.factor)
            c->codes.clear(codeKeys(user.id));
        closeEarlierSockets(*c, user.id, session.device.id, session.family);
        log(LogLevel::Info, logging::kLogic, "logged in",
            {{"user", user.id.str()}, {"device", session.device.id.str()}, {"address", login->call->maskedAddress()}});
        audit::note(*login->call, user.id,
                    session.factor && !session.factor->step ? audit::kLoginRecovery : audit::kLogin, session.device.id);
        login->call->ok(
            protocol::encode(protocol::TokenReply{c->tokens.issue(user.id, session.device.id, session.family), refresh,
                                                  c->tokens.life().count(), user, session.device}));
    });
}

void verified(const std::shared_ptr<Login> &login, const std::optional<Credentials> &found, bool right)
{
    Throttle &logins = login->call->core()->logins;
    if (!right) {
        logins.failed(login->keys.shared);
        log(LogLevel::Info, logging::kLogic, "login failed", {{"address", login->call->maskedAddress()}});
        if (found)
            audit::note(*login->call, found->user.id, audit::kLoginFailed, login->request.device.id);
        return login->call->fail(makeError(ErrorCode::InvalidCredentials, "wrong username or password"));
    }
    logins.clear(login->keys.own);
    if (found->disabled)
        return login->call->fail(makeError(ErrorCode::Forbidden, "this account is disabled", "username"));
    if (found->totpSealed.empty())
        return openSession(login, *found, std::nullopt);
    const auto code = login->code();
    if (!code)
        return login->call->fail(makeError(ErrorCode::MfaRequired, "the second factor is needed", "totp"));
    // Whoever knows the password may guess at codes no quicker than at passwords, and is remembered for longer.
    const UserId &user = found->user.id;
    if (const auto wait = login->call->core()->codes.admit(codeKeys(user)))
        return login->call->fail(rateLimited(*wait));
    auto factor = login->call->core()->factors.shown(user, found->totpSealed, *code);
    if (!factor)
        return wrongCode(login, user);
    openSession(login, *found, std::move(factor));
}

bool acceptPassword(const HttpCallPtr &call, const std::string &password, const char *field)
{
    if (!isCommonPassword(password))
        return true;
    call->fail(makeError(ErrorCode::Malformed, "this password is too common", field), 422);
    return false;
}

} // namespace

void registerUser(const HttpCallPtr &call)
{
    const CorePtr &core = call->core();
    if (core->draining)
        return call->fail(draining());
    if (core->settings.registration != Registration::Open)
        return call->fail(makeError(ErrorCode::Forbidden, "registration is not open"));
    auto request = call->decodeBody<protocol::RegisterRequest>();
    if (!request || !acceptPassword(call, request->password, "password"))
        return;
    if (const auto wait = core->registrations.admit(addressPrefix(call->request().address)))
        return call->fail(rateLimited(*wait));
    const bool queued = core->passwords.hash(
        addressPrefix(call->request().address), request->password,
        [call, username = request->username, displayName = request->displayName](crypto::Result<std::string> hash) {
            if (!hash)
                return call->fail(overloaded());
            call->core()->store.createUser({username, std::move(*hash), displayName}, [call](StoreResult<User> user) {
                if (!user)
                    return call->fail(user.error());
                log(LogLevel::Info, logging::kLogic, "registered",
                    {{"user", user->id.str()}, {"address", call->maskedAddress()}});
                audit::note(*call, user->id, audit::kRegistered);
                call->created(protocol::encode(protocol::UserReply{std::move(*user)}));
            });
        });
    if (!queued)
        call->fail(overloaded());
}

void login(const HttpCallPtr &call)
{
    const CorePtr &core = call->core();
    if (core->draining)
        return call->fail(draining());
    auto request = call->decodeBody<protocol::LoginRequest>();
    if (!request)
        return;
    auto login = std::make_shared<Login>(Login{call, std::move(*request), {}});
    login->keys = {{"account:" + login->request.username, "device:" + login->request.device.id.str()},
                   {"address:" + addressPrefix(call->request().address)}};
    if (const auto wait = core->logins.admit(login->keys.own, login->keys.shared))
        return call->fail(rateLimited(*wait));
    core->store.credentials(login->request.username, [login](StoreResult<Credentials> found) {
        const CorePtr &c = login->call->core();
        if (!found && found.error() != StoreError::NotFound) {
            c->logins.refund(login->keys.own);
            return login->call->fail(found.error());
        }
        // An unknown user costs a hash as well: the time must not tell who exists.
        std::optional<Credentials> known;
        if (found)
            known = std::move(*found);
        std::string hash = known ? known->passwordHash : std::string();
        const bool queued =
            c->passwords.verify(addressPrefix(login->call->request().address), std::move(hash), login->request.password,
                                [login, known = std::move(known)](bool right) { verified(login, known, right); });
        if (!queued) {
            c->logins.refund(login->keys.own);
            login->call->fail(overloaded());
        }
    });
}

void refresh(const HttpCallPtr &call)
{
    const CorePtr &core = call->core();
    const auto request = call->decodeBody<protocol::RefreshRequest>();
    if (!request)
        return;
    std::string successor = core->tokens.successor(request->refreshToken);
    Rotation rotation{Tokens::hash(request->refreshToken), Tokens::hash(successor),
                      core->clock.now() + limits::kRefreshToken};
    core->store.rotate(std::move(rotation), [call, successor = std::move(successor)](StoreResult<Session> session) {
        const CorePtr &c = call->core();
        if (!session) {
            if (session.error() == StoreError::TokenReused) {
                log(LogLevel::Warning, logging::kLogic, "refresh token reused: its sessions have ended",
                    {{"address", call->maskedAddress()}});
                recheckAllSockets(c);
            }
            return call->fail(session.error());
        }
        call->ok(
            protocol::encode(protocol::TokenReply{c->tokens.issue(session->user, session->device.id, session->family),
                                                  successor,
                                                  c->tokens.life().count(),
                                                  {},
                                                  {}}));
    });
}

} // namespace kith::server::accounts
