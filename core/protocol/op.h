// SPDX-License-Identifier: GPL-3.0-or-later
// The packet table: numeric code and name of every op (PROTOCOL §3).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace kith::protocol {

/// The value is the packet code. Reply ops that have no code of their own in the protocol (`ok`, `error`, and the
/// replies that repeat their request's name) use kOkCode, kErrorCode or the request's code.
enum class Op : std::int32_t {
    Ok = 1,
    Error = 2,
    Login = 1001,
    Hello = 1002,
    Token = 1003,
    Heartbeat = 1010,
    HeartbeatReply = 1011, // same name on the wire: "heartbeat"
    Logout = 1020,
    Send = 2001,
    Accepted = 2002,
    Edit = 2010,
    Recall = 2011,
    Like = 2012,
    Unlike = 2013,
    Message = 3001,
    Change = 3002,
    Receipt = 3003,
    Typing = 3004,
    Presence = 3005,
    Conversation = 3006,
    Lagging = 3010,
    Ack = 4001,
    Read = 4002,
    Sync = 5001,
    Page = 5002,
    Changes = 5003,
    Receipts = 5004,
    WatchPresence = 6001,
    ConversationCreate = 6101,
    ConversationUpdate = 6102,
    ConversationInvite = 6103,
    ConversationJoin = 6104,
    ConversationLeave = 6105,
    ConversationRemove = 6106,
    ConversationRole = 6107,
    ConversationMute = 6108,
    ConversationMembers = 6109,
    UserBlock = 6201,
    UserUnblock = 6202,
    UserBlocked = 6203,
    UserShared = 6204,
};

std::string_view name(Op op);
/// First op of that name (Heartbeat for "heartbeat").
std::optional<Op> opFromName(std::string_view name);
std::optional<Op> opFromCode(std::int64_t code);

} // namespace kith::protocol
