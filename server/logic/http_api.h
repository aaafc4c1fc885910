// SPDX-License-Identifier: GPL-3.0-or-later
// The HTTPS calls of PROTOCOL §2 behind the gateway: a request in, a response out, no sockets.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

namespace kith::server {

class Services;

struct HttpRequest {
    std::string method; // upper case
    std::string path;   // decoded, without the query
    std::map<std::string, std::string> query;
    std::string bearer; // token of the Authorization header, or empty
    std::string body;
    std::string address; // of the peer, numeric
};

struct HttpResponse {
    int status = 200;
    std::string body; // JSON, or empty for 204
    std::map<std::string, std::string> headers;
};

/// Answers exactly once, on any thread; must not be assumed to answer before returning. Everything under /v1 but the
/// socket; other paths are 404 `not_found`, other methods 404 as well.
void handleHttp(Services &services, HttpRequest request, std::function<void(HttpResponse)> reply);

} // namespace kith::server
