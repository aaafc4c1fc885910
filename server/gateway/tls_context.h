// SPDX-License-Identifier: GPL-3.0-or-later
// The server's side of TLS: versions, ciphers, certificate.
#pragma once

#include "server/gateway/gateway.h"

#include <memory>
#include <string>

using SSL_CTX = struct ssl_ctx_st;

namespace kith::server::gateway {

class TlsContext final {
public:
    /// PEM files, the certificate chain leaf first.
    Expected<void, GatewayFailure> load(const std::string &certificate, const std::string &key);
    SSL_CTX *get() const { return m_context.get(); }

private:
    struct Free {
        void operator()(SSL_CTX *context) const;
    };
    std::unique_ptr<SSL_CTX, Free> m_context;
};

} // namespace kith::server::gateway
