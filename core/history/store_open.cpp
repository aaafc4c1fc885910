// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/impl.h"
#include "core/history/salvage.h"
#include "core/sql/page_file.h"
#include "core/sql/replace.h"

#include <algorithm>

namespace kith::history {

std::span<const sql::Migration> migrations(); // compiled in by kith_embed_sql()

HistoryStore::HistoryStore(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
HistoryStore::HistoryStore(HistoryStore &&) noexcept = default;
HistoryStore &HistoryStore::operator=(HistoryStore &&) noexcept = default;
HistoryStore::~HistoryStore() = default;

Result<void> makeSchema(sql::Database &db)
{
    KITH_TRY_VALUE(version, db.scalar("PRAGMA user_version"));
    // Only an empty file can be told to give space back piece by piece (continueForget()) without being written anew.
    if (version == 0)
        KITH_TRY(db.execute("PRAGMA auto_vacuum=INCREMENTAL; VACUUM"));
    return sql::migrate(db, migrations());
}

Result<HistoryStore> HistoryStore::open(const std::string &path, const crypto::Secret &key)
{
    sql::OpenOptions options;
    options.exclusive = true;
    KITH_TRY(sql::undoReplacement(path, std::string(kDamaged)));
    KITH_TRY_VALUE(db, sql::Database::open(path, key, options));
    KITH_TRY(makeSchema(db));
    sql::keepSalt(path); // salvage() may need it
    KITH_TRY_VALUE(suspects, db.scalar("SELECT count(*) FROM suspects"));
    KITH_TRY_VALUE(forgotten, db.scalar("SELECT count(*) FROM forgotten"));
    auto impl = std::unique_ptr<Impl>(new Impl{std::move(db), UserId()});
    impl->noSuspects = suspects == 0;
    impl->noForgotten = forgotten == 0;
    return HistoryStore(std::move(impl));
}

sql::Database &HistoryStore::database()
{
    return m_impl->db;
}

void HistoryStore::setSelf(const UserId &self)
{
    m_impl->self = self;
}

const UserId &HistoryStore::self() const
{
    return m_impl->self;
}

Result<std::optional<std::string>> HistoryStore::setting(std::string_view name)
{
    KITH_TRY_VALUE(get, m_impl->db.cached("SELECT value FROM settings WHERE name=?"));
    get->bind(1, name);
    KITH_TRY_VALUE(row, get->step());
    return row ? std::optional(get->text(0)) : std::nullopt;
}

Result<void> HistoryStore::setSetting(std::string_view name, std::string_view value)
{
    KITH_TRY_VALUE(put, m_impl->db.cached("INSERT INTO settings VALUES(?,?) "
                                          "ON CONFLICT(name) DO UPDATE SET value=excluded.value"));
    return put->bindAll(name, value).run();
}

Result<void> HistoryStore::removeSetting(std::string_view name)
{
    KITH_TRY_VALUE(drop, m_impl->db.cached("DELETE FROM settings WHERE name=?"));
    return drop->bindAll(name).run();
}

Result<void> HistoryStore::putUsers(std::span<const User> users)
{
    KITH_TRY_VALUE(transaction, sql::Transaction::begin(m_impl->db));
    for (const auto &user : users) {
        KITH_TRY_VALUE(put, m_impl->db.cached("INSERT OR REPLACE INTO users VALUES(?,?,?,?,?)"));
        KITH_TRY(put->bind(1, user.id.str())
                     .bind(2, user.username)
                     .bind(3, user.displayName)
                     .bind(4, user.avatar)
                     .bind(5, toUnixMs(user.createdAt))
                     .run());
        KITH_TRY(m_impl->avatarOfUser(user));
    }
    return transaction.commit();
}

namespace {

Result<std::vector<User>> readUsers(sql::Statement &statement)
{
    std::vector<User> users;
    for (;;) {
        KITH_TRY_VALUE(row, statement.step());
        if (!row)
            return users;
        users.push_back({UserId(statement.text(0)), statement.text(1), statement.text(2), statement.text(3),
                         fromUnixMs(statement.integer(4))});
    }
}

} // namespace

Result<std::vector<User>> HistoryStore::users(std::span<const UserId> ids)
{
    std::vector<User> found;
    for (const auto &id : ids) {
        KITH_TRY_VALUE(get, m_impl->db.cached("SELECT * FROM users WHERE id=?"));
        get->bind(1, id.str());
        KITH_TRY_VALUE(one, readUsers(*get));
        found.insert(found.end(), one.begin(), one.end());
    }
    return found;
}

Result<std::vector<User>> HistoryStore::allUsers()
{
    KITH_TRY_VALUE(get, m_impl->db.cached("SELECT * FROM users ORDER BY id"));
    return readUsers(*get);
}

Result<void> HistoryStore::setDraft(const ConversationId &id, std::string_view text)
{
    KITH_TRY_VALUE(transaction, sql::Transaction::begin(m_impl->db)); // the row of a new conversation, and its draft
    KITH_TRY_VALUE(key, m_impl->key(id, true));
    KITH_TRY_VALUE(put, m_impl->db.cached("UPDATE conversations SET draft=? WHERE id=?"));
    KITH_TRY(put->bindAll(text, key).run());
    return transaction.commit();
}

Result<void> HistoryStore::wipe(std::span<const std::string_view> keep)
{
    KITH_TRY_VALUE(transaction, sql::Transaction::begin(m_impl->db));
    KITH_TRY(m_impl->db.execute(
        "INSERT INTO messages_fts(messages_fts) VALUES('delete-all'); DELETE FROM messages;"
        "DELETE FROM changes; DELETE FROM suspects; DELETE FROM ranges; DELETE FROM receipts; "
        "DELETE FROM arrangement; DELETE FROM forgotten; DELETE FROM conversations; DELETE FROM users; "
        "DELETE FROM avatars"));
    std::vector<std::string> names;
    {
        KITH_TRY_VALUE(all, m_impl->db.prepare("SELECT name FROM settings"));
        for (;;) {
            KITH_TRY_VALUE(row, all.step());
            if (!row)
                break;
            names.push_back(all.text(0));
        }
    }
    for (const auto &name : names)
        if (std::find(keep.begin(), keep.end(), name) == keep.end())
            KITH_TRY(removeSetting(name));
    KITH_TRY(transaction.commit());
    m_impl->noForgotten = true;
    return {};
}

} // namespace kith::history
