// SPDX-License-Identifier: GPL-3.0-or-later
// A thread for what may wait long for a disk: tasks are posted there and answered on the caller's thread.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over libstdc++
#include "core/client/later.h"
#include "core/sql/worker.h"
#include <functional>
#endif

#include <QObject>

namespace kith::client {

class Background final : public QObject {
    Q_OBJECT
public:
    explicit Background(const char *name, QObject *parent = nullptr)
        : QObject(parent), m_worker(std::make_unique<sql::Worker>(name))
    {
    }
    ~Background() override { shutdown(); }

    /// `task() → Result<T>` on the thread, in the order given; answered on the caller's. `onError` is told before the
    /// caller is.
    template <class F>
    auto perform(F task, std::function<void(const ClientError &)> onError = {})
    {
        using T = typename std::invoke_result_t<F &>::value_type;
        Promise<T> promise;
        if (!m_worker) {
            promise.finish(Unexpected(cancelledError()));
            return promise.later();
        }
        const auto id = m_owed.add(promise);
        auto shared = std::make_shared<F>(std::move(task)); // std::function wants copies, tasks may own secrets
        m_worker->post([this, shared, promise, id, onError = std::move(onError)]() mutable {
            auto result = std::make_shared<Result<T>>((*shared)());
            shared.reset();
            QMetaObject::invokeMethod(
                this,
                [this, promise, id, result, onError = std::move(onError)] {
                    if (!m_owed.settle(id))
                        return;
                    if (!*result && onError)
                        onError(result->error());
                    promise.finish(std::move(*result));
                },
                Qt::QueuedConnection);
        });
        return promise.later();
    }

    /// Runs what is queued and then `last`, ends what still waits with Cancelled. Once.
    void shutdown(std::function<void()> last = {})
    {
        if (!m_worker)
            return;
        if (last)
            m_worker->post(std::move(last));
        m_worker.reset();
        m_owed.cancelAll();
    }

private:
    Owed m_owed;
    std::unique_ptr<sql::Worker> m_worker; // last: joins before what its tasks answer to goes
};

} // namespace kith::client
