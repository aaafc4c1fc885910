// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/logic/http_call.h"

#include "core/base/logging.h"
#include "server/logic/errors.h"
#include "server/ops/log.h"

#include <boost/json/serialize.hpp>

#include <utility>

namespace kith::server {

HttpCall::HttpCall(CorePtr core, HttpRequest request, std::function<void(HttpResponse)> reply)
    : m_core(std::move(core)), m_request(std::move(request)), m_reply(std::move(reply))
{
}

HttpCall::~HttpCall()
{
    if (m_reply)
        fail(draining());
}

std::string HttpCall::maskedAddress() const
{
    return maskAddress(m_request.address);
}

std::string HttpCall::lastSegment() const
{
    return m_request.path.substr(m_request.path.rfind('/') + 1);
}

void HttpCall::answer(HttpResponse response)
{
    if (const auto reply = std::exchange(m_reply, nullptr))
        reply(std::move(response));
}

void HttpCall::ok(const boost::json::object &body)
{
    answer({200, boost::json::serialize(body), {}});
}

void HttpCall::created(const boost::json::object &body)
{
    answer({201, boost::json::serialize(body), {}});
}

void HttpCall::noContent()
{
    answer({204, {}, {}});
}

void HttpCall::fail(protocol::WireError error, int status, std::map<std::string, std::string> headers)
{
    error.trace = newTrace();
    HttpResponse response{status != 0 ? status : protocol::httpStatus(error.code), {}, std::move(headers)};
    if (error.retryAfterMs > 0)
        response.headers["Retry-After"] = std::to_string((error.retryAfterMs + 999) / 1000);
    response.body = protocol::encodeErrorBody(error);
    log(response.status >= 500 ? LogLevel::Warning : LogLevel::Info, logging::kLogic, "call refused",
        {{"trace", error.trace},
         {"method", m_request.method},
         {"path", m_request.path},
         {"status", response.status},
         {"code", protocol::name(error.code)},
         {"field", error.field},
         {"why", error.message},
         {"address", maskAddress(m_request.address)}});
    answer(std::move(response));
}

void HttpCall::fail(StoreError error)
{
    // PROTOCOL has no code of its own for a taken name: docs/decisions/0002-username-taken.md.
    // Nor for a second factor that is bound already: 409 as well, because it is the account's state that refuses.
    const bool conflict = error == StoreError::UsernameTaken || error == StoreError::MfaBound;
    fail(wireError(error), conflict ? 409 : 0);
}

} // namespace kith::server
