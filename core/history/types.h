// SPDX-License-Identifier: GPL-3.0-or-later
// What the client's local history holds beyond the messages themselves: send states, holes, outbox.
#pragma once

#include "core/base/domain.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace kith::history {

/// State of an own message on this device. Delivered and read are derived from the peers' cursors.
enum class SendState {
    Settled, // on the server (or somebody else's message)
    Sending, // in the outbox, will be tried until it is accepted
    Failed,  // refused for good; waits for retry or discard
};

struct StoredMessage {
    std::int64_t localId = 0; // rowid, stable; orders unsent messages among themselves
    ConversationId conversation;
    Message message; // seq 0 while Sending or Failed
    SendState state = SendState::Settled;
    std::string failure;   // wire name of the error code, for Failed
    bool changing = false; // shown as an edit, recall or like of the user's makes it; the server has not confirmed

    bool operator==(const StoredMessage &) const = default;
};

/// Messages `from` … `to` (inclusive) exist on the server and are not on this computer.
struct Hole {
    Seq from;
    Seq to;

    bool operator==(const Hole &) const = default;
};

/// Seqs `from` … `to` (inclusive) are all here.
struct Range {
    Seq from;
    Seq to;

    bool operator==(const Range &) const = default;
};

/// Some messages of a conversation: how many, the oldest and the newest. Not all between the two need to be of them.
struct Span {
    std::int64_t messages = 0;
    Seq from, to;

    bool operator==(const Span &) const = default;
};

/// A message, and when the server took it.
struct MessagePlace {
    Seq seq;
    Timestamp at{};

    bool operator==(const MessagePlace &) const = default;
};

/// A page of the local history: same meaning as the server's (newest first, by key), plus what it lacks. A page that
/// meets a hole ends there and names it: no message beyond the hole is returned.
struct LocalPage {
    std::vector<StoredMessage> messages; // settled ones; unsent ones come from HistoryStore::unsent
    std::optional<Hole> olderHole;       // directly below the last message returned (or below the question)
    std::optional<Hole> newerHole;       // directly above the first message returned
    bool atFloor = false;                // nothing older exists anywhere
    bool atHead = false;                 // nothing newer is known to exist
};

/// A head as the client keeps it, with what is only local.
struct LocalHead {
    Head head;
    Rev knownRev; // changes up to here are applied
    std::string draft;
    std::int64_t unsent = 0;                 // in the outbox
    std::int64_t failed = 0;                 // wedged
    std::optional<StoredMessage> lastUnsent; // shown as the last line when there is one
    bool archive = false;                    // keeps what the server has no longer (HistoryStore::dropCursors)
    Timestamp pinnedAt{};                    // epoch = not pinned
    bool shelved = false;                    // out of the list until something new comes; users call it archived
    bool markedUnread = false;               // by hand
    bool mentioned = false;                  // an unread message names the user
    Seq keptFrom;                            // older ones were forgotten: HistoryStore::forget(); 0: none were

    bool operator==(const LocalHead &) const = default;
};

/// A job of the outbox, oldest first within its conversation.
struct OutboxItem {
    std::int64_t localId = 0;
    ConversationId conversation;
    ClientMessageId cid;
    MessageKind kind = MessageKind::Text;
    std::string body;
    std::optional<Seq> replyTo;
    std::vector<UserId> mentions;
};

/// What the user arranges, see HistoryStore::arrange().
enum class Arrangement { PinnedAt, Shelved, MarkedUnread };

enum class ChangeKind { Edit, Recall, Like, Unlike };

/// Something done to a message that the server has to confirm.
struct PendingChange {
    std::int64_t id = 0;
    ConversationId conversation;
    Seq seq;
    ChangeKind kind = ChangeKind::Edit;
    std::string body; // of an edit
};

enum class LiveOutcome {
    Extended, // touches the newest range: the conversation is complete up to it
    Detached, // stored as a range of its own; a hole is below it
    Known,    // had it already
    Missed,   // rev is not knownRev + 1: stored, but `changes` must be asked
};

struct Coverage {
    std::int64_t messagesHere = 0;
    Seq floorSeq, headSeq;
    Seq keptFrom;              // a hole lies below it or does not reach below it
    std::vector<Range> ranges; // oldest first
    std::vector<Hole> holes;   // oldest first, between floor and head

    /// The user took these off this computer: they come back when he asks for them, and not before.
    bool isForgotten(const Hole &hole) const { return hole.to < keptFrom; }
};

/// What forgetting would take away.
struct ForgetSurvey {
    std::int64_t conversations = 0;
    std::int64_t messages = 0;
    std::int64_t forGood = 0; // of them: the server does not give them again (left, archived, below its floor)

    bool operator==(const ForgetSurvey &) const = default;
};

/// Forgetting goes through these one after the other.
enum class ForgetPhase {
    None,  // nothing is under way
    Rows,  // messages are deleted
    Index, // the search index is written anew: what was deleted is only marked in it
    Space, // empty pages are given back
};

/// One piece of it.
struct ForgetStep {
    ForgetPhase phase = ForgetPhase::None; // what comes next; None: it is done
    std::int64_t removed = 0;              // messages
};

/// What a conversation takes on disk, as far as that can be told: pages are shared.
struct Footprint {
    std::optional<Timestamp> oldest; // message here
    double weight = 0;               // bytes before any packing, from a sample of its messages
};

struct FileSize {
    std::int64_t file = 0;  // bytes of the database and its log
    std::int64_t empty = 0; // of them, free for what comes
};

/// A picture as the server gave it.
struct Avatar {
    std::string id; // of the file
    std::string bytes;

    bool operator==(const Avatar &) const = default;
};

} // namespace kith::history
