// SPDX-License-Identifier: GPL-3.0-or-later
// Everything that packet and HTTP handlers need, made once by app/kithd and handed down.
#pragma once

#include "core/base/clock.h"
#include "core/base/file_limits.h"
#include "core/crypto/crypto.h"
#include "core/crypto/secret.h"
#include "server/delivery/peer.h"
#include "server/store/store.h"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace kith::server {

class Metrics; // server/ops

enum class Registration { Open, Invite, Closed };

/// Settings of the TOML file that the logic reads; defaults are PROTOCOL.md's.
struct LogicSettings {
    Registration registration = Registration::Open;
    crypto::PasswordCost passwordCost;
    std::size_t passwordThreads = 1; // Argon2id pool
    std::size_t passwordQueue = 64;  // full: 503 overloaded
    int loginFailuresPerMinute = 5;
    int registrationsPerMinute = 10; // per address
    std::int64_t maxFileBytes = limits::kMaxFileBytes;
    int sendsPerSecond = 200; // per connection, burst twice that; above: rate_limited
    std::chrono::seconds accessToken{7200};
    std::string issuer = "Kith"; // what authenticator apps show above the code
};

/// Thread-safe. Lives from before the gateway's first connection until after its last one.
class Services final {
public:
    /// `key`: 32 bytes, of the server's key file. What signs tokens and what seals second factors is derived from it.
    Services(LogicSettings settings, Store &store, IoThreads &io, const Clock &clock, Metrics &metrics,
             const crypto::Secret &key);
    ~Services();
    Services(const Services &) = delete;
    Services &operator=(const Services &) = delete;

    /// From now on logins and upgrades are refused with `draining`; the gateway closes the sockets.
    void drain();
    bool draining() const;

    struct Impl;
    Impl &impl() { return *m_impl; }

private:
    std::unique_ptr<Impl> m_impl;
};

} // namespace kith::server
