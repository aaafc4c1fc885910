// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/salvage.h"

#include "core/base/ids.h"
#include "core/history/history.h"
#include "core/sql/file_lock.h"
#include "core/sql/page_scan.h"
#include "core/sql/replace.h"

#include <filesystem>
#include <map>
#include <set>

namespace kith::history {

Result<void> makeSchema(sql::Database &db); // store_open.cpp

namespace {

using sql::Cell;
using sql::Result;
using sql::Value;

/// What a row of a table looks like on its page; tables are told apart by that alone, as the pages that lead to it and
/// say whose it is may be gone.
struct Shape {
    std::string table;
    bool rowid = false;
    std::size_t fewest = 0; // columns; those that later schemas added may be absent
    struct Column {
        std::string name;
        bool text = false, nullable = false, key = false;
    };
    std::vector<Column> columns;

    bool fits(const Cell &cell) const
    {
        if (cell.rowid.has_value() != rowid || cell.values.size() < fewest || cell.values.size() > columns.size())
            return false;
        for (std::size_t i = 0; i < cell.values.size(); ++i) {
            const Value &value = cell.values[i];
            const Column &column = columns[i];
            if (std::holds_alternative<std::monostate>(value)) {
                if (!column.nullable && !(rowid && column.key))
                    return false;
            } else if (column.text ? !std::holds_alternative<std::string>(value)
                                   : !std::holds_alternative<std::int64_t>(value) || (rowid && column.key)) {
                return false;
            }
        }
        return true;
    }
};

class Salvager final {
public:
    Salvager(sql::PageFile &from, sql::Database &to) : m_from(from), m_to(to) {}

    Result<Salvage> run()
    {
        // Rows come in the order of the pages; the whole file is synced before it gets its name.
        KITH_TRY(m_to.execute("PRAGMA foreign_keys=OFF; PRAGMA synchronous=OFF"));
        KITH_TRY_VALUE(transaction, sql::Transaction::begin(m_to));
        for (const auto &[table, fewest] : {std::pair{"settings", 2},
                                            {"users", 5},
                                            {"conversations", 26},
                                            {"messages", 18},
                                            {"changes", 6},
                                            {"forgotten", 3}})
            KITH_TRY(learn(table, static_cast<std::size_t>(fewest)));
        KITH_TRY_VALUE(scan, sql::scanPages(
                                 m_from.pages(), [this](std::int64_t number) { return m_from.page(number); },
                                 [this](const Cell &cell) { return take(cell); }));
        KITH_TRY(nameTheNameless());
        KITH_TRY(settle());
        KITH_TRY(transaction.commit());
        Salvage done;
        done.unreadable = scan.unreadable;
        KITH_TRY_VALUE(messages, m_to.scalar("SELECT count(*) FROM messages"));
        KITH_TRY_VALUE(unsent, m_to.scalar("SELECT count(*) FROM messages WHERE state>0"));
        done.messages = messages;
        done.unsent = unsent;
        KITH_TRY(m_to.integrityCheck());
        return done;
    }

private:
    Result<void> learn(const std::string &table, std::size_t fewest)
    {
        Shape shape;
        shape.table = table;
        shape.fewest = fewest;
        KITH_TRY_VALUE(get, m_to.prepare("SELECT name,type,\"notnull\",pk FROM pragma_table_info(?)"));
        get.bind(1, table);
        for (;;) {
            KITH_TRY_VALUE(row, get.step());
            if (!row)
                break;
            shape.columns.push_back({get.text(0), get.text(1) == "TEXT", get.integer(2) == 0, get.integer(3) != 0});
        }
        shape.rowid = !shape.columns.empty() && shape.columns.front().key && !shape.columns.front().text;
        m_shapes.push_back(std::move(shape));
        return {};
    }

    Result<void> take(const Cell &cell)
    {
        for (const Shape &shape : m_shapes)
            if (shape.fits(cell))
                return insert(shape, cell);
        // An entry of the index over the conversations' names: it may outlive the row.
        if (!cell.rowid && cell.values.size() == 2 && std::holds_alternative<std::string>(cell.values[0]) &&
            std::holds_alternative<std::int64_t>(cell.values[1])) {
            const ConversationId name(std::get<std::string>(cell.values[0]));
            if (conversationType(archivedFrom(name)))
                m_names.emplace(std::get<std::int64_t>(cell.values[1]), name.str());
        }
        return {};
    }

    Result<void> insert(const Shape &shape, const Cell &cell)
    {
        std::string text = "INSERT OR IGNORE INTO " + shape.table + "(", marks;
        for (std::size_t i = 0; i < cell.values.size(); ++i) {
            text += (i == 0 ? "" : ",") + shape.columns[i].name;
            marks += i == 0 ? "?" : ",?";
        }
        KITH_TRY_VALUE(put, m_to.cached(text + ") VALUES(" + marks + ")"));
        for (std::size_t i = 0; i < cell.values.size(); ++i) {
            const int at = static_cast<int>(i) + 1;
            if (cell.rowid && shape.columns[i].key)
                put->bind(at, *cell.rowid);
            else if (const auto *number = std::get_if<std::int64_t>(&cell.values[i]))
                put->bind(at, *number);
            else if (const auto *words = std::get_if<std::string>(&cell.values[i]))
                put->bind(at, *words);
            else
                put->bindNull(at);
        }
        return put->run();
    }

    /// Messages whose conversation's row is gone get it back, with the name that the index knows or one of their own.
    /// The server's next list of conversations fills it in, and what was not changed since is compared with it.
    Result<void> nameTheNameless()
    {
        std::vector<std::int64_t> nameless;
        {
            KITH_TRY_VALUE(get, m_to.prepare("SELECT DISTINCT conversation FROM messages WHERE conversation NOT IN "
                                             "(SELECT id FROM conversations)"));
            for (;;) {
                KITH_TRY_VALUE(row, get.step());
                if (!row)
                    break;
                nameless.push_back(get.integer(0));
            }
        }
        KITH_TRY_VALUE(put, m_to.cached("INSERT OR IGNORE INTO conversations(id,name,stale,removed) VALUES(?,?,?,?)"));
        for (const auto id : nameless) {
            if (const auto known = m_names.find(id); known != m_names.end()) {
                const bool archive = isArchive(ConversationId(known->second));
                KITH_TRY(put->bindAll(id, known->second, std::int64_t{!archive}, std::int64_t{archive}).run());
                if (m_to.changes() > 0)
                    continue;
            }
            const auto name = archiveName(ConversationId("g:salvaged-" + std::to_string(id)), 0);
            KITH_TRY(put->bindAll(id, name.str(), std::int64_t{0}, std::int64_t{1}).run());
        }
        return {};
    }

    Result<void> settle()
    {
        return m_to.execute(
            "DELETE FROM changes WHERE message NOT IN (SELECT id FROM messages);"
            // What was to be deleted is not brought back by a damage.
            "DELETE FROM messages WHERE seq<(SELECT todo FROM forgotten f WHERE f.conversation=messages.conversation) "
            "AND id NOT IN (SELECT message FROM changes);"
            "UPDATE forgotten SET todo=0;"
            "DELETE FROM forgotten WHERE below=0;"
            "DELETE FROM settings WHERE name='history.forget';"
            // Seqs have no gaps on the server: a run of them is what is known complete.
            "DELETE FROM ranges;"
            "INSERT INTO ranges SELECT conversation,min(seq),max(seq) FROM (SELECT conversation,seq,"
            "seq-row_number() OVER (PARTITION BY conversation ORDER BY seq) AS run FROM messages WHERE seq IS NOT "
            "NULL) "
            "GROUP BY conversation,run;"
            "INSERT OR IGNORE INTO suspects SELECT r.* FROM ranges r JOIN conversations c ON c.id=r.conversation WHERE "
            "c.stale=1;"
            "UPDATE conversations SET head_seq=max(head_seq,coalesce((SELECT max(to_seq) FROM ranges WHERE "
            "conversation=conversations.id),0));"
            "UPDATE conversations SET changed_at=(SELECT max(created_at) FROM messages WHERE conversation="
            "conversations.id) WHERE changed_at=0 AND head_seq>0;"
            "DELETE FROM settings WHERE name='sync.since';"
            // Not 'rebuild': what is unsent is indexed when it is accepted, and would then be there twice.
            "INSERT INTO messages_fts(rowid,body) SELECT id,body FROM messages WHERE seq IS NOT NULL AND body<>''");
    }

    sql::PageFile &m_from;
    sql::Database &m_to;
    std::vector<Shape> m_shapes;
    std::map<std::int64_t, std::string> m_names; // of conversations
};

/// Closes what it opened before anything is renamed.
Result<Salvage> copyInto(const std::string &path, const crypto::Secret &key, const std::string &fresh)
{
    KITH_TRY_VALUE(lock, sql::FileLock::take(path + ".lock"));
    KITH_TRY_VALUE(from, sql::PageFile::open(path, key));
    KITH_TRY_VALUE(to, sql::Database::open(fresh, key, {}));
    KITH_TRY(makeSchema(to));
    return Salvager(from, to).run();
}

} // namespace

Result<Salvage> salvage(const std::string &path, const crypto::Secret &key)
{
    const std::string fresh = path + ".salvaging";
    KITH_TRY(sql::undoReplacement(path, std::string(kDamaged)));
    sql::discardDatabase(fresh);
    auto done = copyInto(path, key, fresh);
    if (!done) {
        sql::discardDatabase(fresh);
        return done;
    }
    KITH_TRY_VALUE(aside, sql::replaceDatabase(path, fresh, std::string(kDamaged)));
    done->aside = std::move(aside);
    return done;
}

Result<std::string> startAnew(const std::string &path, const crypto::Secret &key)
{
    const std::string fresh = path + ".salvaging";
    sql::discardDatabase(fresh);
    {
        KITH_TRY_VALUE(made, sql::Database::open(fresh, key, {}));
        KITH_TRY(makeSchema(made));
    }
    return sql::replaceDatabase(path, fresh, std::string(kDamaged));
}

void forgetDamaged(const std::string &path)
{
    namespace fs = std::filesystem;
    const fs::path at(path);
    const std::string stem = at.filename().string() + std::string(kDamaged);
    std::error_code ignored;
    std::vector<fs::path> found;
    for (fs::directory_iterator it(at.parent_path(), ignored), end; !ignored && it != end; it.increment(ignored))
        if (it->path().filename().string().starts_with(stem))
            found.push_back(it->path());
    for (const auto &one : found)
        fs::remove(one, ignored);
}

} // namespace kith::history
