// SPDX-License-Identifier: GPL-3.0-or-later
// Private to this room: the words of the wire for our enumerations.
#pragma once

#include "core/protocol/field_reader.h"

namespace kith::protocol::detail {

constexpr std::string_view kKinds[] = {"text", "image", "file", "system", "gift"};
constexpr std::string_view kTypes[] = {"private", "group", "room"};
constexpr std::string_view kRoles[] = {"member", "admin", "owner"};
constexpr std::string_view kStates[] = {"online", "away", "offline"};

template <class E, std::size_t N>
std::optional<E> fromWord(const std::string_view (&words)[N], std::string_view word)
{
    for (std::size_t i = 0; i < N; ++i)
        if (words[i] == word)
            return static_cast<E>(i);
    return std::nullopt;
}

inline std::string_view kindName(MessageKind v)
{
    return kKinds[static_cast<int>(v)];
}
inline std::string_view typeName(ConversationType v)
{
    return kTypes[static_cast<int>(v)];
}
inline std::string_view roleName(Role v)
{
    return kRoles[static_cast<int>(v)];
}
inline std::string_view presenceName(PresenceState v)
{
    return kStates[static_cast<int>(v)];
}
inline std::optional<MessageKind> kindFromName(std::string_view w)
{
    return fromWord<MessageKind>(kKinds, w);
}
inline std::optional<ConversationType> typeFromName(std::string_view w)
{
    return fromWord<ConversationType>(kTypes, w);
}
inline std::optional<Role> roleFromName(std::string_view w)
{
    return fromWord<Role>(kRoles, w);
}
inline std::optional<PresenceState> presenceFromName(std::string_view w)
{
    return fromWord<PresenceState>(kStates, w);
}

template <class E>
E readName(FieldReader &r, std::string_view key, std::optional<E> (*fromName)(std::string_view))
{
    const auto value = fromName(r.text(key, 64));
    if (!value)
        r.fail(key, "is not one of the known words");
    return value.value_or(E{});
}

} // namespace kith::protocol::detail
