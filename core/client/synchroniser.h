// SPDX-License-Identifier: GPL-3.0-or-later
// Keeps the history in step with the server: catch-up, pushes, holes, acknowledgements, read cursors (PROTOCOL §4).
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/base/backoff.h"
#include "core/base/limits.h"
#include "core/client/history_service.h"
#include "core/client/rpc.h"
#include <QCoroTask>
#include <deque>
#include <map>
#include <optional>
#include <set>
#endif

#include <QObject>
#include <QTimer>

namespace kith::client {

/// Pushes are stored as they come, from the first moment of a connection; the catch-up runs beside them, the open
/// conversation first. Whatever a connection leaves undone is found again from the history itself (head_rev above
/// known_rev, no range at the head), so that nothing needs to be remembered across restarts but the time of the last
/// sync. What the disk would not take, or what got no answer on a link that lives, is found the same way by another
/// catch-up after a pause.
class Synchroniser final : public QObject {
    Q_OBJECT
public:
    Synchroniser(HistoryService &history, Rpc &rpc, QObject *parent = nullptr);

    void setSelf(const UserId &self) { m_self = self; }
    void start(const protocol::HelloPacket &hello); // greeted: catch up
    void stop();                                    // the link is gone
    void push(const protocol::Envelope &envelope);
    void setOpen(std::optional<ConversationId> conversation);
    bool catchingUp() const { return m_catchingUp; }
    bool caughtUp() const { return m_caughtUp && !m_behind; } // once since the link came up, and nothing failed since
    const std::string &epoch() const { return m_epoch; }

    void markRead(const ConversationId &conversation, Seq seq);
    QCoro::Task<Result<void>> fillHole(ConversationId conversation, history::Hole hole, Seq near);
    /// Asks for one page and stores it, in one piece. Changes that overtook it are asked for afterwards, unawaited.
    QCoro::Task<Result<void>> fetchPage(PageQuery query);
    /// Heads that an answer carried (a group that was made).
    QCoro::Task<Result<void>> takeHeads(std::vector<Head> heads);

signals:
    void catchUpChanged();
    void headTouched(const kith::ConversationId &conversation);
    void messagesStored(const kith::ConversationId &conversation, const std::vector<kith::Seq> &seqs);
    /// An own message came as a push before its `accepted`.
    void ownMessageStored(const kith::ConversationId &conversation, const kith::ClientMessageId &cid, kith::Seq seq);
    void coverageChanged(const kith::ConversationId &conversation);
    /// The server lost messages that are here (its data set is an older one): they are kept there.
    void movedToArchive(const kith::ConversationId &archive);
    void receiptStored(const kith::Receipt &receipt);
    void typingSeen(const kith::ConversationId &conversation, const kith::UserId &user);
    void presenceSeen(const kith::Presence &presence);
    void usersSeen(const std::vector<kith::UserId> &users);

private:
    struct Need { // what the history lacks of a conversation
        ConversationId conversation;
        Rev known, head;
        bool page = false; // the newest messages are not here
    };

    QCoro::Task<> run(std::uint64_t round, std::string epoch);
    QCoro::Task<Result<void>> adoptEpoch(std::string epoch);
    QCoro::Task<Result<void>> syncHeads(std::uint64_t round);
    QCoro::Task<> lane(std::uint64_t round);
    QCoro::Task<> work(std::uint64_t round);
    QCoro::Task<Result<void>> catchUp(std::uint64_t round, ConversationId conversation);
    QCoro::Task<Result<bool>> storePage(PageQuery query); // true if changes overtook it and are due
    QCoro::Task<Result<void>> fetchChanges(std::uint64_t round, ConversationId conversation, Rev since);
    QCoro::Task<> resync();
    QCoro::Task<Result<void>> applyOwed();
    void tryAgain();
    QCoro::Task<> resendReads(std::uint64_t round);
    QCoro::Task<> sendRead(ConversationId conversation, Seq seq);
    void takePush(protocol::Op op, protocol::MessagePacket packet);
    QCoro::Task<> storePushes();
    QCoro::Task<> fetchMissed(std::uint64_t round, std::vector<ConversationId> missed, bool unknown);
    QCoro::Task<> applyReceipt(Receipt receipt);
    QCoro::Task<> applyHead(Head head);
    QCoro::Task<> moveRead(ConversationId conversation, Seq seq);
    QCoro::Task<> acknowledge();
    QCoro::Task<> refused(ClientError error);
    void enqueue(const ConversationId &conversation, bool first);
    void scheduleAck();
    void releaseWaiters();
    void seen(const std::vector<Message> &messages);
    void setCatchingUp(bool on);
    bool current(std::uint64_t round) const { return round == m_round && m_rpc.online(); }

    HistoryService &m_history;
    Rpc &m_rpc;
    UserId m_self;
    std::string m_epoch;
    std::uint64_t m_round = 0; // of connections; what belongs to an older one stops
    std::optional<ConversationId> m_open;
    std::deque<ConversationId> m_queue, m_later; // to catch up; those that were far behind come last
    std::set<ConversationId> m_queued, m_busy, m_far;
    std::set<std::string> m_filling;
    std::vector<Promise<void>> m_workWaiters; // for the queue to be empty
    /// Messages and changes that wait to be stored: as many as come while the disk is busy are one transaction.
    std::deque<std::pair<protocol::Op, protocol::MessagePacket>> m_pushes;
    std::map<std::pair<ConversationId, UserId>, Receipt> m_owed; // receipts that the disk would not take
    QTimer m_retry, m_ackAgain;
    Backoff m_backoff{limits::kReconnectFirst, limits::kReconnectCeiling};
    Backoff m_ackBackoff{limits::kReconnectFirst, limits::kReconnectCeiling};
    std::string m_offered;    // the server's epoch
    bool m_unadopted = false; // that could not be stored: nothing of this server may be, until it is
    bool m_failed = false;    // in the present catch-up, or since the last
    bool m_behind = false;    // something failed, and no catch-up was without a failure since
    bool m_storing = false;
    bool m_working = false;
    bool m_catchingUp = false;
    bool m_caughtUp = false;
    bool m_ackQueued = false;
    bool m_syncing = false;
    bool m_syncAgain = false;
};

} // namespace kith::client
