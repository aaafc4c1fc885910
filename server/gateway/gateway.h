// SPDX-License-Identifier: GPL-3.0-or-later
// The two doors of kithd on one port, HTTPS and the socket, and the operators' door beside it (DESIGN §3.1 to 3.3).
#pragma once

#include "core/base/expected.h"
#include "core/base/limits.h"
#include "server/delivery/peer.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace kith::server {

class Metrics;
class Services;

struct GatewaySettings {
    using milliseconds = std::chrono::milliseconds;

    std::string host = "127.0.0.1"; // numeric, or localhost
    std::uint16_t port = 0;         // 0: a free one
    std::string opsHost;            // empty: no operators' door
    std::uint16_t opsPort = 0;
    std::string tlsCertificate; // PEM files; both empty only with `insecure`
    std::string tlsKey;
    bool insecure = false; // plain HTTP and WS: refused on anything but loopback
    std::size_t threads = 1;
    std::vector<std::string> origins;

    std::size_t queueBytes = 1024 * 1024; // per connection; ephemeral pushes are dropped at half of it
    milliseconds loginDeadline = limits::kLoginDeadline;
    milliseconds silence = limits::kSilence;
    milliseconds httpHeader{10'000}; // TLS handshake and request header
    milliseconds httpBody{30'000};
    milliseconds httpAnswer{60'000}; // until handleHttp has answered
    milliseconds httpIdle{30'000};   // between two requests
    milliseconds slowReader{30'000}; // a lagging connection whose write is stuck for so long is closed (4010)
    milliseconds closeGrace{5'000};  // for the other side to take our close frame
    milliseconds drainSpread{3'000}; // sockets are closed over at most this time
};

enum class GatewayError {
    NotLoopback,    // `insecure` on an address that others can reach
    NoCertificate,  // neither TLS files nor `insecure`
    BadCertificate, // unreadable, or key and certificate do not match
    BadAddress,     // neither numeric nor localhost, or not of this machine
    AddressInUse,
    System, // the kernel refused something else
};
struct GatewayFailure {
    GatewayError error = GatewayError::System;
    std::string detail;
};

/// Where the doors stand open: "127.0.0.1:43211"; `ops` is empty where there is none.
struct Endpoints {
    std::string listen;
    std::string ops;
};

/// Made before the Services (which need its threads), started with them, and stopped before they go.
class Gateway final : public IoThreads {
public:
    Gateway(GatewaySettings settings, Metrics &metrics);
    ~Gateway() override;
    Gateway(const Gateway &) = delete;
    Gateway &operator=(const Gateway &) = delete;

    std::size_t count() const override;
    void post(std::size_t thread, std::function<void()> task) override;

    /// Opens the doors and starts the threads.
    Expected<Endpoints, GatewayFailure> start(Services &services);
    /// /readyz says 503, upgrades are refused, open sockets are closed with 4012 over `drainSpread`; returns when the
    /// last one is gone or after `patience`.
    void drain(std::chrono::milliseconds patience);
    /// Cuts what is left, ends and joins the threads. Idempotent; the destructor calls it.
    void stop();

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace kith::server
