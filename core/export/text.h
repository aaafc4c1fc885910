// SPDX-License-Identifier: GPL-3.0-or-later
// Text made safe for where it goes. What people wrote can hold anything.
#pragma once

#include "core/export/types.h"

#include <string_view>

namespace kith::exporting {

/// Valid UTF-8 without control characters but tab and line feed; what is none becomes U+FFFD, CR LF a line feed.
std::string clean(std::string_view text);
/// clean() in one line, without the characters that reorder what stands beside them (Unicode 15, UAX #9): for names.
std::string cleanName(std::string_view text);
/// For element content and quoted attributes; of clean() text.
std::string htmlEscaped(std::string_view text);
/// htmlEscaped() with links around http:// and https:// addresses.
std::string htmlLinked(std::string_view text);
/// A quoted JSON string of the bytes as they are, invalid UTF-8 replaced. What could confuse a terminal or an editor
/// (C1 controls, reordering, U+2028/9) is written as \uXXXX, which means the same.
std::string jsonString(std::string_view text);
/// At most `bytes` long, cut between characters.
std::string shortened(std::string_view text, std::size_t bytes);

/// 2026-11-21T14:03:22.123+01:00
std::string isoTime(const LocalTime &at);
std::string isoDay(const LocalTime &at);
std::string hoursAndMinutes(const LocalTime &at);

/// The JSON body of a system message.
struct SystemEvent {
    bool understood = false;
    std::string name, title;
    std::vector<UserId> users;
};
SystemEvent systemEvent(const Message &message);

std::string_view kindName(MessageKind kind);

} // namespace kith::exporting
