// SPDX-License-Identifier: GPL-3.0-or-later
// All settings of kithd with their defaults, and the TOML file that changes them (docs/operations.md lists them).
#pragma once

#include "core/base/expected.h"
#include "core/base/file_limits.h"
#include "core/base/limits.h"
#include "server/ops/log.h"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace kith::server {

enum class RegistrationMode { Open, Invite, Closed };

struct Config {
    using milliseconds = std::chrono::milliseconds;

    // where
    std::string data = "kithd-data";
    std::string listen = "127.0.0.1:7443";
    std::string opsListen; // empty: 127.0.0.1 on the port after `listen`'s (free one for port 0); "off": none
    std::string readyFile;
    std::string keyFile; // empty: DIR/kithd.key
    std::string store = "embedded";
    bool insecure = false;
    std::int64_t threads = 0; // of I/O; 0: one per core
    LogLevel logLevel = LogLevel::Info;

    // [tls]
    std::string tlsCertificate; // PEM, leaf first
    std::string tlsKey;

    // [gateway]
    std::vector<std::string> origins; // of browsers that may open a socket
    std::int64_t queueBytes = 1024 * 1024;
    milliseconds loginDeadline = limits::kLoginDeadline;
    milliseconds heartbeatSilence = limits::kSilence;
    milliseconds httpHeaderTimeout{10'000};
    milliseconds httpIdleTimeout{30'000};
    milliseconds slowReader{30'000};
    milliseconds drainSpread{3'000};

    // [accounts]
    RegistrationMode registration = RegistrationMode::Open;
    std::int64_t passwordOperations = 3;
    std::int64_t passwordMemoryKib = 64 * 1024;
    std::int64_t passwordThreads = 1;
    std::int64_t passwordQueue = 64;
    std::int64_t loginFailuresPerMinute = 5;
    std::int64_t registrationsPerMinute = 10;
    std::int64_t accessTokenSeconds = limits::kAccessToken.count();
    std::string issuer = "Kith"; // shown by authenticator apps: one line, at most 64 bytes

    // [files]
    std::int64_t maxFileBytes = limits::kMaxFileBytes;

    // [messages]
    std::int64_t sendsPerSecond = 200;
};

/// Reads TOML text over the defaults. The error is a sentence with line and key; unknown keys are errors, because a
/// misspelt limit that is silently ignored is a limit that is not there.
Expected<Config, std::string> parseConfig(std::string_view toml, std::string_view fileName);
Expected<Config, std::string> loadConfig(const std::string &path);

struct HostPort {
    std::string host; // without brackets
    std::uint16_t port = 0;
    bool operator==(const HostPort &) const = default;
};
/// "127.0.0.1:0", "[::1]:7443", "localhost:7443".
Expected<HostPort, std::string> parseHostPort(std::string_view text);
/// True for 127.0.0.0/8, ::1 and the name localhost.
bool isLoopback(std::string_view host);

} // namespace kith::server
