// SPDX-License-Identifier: GPL-3.0-or-later
// The history store on its own thread.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/client/background.h"
#include "core/client/errors.h"
#include "core/history/history.h"
#include "core/history/salvage.h"
#include <memory>
#include <mutex>
#include <optional>
#endif

#include <QObject>

namespace kith::client {

/// What stops the tasks that were started with it: see HistoryService::stop.
class HistoryStop final {
    friend class HistoryService;
    bool m_stopped = false; // under HistoryService::m_stopMutex
};

/// Tasks run in the order given. A task that writes much is cut into pieces by its caller (≤ 200 messages each), so
/// that a window's read never waits for more than one piece.
class HistoryService final : public QObject {
    Q_OBJECT
public:
    explicit HistoryService(QObject *parent = nullptr);
    ~HistoryService() override;

    Later<void> open(std::string path, crypto::Secret key);
    /// Makes a new history of what can be read of the one at `path`, which is closed for it, and opens that. On an
    /// error it is open again if it can be opened.
    Later<history::Salvage> repair(std::string path, crypto::Secret key);
    /// Sets a file that cannot be read at all aside and opens a new one: where the old one is.
    Later<std::string> startAnew(std::string path, crypto::Secret key);
    /// Runs what is queued, then the store and its key are gone; it can be opened again.
    Later<void> close();

    /// `task(HistoryStore &) → sql::Result<T>` on the store's thread.
    template <class F>
    auto run(F task)
    {
        using T = typename std::invoke_result_t<F &, history::HistoryStore &>::value_type;
        return perform([this, task = std::move(task)]() mutable -> Result<T> {
            if (!m_store)
                return Unexpected(makeError(ClientErrorCode::Storage, QStringLiteral("the history is not open")));
            return fromSql(task(*m_store));
        });
    }

    /// As run(), for a task that only reads: stop() ends it with Cancelled, before it starts or in the middle of a
    /// statement.
    template <class F>
    auto runStoppable(std::shared_ptr<HistoryStop> stop, F task)
    {
        using T = typename std::invoke_result_t<F &, history::HistoryStore &>::value_type;
        return perform([this, stop = std::move(stop), task = std::move(task)]() mutable -> Result<T> {
            if (!m_store)
                return Unexpected(makeError(ClientErrorCode::Storage, QStringLiteral("the history is not open")));
            if (!enter(*stop))
                return Unexpected(cancelledError());
            auto result = fromSql(task(*m_store));
            return leave(*stop) ? std::move(result) : Result<T>(Unexpected(cancelledError()));
        });
    }
    /// Interrupts what runs with `stop` and nothing else; what is queued with it will not start.
    void stop(HistoryStop &stop);

    /// `task() → Result<T>` on the store's thread: for what must not block the client's thread.
    template <class F>
    auto perform(F task)
    {
        return m_background.perform(std::move(task), [this](const ClientError &error) { note(error); });
    }

    /// Runs what is queued, closes the store, ends what still waits with Cancelled.
    void shutdown();

signals:
    /// The disk is full, the file is damaged: something that the user should see.
    void failed(const kith::client::ClientError &error);

private:
    Result<void> openHere(const std::string &path, const crypto::Secret &key, const UserId &self);
    void note(const ClientError &error);
    /// Around a stoppable task, on the worker's thread. False: it was stopped.
    bool enter(HistoryStop &stop);
    bool leave(HistoryStop &stop);

    std::optional<history::HistoryStore> m_store; // on the worker's thread only
    std::mutex m_stopMutex;                       // never held while a task runs
    const HistoryStop *m_running = nullptr;       // of the stoppable task under way: while it is set m_store stays
    Background m_background{"kith-history"};      // last: its thread ends before the store goes
};

} // namespace kith::client
