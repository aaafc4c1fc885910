// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sql/cjk_tokenizer.h"
#include "core/sql/error.h"
#include "core/sql/file_lock.h"
#include "core/sql/guard.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <functional>
#include <unordered_map>

namespace kith::sql {
namespace {

struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};

/// SQLite would take the umask's word for who may read a new file; its WAL and shared memory copy this file's mode.
Result<void> makePrivateFile(const std::string &path)
{
    const int fd = ::open(path.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    if (fd < 0)
        return Unexpected(
            SqlError{errno == ENOSPC ? SqlErrorCode::DiskFull : SqlErrorCode::CannotOpen, "cannot create the file", 0});
    ::close(fd);
    return {};
}

} // namespace

struct Database::Impl {
    std::optional<FileLock> lock; // first: released last
    std::string path;
    sqlite3 *db = nullptr;
    std::unordered_map<std::string, std::unique_ptr<Statement>, TextHash, std::equal_to<>> statements;

    ~Impl()
    {
        statements.clear();
        sqlite3_close_v2(db);
    }
};

Database::Database(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
Database::Database(Database &&) noexcept = default;
Database &Database::operator=(Database &&) noexcept = default;
Database::~Database() = default;

namespace {

Result<void> applyKey(sqlite3 *db, const crypto::Secret &key, bool rekey)
{
    if (key.size() != 32)
        return Unexpected(SqlError{SqlErrorCode::Misuse, "a key has 32 bytes", 0});
    static constexpr char kDigits[] = "0123456789abcdef";
    crypto::Secret spelled(67); // x'<64 hexadecimal digits>': a raw key, no derivation (DESIGN §3.5)
    auto out = spelled.bytes();
    std::size_t at = 0;
    out[at++] = 'x';
    out[at++] = '\'';
    for (const auto byte : key.bytes()) {
        out[at++] = static_cast<std::uint8_t>(kDigits[byte >> 4]);
        out[at++] = static_cast<std::uint8_t>(kDigits[byte & 15]);
    }
    out[at++] = '\'';
    const int size = static_cast<int>(spelled.size());
    const int result =
        rekey ? sqlite3_rekey_v2(db, "main", out.data(), size) : sqlite3_key_v2(db, "main", out.data(), size);
    if (result != SQLITE_OK)
        return Unexpected(lastError(db, result, "key"));
    return {};
}

std::string textOf(Database &db, std::string_view sql)
{
    auto statement = db.prepare(sql);
    if (!statement)
        return {};
    const auto row = statement->step();
    return row && *row ? statement->text(0) : std::string();
}

} // namespace

Result<Database> Database::open(const std::string &path, const crypto::Secret &key, const OpenOptions &options)
{
    auto impl = std::make_unique<Impl>();
    impl->path = path;
    KITH_TRY_VALUE(before, checkFile(path));
    if (options.exclusive) {
        KITH_TRY_VALUE(lock, FileLock::take(path + ".lock"));
        impl->lock.emplace(std::move(lock));
    }
    if (before == FileState::Absent && options.create && !options.readOnly)
        KITH_TRY(makePrivateFile(path));
    const int flags =
        SQLITE_OPEN_NOMUTEX |
        (options.readOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | (options.create ? SQLITE_OPEN_CREATE : 0));
    if (const int result = sqlite3_open_v2(path.c_str(), &impl->db, flags, nullptr); result != SQLITE_OK)
        return Unexpected(lastError(impl->db, result, "open"));
    sqlite3_extended_result_codes(impl->db, 1);
    sqlite3_busy_timeout(impl->db, options.busyTimeoutMs);
    sqlite3 *handle = impl->db;
    Database db(std::move(impl));

    KITH_TRY(checkCipherVersion(textOf(db, "PRAGMA cipher_version")));
    // A wrong key is an answer, not news for stderr. The setting is the process's, and SQLCipher's own default is
    // noise; its level says nothing about memory that cannot be locked (a container), its sources do.
    KITH_TRY(db.execute("PRAGMA cipher_log_level=NONE; PRAGMA cipher_log_source=NONE"));
    KITH_TRY(applyKey(handle, key, false));
    KITH_TRY(db.execute("PRAGMA cipher_page_size=4096; PRAGMA temp_store=MEMORY; PRAGMA cipher_memory_security=OFF"));
    KITH_TRY(db.scalar("SELECT count(*) FROM sqlite_schema")); // the first read is what proves the key
    if (!options.readOnly)
        KITH_TRY(db.execute("PRAGMA journal_mode=WAL"));
    KITH_TRY(
        db.execute("PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON; PRAGMA trusted_schema=OFF; PRAGMA synchronous=" +
                   std::string(options.fullSync ? "FULL" : "NORMAL") +
                   "; PRAGMA cache_size=" + std::to_string(-options.cacheKib)));
    if (options.registerTokenizer)
        KITH_TRY(registerCjkTokenizer(handle));
    if (before != FileState::Present && !options.readOnly) {
        // A new file has no page on disk yet: write one, and look at what was written.
        KITH_TRY(db.execute("PRAGMA user_version=0; PRAGMA wal_checkpoint(TRUNCATE)"));
        if (auto after = checkFile(path); !after) {
            db.m_impl.reset();
            std::error_code ignored;
            std::filesystem::remove(path, ignored);
            return Unexpected(std::move(after).error());
        }
    }
    return db;
}

Result<void> Database::execute(std::string_view sql)
{
    const std::string text(sql);
    if (const int result = sqlite3_exec(m_impl->db, text.c_str(), nullptr, nullptr, nullptr); result != SQLITE_OK)
        return Unexpected(lastError(m_impl->db, result, sql));
    return {};
}

Result<Statement> Database::prepare(std::string_view sql)
{
    sqlite3_stmt *statement = nullptr;
    const int result = sqlite3_prepare_v3(m_impl->db, sql.data(), static_cast<int>(sql.size()),
                                          SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    if (result != SQLITE_OK)
        return Unexpected(lastError(m_impl->db, result, sql));
    return Statement(m_impl->db, statement);
}

Result<CachedStatement> Database::cached(std::string_view sql)
{
    auto found = m_impl->statements.find(sql);
    if (found == m_impl->statements.end()) {
        KITH_TRY_VALUE(statement, prepare(sql));
        found = m_impl->statements.emplace(std::string(sql), std::make_unique<Statement>(std::move(statement))).first;
    }
    return CachedStatement(found->second.get());
}

std::int64_t Database::lastInsertId() const
{
    return sqlite3_last_insert_rowid(m_impl->db);
}

std::int64_t Database::changes() const
{
    return sqlite3_changes64(m_impl->db);
}

Result<std::int64_t> Database::scalar(std::string_view sql)
{
    KITH_TRY_VALUE(statement, prepare(sql));
    KITH_TRY_VALUE(row, statement.step());
    return row ? statement.integer(0) : std::int64_t{0};
}

const std::string &Database::path() const
{
    return m_impl->path;
}

void Database::interrupt()
{
    sqlite3_interrupt(m_impl->db);
}

Result<void> Database::rekey(const crypto::Secret &key)
{
    return applyKey(m_impl->db, key, true);
}

Result<void> Database::integrityCheck()
{
    // cipher_integrity_check reads the file and not the log. After a loss of power in a checkpoint the file's pages may
    // be torn; the log still has them, and only with it are they the database. Not able to move it (a reader, a full
    // disk, read-only): then the verdict is about the file as it is.
    static_cast<void>(scalar("PRAGMA wal_checkpoint(PASSIVE)"));
    if (const std::string damage = textOf(*this, "PRAGMA cipher_integrity_check"); !damage.empty())
        return Unexpected(SqlError{SqlErrorCode::Corrupt, damage, 0});
    if (const std::string verdict = textOf(*this, "PRAGMA integrity_check"); verdict != "ok")
        return Unexpected(SqlError{SqlErrorCode::Corrupt, verdict, 0});
    return {};
}

Result<void> Database::copyTo(Database &target)
{
    sqlite3_backup *copying = sqlite3_backup_init(target.handle(), "main", handle(), "main");
    if (copying == nullptr)
        return Unexpected(lastError(target.handle(), sqlite3_errcode(target.handle()), "backup"));
    const int stepped = sqlite3_backup_step(copying, -1); // in one go: a writer would make it begin anew
    const int finished = sqlite3_backup_finish(copying);
    if (stepped != SQLITE_DONE || finished != SQLITE_OK)
        return Unexpected(lastError(target.handle(), stepped != SQLITE_DONE ? stepped : finished, "backup"));
    return {};
}

sqlite3 *Database::handle() const
{
    return m_impl->db;
}

Result<Transaction> Transaction::begin(Database &db)
{
    const bool nested = sqlite3_get_autocommit(db.handle()) == 0;
    KITH_TRY_VALUE(statement, db.cached(nested ? "SAVEPOINT nested" : "BEGIN IMMEDIATE"));
    KITH_TRY(statement->run());
    return Transaction(db, nested);
}

Transaction::~Transaction()
{
    // Some errors (a full disk) have rolled back already; then there is nothing to roll back.
    if (m_db != nullptr && sqlite3_get_autocommit(m_db->handle()) == 0)
        static_cast<void>(m_db->execute(m_nested ? "ROLLBACK TO nested; RELEASE nested" : "ROLLBACK"));
}

Result<void> Transaction::commit()
{
    KITH_TRY_VALUE(statement, m_db->cached(m_nested ? "RELEASE nested" : "COMMIT"));
    KITH_TRY(statement->run());
    m_db = nullptr;
    return {};
}

Result<void> migrate(Database &db, std::span<const Migration> migrations)
{
    KITH_TRY_VALUE(version, db.scalar("PRAGMA user_version"));
    const int newest = migrations.empty() ? 0 : migrations.back().version;
    if (version > newest)
        return Unexpected(SqlError{SqlErrorCode::NewerSchema, "written by a newer program", 0});
    for (const auto &step : migrations) {
        if (step.version <= version)
            continue;
        KITH_TRY_VALUE(transaction, Transaction::begin(db));
        KITH_TRY(db.execute(step.sql));
        KITH_TRY(db.execute("PRAGMA user_version=" + std::to_string(step.version)));
        KITH_TRY(transaction.commit());
    }
    return {};
}

} // namespace kith::sql
