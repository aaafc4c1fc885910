// SPDX-License-Identifier: GPL-3.0-or-later
// RAII over SQLCipher's C API. One connection lives on one thread; nothing here throws.
#pragma once

#include "core/base/expected.h"
#include "core/crypto/secret.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace kith::sql {

enum class SqlErrorCode {
    NotSqlCipher, // the library linked is not SQLCipher: nothing was written
    Plaintext,    // the file on disk is, or would be, unencrypted: refused
    WrongKey,     // not this key, or not a database at all (SQLCipher cannot tell the two apart)
    Truncated,    // shorter than one page, or not a whole number of pages
    Corrupt,      // opened with the key, and damaged inside
    NewerSchema,  // written by a newer program: refused, untouched
    Busy,         // another process holds it
    DiskFull,
    ReadOnly,
    CannotOpen,  // no such folder, no permission
    Interrupted, // by Database::interrupt
    Constraint,  // a UNIQUE, CHECK or NOT NULL refused the row
    Misuse,      // a defect of ours: wrong SQL, wrong bind
    Io,
};

struct SqlError {
    SqlErrorCode code = SqlErrorCode::Io;
    std::string detail; // SQLite's words and the statement; never bound values
    int extended = 0;   // SQLite's extended result code
};

template <class T>
using Result = Expected<T, SqlError>;

class Database;

/// A prepared statement. Binds are 1-based, columns 0-based. Lives no longer than its database.
class Statement final {
public:
    Statement(Statement &&) noexcept;
    Statement &operator=(Statement &&) noexcept;
    ~Statement();

    Statement &bind(int index, std::int64_t value);
    Statement &bind(int index, double value);
    Statement &bind(int index, std::string_view text); // copied
    Statement &bind(int index, const std::string &text) { return bind(index, std::string_view(text)); }
    Statement &bind(int index, const char *text) { return bind(index, std::string_view(text)); }
    Statement &bindBlob(int index, std::string_view bytes); // copied
    Statement &bindNull(int index);
    Statement &bind(int index, const std::optional<std::int64_t> &value);
    Statement &bind(int index, const std::optional<std::string> &value);
    /// Binds all from 1 on.
    template <class... T>
    Statement &bindAll(const T &...values)
    {
        int index = 0;
        (bind(++index, values), ...);
        return *this;
    }

    /// True: a row is there. False: done. Errors of a bind come out here.
    Result<bool> step();
    /// step() to the end, then reset.
    Result<void> run();
    void reset(); // keeps no binds

    std::int64_t integer(int column) const;
    double real(int column) const;
    std::string text(int column) const;
    std::string blob(int column) const;
    bool isNull(int column) const;

private:
    friend class Database;
    Statement(sqlite3 *db, sqlite3_stmt *statement);
    sqlite3 *m_db = nullptr;
    sqlite3_stmt *m_statement = nullptr;
    int m_bindError = 0;
};

/// A statement borrowed from the database's cache; given back (reset) when it goes.
class CachedStatement final {
public:
    CachedStatement(CachedStatement &&other) noexcept : m_statement(std::exchange(other.m_statement, nullptr)) {}
    CachedStatement &operator=(CachedStatement &&) = delete;
    ~CachedStatement()
    {
        if (m_statement)
            m_statement->reset();
    }
    Statement *operator->() { return m_statement; }
    Statement &operator*() { return *m_statement; }

private:
    friend class Database;
    explicit CachedStatement(Statement *statement) : m_statement(statement) {}
    Statement *m_statement;
};

struct OpenOptions {
    bool readOnly = false;
    bool create = true;
    bool exclusive = false; // one process only: another opener gets Busy (locking_mode=EXCLUSIVE plus an flock file)
    bool fullSync = true;   // synchronous=FULL, else NORMAL
    int cacheKib = 65536;   // cache_size
    int busyTimeoutMs = 2000;
    bool registerTokenizer = true; // `cjk`, for FTS5
};

/// A file `path` keyed with a raw 256-bit key. Checks, in this order and before anything is written: that the library
/// is SQLCipher; that an existing file is not plaintext or truncated; after creating, that the first 16 bytes are not
/// "SQLite format 3". WAL, temp_store=MEMORY, page 4096, foreign_keys on.
class Database final {
public:
    static Result<Database> open(const std::string &path, const crypto::Secret &key, const OpenOptions &options = {});

    Database(Database &&) noexcept;
    Database &operator=(Database &&) noexcept;
    ~Database();

    Result<void> execute(std::string_view sql); // one or more statements without results
    Result<Statement> prepare(std::string_view sql);
    /// Prepared once per text. Not reentrant: do not borrow the same text twice at a time.
    Result<CachedStatement> cached(std::string_view sql);
    std::int64_t lastInsertId() const;
    std::int64_t changes() const;
    Result<std::int64_t> scalar(std::string_view sql);
    const std::string &path() const;

    /// Ends the statement that runs on the connection's own thread with Interrupted. Callable from any thread while the
    /// database lives.
    void interrupt();
    Result<void> rekey(const crypto::Secret &key);
    /// Every page's HMAC and what SQLite makes of the pages. Moves the log into the file first.
    Result<void> integrityCheck();
    /// All pages as they are at one moment, over whatever `target` held; writers of this database go on beside it.
    Result<void> copyTo(Database &target);
    sqlite3 *handle() const;

private:
    struct Impl;
    explicit Database(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

/// BEGIN IMMEDIATE, or a savepoint where one is open already; rolled back unless committed.
class Transaction final {
public:
    static Result<Transaction> begin(Database &db);
    Transaction(Transaction &&other) noexcept : m_db(std::exchange(other.m_db, nullptr)), m_nested(other.m_nested) {}
    Transaction &operator=(Transaction &&) = delete;
    ~Transaction();
    Result<void> commit();

private:
    Transaction(Database &db, bool nested) : m_db(&db), m_nested(nested) {}
    Database *m_db;
    bool m_nested;
};

struct Migration {
    int version = 0; // 1, 2, 3 … without gaps
    std::string_view name;
    std::string_view sql;
};

/// Brings `PRAGMA user_version` up to the last migration, each in one transaction. NewerSchema if it is already above.
Result<void> migrate(Database &db, std::span<const Migration> migrations);

} // namespace kith::sql
