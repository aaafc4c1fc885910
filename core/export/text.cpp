// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/text.h"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>
#include <cstdio>
#include <ctime>

namespace kith::exporting {
namespace {

constexpr char32_t kReplacement = 0xfffd;
constexpr std::string_view kReplacementUtf8 = "\xef\xbf\xbd";

/// The next character of valid UTF-8 (RFC 3629: no surrogates, nothing spelled longer than need be), else U+FFFD for
/// one byte. `size`: how many bytes it takes here.
char32_t next(std::string_view text, std::size_t &size)
{
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
    const unsigned char first = byte(0);
    size = 1;
    if (first < 0x80)
        return first;
    const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || text.size() < length)
        return kReplacement;
    char32_t c = first & (0xffU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xc0) != 0x80)
            return kReplacement;
        c = (c << 6) | (byte(i) & 0x3fU);
    }
    constexpr char32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (c < least[length] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
        return kReplacement;
    size = length;
    return c;
}

bool isControl(char32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0);
}

/// Embeddings, overrides and isolates: what turns the text beside it. Marks (U+200E, U+200F, U+061C) do not.
bool reorders(char32_t c)
{
    return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

/// Calls `take(character, its bytes)`; the bytes of what is invalid are those of U+FFFD.
template <class F>
void eachCharacter(std::string_view text, F take)
{
    while (!text.empty()) {
        std::size_t size = 0;
        const char32_t c = next(text, size);
        take(c, c == kReplacement ? kReplacementUtf8 : text.substr(0, size));
        text.remove_prefix(size);
    }
}

bool isPlain(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

} // namespace

LocalTime systemTime(Timestamp at)
{
    const auto seconds = std::chrono::floor<std::chrono::seconds>(at);
    const std::time_t time = seconds.time_since_epoch().count();
    std::tm parts{};
#ifdef _WIN32
    localtime_s(&parts, &time);
#else
    localtime_r(&time, &parts);
#endif
    LocalTime local{parts.tm_year + 1900,
                    parts.tm_mon + 1,
                    parts.tm_mday,
                    parts.tm_hour,
                    parts.tm_min,
                    parts.tm_sec,
                    static_cast<int>((at - seconds).count()),
                    0};
    const auto wall = std::chrono::sys_days(std::chrono::year(local.year) / local.month / local.day) +
                      std::chrono::hours(local.hour) + std::chrono::minutes(local.minute) +
                      std::chrono::seconds(local.second);
    local.offsetMinutes = static_cast<int>(std::chrono::round<std::chrono::minutes>(wall - seconds).count());
    return local;
}

std::string clean(std::string_view text)
{
    if (isPlain(text))
        return std::string(text);
    std::string out;
    out.reserve(text.size());
    bool afterReturn = false;
    eachCharacter(text, [&](char32_t c, std::string_view bytes) {
        if (c == '\r')
            out += '\n';
        else if (c == '\t' || (c == '\n' && !afterReturn))
            out += bytes;
        else if (c != '\n')
            out += isControl(c) ? kReplacementUtf8 : bytes;
        afterReturn = c == '\r';
    });
    return out;
}

std::string cleanName(std::string_view text)
{
    if (isPlain(text))
        return std::string(text);
    std::string out;
    eachCharacter(text, [&](char32_t c, std::string_view bytes) {
        if (c == '\n' || c == '\r' || c == '\t' || c == 0x2028 || c == 0x2029)
            out += ' ';
        else if (!reorders(c))
            out += isControl(c) ? kReplacementUtf8 : bytes;
    });
    return out;
}

std::string htmlEscaped(std::string_view text)
{
    std::string out;
    out.reserve(text.size() + text.size() / 8);
    for (const char c : text) {
        switch (c) {
        case '&':
            out += "&amp;";
            break;
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '"':
            out += "&quot;";
            break;
        case '\'':
            out += "&#39;";
            break;
        default:
            out += c;
        }
    }
    return out;
}

std::string htmlLinked(std::string_view text)
{
    std::string out;
    while (!text.empty()) {
        const auto begin = std::min(text.find("http://"), text.find("https://"));
        out += htmlEscaped(text.substr(0, begin));
        if (begin == std::string_view::npos)
            break;
        text.remove_prefix(begin);
        auto length = std::min(text.find_first_of(" \t\n\"<>`{}|\\^"), text.size());
        for (std::size_t size = 0, i = 0; i < length; i += size) // an address ends where the direction is turned
            if (const char32_t c = next(text.substr(i), size); reorders(c) || (c >= 0x2028 && c <= 0x2029))
                length = i;
        while (length > 0 && std::string_view(".,;:!?)'").find(text[length - 1]) != std::string_view::npos)
            --length; // of the sentence, not of the address
        const auto address = htmlEscaped(text.substr(0, length));
        out += length > std::string_view("https://").size()
                   ? "<a href=\"" + address + "\" rel=\"noopener noreferrer\">" + address + "</a>"
                   : address;
        text.remove_prefix(length);
    }
    return out;
}

std::string jsonString(std::string_view text)
{
    std::string out;
    out.reserve(text.size() + 2);
    out += '"';
    eachCharacter(text, [&](char32_t c, std::string_view bytes) {
        if (c == '"' || c == '\\') {
            out += '\\';
            out += bytes;
        } else if (c == '\n') {
            out += "\\n";
        } else if (isControl(c) || reorders(c) || c == 0x061c || c == 0x200e || c == 0x200f || c == 0x2028 ||
                   c == 0x2029 || c == 0xfeff) {
            char spelled[8];
            std::snprintf(spelled, sizeof spelled, "\\u%04x", static_cast<unsigned>(c));
            out += spelled;
        } else {
            out += bytes;
        }
    });
    return out += '"';
}

std::string shortened(std::string_view text, std::size_t bytes)
{
    if (text.size() <= bytes)
        return std::string(text);
    while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xc0) == 0x80)
        --bytes;
    return std::string(text.substr(0, bytes)) + "…";
}

std::string isoDay(const LocalTime &at)
{
    char text[40];
    std::snprintf(text, sizeof text, "%04d-%02d-%02d", at.year, at.month, at.day);
    return text;
}

std::string hoursAndMinutes(const LocalTime &at)
{
    char text[32];
    std::snprintf(text, sizeof text, "%02d:%02d", at.hour, at.minute);
    return text;
}

std::string isoTime(const LocalTime &at)
{
    const int offset = at.offsetMinutes < 0 ? -at.offsetMinutes : at.offsetMinutes;
    char text[80];
    std::snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d.%03d%c%02d:%02d", at.year, at.month, at.day,
                  at.hour, at.minute, at.second, at.millisecond, at.offsetMinutes < 0 ? '-' : '+', offset / 60,
                  offset % 60);
    return text;
}

SystemEvent systemEvent(const Message &message)
{
    SystemEvent event;
    boost::json::error_code failed;
    const auto body = boost::json::parse(message.body, failed);
    if (failed || !body.is_object())
        return event;
    event.understood = true;
    const auto &object = body.get_object();
    const auto text = [&](const char *name) {
        const auto *value = object.if_contains(name);
        return value && value->is_string() ? std::string(value->get_string()) : std::string();
    };
    event.name = text("event");
    event.title = text("name");
    if (const auto *users = object.if_contains("users"); users && users->is_array())
        for (const auto &user : users->get_array())
            if (user.is_string())
                event.users.emplace_back(std::string(user.get_string()));
    return event;
}

std::string_view kindName(MessageKind kind)
{
    switch (kind) {
    case MessageKind::Text:
        return "text";
    case MessageKind::Image:
        return "image";
    case MessageKind::File:
        return "file";
    case MessageKind::System:
        return "system";
    case MessageKind::Gift:
        return "gift";
    }
    return {};
}

} // namespace kith::exporting
