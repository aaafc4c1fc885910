// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/logic/packet_table.h"

#include <algorithm>
#include <array>

namespace kith::server {
namespace {

using protocol::Op;

// clang-format off
constexpr std::array kRows{
    // op                        handler                  before login  expired  draining
    PacketRow{Op::Login,              packets::login,         true,  true,  false},
    PacketRow{Op::Token,              packets::token,         false, true,  true},
    PacketRow{Op::Heartbeat,          packets::heartbeat,     false, true,  true},
    PacketRow{Op::Logout,             packets::logout,        false, true,  true},
    PacketRow{Op::Send,               packets::send},
    PacketRow{Op::Edit,               packets::edit},
    PacketRow{Op::Recall,             packets::recall},
    PacketRow{Op::Like,               packets::like},
    PacketRow{Op::Unlike,             packets::unlike},
    PacketRow{Op::Typing,             packets::typing},
    PacketRow{Op::Ack,                packets::ack},
    PacketRow{Op::Read,               packets::read},
    PacketRow{Op::Sync,               packets::sync},
    PacketRow{Op::Page,               packets::page},
    PacketRow{Op::Changes,            packets::changes},
    PacketRow{Op::Receipts,           packets::receipts},
    PacketRow{Op::WatchPresence,      packets::watchPresence},
    PacketRow{Op::ConversationCreate, packets::create},
    PacketRow{Op::ConversationUpdate, packets::update},
    PacketRow{Op::ConversationInvite, packets::invite},
    PacketRow{Op::ConversationJoin,   packets::join},
    PacketRow{Op::ConversationLeave,  packets::leave},
    PacketRow{Op::ConversationRemove, packets::remove},
    PacketRow{Op::ConversationRole,   packets::role},
    PacketRow{Op::ConversationMute,   packets::mute},
    PacketRow{Op::ConversationMembers, packets::members},
    PacketRow{Op::UserBlock,          packets::block},
    PacketRow{Op::UserUnblock,        packets::unblock},
    PacketRow{Op::UserBlocked,        packets::blocked},
    PacketRow{Op::UserShared,         packets::shared},
};
// clang-format on

static_assert(std::is_sorted(kRows.begin(), kRows.end(),
                             [](const PacketRow &a, const PacketRow &b) { return a.op < b.op; }),
              "looked up by binary search");

} // namespace

const PacketRow *packetRow(Op op)
{
    const auto found = std::lower_bound(kRows.begin(), kRows.end(), op,
                                        [](const PacketRow &row, Op wanted) { return row.op < wanted; });
    return found != kRows.end() && found->op == op ? &*found : nullptr;
}

} // namespace kith::server
