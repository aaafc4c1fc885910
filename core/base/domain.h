// SPDX-License-Identifier: GPL-3.0-or-later
// What both sides talk about: users, messages, heads and pages, as plain values without behaviour.
#pragma once

#include "core/base/clock.h"
#include "core/base/ids.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace kith {

struct User {
    UserId id;
    std::string username;
    std::string displayName;
    std::string avatar; // file id, or empty
    Timestamp createdAt{};

    bool operator==(const User &) const = default;
};

enum class Platform { Linux, Windows, MacOs, Other };

struct Device {
    DeviceId id;
    std::string name;
    std::string platform; // free text of the client: linux, windows, macos, cli …
    Timestamp lastSeen{};
    std::string address{}; // in the list of an account's devices only, masked by the server

    bool operator==(const Device &) const = default;
};

enum class MessageKind { Text, Image, File, System, Gift };

struct Message {
    Seq seq; // 0 for an own message that the server has not accepted yet (local only)
    MessageId id;
    ClientMessageId cid; // filled for the sender's own messages only
    UserId sender;
    MessageKind kind = MessageKind::Text;
    std::string body;
    std::optional<Seq> replyTo;
    std::vector<UserId> mentions;
    std::optional<FileId> file;
    Timestamp createdAt{};
    std::optional<Timestamp> editedAt;
    bool recalled = false;
    std::int64_t likes = 0;
    bool liked = false; // by the reader

    bool operator==(const Message &) const = default;
};

enum class Role { Member, Admin, Owner };

struct Member {
    UserId user;
    Role role = Role::Member;
    Timestamp joinedAt{};

    bool operator==(const Member &) const = default;
};

/// How far a user has come in a conversation. readSeq implies deliveredSeq.
struct Receipt {
    ConversationId conversation;
    UserId user;
    Seq deliveredSeq;
    Seq readSeq;

    bool operator==(const Receipt &) const = default;
};

struct PeerCursors {
    UserId user;
    Seq deliveredSeq;
    Seq readSeq;

    bool operator==(const PeerCursors &) const = default;
};

/// A conversation as one of its members sees it (PROTOCOL §3, "head").
struct Head {
    ConversationId conversation;
    ConversationType type = ConversationType::Private;
    std::string name;   // group name; for a private conversation the peer's display name
    std::string avatar; // file id, or empty
    std::string about;
    std::int64_t members = 0;
    Role role = Role::Member;
    Seq headSeq;
    Rev headRev;
    Seq readSeq;
    std::int64_t unread = 0;
    Timestamp mutedUntil{}; // epoch = not muted
    Timestamp changedAt{};
    std::optional<Message> last; // newest message, body shortened
    std::optional<PeerCursors> peer;
    bool removed = false; // the reader is no longer a member

    bool operator==(const Head &) const = default;
};

/// Which messages to page: at most one of the three is set, none means the newest.
/// `before` and `after` exclude their seq and give the messages nearest to it; `around` holds its seq in the middle.
struct PageQuery {
    ConversationId conversation;
    std::optional<Seq> before;
    std::optional<Seq> after;
    std::optional<Seq> around;
    int limit = 50; // 1 … limits::kMaxPage

    bool operator==(const PageQuery &) const = default;
};

/// Newest first, always. floorSeq: the oldest seq that exists at all (older does not exist anywhere).
struct Page {
    std::vector<Message> messages;
    Seq headSeq;
    Rev headRev;
    Seq floorSeq;

    bool operator==(const Page &) const = default;
};

enum class PresenceState { Online, Away, Offline };

struct Presence {
    UserId user;
    PresenceState state = PresenceState::Offline;
    Timestamp lastSeen{};

    bool operator==(const Presence &) const = default;
};

} // namespace kith
