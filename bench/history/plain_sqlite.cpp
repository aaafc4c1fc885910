// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/history/plain_sqlite.h"

#include <dlfcn.h>
#include <sqlite3.h> // types and constants only: every call goes through the library loaded here

#include <cstdio>
#include <cstdlib>

namespace kith::bench {
namespace {

struct Library {
    void *handle = ::dlopen("libsqlite3.so.0", RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND);

    template <class Function>
    Function *get(const char *name) const
    {
        void *found = handle != nullptr ? ::dlsym(handle, name) : nullptr;
        if (found == nullptr) {
            std::fprintf(stderr, "no %s in libsqlite3.so.0\n", name);
            std::exit(1);
        }
        return reinterpret_cast<Function *>(found);
    }
};

const Library &library()
{
    static const Library loaded;
    return loaded;
}

#define PLAIN(name) static auto *const call = library().get<decltype(name)>(#name)

void must(int result, int expected, const char *what)
{
    if (result != expected) {
        std::fprintf(stderr, "plain SQLite: %s gave %d\n", what, result);
        std::exit(1);
    }
}

} // namespace

PlainSqlite::PlainSqlite(const std::string &path)
{
    PLAIN(sqlite3_open_v2);
    must(call(path.c_str(), reinterpret_cast<sqlite3 **>(&m_db),
              SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr),
         SQLITE_OK, "open");
    execute("PRAGMA page_size=4096; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536; "
            "PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY");
}

PlainSqlite::~PlainSqlite()
{
    PLAIN(sqlite3_close_v2);
    call(static_cast<sqlite3 *>(m_db));
}

void PlainSqlite::execute(const std::string &sql)
{
    PLAIN(sqlite3_exec);
    must(call(static_cast<sqlite3 *>(m_db), sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK,
         sql.substr(0, 60).c_str());
}

PlainStatement PlainSqlite::prepare(std::string_view sql)
{
    return PlainStatement(m_db, sql);
}

const char *PlainSqlite::version()
{
    PLAIN(sqlite3_libversion);
    return call();
}

PlainStatement::PlainStatement(void *db, std::string_view sql)
{
    PLAIN(sqlite3_prepare_v2);
    must(call(static_cast<sqlite3 *>(db), sql.data(), static_cast<int>(sql.size()),
              reinterpret_cast<sqlite3_stmt **>(&m_statement), nullptr),
         SQLITE_OK, "prepare");
}

PlainStatement::~PlainStatement()
{
    PLAIN(sqlite3_finalize);
    call(static_cast<sqlite3_stmt *>(m_statement));
}

PlainStatement &PlainStatement::bind(int index, std::int64_t value)
{
    PLAIN(sqlite3_bind_int64);
    call(static_cast<sqlite3_stmt *>(m_statement), index, value);
    return *this;
}

PlainStatement &PlainStatement::bind(int index, std::string_view value)
{
    PLAIN(sqlite3_bind_text);
    call(static_cast<sqlite3_stmt *>(m_statement), index, value.data(), static_cast<int>(value.size()),
         reinterpret_cast<sqlite3_destructor_type>(-1)); // SQLITE_TRANSIENT
    return *this;
}

bool PlainStatement::step()
{
    PLAIN(sqlite3_step);
    const int result = call(static_cast<sqlite3_stmt *>(m_statement));
    if (result != SQLITE_ROW)
        must(result, SQLITE_DONE, "step");
    return result == SQLITE_ROW;
}

void PlainStatement::reset()
{
    PLAIN(sqlite3_reset);
    call(static_cast<sqlite3_stmt *>(m_statement));
}

std::int64_t PlainStatement::integer(int column)
{
    PLAIN(sqlite3_column_int64);
    return call(static_cast<sqlite3_stmt *>(m_statement), column);
}

std::string PlainStatement::text(int column)
{
    PLAIN(sqlite3_column_text);
    static auto *const bytes = library().get<decltype(sqlite3_column_bytes)>("sqlite3_column_bytes");
    const auto *text = reinterpret_cast<const char *>(call(static_cast<sqlite3_stmt *>(m_statement), column));
    return text == nullptr
               ? std::string()
               : std::string(text, static_cast<std::size_t>(bytes(static_cast<sqlite3_stmt *>(m_statement), column)));
}

} // namespace kith::bench
