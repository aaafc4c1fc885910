// SPDX-License-Identifier: GPL-3.0-or-later
// Pinned, shelved and marked conversations, and mentions of the user.
#include "core/history/impl.h"

#include <algorithm>

namespace kith::history {

Result<bool> HistoryStore::arrange(const ConversationId &id, Arrangement what, std::int64_t value)
{
    KITH_TRY_VALUE(transaction, sql::Transaction::begin(m_impl->db));
    KITH_TRY_VALUE(key, m_impl->key(id, false));
    if (key == 0)
        return false;
    const std::string column = what == Arrangement::PinnedAt  ? "pinned_at"
                               : what == Arrangement::Shelved ? "shelved"
                                                              : "marked_unread";
    KITH_TRY_VALUE(put, m_impl->db.cached("INSERT INTO arrangement(conversation," + column +
                                          ") VALUES(?1,?2) ON CONFLICT(conversation) DO UPDATE SET " + column +
                                          "=?2 WHERE " + column + "<>?2"));
    KITH_TRY(put->bind(1, key).bind(2, value).run());
    const bool changed = m_impl->db.changes() > 0;
    KITH_TRY(transaction.commit());
    return changed;
}

Result<void> HistoryStore::Impl::unshelve(std::int64_t conversation, Timestamp at)
{
    // A muted one stays where it was put.
    KITH_TRY_VALUE(set, db.cached("UPDATE arrangement SET shelved=0 WHERE conversation=?1 AND shelved=1 AND "
                                  "(SELECT muted_until FROM conversations WHERE id=?1)<=?2"));
    return set->bind(1, conversation).bind(2, toUnixMs(at)).run();
}

Result<void> HistoryStore::Impl::noteMention(std::int64_t conversation, const Message &message)
{
    if (message.recalled) {
        KITH_TRY_VALUE(drop, db.cached("UPDATE arrangement SET mention_seq=0 WHERE conversation=? AND mention_seq=?"));
        return drop->bindAll(conversation, message.seq.value()).run();
    }
    if (message.sender == self ||
        std::find(message.mentions.begin(), message.mentions.end(), self) == message.mentions.end())
        return {};
    KITH_TRY_VALUE(put, db.cached("INSERT INTO arrangement(conversation,mention_seq) VALUES(?1,?2) ON CONFLICT"
                                  "(conversation) DO UPDATE SET mention_seq=max(mention_seq,?2)"));
    return put->bind(1, conversation).bind(2, message.seq.value()).run();
}

} // namespace kith::history
