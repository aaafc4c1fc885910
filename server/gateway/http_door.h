// SPDX-License-Identifier: GPL-3.0-or-later
// Between Beast's HTTP messages and ours: requests, answers, the checks of an upgrade and the operators' pages.
#pragma once

#include "core/protocol/errors.h"
#include "server/gateway/door.h"
#include "server/logic/http_api.h"

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

#include <optional>
#include <string>

namespace kith::server::gateway {

namespace http = boost::beast::http;
using Request = http::request<http::string_body>;
using Response = http::response<http::string_body>;

inline constexpr std::string_view kSocketPath = "/v1/socket";
inline constexpr std::string_view kSubprotocol = "kith.v1";

/// Nothing for a target that cannot be read.
std::optional<HttpRequest> toHttpRequest(Request &&request, std::string address);
Response toResponse(HttpResponse &&answer, const Request &request);
Response errorResponse(protocol::WireError error, unsigned version, bool keepAlive);

bool isUploadRequest(const Request &request);
std::string bearerOf(const Request &request);
bool isSocketPath(const Request &request);
/// Why this request may not become a socket, as the answer to give; nothing if it may.
std::optional<Response> refuseUpgrade(const Request &request, const Door &door);

/// /healthz, /readyz, /metrics.
Response answerOps(const Request &request, const Door &door);

} // namespace kith::server::gateway
