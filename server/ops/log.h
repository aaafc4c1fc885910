// SPDX-License-Identifier: GPL-3.0-or-later
// The server's log: JSON lines on stderr under the categories of core/base/logging.h, and the masking they need.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace kith::server {

enum class LogLevel { Debug, Info, Warning, Error };

std::optional<LogLevel> logLevelFromName(std::string_view name);

/// One key of a log line. Never a message body, a token, a secret or an unmasked address.
struct LogField {
    LogField(std::string_view k, std::string_view v) : key(k), text(v) {}
    LogField(std::string_view k, const char *v) : key(k), text(v) {}
    LogField(std::string_view k, const std::string &v) : key(k), text(v) {}
    LogField(std::string_view k, std::integral auto v) : key(k), number(static_cast<std::int64_t>(v)), isNumber(true) {}

    std::string_view key;
    std::string_view text;
    std::int64_t number = 0;
    bool isNumber = false;
};

/// Called once by main, before the first thread. Without it everything from Info on is logged.
void startLogging(LogLevel lowest);

/// Writes {"t":…,"level":…,"cat":…,"msg":…,fields}. Thread-safe; a line is written whole.
void log(LogLevel level, const char *category, std::string_view message, std::initializer_list<LogField> fields = {});

/// The fields and the message as the inside of a JSON object, every byte escaped that JSON cannot carry.
std::string formatLogFields(std::string_view message, std::initializer_list<LogField> fields);

/// IPv4 without its last byte, IPv6 without all but its first three groups: "192.0.2.x", "2001:db8:7::x".
std::string maskAddress(std::string_view numeric);

} // namespace kith::server
