// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/store/embedded/backup.h"

#include "core/sql/file_lock.h"
#include "core/sql/replace.h"
#include "server/store/embedded/embedded_store.h"

#include <filesystem>

namespace kith::server {
namespace {

namespace fs = std::filesystem;
using sql::SqlError;
using sql::SqlErrorCode;

/// Removes an unfinished copy and what is beside it; of a finished one only the latter is left.
struct Unfinished {
    std::string path;

    ~Unfinished()
    {
        sql::discardDatabase(path);
        std::error_code ignored;
        fs::remove(path + ".serving", ignored);
    }
};

sql::Result<sql::Database> openFor(const std::string &path, const crypto::Secret &key, bool create)
{
    sql::OpenOptions options;
    options.create = create;
    options.registerTokenizer = false;
    options.cacheKib = 16384;
    return sql::Database::open(path, key, options);
}

/// `from` as a sound database of its own at `to`, nothing beside it.
sql::Result<void> copy(const std::string &from, const crypto::Secret &key, const std::string &to)
{
    {
        KITH_TRY_VALUE(source, openFor(from, key, false));
        KITH_TRY_VALUE(target, openFor(to, key, true));
        KITH_TRY(source.copyTo(target));
        KITH_TRY(target.integrityCheck());
    }
    return sql::syncFile(to);
}

} // namespace

sql::Result<void> backUp(const std::string &path, const crypto::Secret &key, const std::string &to)
{
    if (fs::exists(to))
        return Unexpected(SqlError{SqlErrorCode::Busy, to + " is there already", 0});
    const Unfinished copying{to + ".writing"};
    sql::discardDatabase(copying.path);
    KITH_TRY(copy(path, key, copying.path));
    KITH_TRY(sql::replaceDatabase(to, copying.path, kReplaced));
    return {};
}

sql::Result<std::string> restore(const std::string &from, const crypto::Secret &key, const std::string &path,
                                 const Clock &clock)
{
    KITH_TRY_VALUE(lock, sql::FileLock::take(path + ".serving"));
    KITH_TRY(sql::undoReplacement(path, kReplaced));
    const Unfinished copying{path + ".restoring"};
    sql::discardDatabase(copying.path);
    KITH_TRY(copy(from, key, copying.path));
    {
        KITH_TRY_VALUE(store, EmbeddedStore::open(copying.path, key, clock));
        const auto renewed = store->renewEpoch();
        store->close();
        if (!renewed)
            return Unexpected(SqlError{SqlErrorCode::Io, copying.path, 0});
    }
    if (fs::exists(path))
        static_cast<void>(openFor(path, key, false)); // if it opens at all, its log becomes part of it
    return sql::replaceDatabase(path, copying.path, kReplaced);
}

} // namespace kith::server
