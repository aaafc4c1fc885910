// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/ids.h"

#include <algorithm>
#include <cctype>

namespace kith {
namespace {

// Decimal strings without leading zeros compare as numbers by length, then by text.
bool numericallyLess(std::string_view a, std::string_view b)
{
    return a.size() != b.size() ? a.size() < b.size() : a < b;
}

// Not std::isalnum: Qt sets the user's locale, and a room code must not depend on it.
bool isRoomCode(std::string_view text)
{
    return text.size() == 6 && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
           });
}

struct PrivateParts {
    std::string_view smaller;
    std::string_view larger;
};

std::optional<PrivateParts> splitPrivate(std::string_view text)
{
    if (!text.starts_with("p:"))
        return std::nullopt;
    text.remove_prefix(2);
    const auto colon = text.find(':');
    if (colon == std::string_view::npos)
        return std::nullopt;
    const PrivateParts parts{text.substr(0, colon), text.substr(colon + 1)};
    if (!isValidUserId(parts.smaller) || !isValidUserId(parts.larger) || !numericallyLess(parts.smaller, parts.larger))
        return std::nullopt;
    return parts;
}

} // namespace

ConversationId privateConversation(const UserId &a, const UserId &b)
{
    const bool ordered = numericallyLess(a.str(), b.str());
    return ConversationId("p:" + (ordered ? a : b).str() + ":" + (ordered ? b : a).str());
}

ConversationId groupConversation(std::string_view id)
{
    return ConversationId("g:" + std::string(id));
}

std::optional<ConversationType> conversationType(const ConversationId &id)
{
    const std::string_view text = id.str();
    if (splitPrivate(text))
        return ConversationType::Private;
    if (text.starts_with("g:") && isValidUserId(text.substr(2)))
        return ConversationType::Group;
    if (text.starts_with("r:") && isRoomCode(text.substr(2)))
        return ConversationType::Room;
    return std::nullopt;
}

ConversationId archiveName(const ConversationId &id, std::int64_t number)
{
    return ConversationId(id.str() + '#' + std::to_string(number));
}

bool isArchive(const ConversationId &id)
{
    return id.str().find('#') != std::string::npos;
}

ConversationId archivedFrom(const ConversationId &id)
{
    return ConversationId(id.str().substr(0, id.str().find('#')));
}

std::optional<UserId> privatePeer(const ConversationId &id, const UserId &self)
{
    const auto parts = splitPrivate(id.str());
    if (!parts)
        return std::nullopt;
    if (parts->smaller == self.str())
        return UserId(std::string(parts->larger));
    if (parts->larger == self.str())
        return UserId(std::string(parts->smaller));
    return std::nullopt;
}

bool isValidUserId(std::string_view text)
{
    return !text.empty() && text.size() <= 19 && text.front() != '0' &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool isValidUuid(std::string_view text)
{
    if (text.size() != 36)
        return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? text[i] != '-' : std::isxdigit(static_cast<unsigned char>(text[i])) == 0)
            return false;
    }
    return true;
}

} // namespace kith
