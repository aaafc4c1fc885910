// SPDX-License-Identifier: GPL-3.0-or-later
// Strong identifier and counter types of the protocol (PROTOCOL §1).
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace kith {

/// An identifier that is a string on the wire. Distinct tags do not convert into each other.
template <class Tag>
class StringId final {
public:
    StringId() = default;
    explicit StringId(std::string value) : m_value(std::move(value)) {}

    const std::string &str() const noexcept { return m_value; }
    bool empty() const noexcept { return m_value.empty(); }

    auto operator<=>(const StringId &) const = default;
    bool operator==(const StringId &) const = default;

private:
    std::string m_value;
};

/// A monotone counter, 1, 2, 3 …; 0 means "none yet". Values stay below 2^53 so that JSON readers keep them exact.
template <class Tag>
class Counter final {
public:
    constexpr Counter() = default;
    constexpr explicit Counter(std::int64_t value) : m_value(value) {}

    constexpr std::int64_t value() const noexcept { return m_value; }
    constexpr explicit operator bool() const noexcept { return m_value > 0; }
    constexpr Counter next() const noexcept { return Counter(m_value + 1); }
    constexpr Counter previous() const noexcept { return Counter(m_value - 1); }

    constexpr auto operator<=>(const Counter &) const = default;
    constexpr bool operator==(const Counter &) const = default;

private:
    std::int64_t m_value = 0;
};

using UserId = StringId<struct UserIdTag>;
using DeviceId = StringId<struct DeviceIdTag>;
using ConversationId = StringId<struct ConversationIdTag>;
using MessageId = StringId<struct MessageIdTag>;
using ClientMessageId = StringId<struct ClientMessageIdTag>; // `cid`
using FileId = StringId<struct FileIdTag>;
using Seq = Counter<struct SeqTag>;
using Rev = Counter<struct RevTag>;

/// Largest counter or time that the protocol carries: 2^53 - 1.
inline constexpr std::int64_t kMaxWireInteger = (std::int64_t{1} << 53) - 1;

enum class ConversationType { Private, Group, Room };

/// The private conversation of two users: `p:<smaller>:<larger>`, compared as numbers. Both ids must be valid.
ConversationId privateConversation(const UserId &a, const UserId &b);
ConversationId groupConversation(std::string_view id);

/// Type of a well-formed conversation id, nothing for any other text.
std::optional<ConversationType> conversationType(const ConversationId &id);

/// Where a client keeps messages of `id` that the server lost: no name that a server gives. `number` tells such
/// occasions apart.
ConversationId archiveName(const ConversationId &id, std::int64_t number);
bool isArchive(const ConversationId &id);
/// The conversation that the archive was made from; any other id as it is.
ConversationId archivedFrom(const ConversationId &id);

/// The other side of a private conversation, nothing if `self` is not part of it.
std::optional<UserId> privatePeer(const ConversationId &id, const UserId &self);

/// Decimal string of 1 to 19 digits without leading zero.
bool isValidUserId(std::string_view text);
/// 8-4-4-4-12 hexadecimal digits, any UUID version.
bool isValidUuid(std::string_view text);

} // namespace kith

template <class Tag>
struct std::hash<kith::StringId<Tag>> {
    std::size_t operator()(const kith::StringId<Tag> &id) const noexcept { return std::hash<std::string>{}(id.str()); }
};
template <class Tag>
struct std::hash<kith::Counter<Tag>> {
    std::size_t operator()(const kith::Counter<Tag> &c) const noexcept { return std::hash<std::int64_t>{}(c.value()); }
};
