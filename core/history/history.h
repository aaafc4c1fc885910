// SPDX-License-Identifier: GPL-3.0-or-later
// The client's encrypted store: messages, ranges and holes, heads, receipts, outbox, drafts, search (DESIGN §4).
#pragma once

#include "core/base/expected.h"
#include "core/crypto/secret.h"
#include "core/history/search.h"
#include "core/history/types.h"
#include "core/sql/sql.h"

#include <memory>
#include <span>

namespace kith::history {

using sql::Result;

/// One per profile, on one thread. Every method that writes is one transaction; nothing here touches the network.
/// Errors are sql::SqlError; after DiskFull the store goes on working for reads and loses nothing already saved.
class HistoryStore final {
public:
    static Result<HistoryStore> open(const std::string &path, const crypto::Secret &key);
    HistoryStore(HistoryStore &&) noexcept;
    HistoryStore &operator=(HistoryStore &&) noexcept;
    ~HistoryStore();

    // --- settings (device id, server, epoch, tokens, window state): all encrypted with the rest
    Result<std::optional<std::string>> setting(std::string_view name);
    Result<void> setSetting(std::string_view name, std::string_view value);
    Result<void> removeSetting(std::string_view name);

    /// Whose history this is: own messages are told by it. Set at login.
    void setSelf(const UserId &self);
    const UserId &self() const;

    // --- people
    Result<void> putUsers(std::span<const User> users);
    Result<std::vector<User>> users(std::span<const UserId> ids); // those that are known
    Result<std::vector<User>> allUsers();

    // --- heads
    /// Stores heads as the server sent them. A head never moves headSeq, headRev or cursors back. For a conversation
    /// seen for the first time knownRev becomes head.headRev: what is fetched later is fetched in its present form.
    Result<void> applyHeads(std::span<const Head> heads);
    Result<std::vector<LocalHead>> heads(); // most recently changed first, drafts and unsent included
    Result<std::optional<LocalHead>> head(const ConversationId &id);
    /// Keeps the history, marks the conversation as left.
    Result<void> markRemoved(const ConversationId &id);

    // --- messages from the server
    /// A page reply. Claims exactly the range it proves: the messages it holds, and for `before`/newest queries all of
    /// what lies between query and last message; also floor and head. True if it was read before changes that are here
    /// and brought messages that they may concern: knownRev went back to the page's, `changes` is due from there.
    Result<bool> applyPage(const PageQuery &query, const Page &page);
    /// A push. Never becomes the newest known of a range that it does not touch (the anti-poison rule).
    Result<LiveOutcome> applyLive(const ConversationId &id, const Message &message, Rev rev);
    /// A `change` push: replaces the message if it is here (a recall wipes body and search entry).
    Result<LiveOutcome> applyChange(const ConversationId &id, const Message &message, Rev rev);
    /// A reply to `changes(sinceRev)`: applies all; new messages extend ranges only where they touch them.
    Result<void> applyChanges(const ConversationId &id, std::span<const Message> messages, Rev sinceRev, Rev nextRev,
                              bool complete);
    /// After another epoch: messages stay readable, cursors and receipts go, heads that come replace those here. What
    /// turns out not to be on the server any more moves to an archive, archiveName() of its conversation, which is
    /// read, searched and exported like one that was left. May be repeated.
    Result<void> dropCursors();
    /// All heads of the new data set have been applied: groups that were not among them are gone. Returns those.
    Result<std::vector<ConversationId>> closeEpoch();
    /// How many data sets of the server were met before the present one: what is read before and after it changes does
    /// not belong together.
    Result<std::int64_t> generation();
    /// The archives that messages were moved to since this was last called.
    std::vector<ConversationId> takeMoved();

    // --- reading
    Result<LocalPage> page(const PageQuery &query);
    Result<std::vector<StoredMessage>> unsent(const ConversationId &id); // oldest first
    Result<std::optional<StoredMessage>> message(const ConversationId &id, Seq seq);
    Result<Coverage> coverage(const ConversationId &id);
    /// The messages of `in` that the server took at or after `from` and before `until`.
    Result<Span> between(const ConversationId &id, const Range &in, std::optional<Timestamp> from,
                         std::optional<Timestamp> until);
    /// Of what is here: the first message that the server took at or after `from`, the last one before `until`.
    Result<std::optional<MessagePlace>> firstSince(const ConversationId &id, Timestamp from);
    Result<std::optional<MessagePlace>> lastBefore(const ConversationId &id, Timestamp until);
    Result<std::int64_t> messageCount();
    Result<Footprint> footprint(const ConversationId &id);
    Result<FileSize> fileSize();

    // --- searching; each call can be ended by database().interrupt(): it then fails with Interrupted
    Result<SearchRun> beginSearch(SearchQuery query);
    /// Goes on by one piece, a few milliseconds; run.over tells that nothing is left to do.
    Result<void> continueSearch(SearchRun &run);
    Result<SearchPage> finishSearch(SearchRun &&run);
    /// The three above at a stretch.
    Result<SearchPage> search(const SearchQuery &query);
    /// Of these conversations, or of all.
    Result<SearchReach> searchReach(std::span<const ConversationId> in);

    // --- cursors
    Result<void> applyReceipt(const Receipt &receipt);
    Result<std::vector<Receipt>> receipts(const ConversationId &id);
    /// The own read cursor, moved forward locally; unread is recomputed. True if it moved.
    Result<bool> moveRead(const ConversationId &id, Seq seq);
    /// Own read cursors that the server has not confirmed yet.
    Result<std::vector<Receipt>> unconfirmedReads();
    Result<void> confirmRead(const ConversationId &id, Seq seq);
    /// What to ack: per conversation the top of the newest contiguous range, where it is above what was acked.
    Result<std::vector<Receipt>> unacked();
    Result<void> markAcked(std::span<const Receipt> acked);
    /// What was acked and not read since is unacked() again, in all conversations or in one: nobody knows whether it
    /// arrived.
    Result<void> forgetAcks();
    Result<void> forgetAck(const ConversationId &id);

    // --- outbox: message and job are one row, one transaction
    Result<StoredMessage> enqueue(const ConversationId &id, MessageKind kind, std::string_view body,
                                  std::optional<Seq> replyTo, std::span<const UserId> mentions,
                                  const ClientMessageId &cid, Timestamp now);
    /// The oldest job of each conversation whose queue is not wedged in front… wedged items are skipped.
    Result<std::vector<OutboxItem>> dueJobs(int limit);
    /// All jobs of one conversation that are not wedged, oldest first, as they were or will be sent.
    Result<std::vector<OutboxItem>> jobs(const ConversationId &id);
    Result<StoredMessage> accept(const ClientMessageId &cid, const ConversationId &conversation, Seq seq, Rev rev,
                                 const MessageId &id, Timestamp createdAt);
    Result<void> fail(const ClientMessageId &cid, std::string_view errorCode);
    Result<void> retry(const ClientMessageId &cid);
    Result<void> discard(const ClientMessageId &cid);

    // --- changes: edits, recalls and likes that wait for the server; all reading shows messages as they make them
    /// `localId` names the message, which may be unsent; `mayBeSent`: the server may have it already. If it cannot, an
    /// edit makes it another message and a recall takes it away (nothing then). Nothing too for an unknown message.
    Result<std::optional<StoredMessage>> change(const ConversationId &id, std::int64_t localId, ChangeKind kind,
                                                std::string_view body, bool mayBeSent, Timestamp now);
    /// Of each message that is on the server its oldest change, in the order in which they were made.
    Result<std::vector<PendingChange>> dueChanges(int limit);
    /// Confirmed: it becomes part of the message. Refused: it is gone. The message as it is now, if it is known.
    Result<std::optional<StoredMessage>> settleChange(std::int64_t changeId, bool done, Timestamp now);

    // --- on this computer only
    /// `value`: ms since 1970 for PinnedAt (0: not), 0 or 1 for the others. True if it changed something.
    Result<bool> arrange(const ConversationId &id, Arrangement what, std::int64_t value);

    // --- forgetting: docs/decisions/0013. Of these conversations what the server took before `before`; not drafts, not
    // what is unsent, not a message whose change waits for the server.
    Result<ForgetSurvey> surveyForget(std::span<const ConversationId> ids, Timestamp before);
    /// From here on they are not here, and nothing that comes by itself brings them back; page() and coverage() say so.
    /// Their rows go by continueForget(), called until it says None: after a crash too. Returns where something went.
    Result<std::vector<ConversationId>> forget(std::span<const ConversationId> ids, Timestamp before);
    Result<ForgetStep> continueForget();
    /// They are asked for again, from that one on.
    Result<void> wantAgain(const ConversationId &id, Seq from);

    // --- pictures by file id (store_avatars.cpp)
    /// Those that are here. That they were shown `now` is noted, to a day.
    Result<std::vector<Avatar>> avatars(std::span<const std::string> ids, Timestamp now);
    /// Those shown least recently go while all take more than `most` bytes.
    Result<void> putAvatar(const Avatar &avatar, Timestamp now, std::int64_t most);
    Result<std::int64_t> avatarBytes();
    /// Whom a head told to have another picture since this was last called.
    std::vector<UserId> takeRenewedUsers();

    // --- drafts
    Result<void> setDraft(const ConversationId &id, std::string_view text);

    /// Forgets everything but settings named in `keep`. For log-out without keeping the history.
    Result<void> wipe(std::span<const std::string_view> keep);

    sql::Database &database();

private:
    struct Impl;
    explicit HistoryStore(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace kith::history
