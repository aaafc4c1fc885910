// SPDX-License-Identifier: GPL-3.0-or-later
// The system's own SQLite, unencrypted, loaded beside the SQLCipher that the program links: the measure to compare
// with.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace kith::bench {

class PlainStatement;

class PlainSqlite final {
public:
    /// Ends the program where there is no libsqlite3.so.0. WAL, synchronous=FULL, the same cache and page size.
    explicit PlainSqlite(const std::string &path);
    ~PlainSqlite();
    PlainSqlite(const PlainSqlite &) = delete;
    PlainSqlite &operator=(const PlainSqlite &) = delete;

    void execute(const std::string &sql);
    PlainStatement prepare(std::string_view sql);
    static const char *version();

private:
    friend class PlainStatement;
    void *m_db = nullptr;
};

class PlainStatement final {
public:
    ~PlainStatement();
    PlainStatement(const PlainStatement &) = delete;
    PlainStatement &operator=(const PlainStatement &) = delete;

    PlainStatement &bind(int index, std::int64_t value);
    PlainStatement &bind(int index, std::string_view value); // copied
    bool step();
    void reset();
    std::int64_t integer(int column);
    std::string text(int column);

private:
    friend class PlainSqlite;
    PlainStatement(void *db, std::string_view sql);
    void *m_statement = nullptr;
};

} // namespace kith::bench
