// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/ops/log.h"

#include "core/base/logging.h"

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <array>
#include <cstring>

namespace kith::server {
namespace {

spdlog::level::level_enum toSpdlog(LogLevel level)
{
    switch (level) {
    case LogLevel::Debug:
        return spdlog::level::debug;
    case LogLevel::Info:
        return spdlog::level::info;
    case LogLevel::Warning:
        return spdlog::level::warn;
    case LogLevel::Error:
        return spdlog::level::err;
    }
    return spdlog::level::info;
}

/// The loggers of all categories on one sink. Made at the first line, before or after startLogging.
struct Loggers {
    Loggers()
    {
        auto sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
        sink->set_formatter(std::make_unique<spdlog::pattern_formatter>(
            R"({"t":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l","cat":"%n",%v})", spdlog::pattern_time_type::utc));
        constexpr std::array names{logging::kGateway, logging::kLogic,    logging::kStore,
                                   logging::kOps,     logging::kDelivery, logging::kSql};
        for (std::size_t i = 0; i < names.size(); ++i) {
            all[i] = std::make_unique<spdlog::logger>(names[i], sink);
            all[i]->flush_on(spdlog::level::trace);
        }
    }
    spdlog::logger &of(const char *category)
    {
        for (const auto &logger : all) {
            if (logger->name() == category)
                return *logger;
        }
        return *all[3]; // kOps
    }
    std::array<std::unique_ptr<spdlog::logger>, 6> all;
};

Loggers &loggers()
{
    static Loggers instance;
    return instance;
}

void appendEscaped(std::string &out, std::string_view text)
{
    static constexpr char kHex[] = "0123456789abcdef";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (byte < 0x20 || byte >= 0x7f) {
            // Bytes above ASCII are shown one by one: a log line must stay valid JSON whatever a peer sent.
            out += "\\u00";
            out += kHex[byte >> 4];
            out += kHex[byte & 15];
        } else {
            out += c;
        }
    }
}

} // namespace

std::optional<LogLevel> logLevelFromName(std::string_view name)
{
    if (name == "debug")
        return LogLevel::Debug;
    if (name == "info")
        return LogLevel::Info;
    if (name == "warning")
        return LogLevel::Warning;
    if (name == "error")
        return LogLevel::Error;
    return std::nullopt;
}

void startLogging(LogLevel lowest)
{
    for (const auto &logger : loggers().all)
        logger->set_level(toSpdlog(lowest));
}

std::string formatLogFields(std::string_view message, std::initializer_list<LogField> fields)
{
    std::string out = "\"msg\":\"";
    appendEscaped(out, message);
    out += '"';
    for (const LogField &field : fields) {
        out += ",\"";
        appendEscaped(out, field.key);
        out += "\":";
        if (field.isNumber) {
            out += std::to_string(field.number);
        } else {
            out += '"';
            appendEscaped(out, field.text);
            out += '"';
        }
    }
    return out;
}

void log(LogLevel level, const char *category, std::string_view message, std::initializer_list<LogField> fields)
{
    spdlog::logger &logger = loggers().of(category);
    if (logger.should_log(toSpdlog(level)))
        logger.log(toSpdlog(level), spdlog::string_view_t(formatLogFields(message, fields)));
}

std::string maskAddress(std::string_view numeric)
{
    if (numeric.empty())
        return "?";
    if (numeric.find(':') == std::string_view::npos) {
        const auto dot = numeric.rfind('.');
        return dot == std::string_view::npos ? "?" : std::string(numeric.substr(0, dot + 1)) + "x";
    }
    if (numeric.starts_with("::ffff:") && numeric.find('.') != std::string_view::npos)
        return maskAddress(numeric.substr(7));
    std::string out;
    int groups = 0;
    for (std::size_t i = 0; i < numeric.size() && groups < 3; ++i) {
        if (numeric[i] == ':') {
            ++groups;
            if (i + 1 < numeric.size() && numeric[i + 1] == ':')
                break;
        }
        if (groups < 3)
            out += numeric[i];
    }
    while (!out.empty() && out.back() == ':')
        out.pop_back();
    return out + "::x";
}

} // namespace kith::server
