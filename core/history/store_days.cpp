// SPDX-License-Identifier: GPL-3.0-or-later
// Where in a conversation a time lies: one seek each in the index by day.
#include "core/history/impl.h"

namespace kith::history {

Result<std::optional<MessagePlace>> HistoryStore::firstSince(const ConversationId &id, Timestamp from)
{
    KITH_TRY_VALUE(key, m_impl->key(id, false));
    KITH_TRY_VALUE(get, m_impl->db.cached("SELECT seq,created_at FROM messages INDEXED BY messages_by_day WHERE "
                                          "conversation=? AND created_at>=? AND seq IS NOT NULL "
                                          "ORDER BY created_at,seq LIMIT 1"));
    get->bind(1, key).bind(2, toUnixMs(from));
    KITH_TRY_VALUE(row, get->step());
    return row ? std::optional(MessagePlace{Seq(get->integer(0)), fromUnixMs(get->integer(1))}) : std::nullopt;
}

Result<std::optional<MessagePlace>> HistoryStore::lastBefore(const ConversationId &id, Timestamp until)
{
    KITH_TRY_VALUE(key, m_impl->key(id, false));
    KITH_TRY_VALUE(get, m_impl->db.cached("SELECT seq,created_at FROM messages INDEXED BY messages_by_day WHERE "
                                          "conversation=? AND created_at<? AND seq IS NOT NULL "
                                          "ORDER BY created_at DESC,seq DESC LIMIT 1"));
    get->bind(1, key).bind(2, toUnixMs(until));
    KITH_TRY_VALUE(row, get->step());
    return row ? std::optional(MessagePlace{Seq(get->integer(0)), fromUnixMs(get->integer(1))}) : std::nullopt;
}

} // namespace kith::history
