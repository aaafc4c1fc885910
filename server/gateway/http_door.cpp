// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/gateway/http_door.h"

#include "core/base/logging.h"
#include "core/protocol/http.h"
#include "server/gateway/http_text.h"
#include "server/logic/errors.h"
#include "server/ops/log.h"
#include "server/ops/metrics.h"

#include <boost/beast/http/field.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <boost/beast/http/verb.hpp>

namespace kith::server::gateway {
namespace {

using protocol::ErrorCode;

std::string_view view(boost::beast::string_view text)
{
    return {text.data(), text.size()};
}

Response base(int status, unsigned version, bool keepAlive, const char *type)
{
    Response response(http::int_to_status(static_cast<unsigned>(status)), version);
    response.set(http::field::server, "kithd");
    response.set(http::field::cache_control, "no-store");
    response.set("X-Content-Type-Options", "nosniff");
    if (type)
        response.set(http::field::content_type, type);
    response.keep_alive(keepAlive);
    return response;
}

/// All headers of that name as one (RFC 9110 §5.3); nothing without any.
std::optional<std::string> joined(const Request &request, boost::beast::string_view name)
{
    std::optional<std::string> all;
    for (auto [at, end] = request.equal_range(name); at != end; ++at) {
        if (all)
            *all += ", ";
        else
            all.emplace();
        *all += view(at->value());
    }
    return all;
}

} // namespace

bool isUploadRequest(const Request &request)
{
    const auto target = parseTarget(view(request.target()));
    return target && isUpload(view(request.method_string()), target->path);
}

std::string bearerOf(const Request &request)
{
    return bearerToken(view(request[http::field::authorization]));
}

std::optional<HttpRequest> toHttpRequest(Request &&request, std::string address)
{
    auto target = parseTarget(view(request.target()));
    if (!target)
        return std::nullopt;
    HttpRequest result;
    result.method = std::string(view(request.method_string()));
    result.path = std::move(target->path);
    result.query = std::move(target->query);
    result.bearer = bearerOf(request);
    result.uploadOffset = joined(request, "Upload-Offset");
    result.range = joined(request, "Range");
    result.ifRange = joined(request, "If-Range");
    result.body = std::move(request.body());
    result.address = std::move(address);
    return result;
}

Response toResponse(HttpResponse &&answer, const Request &request)
{
    Response response = base(answer.status, request.version(), request.keep_alive(),
                             answer.body.empty() ? nullptr : "application/json");
    for (const auto &[name, value] : answer.headers)
        response.set(name, value);
    const std::uint64_t size = answer.source ? answer.source->size() : answer.body.size();
    if (request.method() != http::verb::head)
        response.body() = std::move(answer.body);
    if (answer.status != 204)
        response.content_length(size);
    return response;
}

Response errorResponse(protocol::WireError error, unsigned version, bool keepAlive)
{
    error.trace = newTrace();
    log(LogLevel::Info, logging::kGateway, "request refused",
        {{"trace", error.trace}, {"code", protocol::name(error.code)}, {"why", error.message}});
    Response response = base(protocol::httpStatus(error.code), version, keepAlive, "application/json");
    if (error.retryAfterMs > 0)
        response.set(http::field::retry_after, std::to_string((error.retryAfterMs + 999) / 1000));
    response.body() = protocol::encodeErrorBody(error);
    response.prepare_payload();
    return response;
}

bool isSocketPath(const Request &request)
{
    const auto target = view(request.target());
    return target.substr(0, target.find('?')) == kSocketPath;
}

std::optional<Response> refuseUpgrade(const Request &request, const Door &door)
{
    const auto refuse = [&](ErrorCode code, const char *why) {
        auto error = protocol::makeError(code, why);
        if (code == ErrorCode::Draining) {
            error.retry = protocol::Retry::After;
            error.retryAfterMs = 1000;
        }
        return errorResponse(error, request.version(), false);
    };
    if (door.draining)
        return refuse(ErrorCode::Draining, "the server is going down");
    if (request.method() != http::verb::get || request.version() < 11 ||
        !equalsIgnoringCase(view(request[http::field::upgrade]), "websocket") ||
        !http::token_list(request[http::field::connection]).exists("upgrade"))
        return refuse(ErrorCode::Malformed, "this path is for WebSocket upgrades");
    if (request[http::field::sec_websocket_version] != "13" || request[http::field::sec_websocket_key].size() != 24)
        return refuse(ErrorCode::Malformed, "not a handshake of WebSocket version 13");
    if (!listContains(view(request[http::field::sec_websocket_protocol]), kSubprotocol))
        return refuse(ErrorCode::Malformed, "the subprotocol kith.v1 is needed");
    if (!originAllowed(view(request[http::field::origin]), door.settings.origins))
        return refuse(ErrorCode::Forbidden, "pages of this origin may not connect");
    return std::nullopt;
}

Response answerOps(const Request &request, const Door &door)
{
    const auto target = view(request.target());
    const auto path = target.substr(0, target.find('?'));
    const bool reads = request.method() == http::verb::get || request.method() == http::verb::head;
    int status = 200;
    std::string body;
    if (!reads || (path != "/healthz" && path != "/readyz" && path != "/metrics")) {
        return errorResponse(protocol::makeError(ErrorCode::NotFound, "no such page"), request.version(),
                             request.keep_alive());
    }
    if (path == "/readyz" && door.draining) {
        status = 503;
        body = "draining\n";
    } else {
        body = path == "/metrics" ? door.metrics.text() : std::string("ok\n");
    }
    Response response =
        base(status, request.version(), request.keep_alive(), "text/plain; version=0.0.4; charset=utf-8");
    response.content_length(body.size());
    if (request.method() == http::verb::get)
        response.body() = std::move(body);
    return response;
}

} // namespace kith::server::gateway
