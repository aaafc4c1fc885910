// SPDX-License-Identifier: GPL-3.0-or-later
// Edits, recalls and likes that wait for the server.
#include "core/history/impl.h"

#include "core/base/failpoint.h"

#include <algorithm>
#include <map>

namespace kith::history {
namespace {

/// As if the server had done it.
void perform(Message &message, ChangeKind kind, const std::string &body, Timestamp when)
{
    switch (kind) {
    case ChangeKind::Edit:
        if (message.recalled)
            return;
        message.body = body;
        if (message.seq)
            message.editedAt = when;
        return;
    case ChangeKind::Recall:
        message.recalled = true;
        message.body.clear();
        message.mentions.clear();
        return;
    case ChangeKind::Like:
    case ChangeKind::Unlike: {
        const bool wanted = kind == ChangeKind::Like;
        if (message.liked != wanted)
            message.likes = std::max<std::int64_t>(0, message.likes + (wanted ? 1 : -1));
        message.liked = wanted;
        return;
    }
    }
}

} // namespace

Result<void> HistoryStore::Impl::overlay(std::vector<StoredMessage> &messages)
{
    if (messages.empty() || noChanges)
        return {};
    std::map<std::int64_t, StoredMessage *> byRow;
    for (auto &one : messages)
        byRow.emplace(one.localId, &one);
    KITH_TRY_VALUE(get, db.cached("SELECT message,kind,body,made_at FROM changes ORDER BY id"));
    bool any = false;
    for (;;) {
        KITH_TRY_VALUE(row, get->step());
        if (!row)
            break;
        any = true;
        const auto found = byRow.find(get->integer(0));
        if (found == byRow.end())
            continue;
        found->second->changing = true;
        perform(found->second->message, static_cast<ChangeKind>(get->integer(1)), get->text(2),
                fromUnixMs(get->integer(3)));
    }
    noChanges = !any;
    return {};
}

Result<void> HistoryStore::Impl::overlayLast(std::int64_t conversation, Head &head)
{
    if (noChanges || !head.last)
        return {};
    KITH_TRY_VALUE(get, db.cached(selectMessages("WHERE m.conversation=? AND m.seq=?")));
    get->bind(1, conversation).bind(2, head.last->seq.value());
    KITH_TRY_VALUE(found, rows(*get));
    if (found.empty() || !found.front().changing)
        return {};
    head.last->body = found.front().message.body;
    head.last->recalled = found.front().message.recalled;
    return {};
}

Result<std::optional<StoredMessage>> HistoryStore::change(const ConversationId &id, std::int64_t localId,
                                                          ChangeKind kind, std::string_view body, bool mayBeSent,
                                                          Timestamp now)
{
    KITH_TRY_VALUE(transaction, sql::Transaction::begin(m_impl->db));
    const auto shown = [&]() -> Result<std::optional<StoredMessage>> {
        KITH_TRY_VALUE(get, m_impl->db.cached(selectMessages("WHERE m.id=? AND c.name=?")));
        get->bind(1, localId).bind(2, id.str());
        KITH_TRY_VALUE(found, m_impl->rows(*get));
        return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
    };
    KITH_TRY_VALUE(before, shown());
    if (!before)
        return std::optional<StoredMessage>();
    KITH_TRY_VALUE(key, m_impl->key(id, false));
    const bool unsent = before->state != SendState::Settled;
    if (unsent && !mayBeSent && kind == ChangeKind::Edit) {
        // Nobody has seen it: it is simply another message.
        KITH_TRY_VALUE(set,
                       m_impl->db.cached("UPDATE messages SET body=?,state=1,failure='' WHERE id=? AND seq IS NULL"));
        KITH_TRY(set->bind(1, body).bind(2, localId).run());
    } else if (unsent && !mayBeSent && kind == ChangeKind::Recall) {
        KITH_TRY_VALUE(drop, m_impl->db.cached("DELETE FROM messages WHERE id=? AND seq IS NULL"));
        KITH_TRY(drop->bind(1, localId).run());
    } else {
        if (kind == ChangeKind::Edit || kind == ChangeKind::Recall) {
            // The last word counts, and after a recall there is none.
            KITH_TRY_VALUE(drop, m_impl->db.cached("DELETE FROM changes WHERE message=? AND kind=0"));
            KITH_TRY(drop->bind(1, localId).run());
        }
        KITH_TRY_VALUE(
            add, m_impl->db.cached("INSERT INTO changes(conversation,message,kind,body,made_at) VALUES(?,?,?,?,?)"));
        KITH_TRY(add->bind(1, key)
                     .bind(2, localId)
                     .bind(3, static_cast<std::int64_t>(kind))
                     .bind(4, body)
                     .bind(5, toUnixMs(now))
                     .run());
        m_impl->noChanges = false;
    }
    KITH_TRY_VALUE(after, shown());
    KITH_FAILPOINT("history.change.uncommitted");
    KITH_TRY(transaction.commit());
    KITH_FAILPOINT("history.change.committed");
    return after;
}

Result<std::vector<PendingChange>> HistoryStore::dueChanges(int limit)
{
    std::vector<PendingChange> due;
    if (m_impl->noChanges)
        return due;
    // Those whose message is on the server; the others wait behind it. One row a message: its oldest.
    KITH_TRY_VALUE(get, m_impl->db.cached(
                            "SELECT h.id,c.name,m.seq,h.kind,h.body FROM changes h JOIN messages m ON m.id=h.message "
                            "JOIN conversations c ON c.id=h.conversation WHERE m.seq IS NOT NULL AND NOT EXISTS "
                            "(SELECT 1 FROM changes e WHERE e.message=h.message AND e.id<h.id) ORDER BY h.id LIMIT ?"));
    get->bind(1, std::int64_t{limit});
    for (;;) {
        KITH_TRY_VALUE(row, get->step());
        if (!row)
            return due;
        due.push_back({get->integer(0), ConversationId(get->text(1)), Seq(get->integer(2)),
                       static_cast<ChangeKind>(get->integer(3)), get->text(4)});
    }
}

Result<std::optional<StoredMessage>> HistoryStore::settleChange(std::int64_t changeId, bool done, Timestamp now)
{
    KITH_TRY_VALUE(transaction, sql::Transaction::begin(m_impl->db));
    std::int64_t message = 0, conversation = 0;
    ChangeKind kind = ChangeKind::Edit;
    std::string body;
    {
        KITH_TRY_VALUE(get, m_impl->db.cached("SELECT conversation,message,kind,body FROM changes WHERE id=?"));
        get->bind(1, changeId);
        KITH_TRY_VALUE(row, get->step());
        if (!row)
            return std::optional<StoredMessage>();
        conversation = get->integer(0);
        message = get->integer(1);
        kind = static_cast<ChangeKind>(get->integer(2));
        body = get->text(3);
    }
    KITH_TRY_VALUE(drop, m_impl->db.cached("DELETE FROM changes WHERE id=?"));
    KITH_TRY(drop->bind(1, changeId).run());
    const auto read = [&]() -> Result<std::vector<StoredMessage>> {
        KITH_TRY_VALUE(get, m_impl->db.cached(selectMessages("WHERE m.id=?")));
        get->bind(1, message);
        return m_impl->bareRows(*get);
    };
    if (done) {
        KITH_TRY_VALUE(found, read());
        if (!found.empty() && found.front().message.seq) {
            Message changed = found.front().message;
            perform(changed, kind, body, now);
            KITH_TRY(m_impl->put(conversation, changed));
            KITH_TRY_VALUE(last, m_impl->db.cached("UPDATE conversations SET last_body=?3,last_recalled=?4 WHERE id=?1 "
                                                   "AND last_seq=?2"));
            KITH_TRY(last->bind(1, conversation)
                         .bind(2, changed.seq.value())
                         .bind(3, changed.recalled ? std::string_view() : std::string_view(changed.body))
                         .bind(4, std::int64_t{changed.recalled})
                         .run());
        }
    }
    KITH_TRY_VALUE(after, read());
    KITH_TRY(m_impl->overlay(after));
    KITH_FAILPOINT("history.settle.uncommitted");
    KITH_TRY(transaction.commit());
    KITH_FAILPOINT("history.settle.committed");
    return after.empty() ? std::nullopt : std::optional(std::move(after.front()));
}

} // namespace kith::history
