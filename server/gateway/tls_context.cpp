// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/gateway/tls_context.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

namespace kith::server::gateway {
namespace {

Unexpected<GatewayFailure> failure(const std::string &what)
{
    const char *reason = ERR_reason_error_string(ERR_peek_last_error());
    ERR_clear_error();
    return Unexpected(GatewayFailure{GatewayError::BadCertificate, what + (reason ? std::string(": ") + reason : "")});
}

} // namespace

void TlsContext::Free::operator()(SSL_CTX *context) const
{
    SSL_CTX_free(context);
}

Expected<void, GatewayFailure> TlsContext::load(const std::string &certificate, const std::string &key)
{
    m_context.reset(SSL_CTX_new(TLS_server_method()));
    SSL_CTX *context = m_context.get();
    if (!context)
        return failure("OpenSSL gave no context");
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    // Forward secrecy and authenticated encryption only (RFC 9325 §4.2).
    if (SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20") != 1)
        return failure("no cipher suites");
    SSL_CTX_set_mode(context,
                     SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF); // resumption by tickets: nothing is kept here
    if (SSL_CTX_use_certificate_chain_file(context, certificate.c_str()) != 1)
        return failure("the certificate " + certificate + " cannot be used");
    if (SSL_CTX_use_PrivateKey_file(context, key.c_str(), SSL_FILETYPE_PEM) != 1)
        return failure("the key " + key + " cannot be used");
    if (SSL_CTX_check_private_key(context) != 1)
        return failure("certificate and key do not belong together");
    return {};
}

} // namespace kith::server::gateway
