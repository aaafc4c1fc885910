// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/gateway/http_text.h"

#include <algorithm>

namespace kith::server::gateway {
namespace {

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

int hexValue(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

std::optional<std::string> unescape(std::string_view text, bool plusIsSpace)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '%') {
            const int high = i + 2 < text.size() ? hexValue(text[i + 1]) : -1;
            const int low = i + 2 < text.size() ? hexValue(text[i + 2]) : -1;
            if (high < 0 || low < 0)
                return std::nullopt;
            c = static_cast<char>(high * 16 + low);
            i += 2;
        } else if (c == '+' && plusIsSpace) {
            c = ' ';
        }
        if (c == '\0')
            return std::nullopt;
        out += c;
    }
    return out;
}

std::string_view trim(std::string_view text)
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

} // namespace

std::optional<Target> parseTarget(std::string_view target)
{
    if (target.empty() || target.front() != '/')
        return std::nullopt;
    const auto question = target.find('?');
    auto path = unescape(target.substr(0, question), false);
    if (!path)
        return std::nullopt;
    Target result{std::move(*path), {}};
    if (question == std::string_view::npos)
        return result;
    std::string_view rest = target.substr(question + 1);
    while (!rest.empty()) {
        const std::string_view pair = rest.substr(0, rest.find('&'));
        rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
        const auto equals = pair.find('=');
        auto key = unescape(pair.substr(0, equals), true);
        auto value = unescape(equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1), true);
        if (!key || !value)
            return std::nullopt;
        if (!key->empty())
            result.query.insert_or_assign(std::move(*key), std::move(*value));
    }
    return result;
}

std::string bearerToken(std::string_view authorization)
{
    constexpr std::string_view kScheme = "bearer ";
    if (authorization.size() <= kScheme.size() || !equalsIgnoringCase(authorization.substr(0, kScheme.size()), kScheme))
        return {};
    return std::string(trim(authorization.substr(kScheme.size())));
}

bool listContains(std::string_view list, std::string_view token)
{
    while (!list.empty()) {
        const std::string_view item = list.substr(0, list.find(','));
        if (trim(item) == token)
            return true;
        list.remove_prefix(std::min(list.size(), item.size() + 1));
    }
    return false;
}

bool equalsIgnoringCase(std::string_view a, std::string_view b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

bool originAllowed(std::string_view origin, const std::vector<std::string> &allowed)
{
    return origin.empty() ||
           std::any_of(allowed.begin(), allowed.end(), [&](const auto &a) { return equalsIgnoringCase(a, origin); });
}

} // namespace kith::server::gateway
