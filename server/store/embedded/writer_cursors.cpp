// SPDX-License-Identifier: GPL-3.0-or-later
// Cursors of one member: read, delivered, mute.
#include "server/store/embedded/rows.h"
#include "server/store/embedded/writer.h"

#include <algorithm>

namespace kith::server::embedded {

StoreResult<CursorMoved> Writer::moveCursors(const UserId &user, const ConversationId &conversation, Seq read,
                                             Seq delivered)
{
    KITH_TRY_VALUE(who, actor(user, conversation));
    const Seq head = who.conversation->headSeq;
    const std::int64_t toRead = std::clamp<std::int64_t>(read.value(), 0, head.value());
    const std::int64_t toDelivered = std::clamp<std::int64_t>(delivered.value(), toRead, head.value());
    const std::int64_t key = who.conversation->key, id = who.member->user;
    KITH_TRY_VALUE(before,
                   m_engine.one(
                       "SELECT read_seq, delivered_seq FROM members WHERE conversation = ?1 AND user = ?2",
                       [](const sql::Statement &row) { return std::pair(row.integer(0), row.integer(1)); }, key, id));
    if (!before)
        return Unexpected(StoreError::NotMember);
    const std::int64_t newRead = std::max(before->first, toRead);
    const std::int64_t newDelivered = std::max(before->second, toDelivered);
    CursorMoved answer;
    answer.receipt = {conversation, user, Seq(newDelivered), Seq(newRead)};
    answer.moved = newRead != before->first || newDelivered != before->second;
    answer.members = who.conversation->list;
    if (answer.moved)
        KITH_TRY(m_engine.run("UPDATE members SET read_seq = ?3, delivered_seq = ?4, changed_ms = ?5 WHERE "
                              "conversation = ?1 AND user = ?2",
                              key, id, newRead, newDelivered, now()));
    return answer;
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
