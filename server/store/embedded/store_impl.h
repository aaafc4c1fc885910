// SPDX-License-Identifier: GPL-3.0-or-later
// Private to the embedded store: its parts, and how a call becomes a job of one of them.
#pragma once

#include "core/sql/file_lock.h"
#include "server/store/embedded/checkpointer.h"
#include "server/store/embedded/embedded_store.h"
#include "server/store/embedded/read_pool.h"
#include "server/store/embedded/write_queue.h"

namespace kith::server {

namespace embedded {

/// What a queued write weighs without its texts.
inline constexpr std::size_t kJobBytes = 256;

template <class T, class F>
class Write final : public WriteJob {
public:
    Write(F step, Reply<T> reply) : m_step(std::move(step)), m_reply(std::move(reply)) {}
    void run(Writer &writer) override { m_result.emplace(m_step(writer)); }
    void finish(std::optional<StoreError> failure) override
    {
        if (m_reply)
            m_reply(failure ? StoreResult<T>(Unexpected(*failure)) : std::move(*m_result));
    }

private:
    F m_step;
    Reply<T> m_reply;
    std::optional<StoreResult<T>> m_result;
};

} // namespace embedded

struct EmbeddedStore::Impl {
    sql::FileLock lock; // first: released when all connections are closed
    std::string epoch;
    std::unique_ptr<embedded::WriteQueue> writes;
    std::unique_ptr<embedded::ReadPool> reads;
    std::unique_ptr<embedded::Checkpointer> checkpointer; // before `writes` goes: it asks it

    template <class T, class F>
    void write(Reply<T> reply, F step, std::size_t bytes = 0, embedded::Lane lane = embedded::Lane::Normal)
    {
        auto typed = std::make_unique<embedded::Write<T, F>>(std::move(step), std::move(reply));
        typed->bytes = embedded::kJobBytes + bytes;
        std::unique_ptr<embedded::WriteJob> job = std::move(typed);
        if (!writes->post(job, lane))
            job->finish(StoreError::Overloaded);
    }

    template <class T, class F>
    void read(Reply<T> reply, F step, embedded::ReadLane lane = embedded::ReadLane::Normal)
    {
        auto shared = std::make_shared<Reply<T>>(std::move(reply));
        embedded::ReadJob job = [shared, step = std::move(step)](embedded::Reader &reader) {
            (*shared)(reader.onSnapshot<T>(step));
        };
        if (!reads->post(job, lane))
            (*shared)(Unexpected(StoreError::Overloaded));
    }
};

} // namespace kith::server
