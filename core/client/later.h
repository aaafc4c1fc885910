// SPDX-License-Identifier: GPL-3.0-or-later
// A one-shot answer that a coroutine waits for: finished exactly once, on the client's thread.
#pragma once

#include "core/client/types.h"

#include <coroutine>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <utility>

namespace kith::client {

ClientError cancelledError();

/// What `Promise` will be finished with. Awaited once. Not thread-safe.
/// House rule for every co_await in this tree: name the Later or Task first, await the name after. GCC 12 destroys
/// closures and aggregates that are temporaries inside a co_await expression twice (test_client_credentials fails
/// without the rule).
template <class T>
class Later final {
public:
    struct State {
        std::optional<Result<T>> value;
        std::coroutine_handle<> waiter;
    };

    explicit Later(std::shared_ptr<State> state) : m_state(std::move(state)) {}

    bool await_ready() const noexcept { return m_state->value.has_value(); }
    void await_suspend(std::coroutine_handle<> waiter) noexcept { m_state->waiter = waiter; }
    Result<T> await_resume() { return std::move(*m_state->value); }

private:
    std::shared_ptr<State> m_state;
};

template <class T>
class Promise final {
public:
    /// Resumes the waiter in place: the caller must expect anything, its own destruction included.
    void finish(Result<T> value) const
    {
        const auto state = m_state;
        if (state->value)
            return;
        state->value.emplace(std::move(value));
        if (const auto waiter = std::exchange(state->waiter, {}))
            waiter.resume();
    }
    Later<T> later() const { return Later<T>(m_state); }

private:
    std::shared_ptr<typename Later<T>::State> m_state = std::make_shared<typename Later<T>::State>();
};

/// Answers that are still owed. cancelAll() ends each with Cancelled, so that no coroutine outlives what it waits for.
class Owed final {
public:
    template <class T>
    std::uint64_t add(const Promise<T> &promise)
    {
        m_cancel.emplace(++m_last, [promise] { promise.finish(Unexpected(cancelledError())); });
        return m_last;
    }
    /// False: it was cancelled in the meantime.
    bool settle(std::uint64_t id) { return m_cancel.erase(id) > 0; }
    void cancelAll()
    {
        while (!m_cancel.empty()) {
            const auto cancel = std::move(m_cancel.begin()->second);
            m_cancel.erase(m_cancel.begin());
            cancel();
        }
    }

private:
    std::uint64_t m_last = 0;
    std::map<std::uint64_t, std::function<void()>> m_cancel;
};

} // namespace kith::client
