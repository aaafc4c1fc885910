// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sql/error.h"

#include <sqlite3.h>

namespace kith::sql {

Statement::Statement(sqlite3 *db, sqlite3_stmt *statement) : m_db(db), m_statement(statement) {}

Statement::Statement(Statement &&other) noexcept
    : m_db(other.m_db), m_statement(std::exchange(other.m_statement, nullptr)), m_bindError(other.m_bindError)
{
}

Statement &Statement::operator=(Statement &&other) noexcept
{
    if (this != &other) {
        sqlite3_finalize(m_statement);
        m_db = other.m_db;
        m_statement = std::exchange(other.m_statement, nullptr);
        m_bindError = other.m_bindError;
    }
    return *this;
}

Statement::~Statement()
{
    sqlite3_finalize(m_statement);
}

Statement &Statement::bind(int index, std::int64_t value)
{
    m_bindError |= sqlite3_bind_int64(m_statement, index, value);
    return *this;
}

Statement &Statement::bind(int index, double value)
{
    m_bindError |= sqlite3_bind_double(m_statement, index, value);
    return *this;
}

Statement &Statement::bind(int index, std::string_view text)
{
    // An empty view may hold a null pointer, which SQLite would take for NULL.
    const char *bytes = text.empty() ? "" : text.data();
    m_bindError |= sqlite3_bind_text64(m_statement, index, bytes, text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
    return *this;
}

Statement &Statement::bindBlob(int index, std::string_view bytes)
{
    m_bindError |= bytes.empty()
                       ? sqlite3_bind_zeroblob(m_statement, index, 0)
                       : sqlite3_bind_blob64(m_statement, index, bytes.data(), bytes.size(), SQLITE_TRANSIENT);
    return *this;
}

Statement &Statement::bindNull(int index)
{
    m_bindError |= sqlite3_bind_null(m_statement, index);
    return *this;
}

Statement &Statement::bind(int index, const std::optional<std::int64_t> &value)
{
    return value ? bind(index, *value) : bindNull(index);
}

Statement &Statement::bind(int index, const std::optional<std::string> &value)
{
    return value ? bind(index, std::string_view(*value)) : bindNull(index);
}

Result<bool> Statement::step()
{
    if (m_bindError != SQLITE_OK)
        return Unexpected(
            SqlError{SqlErrorCode::Misuse, std::string("bind in: ") + sqlite3_sql(m_statement), m_bindError});
    const int result = sqlite3_step(m_statement);
    if (result == SQLITE_ROW)
        return true;
    if (result == SQLITE_DONE)
        return false;
    return Unexpected(lastError(m_db, result, sqlite3_sql(m_statement)));
}

Result<void> Statement::run()
{
    for (;;) {
        auto more = step();
        if (!more) {
            reset();
            return Unexpected(std::move(more).error());
        }
        if (!*more)
            break;
    }
    reset();
    return {};
}

void Statement::reset()
{
    sqlite3_reset(m_statement);
    sqlite3_clear_bindings(m_statement);
    m_bindError = SQLITE_OK;
}

std::int64_t Statement::integer(int column) const
{
    return sqlite3_column_int64(m_statement, column);
}

double Statement::real(int column) const
{
    return sqlite3_column_double(m_statement, column);
}

std::string Statement::text(int column) const
{
    const auto *bytes = reinterpret_cast<const char *>(sqlite3_column_text(m_statement, column));
    return bytes == nullptr ? std::string()
                            : std::string(bytes, static_cast<std::size_t>(sqlite3_column_bytes(m_statement, column)));
}

std::string Statement::blob(int column) const
{
    const auto *bytes = static_cast<const char *>(sqlite3_column_blob(m_statement, column));
    return bytes == nullptr ? std::string()
                            : std::string(bytes, static_cast<std::size_t>(sqlite3_column_bytes(m_statement, column)));
}

bool Statement::isNull(int column) const
{
    return sqlite3_column_type(m_statement, column) == SQLITE_NULL;
}

} // namespace kith::sql
