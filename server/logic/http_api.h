// SPDX-License-Identifier: GPL-3.0-or-later
// The HTTPS calls of PROTOCOL §2 behind the gateway: a request in, a response out, no sockets.
#pragma once

#include "core/protocol/errors.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace kith::server {

class Services;

struct HttpRequest {
    std::string method; // upper case
    std::string path;   // decoded, without the query
    std::map<std::string, std::string> query;
    std::string bearer; // token of the Authorization header, or empty
    std::string body;
    std::string address; // of the peer, numeric
    // The headers that a call reads; several of one name are joined with commas.
    std::optional<std::string> uploadOffset{}, range{}, ifRange{};
};

/// A body that is too long to be held: asked for the next bytes when those before are written.
class BodySource {
public:
    virtual ~BodySource() = default;
    virtual std::uint64_t size() const = 0;
    /// Answers exactly once, on any thread. Empty: there will be no more, the answer cannot be finished.
    virtual void next(std::function<void(std::string)> take) = 0;
};

struct HttpResponse {
    int status = 200;
    std::string body; // JSON, or empty for 204
    std::map<std::string, std::string> headers;
    std::shared_ptr<BodySource> source{}; // instead of `body`; of an answer to HEAD only its size counts
};

/// The one call with a body above limits::kMaxHttpBodyBytes, of up to limits::kMaxFileChunk.
bool isUpload(std::string_view method, std::string_view path);
/// Before such a body is read: its reader must be logged in, and only so many are read at a time, of everybody and of
/// one user. To be kept until the answer.
Expected<std::shared_ptr<void>, protocol::WireError> admitUpload(Services &services, const std::string &bearer);

/// Answers exactly once, on any thread; must not be assumed to answer before returning. Everything under /v1 but the
/// socket; other paths are 404 `not_found`, other methods 404 as well.
void handleHttp(Services &services, HttpRequest request, std::function<void(HttpResponse)> reply);

} // namespace kith::server
