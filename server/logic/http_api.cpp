// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/logic/http_api.h"

#include "server/logic/errors.h"
#include "server/logic/http_call.h"

#include <array>

namespace kith::server {
namespace {

using protocol::ErrorCode;
using protocol::makeError;

using OpenFlow = void (*)(const HttpCallPtr &);
using AuthorisedFlow = void (*)(const HttpCallPtr &, const Claims &);

struct Route {
    std::string_view method;
    std::string_view path; // a trailing slash takes one more segment
    OpenFlow open = nullptr;
    AuthorisedFlow authorised = nullptr;
};

constexpr std::array kRoutes{
    Route{"POST", "/v1/register", accounts::registerUser},
    Route{"POST", "/v1/login", accounts::login},
    Route{"POST", "/v1/token/refresh", accounts::refresh},
    Route{"POST", "/v1/logout", nullptr, accounts::logout},
    Route{"GET", "/v1/me", nullptr, accounts::me},
    Route{"PATCH", "/v1/me", nullptr, accounts::patchMe},
    Route{"POST", "/v1/me/password", nullptr, accounts::changePassword},
    Route{"GET", "/v1/mfa", nullptr, accounts::mfa},
    Route{"POST", "/v1/mfa/enroll", nullptr, accounts::enrollMfa},
    Route{"POST", "/v1/mfa/bind", nullptr, accounts::bindMfa},
    Route{"POST", "/v1/mfa/unbind", nullptr, accounts::unbindMfa},
    Route{"POST", "/v1/mfa/recovery-codes", nullptr, accounts::renewRecoveryCodes},
    Route{"GET", "/v1/audit", nullptr, accounts::auditLog},
    Route{"GET", "/v1/devices", nullptr, accounts::devices},
    Route{"DELETE", "/v1/devices/", nullptr, accounts::revokeDevice},
    Route{"GET", "/v1/users", nullptr, accounts::findUsers},
    Route{"GET", "/v1/users/", nullptr, accounts::user},
    Route{"POST", "/v1/files", nullptr, files::create},
    Route{"PATCH", "/v1/files/", nullptr, files::append},
    Route{"HEAD", "/v1/files/", nullptr, files::head},
    Route{"GET", "/v1/files/", nullptr, files::get},
};

bool matches(const Route &route, const HttpRequest &request)
{
    if (route.method != request.method)
        return false;
    const std::string_view path = request.path;
    if (!route.path.ends_with('/'))
        return path == route.path;
    return path.starts_with(route.path) && path.size() > route.path.size() &&
           path.find('/', route.path.size()) == std::string_view::npos;
}

protocol::WireError tokenProblem(TokenError error)
{
    return error == TokenError::Expired ? makeError(ErrorCode::TokenExpired, "refresh the token")
                                        : makeError(ErrorCode::Unauthenticated, "the token is not valid");
}

/// A good signature is not enough: the session must still stand, and be the one that the token was made for.
void authorise(const HttpCallPtr &call, AuthorisedFlow flow)
{
    const Core &core = *call->core();
    if (call->request().bearer.empty())
        return call->fail(makeError(ErrorCode::Unauthenticated, "a bearer token is needed"));
    auto claims = core.tokens.verify(call->request().bearer);
    if (!claims)
        return call->fail(tokenProblem(claims.error()));
    core.store.session(claims->user, claims->device, [call, flow, claims = *claims](StoreResult<Session> session) {
        if (!session && session.error() != StoreError::NotFound)
            return call->fail(session.error());
        if (!session || session->family != claims.family)
            return call->fail(makeError(ErrorCode::Unauthenticated, "the session has ended"));
        flow(call, claims);
    });
}

} // namespace

bool isUpload(std::string_view method, std::string_view path)
{
    return method == "PATCH" && path.starts_with("/v1/files/");
}

Expected<std::shared_ptr<void>, protocol::WireError> admitUpload(Services &services, const std::string &bearer)
{
    const CorePtr &core = services.impl().core;
    const auto refused = [](protocol::WireError error) { return Unexpected(std::move(error)); };
    if (bearer.empty())
        return refused(makeError(ErrorCode::Unauthenticated, "a bearer token is needed"));
    const auto claims = core->tokens.verify(bearer);
    if (!claims)
        return refused(tokenProblem(claims.error()));
    switch (core->uploads->enter(claims->user)) {
    case TransferGate::Answer::Full:
        return refused(overloaded());
    case TransferGate::Answer::TooManyOfUser:
        return refused(rateLimited(std::chrono::seconds{1}));
    case TransferGate::Answer::Entered:
        break;
    }
    return core->uploads->pass(claims->user);
}

void handleHttp(Services &services, HttpRequest request, std::function<void(HttpResponse)> reply)
{
    const auto call = std::make_shared<HttpCall>(services.impl().core, std::move(request), std::move(reply));
    for (const Route &route : kRoutes) {
        if (!matches(route, call->request()))
            continue;
        return route.open ? route.open(call) : authorise(call, route.authorised);
    }
    call->fail(makeError(ErrorCode::NotFound, "no such call"));
}

} // namespace kith::server
