// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/store/notice.h"

#include "core/base/limits.h"

#include <algorithm>

namespace kith::server {
namespace {

std::string_view nameOf(NoticeEvent event)
{
    switch (event) {
    case NoticeEvent::Created:
        return "created";
    case NoticeEvent::Renamed:
        return "renamed";
    case NoticeEvent::Invited:
        return "invited";
    case NoticeEvent::Removed:
        return "removed";
    case NoticeEvent::Left:
        return "left";
    case NoticeEvent::Role:
        return "role";
    }
    return "created";
}

std::string_view nameOf(Role role)
{
    switch (role) {
    case Role::Member:
        return "member";
    case Role::Admin:
        return "admin";
    case Role::Owner:
        return "owner";
    }
    return "member";
}

void appendString(std::string &json, std::string_view text)
{
    constexpr char kHex[] = "0123456789abcdef";
    json += '"';
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            json += '\\';
            json += c;
        } else if (static_cast<unsigned char>(c) < 0x20) {
            json += "\\u00";
            json += kHex[(c >> 4) & 0xf];
            json += kHex[c & 0xf];
        } else {
            json += c;
        }
    }
    json += '"';
}

} // namespace

std::string encodeNotice(const Notice &notice)
{
    std::string json = "{\"event\":\"" + std::string(nameOf(notice.event)) + '"';
    if (notice.event == NoticeEvent::Created || notice.event == NoticeEvent::Renamed) {
        json += ",\"name\":";
        appendString(json, notice.name);
    }
    if (!notice.users.empty()) {
        json += ",\"users\":[";
        const std::size_t named = std::min(notice.users.size(), limits::kMaxMembersPerRequest);
        for (std::size_t i = 0; i < named; ++i) {
            if (i > 0)
                json += ',';
            appendString(json, notice.users[i].str());
        }
        json += ']';
    }
    if (notice.event == NoticeEvent::Role)
        json += ",\"role\":\"" + std::string(nameOf(notice.role)) + '"';
    json += '}';
    return json;
}

} // namespace kith::server
