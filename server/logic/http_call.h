// SPDX-License-Identifier: GPL-3.0-or-later
// One HTTPS call on its way through the flows: the request, and the one answer to it.
#pragma once

#include "core/base/limits.h"
#include "core/protocol/http.h"
#include "server/logic/core.h"
#include "server/logic/http_api.h"

#include <functional>
#include <memory>
#include <optional>

namespace kith::server {

/// Shared by the continuations of a flow. Each ends in exactly one of ok(), created(), noContent() and fail().
class HttpCall final {
public:
    HttpCall(CorePtr core, HttpRequest request, std::function<void(HttpResponse)> reply);
    /// A flow that was dropped on its way (a store that closes) still answers.
    ~HttpCall();
    HttpCall(const HttpCall &) = delete;
    HttpCall &operator=(const HttpCall &) = delete;

    const CorePtr &core() const { return m_core; }
    const HttpRequest &request() const { return m_request; }
    std::string maskedAddress() const;
    /// Last part of the path, for routes with one.
    std::string lastSegment() const;

    void ok(const boost::json::object &body);
    void created(const boost::json::object &body);
    void noContent();
    /// For answers that are no JSON.
    void respond(HttpResponse response) { answer(std::move(response)); }
    /// The body, once.
    std::string takeBody() { return std::move(m_request.body); }
    /// With the code's own status unless another is given.
    void fail(protocol::WireError error, int status = 0, std::map<std::string, std::string> headers = {});
    void fail(StoreError error);

    /// Nothing after the error was answered. An empty body reads as {}.
    template <class Body>
    std::optional<Body> decodeBody()
    {
        auto object = m_request.body.empty() ? protocol::Decoded<boost::json::object>(boost::json::object{})
                                             : protocol::parseObject(m_request.body, limits::kMaxHttpBodyBytes);
        if (!object) {
            fail(std::move(object).error());
            return std::nullopt;
        }
        auto body = protocol::decode<Body>(*object);
        if (!body) {
            fail(std::move(body).error());
            return std::nullopt;
        }
        return std::move(*body);
    }

private:
    void answer(HttpResponse response);

    CorePtr m_core;
    HttpRequest m_request;
    std::function<void(HttpResponse)> m_reply; // empty once answered
};
using HttpCallPtr = std::shared_ptr<HttpCall>;

// The flows, by file.
namespace accounts {
void registerUser(const HttpCallPtr &); // accounts_login.cpp
void login(const HttpCallPtr &);
void refresh(const HttpCallPtr &);
// With a token that was checked: accounts_self.cpp
void devices(const HttpCallPtr &, const Claims &);
void logout(const HttpCallPtr &, const Claims &);
void me(const HttpCallPtr &, const Claims &);
void patchMe(const HttpCallPtr &, const Claims &);
void changePassword(const HttpCallPtr &, const Claims &);
void revokeDevice(const HttpCallPtr &, const Claims &);
void findUsers(const HttpCallPtr &, const Claims &);
void user(const HttpCallPtr &, const Claims &);
// accounts_mfa.cpp
void mfa(const HttpCallPtr &, const Claims &);
void enrollMfa(const HttpCallPtr &, const Claims &);
void bindMfa(const HttpCallPtr &, const Claims &);
void unbindMfa(const HttpCallPtr &, const Claims &);
void renewRecoveryCodes(const HttpCallPtr &, const Claims &);
void auditLog(const HttpCallPtr &, const Claims &);
} // namespace accounts
namespace files { // files.cpp
void create(const HttpCallPtr &, const Claims &);
void append(const HttpCallPtr &, const Claims &);
void head(const HttpCallPtr &, const Claims &);
void get(const HttpCallPtr &, const Claims &);
} // namespace files

} // namespace kith::server
