// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/ops/config.h"

#include <toml++/toml.h>

#include <algorithm>
#include <arpa/inet.h>

#include <charconv>
#include <cstring>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <sstream>

namespace kith::server {
namespace {

/// Takes a value over, or says what it should have been.
using Setter = std::function<std::string(Config &, const toml::node &)>;

Setter text(std::string Config::*member)
{
    return [member](Config &config, const toml::node &node) -> std::string {
        const auto value = node.value_exact<std::string>();
        if (!value)
            return "must be a string";
        config.*member = *value;
        return {};
    };
}

Setter number(std::int64_t Config::*member, std::int64_t least, std::int64_t most)
{
    return [=](Config &config, const toml::node &node) -> std::string {
        const auto value = node.value_exact<std::int64_t>();
        if (!value || *value < least || *value > most)
            return "must be an integer from " + std::to_string(least) + " to " + std::to_string(most);
        config.*member = *value;
        return {};
    };
}

Setter interval(std::chrono::milliseconds Config::*member)
{
    return [=](Config &config, const toml::node &node) -> std::string {
        constexpr std::int64_t kDay = 24LL * 3600 * 1000;
        const auto value = node.value_exact<std::int64_t>();
        if (!value || *value < 1 || *value > kDay)
            return "must be a number of milliseconds, from 1 to " + std::to_string(kDay);
        config.*member = std::chrono::milliseconds(*value);
        return {};
    };
}

std::string setInsecure(Config &config, const toml::node &node)
{
    const auto value = node.value_exact<bool>();
    if (!value)
        return "must be true or false";
    config.insecure = *value;
    return {};
}

std::string setLogLevel(Config &config, const toml::node &node)
{
    const auto level = logLevelFromName(node.value_or(std::string_view{}));
    if (!level)
        return "must be debug, info, warning or error";
    config.logLevel = *level;
    return {};
}

std::string setRegistration(Config &config, const toml::node &node)
{
    static const std::map<std::string_view, RegistrationMode> kModes{
        {"open", RegistrationMode::Open}, {"invite", RegistrationMode::Invite}, {"closed", RegistrationMode::Closed}};
    const auto found = kModes.find(node.value_or(std::string_view{}));
    if (found == kModes.end())
        return "must be open, invite or closed";
    config.registration = found->second;
    return {};
}

std::string setIssuer(Config &config, const toml::node &node)
{
    constexpr std::size_t kMost = 64;
    const auto value = node.value_exact<std::string>();
    const auto control = [](unsigned char c) { return c < 0x20 || c == 0x7f; };
    if (!value || value->empty() || value->size() > kMost || std::any_of(value->begin(), value->end(), control))
        return "must be a string of 1 to 64 bytes on one line";
    config.issuer = *value;
    return {};
}

std::string setOrigins(Config &config, const toml::node &node)
{
    const auto *list = node.as_array();
    if (!list)
        return "must be an array of strings";
    for (const auto &item : *list) {
        const auto value = item.value_exact<std::string>();
        if (!value)
            return "must be an array of strings";
        config.origins.push_back(*value);
    }
    return {};
}

const std::map<std::string, Setter, std::less<>> &setters()
{
    static const std::map<std::string, Setter, std::less<>> kAll{
        {"data", text(&Config::data)},
        {"listen", text(&Config::listen)},
        {"ops_listen", text(&Config::opsListen)},
        {"ready_file", text(&Config::readyFile)},
        {"key_file", text(&Config::keyFile)},
        {"store", text(&Config::store)},
        {"insecure", setInsecure},
        {"threads", number(&Config::threads, 0, 256)},
        {"log_level", setLogLevel},
        {"tls.certificate", text(&Config::tlsCertificate)},
        {"tls.key", text(&Config::tlsKey)},
        {"gateway.origins", setOrigins},
        {"gateway.queue_bytes", number(&Config::queueBytes, 64 * 1024, 256 * 1024 * 1024)},
        {"gateway.login_deadline_ms", interval(&Config::loginDeadline)},
        {"gateway.heartbeat_silence_ms", interval(&Config::heartbeatSilence)},
        {"gateway.http_header_timeout_ms", interval(&Config::httpHeaderTimeout)},
        {"gateway.http_idle_timeout_ms", interval(&Config::httpIdleTimeout)},
        {"gateway.slow_reader_ms", interval(&Config::slowReader)},
        {"gateway.drain_spread_ms", interval(&Config::drainSpread)},
        {"accounts.registration", setRegistration},
        {"accounts.password_operations", number(&Config::passwordOperations, 1, 100)},
        {"accounts.password_memory_kib", number(&Config::passwordMemoryKib, 8, 4 * 1024 * 1024)},
        {"accounts.password_threads", number(&Config::passwordThreads, 1, 64)},
        {"accounts.password_queue", number(&Config::passwordQueue, 1, 100'000)},
        {"accounts.login_failures_per_minute", number(&Config::loginFailuresPerMinute, 1, 1'000'000)},
        {"accounts.registrations_per_minute", number(&Config::registrationsPerMinute, 1, 1'000'000)},
        {"accounts.access_token_s", number(&Config::accessTokenSeconds, 1, 7 * 24 * 3600)},
        {"accounts.issuer", setIssuer},
        {"files.max_bytes", number(&Config::maxFileBytes, 1, limits::kMaxUnusedFileBytes)},
        {"messages.sends_per_second", number(&Config::sendsPerSecond, 1, 10'000'000)},
    };
    return kAll;
}

bool isSection(const std::string &name)
{
    const auto first = setters().lower_bound(name + ".");
    return first != setters().end() && first->first.starts_with(name + ".");
}

std::string apply(Config &config, const toml::table &table, const std::string &prefix)
{
    for (const auto &[key, node] : table) {
        const std::string name = prefix + std::string(key.str());
        const auto found = setters().find(name);
        std::string problem;
        if (found != setters().end())
            problem = found->second(config, node);
        else if (const auto *section = node.as_table(); section && prefix.empty() && isSection(name))
            problem = apply(config, *section, name + ".");
        else
            problem = "is not a setting of kithd";
        if (!problem.empty()) {
            if (problem.starts_with("line "))
                return problem;
            return "line " + std::to_string(node.source().begin.line) + ": " + name + " " + problem;
        }
    }
    return {};
}

} // namespace

Expected<Config, std::string> parseConfig(std::string_view toml, std::string_view fileName)
{
    Config config;
    try {
        const toml::table table = toml::parse(toml, fileName);
        if (std::string problem = apply(config, table, {}); !problem.empty())
            return Unexpected(std::string(fileName) + ", " + problem);
    } catch (const toml::parse_error &error) {
        return Unexpected(std::string(fileName) + ", line " + std::to_string(error.source().begin.line) + ": " +
                          std::string(error.description()));
    }
    return config;
}

Expected<Config, std::string> loadConfig(const std::string &path)
{
    std::ifstream file(path, std::ios::binary);
    if (!file)
        return Unexpected(path + ": " + std::strerror(errno));
    const std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    return parseConfig(bytes, path);
}

Expected<HostPort, std::string> parseHostPort(std::string_view given)
{
    const auto refuse = [&] { return Unexpected("'" + std::string(given) + "' is not HOST:PORT"); };
    const auto colon = given.rfind(':');
    if (colon == std::string_view::npos || colon == 0)
        return refuse();
    HostPort result;
    std::string_view host = given.substr(0, colon);
    if (host.front() == '[') {
        if (host.size() < 3 || host.back() != ']')
            return refuse();
        host = host.substr(1, host.size() - 2);
    } else if (host.find(':') != std::string_view::npos) {
        return refuse();
    }
    result.host = host;
    const std::string_view port = given.substr(colon + 1);
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), result.port);
    if (error != std::errc() || end != port.data() + port.size())
        return refuse();
    return result;
}

bool isLoopback(std::string_view host)
{
    const std::string text(host);
    if (text == "localhost")
        return true;
    in_addr four{};
    if (::inet_pton(AF_INET, text.c_str(), &four) == 1)
        return (ntohl(four.s_addr) >> 24) == 127;
    in6_addr six{};
    if (::inet_pton(AF_INET6, text.c_str(), &six) == 1)
        return IN6_IS_ADDR_LOOPBACK(&six) != 0;
    return false;
}

} // namespace kith::server
