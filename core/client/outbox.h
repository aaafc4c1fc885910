// SPDX-License-Identifier: GPL-3.0-or-later
// Sends what the history's outbox holds: in order within a conversation, one at a time, until each is accepted.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/base/backoff.h"
#include "core/base/clock.h"
#include "core/base/limits.h"
#include "core/client/history_service.h"
#include "core/client/rpc.h"
#include <QCoroTask>
#include <deque>
#include <map>
#include <set>
#endif

#include <QObject>
#include <QTimer>

namespace kith::client {

/// A failure that may pass (no link, no answer, "retry: same/after") stops that conversation until the link is back or
/// its pause is over, so nothing behind it overtakes; it is sent again with the same cid, which the server answers
/// alike. A refusal wedges its message only. Conversations do not wait for each other.
class Outbox final : public QObject {
    Q_OBJECT
public:
    Outbox(HistoryService &history, Rpc &rpc, std::shared_ptr<const Clock> clock, QObject *parent = nullptr);

    void setSelf(const UserId &self) { m_self = self; }
    /// The link came up, a message was queued or is to be tried again.
    void wake();
    void stop(); // the link is gone
    /// Queued in this run of the program: nobody has it until it goes under way.
    void noteFresh(const ClientMessageId &cid) { m_fresh.insert(cid); }
    /// Keeps a message back while it is changed. False: the server may have it already; then it is not held.
    bool hold(const ClientMessageId &cid);
    void release(const ClientMessageId &cid);
    /// True while the link is up and every queued message is settled or wedged. Emits `idle` when it becomes true.
    bool isIdle() const { return m_known && m_lanes.empty() && !m_loading; }

signals:
    void accepted(const kith::ConversationId &conversation, const kith::ClientMessageId &cid,
                  const kith::history::StoredMessage &message);
    void refused(const kith::ConversationId &conversation, const kith::ClientMessageId &cid);
    void idle();

private:
    struct Lane { // one conversation
        std::deque<history::OutboxItem> waiting;
        std::set<ClientMessageId> underWay;
        Backoff backoff{limits::kReconnectFirst, limits::kReconnectCeiling};
        std::chrono::steady_clock::time_point pausedUntil{};
        bool stopped = false; // by a failure; starts again when nothing is under way and the pause is over
    };

    QCoro::Task<> load(std::uint64_t round);
    QCoro::Task<> sendOne(std::uint64_t round, history::OutboxItem item);
    void pump();
    bool pumpLane(const ConversationId &conversation, Lane &lane);
    void refill();
    void finishIfIdle();

    HistoryService &m_history;
    Rpc &m_rpc;
    std::shared_ptr<const Clock> m_clock;
    UserId m_self;
    std::uint64_t m_round = 0;
    std::map<ConversationId, Lane> m_lanes;
    std::set<ClientMessageId> m_fresh, m_held;
    bool m_loading = false, m_loadAgain = false, m_known = false;
    double m_tokens = 0; // sends allowed now: stays below the server's rate so that order is never broken by a refusal
    std::chrono::steady_clock::time_point m_refilled{};
    QTimer m_timer;
};

} // namespace kith::client
