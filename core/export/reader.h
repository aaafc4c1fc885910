// SPDX-License-Identifier: GPL-3.0-or-later
// Reads a conversation from the history in pieces, oldest first, with what is missing between them.
#pragma once

#include "core/export/types.h"
#include "core/history/history.h"

#include <deque>
#include <unordered_map>

namespace kith::exporting {

struct Person {
    std::string name, username;
};
using People = std::unordered_map<UserId, Person>;

/// What a message answers.
struct Quote {
    Seq seq;
    std::optional<Message> message; // nothing: it is not on this computer
};

struct Entry {
    history::StoredMessage stored;
    std::optional<Quote> quote;
};

/// The hole lies before the entries.
struct Piece {
    std::optional<history::Hole> hole;
    std::vector<Entry> entries;
    bool last = false;
};

/// On the thread of the history, but people() and what else is told are read by others between two calls. Each call
/// takes some milliseconds at most: a window reads between them.
class Reader final {
public:
    Reader(ConversationId conversation, Period period) : m_conversation(std::move(conversation)), m_period(period) {}

    /// Looks at what is here, once.
    sql::Result<void> begin(history::HistoryStore &store);
    /// To be called until it is true: then total() is known.
    sql::Result<bool> count(history::HistoryStore &store);
    sql::Result<Piece> next(history::HistoryStore &store);

    /// False: there is no such conversation here.
    bool found() const { return m_head.has_value(); }
    const history::LocalHead &head() const { return *m_head; }
    const UserId &self() const { return m_self; }
    const history::Coverage &coverage() const { return m_coverage; }
    std::int64_t total() const { return m_total; }
    std::int64_t missing() const { return m_missing; } // as far as holes are known before
    const People &people() const { return m_people; }

private:
    struct Segment {
        history::Range range;
        bool hole = false;
    };

    void keep(const history::Hole &hole, const std::optional<Timestamp> &below, const std::optional<Timestamp> &above);
    sql::Result<std::optional<Timestamp>> timeOf(history::HistoryStore &store, Seq seq) const;
    sql::Result<void> meet(history::HistoryStore &store, std::vector<Entry> &entries);
    sql::Result<Piece> unsent(history::HistoryStore &store);

    ConversationId m_conversation;
    Period m_period;
    std::optional<history::LocalHead> m_head;
    UserId m_self;
    history::Coverage m_coverage;
    std::deque<Segment> m_uncounted, m_segments;
    // While counting: the newest time below what comes, the hole that waits for a time above it, and how far it is.
    std::optional<Timestamp> m_below;
    std::optional<history::Hole> m_waiting;
    Seq m_counted;
    std::int64_t m_total = 0, m_missing = 0;
    Seq m_next;
    People m_people;
};

} // namespace kith::exporting
