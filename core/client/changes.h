// SPDX-License-Identifier: GPL-3.0-or-later
// Tells the server about edits, recalls and likes that the history holds, in the order in which they were made.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/base/backoff.h"
#include "core/base/clock.h"
#include "core/base/limits.h"
#include "core/client/history_service.h"
#include "core/client/rpc.h"
#include <QCoroTask>
#endif

#include <QObject>
#include <QTimer>

namespace kith::client {

/// A change of a message that is not sent yet waits behind it. A failure that may pass is tried again after a pause;
/// a refusal takes the change away and is told, with its text, so that nothing that was written is lost.
class Changes final : public QObject {
    Q_OBJECT
public:
    Changes(HistoryService &history, Rpc &rpc, std::shared_ptr<const Clock> clock, QObject *parent = nullptr);

    void wake(); // the link came up, a change was made, a message was accepted
    void stop();

signals:
    void settled(const kith::history::StoredMessage &message);
    void refused(const kith::history::PendingChange &change, const kith::client::ClientError &error);

private:
    QCoro::Task<> run(std::uint64_t round);
    Later<protocol::Envelope> ask(const history::PendingChange &change);

    HistoryService &m_history;
    Rpc &m_rpc;
    std::shared_ptr<const Clock> m_clock;
    std::uint64_t m_round = 0;
    bool m_running = false, m_again = false;
    Backoff m_backoff{limits::kReconnectFirst, limits::kReconnectCeiling};
    QTimer m_pause;
};

} // namespace kith::client
