// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/client/changes.h"

#include "core/base/failpoint.h"
#include "core/base/logging.h"
#include "core/crypto/crypto.h"

#include <QLoggingCategory>

namespace kith::client {

namespace {
Q_LOGGING_CATEGORY(lcChanges, kith::logging::kClient, QtWarningMsg)

/// The server says that it is so already: what was wanted has happened, perhaps by an answer that was lost.
bool isDoneAlready(const history::PendingChange &change, const ClientError &error)
{
    if (!error.wire)
        return false;
    switch (change.kind) {
    case history::ChangeKind::Like:
        return error.wire->code == protocol::ErrorCode::AlreadyLiked;
    case history::ChangeKind::Unlike:
        return error.wire->code == protocol::ErrorCode::NotLiked;
    case history::ChangeKind::Recall:
        return error.wire->code == protocol::ErrorCode::NotFound; // what is recalled is not found any more
    case history::ChangeKind::Edit:
        break;
    }
    return false;
}
} // namespace

Changes::Changes(HistoryService &history, Rpc &rpc, std::shared_ptr<const Clock> clock, QObject *parent)
    : QObject(parent), m_history(history), m_rpc(rpc), m_clock(std::move(clock))
{
    m_pause.setSingleShot(true);
    connect(&m_pause, &QTimer::timeout, this, &Changes::wake);
}

void Changes::stop()
{
    ++m_round;
    m_running = m_again = false;
    m_pause.stop();
}

void Changes::wake()
{
    if (!m_rpc.online())
        return;
    m_again = true;
    if (!m_running)
        run(m_round);
}

Later<protocol::Envelope> Changes::ask(const history::PendingChange &change)
{
    using history::ChangeKind;
    const protocol::LikePacket like{change.conversation, change.seq};
    switch (change.kind) {
    case ChangeKind::Edit:
        return m_rpc.request(protocol::Op::Edit,
                             protocol::encode(protocol::EditPacket{change.conversation, change.seq, change.body}));
    case ChangeKind::Recall:
        return m_rpc.request(protocol::Op::Recall,
                             protocol::encode(protocol::RecallPacket{change.conversation, change.seq}));
    case ChangeKind::Like:
        return m_rpc.request(protocol::Op::Like, protocol::encode(like));
    case ChangeKind::Unlike:
        break;
    }
    return m_rpc.request(protocol::Op::Unlike, protocol::encode(like));
}

QCoro::Task<> Changes::run(std::uint64_t round)
{
    m_running = true;
    while (m_again && round == m_round) {
        m_again = false;
        auto dueLater = m_history.run([](history::HistoryStore &store) { return store.dueChanges(1); });
        auto due = co_await dueLater;
        if (round != m_round)
            co_return;
        if (!due || due->empty())
            continue;
        const auto change = due->front();
        KITH_FAILPOINT("change.due");
        auto answerLater = ask(change);
        KITH_FAILPOINT("change.posted");
        auto answer = co_await answerLater;
        const bool done = answer || isDoneAlready(change, answer.error());
        if (!done && !isFinalRefusal(answer.error())) {
            if (round != m_round)
                co_return;
            milliseconds pause = m_backoff.next(crypto::randomUnit());
            if (answer.error().wire)
                pause = std::max(pause, milliseconds(answer.error().wire->retryAfterMs));
            m_pause.start(pause);
            break;
        }
        KITH_FAILPOINT("change.answered");
        const auto now = m_clock->now();
        auto settledLater = m_history.run(
            [id = change.id, done, now](history::HistoryStore &store) { return store.settleChange(id, done, now); });
        auto message = co_await settledLater;
        KITH_FAILPOINT("change.settled");
        if (!message) {
            qCWarning(lcChanges) << "a change cannot be settled:" << message.error().detail;
            if (round == m_round) // said again when there may be room: the server takes it for the same
                m_pause.start(m_backoff.next(crypto::randomUnit()));
            break;
        }
        m_backoff.reset();
        if (*message)
            emit settled(**message);
        if (!done)
            emit refused(change, answer.error());
        m_again = true;
    }
    if (round == m_round)
        m_running = false;
}

} // namespace kith::client
