// SPDX-License-Identifier: GPL-3.0-or-later
// Texts of an HTTP request: target, bearer token, lists of header values. Total functions without I/O.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kith::server::gateway {

struct Target {
    std::string path; // decoded, without the query
    std::map<std::string, std::string> query;
};
/// Origin form only ("/v1/me?x=y"); nothing for a bad escape, an embedded NUL or any other form.
std::optional<Target> parseTarget(std::string_view target);

/// The token of "Bearer <token>", any case of the scheme; empty for anything else.
std::string bearerToken(std::string_view authorization);

/// Is `token` one of the comma-separated values? Compared exactly: subprotocol names are case-sensitive (RFC 6455
/// §11.3.4).
bool listContains(std::string_view list, std::string_view token);
bool equalsIgnoringCase(std::string_view a, std::string_view b);

/// May a browser page of that `Origin` open a socket? No header at all is no browser.
bool originAllowed(std::string_view origin, const std::vector<std::string> &allowed);

} // namespace kith::server::gateway
