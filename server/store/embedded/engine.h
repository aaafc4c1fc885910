// SPDX-License-Identifier: GPL-3.0-or-later
// One connection with the few shapes of statement that the store needs, and SQL errors turned into the store's.
#pragma once

#include "core/sql/sql.h"
#include "server/store/store.h"

#include <functional>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

namespace kith::server::embedded {

/// Bytes to bind as a BLOB.
struct Blob {
    std::string_view bytes;
};

using EngineErrorHook = std::function<void(const sql::SqlError &)>;

/// Lives on the thread of its connection. Statements are prepared once and kept.
class Engine final {
public:
    Engine(sql::Database database, EngineErrorHook onError)
        : m_database(std::move(database)), m_onError(std::move(onError))
    {
    }

    template <class... A>
    StoreResult<void> run(std::string_view text, const A &...arguments)
    {
        auto statement = m_database.cached(text);
        if (!statement)
            return Unexpected(failed(statement.error()));
        bindAll(**statement, arguments...);
        if (auto done = (*statement)->run(); !done)
            return Unexpected(failed(done.error()));
        return {};
    }

    /// Calls `row(statement)` for each row; if it returns bool, false ends the reading.
    template <class F, class... A>
    StoreResult<void> each(std::string_view text, F &&row, const A &...arguments)
    {
        auto statement = m_database.cached(text);
        if (!statement)
            return Unexpected(failed(statement.error()));
        bindAll(**statement, arguments...);
        for (;;) {
            auto there = (*statement)->step();
            if (!there)
                return Unexpected(failed(there.error()));
            if (!*there)
                return {};
            const sql::Statement &current = **statement;
            if constexpr (std::is_same_v<std::invoke_result_t<F &, const sql::Statement &>, bool>) {
                if (!row(current))
                    return {};
            } else {
                row(current);
            }
        }
    }

    /// The first row, mapped; nothing if there is none.
    template <class F, class... A>
    auto one(std::string_view text, F &&map, const A &...arguments)
        -> StoreResult<std::optional<std::invoke_result_t<F &, const sql::Statement &>>>
    {
        std::optional<std::invoke_result_t<F &, const sql::Statement &>> found;
        KITH_TRY(each(
            text,
            [&](const sql::Statement &row) {
                found.emplace(map(row));
                return false;
            },
            arguments...));
        return found;
    }

    /// The first column of the first row; nothing without a row or for NULL.
    template <class... A>
    StoreResult<std::optional<std::int64_t>> number(std::string_view text, const A &...arguments)
    {
        std::optional<std::int64_t> value;
        KITH_TRY(each(
            text,
            [&](const sql::Statement &row) {
                if (!row.isNull(0))
                    value = row.integer(0);
                return false;
            },
            arguments...));
        return value;
    }

    sql::Database &database() { return m_database; }

    /// An error of the engine spoils the transaction it happened in: the owner asks, rolls back and clears.
    bool spoiled() const { return m_spoiled.has_value(); }
    StoreError spoiledBy() const { return m_spoiled.value_or(StoreError::Unavailable); }
    void clearSpoiled() { m_spoiled.reset(); }
    StoreError failed(const sql::SqlError &error);

private:
    static void bindOne(sql::Statement &s, int i, bool v) { s.bind(i, static_cast<std::int64_t>(v)); }
    static void bindOne(sql::Statement &s, int i, int v) { s.bind(i, static_cast<std::int64_t>(v)); }
    static void bindOne(sql::Statement &s, int i, std::int64_t v) { s.bind(i, v); }
    static void bindOne(sql::Statement &s, int i, std::string_view v) { s.bind(i, v); }
    static void bindOne(sql::Statement &s, int i, const std::string &v) { s.bind(i, std::string_view(v)); }
    static void bindOne(sql::Statement &s, int i, Blob v) { s.bindBlob(i, v.bytes); }
    static void bindOne(sql::Statement &s, int i, const std::optional<std::int64_t> &v)
    {
        v ? s.bind(i, *v) : s.bindNull(i);
    }
    static void bindOne(sql::Statement &s, int i, const std::optional<std::string> &v)
    {
        v ? s.bind(i, std::string_view(*v)) : s.bindNull(i);
    }
    static void bindOne(sql::Statement &s, int i, Timestamp v) { s.bind(i, toUnixMs(v)); }
    template <class... A>
    static void bindAll(sql::Statement &statement, const A &...arguments)
    {
        int index = 0;
        (bindOne(statement, ++index, arguments), ...);
    }

    sql::Database m_database;
    EngineErrorHook m_onError;
    std::optional<StoreError> m_spoiled;
};

} // namespace kith::server::embedded
