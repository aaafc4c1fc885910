// SPDX-License-Identifier: GPL-3.0-or-later
// Takes old messages off this computer, piece by piece, and goes on with what an earlier run left.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/client/history_service.h"
#include "core/client/storage.h"
#include <QCoroTask>
#endif

#include <QObject>

namespace kith::client {

/// The messages are out of every page at once; rows, index and space follow in pieces, between which whatever else
/// wants the history has its turn. What is left to do is in the history itself.
class Forgetter final : public QObject {
    Q_OBJECT
public:
    explicit Forgetter(HistoryService &history, QObject *parent = nullptr);

    void open(); // the history is open
    void close();

    /// Of these conversations, or of all that are here.
    QCoro::Task<Result<history::ForgetSurvey>> survey(std::vector<ConversationId> ids, Timestamp before);
    /// Ready when they are gone from the disk.
    QCoro::Task<Result<Forgotten>> forget(std::vector<ConversationId> ids, Timestamp before);
    const ForgetProgress &progress() const { return m_progress; }

signals:
    void forgotten(const kith::ConversationId &conversation);
    void changed(const kith::client::ForgetProgress &progress);

private:
    QCoro::Task<Result<std::vector<ConversationId>>> idsOr(std::vector<ConversationId> ids);
    QCoro::Task<Result<void>> finish();
    QCoro::Task<Result<void>> work(std::uint64_t round);
    QCoro::Task<> goOn();
    QCoro::Task<Result<history::FileSize>> size();
    void tell(const ForgetProgress &progress);

    HistoryService &m_history;
    std::uint64_t m_round = 0; // of open histories
    bool m_open = false, m_working = false;
    std::vector<Promise<void>> m_waiters; // for the work under way
    ForgetProgress m_progress;
};

} // namespace kith::client
