// SPDX-License-Identifier: GPL-3.0-or-later
// What the sources of HistoryStore share. Private to core/history.
#pragma once

#include "core/history/history.h"

namespace kith::history {

struct HistoryStore::Impl {
    sql::Database db;
    UserId self;
    bool noChanges = false;                 // known to be none: pages need not look
    std::vector<ConversationId> archives{}; // that messages went to since takeMoved()
    bool noSuspects = false;                // when it was opened: nothing of an older data set waits to be compared
    bool noForgotten = false;               // nothing was taken off this computer: store_forget.cpp
    std::vector<UserId> renewed{};          // with another picture than before, since takeRenewedUsers()

    /// The conversation's integer key; makes a row (title empty) where `create`. 0: not there.
    Result<std::int64_t> key(const ConversationId &id, bool create);
    /// Writes a message of the server: the row of (conversation, seq), else that of its cid, else a new one. True: new.
    Result<bool> put(std::int64_t conversation, const Message &message);
    /// put() of a message that somebody changed. Such a push says how many like it, and to the one who did it alone
    /// whether he does: for the others their own like stands while there is one.
    Result<bool> putChanged(std::int64_t conversation, Message message);
    /// The newest seq of the newest range, 0 where nothing is here.
    Result<std::int64_t> topOf(std::int64_t conversation);
    /// Adds [from, to], merged with whatever it meets or touches.
    Result<void> claim(std::int64_t conversation, std::int64_t from, std::int64_t to);
    /// The range that holds `seq`, or nothing.
    Result<std::optional<Range>> rangeOf(std::int64_t conversation, std::int64_t seq);
    Result<void> recountUnread(std::int64_t conversation);
    /// Moves head_seq and `last` forward to this message; refreshes `last` where it is that message.
    Result<void> noteHead(std::int64_t conversation, const Message &message, Rev rev);
    /// True if the own read cursor moved. Forward only; unread follows.
    Result<bool> moveReadTo(std::int64_t conversation, Seq seq);
    /// Moves a reader's cursors forward, beyond the head too: the message they speak of may still be on its way.
    Result<void> noteReceipt(std::int64_t conversation, const Receipt &receipt);
    /// Something new came into it, at that time of the server.
    Result<void> unshelve(std::int64_t conversation, Timestamp at);
    Result<void> noteMention(std::int64_t conversation, const Message &message);
    Result<void> avatarOfUser(const User &user);
    Result<void> avatarOfPeer(const Head &head);
    Result<void> fillPeer(std::int64_t conversation, Head &head);
    /// With what the user has changed and the server not confirmed.
    Result<std::vector<StoredMessage>> rows(sql::Statement &statement);
    Result<std::vector<StoredMessage>> bareRows(sql::Statement &statement);
    /// As the server last told it, without what waits for the server.
    Result<std::optional<Message>> settledRow(std::int64_t conversation, Seq seq);
    Result<void> overlay(std::vector<StoredMessage> &messages);
    /// The last line of a list, likewise.
    Result<void> overlayLast(std::int64_t conversation, Head &head);

    // --- searching (store_search.cpp): one piece each
    Result<void> readIndex(SearchRun &run);
    Result<void> walkDown(SearchRun &run);
    struct Stepped {
        std::int64_t id = 0;
        UserId sender; // in a walk by time only
    };
    Result<std::vector<Stepped>> nextStep(SearchRun &run);
    /// Leaves those of the sorted rows that the index has under `match`.
    Result<void> keepMatching(const std::string &match, std::vector<std::int64_t> &rows);

    // --- forgetting (store_forget.cpp)
    /// What is below and in no range is not to be stored; 0 where nothing was forgotten.
    Result<std::int64_t> keptFrom(std::int64_t conversation);
    Result<bool> isForgotten(std::int64_t conversation, std::int64_t seq);
    /// The seq up to which, exclusive, forgetting goes; 0: nothing here is that old.
    Result<std::int64_t> cutAt(std::int64_t conversation, Timestamp before);
    Result<ForgetStep> deleteRows();

    // --- after another epoch
    Result<std::int64_t> generation(); // how many data sets were met before this one
    /// Compares what the server has at message.seq with what is here from the older data set: where that is another
    /// message, it and all after it move away. To be called before anything of `message` is written.
    Result<void> verify(std::int64_t conversation, const Message &message);
    /// [from, to] came from the present data set.
    Result<void> trust(std::int64_t conversation, std::int64_t from, std::int64_t to);
    Result<void> trustAll(std::int64_t conversation);
    /// Messages of the older data set from `from` on go into the conversation that keeps them, with their ranges.
    Result<void> displace(std::int64_t conversation, std::int64_t from);
    /// The first head of the present data set replaces the older one's numbers.
    Result<void> adoptHead(std::int64_t conversation, const Head &head);
};

/// Columns that rows() expects, of `messages m` joined with `conversations c`.
inline constexpr std::string_view kMessageColumns =
    "m.id,c.name,m.seq,m.server_id,m.cid,m.sender,m.kind,m.body,m.reply_to,m.mentions,m.file,m.created_at,m.edited_at,"
    "m.recalled,m.likes,m.liked,m.state,m.failure";

/// Whether a word that is still being typed may stand for all that begin so: shorter ones are in nearly every message,
/// and the index of beginnings starts at three characters.
bool isBeginning(std::string_view token);

/// Takes [from, to] out of the intervals of `table`: ranges or suspects.
Result<void> subtract(sql::Database &db, std::string_view table, std::int64_t conversation, std::int64_t from,
                      std::int64_t to);

std::string selectMessages(std::string_view where);
/// Of what is unsent only, by its own short index: the planner would rather read a conversation, or all, in id order.
std::string selectUnsent(std::string_view where);

} // namespace kith::history
