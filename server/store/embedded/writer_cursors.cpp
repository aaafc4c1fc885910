// SPDX-License-Identifier: GPL-3.0-or-later
// Cursors of one member: read, delivered, mute.
#include "server/store/embedded/rows.h"
#include "server/store/embedded/writer.h"

#include <algorithm>

namespace kith::server::embedded {

CursorMoved Writer::moveTo(ConversationState &conversation, MemberState &member, Seq read, Seq delivered,
                           std::int64_t ms)
{
    const std::int64_t head = conversation.headSeq.value();
    const std::int64_t toRead = std::clamp<std::int64_t>(read.value(), 0, head);
    const std::int64_t toDelivered = std::clamp<std::int64_t>(delivered.value(), toRead, head);
    CursorMoved answer;
    answer.members = conversation.list;
    answer.moved = toRead > member.readSeq || toDelivered > member.deliveredSeq;
    member.readSeq = std::max(member.readSeq, toRead);
    member.deliveredSeq = std::max(member.deliveredSeq, toDelivered);
    answer.receipt = {conversation.id, userId(member.user), Seq(member.deliveredSeq), Seq(member.readSeq)};
    if (answer.moved) {
        Moved &moved = m_moved[{conversation.key, member.user}];
        moved = {member.readSeq, member.deliveredSeq, std::max(moved.changedMs, ms)};
    }
    return answer;
}

/// max(): somebody may have left and come back in the same transaction, and then begins at the head.
StoreResult<void> Writer::saveCursors()
{
    for (const auto &[where, moved] : m_moved)
        KITH_TRY(m_engine.run("UPDATE members SET read_seq = max(read_seq, ?3), delivered_seq = max(delivered_seq, "
                              "?4), changed_ms = max(changed_ms, ?5) WHERE conversation = ?1 AND user = ?2",
                              where.first, where.second, moved.read, moved.delivered, moved.changedMs));
    m_moved.clear();
    return {};
}

StoreResult<CursorMoved> Writer::moveCursors(const UserId &user, const ConversationId &conversation, Seq read,
                                             Seq delivered)
{
    KITH_TRY_VALUE(who, actor(user, conversation));
    return moveTo(*who.conversation, *who.member, read, delivered, now());
}

StoreResult<CursorMoved> Writer::moveRead(const UserId &user, const ConversationId &conversation, Seq seq)
{
    return moveCursors(user, conversation, seq, seq);
}

StoreResult<CursorMoved> Writer::moveDelivered(const UserId &user, const ConversationId &conversation, Seq seq)
{
    return moveCursors(user, conversation, Seq(), seq);
}

StoreResult<void> Writer::mute(const UserId &user, const ConversationId &conversation, Timestamp until)
{
    KITH_TRY_VALUE(who, actor(user, conversation));
    return m_engine.run("UPDATE members SET muted_until_ms = ?3, changed_ms = ?4 WHERE conversation = ?1 AND user = ?2",
                        who.conversation->key, who.member->user, until, now());
}

} // namespace kith::server::embedded
