// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/protocol/op.h"

#include <array>

namespace kith::protocol {
namespace {

struct Row {
    Op op;
    std::string_view name;
};

constexpr std::array kRows{
    Row{Op::Ok, "ok"},
    Row{Op::Error, "error"},
    Row{Op::Login, "login"},
    Row{Op::Hello, "hello"},
    Row{Op::Token, "token"},
    Row{Op::Heartbeat, "heartbeat"},
    Row{Op::HeartbeatReply, "heartbeat"},
    Row{Op::Logout, "logout"},
    Row{Op::Send, "send"},
    Row{Op::Accepted, "accepted"},
    Row{Op::Edit, "edit"},
    Row{Op::Recall, "recall"},
    Row{Op::Like, "like"},
    Row{Op::Unlike, "unlike"},
    Row{Op::Message, "message"},
    Row{Op::Change, "change"},
    Row{Op::Receipt, "receipt"},
    Row{Op::Typing, "typing"},
    Row{Op::Presence, "presence"},
    Row{Op::Conversation, "conversation"},
    Row{Op::Lagging, "lagging"},
    Row{Op::Ack, "ack"},
    Row{Op::Read, "read"},
    Row{Op::Sync, "sync"},
    Row{Op::Page, "page"},
    Row{Op::Changes, "changes"},
    Row{Op::Receipts, "receipts"},
    Row{Op::WatchPresence, "watch_presence"},
    Row{Op::ConversationCreate, "conversation.create"},
    Row{Op::ConversationUpdate, "conversation.update"},
    Row{Op::ConversationInvite, "conversation.invite"},
    Row{Op::ConversationJoin, "conversation.join"},
    Row{Op::ConversationLeave, "conversation.leave"},
    Row{Op::ConversationRemove, "conversation.remove"},
    Row{Op::ConversationRole, "conversation.role"},
    Row{Op::ConversationMute, "conversation.mute"},
    Row{Op::ConversationMembers, "conversation.members"},
    Row{Op::UserBlock, "user.block"},
    Row{Op::UserUnblock, "user.unblock"},
    Row{Op::UserBlocked, "user.blocked"},
    Row{Op::UserShared, "user.shared"},
};

} // namespace

std::string_view name(Op op)
{
    for (const Row &r : kRows)
        if (r.op == op)
            return r.name;
    return "error";
}

std::optional<Op> opFromName(std::string_view name)
{
    for (const Row &r : kRows)
        if (r.name == name)
            return r.op;
    return std::nullopt;
}

std::optional<Op> opFromCode(std::int64_t code)
{
    for (const Row &r : kRows)
        if (static_cast<std::int64_t>(r.op) == code)
            return r.op;
    return std::nullopt;
}

} // namespace kith::protocol
