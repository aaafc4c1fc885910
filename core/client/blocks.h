// SPDX-License-Identifier: GPL-3.0-or-later
// Whom the user has blocked, as the server told it last: known without a network too (docs/decisions/0012).
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/client/history_service.h"
#include "core/client/rpc.h"
#include <QCoroTask>
#include <set>
#include <vector>
#endif

#include <QObject>

namespace kith::client {

class Blocks final : public QObject {
    Q_OBJECT
public:
    Blocks(HistoryService &history, Rpc &rpc, QObject *parent = nullptr);

    /// Reads what the history remembers of `self`'s list; another user's is not looked at.
    QCoro::Task<> load(UserId self);
    /// Greeted: asks for the list. A server that does not know the question leaves what is known here.
    QCoro::Task<> refresh();
    /// The list as a push brought it: another device of the user changed it.
    void take(std::vector<UserId> users);
    /// The history is closed or was wiped.
    void forget();
    QCoro::Task<Result<void>> set(UserId user, bool blocked);

    bool contains(const UserId &user) const { return m_users.contains(user); }
    std::vector<UserId> all() const { return {m_users.begin(), m_users.end()}; }

signals:
    void changed();

private:
    void replace(std::set<UserId> users, bool keep);

    HistoryService &m_history;
    Rpc &m_rpc;
    UserId m_self;
    std::set<UserId> m_users;
    std::uint64_t m_changes = 0; // an answer that was asked for before the last one is out of date
};

} // namespace kith::client
