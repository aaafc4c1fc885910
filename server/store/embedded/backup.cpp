// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/store/embedded/backup.h"

#include "server/store/embedded/embedded_store.h"
#include "server/store/embedded/process_lock.h"

#include <filesystem>

#include <fcntl.h>
#include <unistd.h>

namespace kith::server {
namespace {

namespace fs = std::filesystem;
using sql::SqlError;
using sql::SqlErrorCode;

/// What SQLite and kithd keep beside a database.
constexpr const char *kBeside[] = {"-wal", "-shm", ".serving", ".lock"};

SqlError failure(SqlErrorCode code, const std::string &path)
{
    return SqlError{code, path, 0};
}

void discard(const std::string &path)
{
    std::error_code ignored;
    fs::remove(path, ignored);
    for (const char *suffix : kBeside)
        fs::remove(path + suffix, ignored);
}

/// Removes an unfinished copy unless it was given its name.
struct Unfinished {
    std::string path;
    bool done = false;

    ~Unfinished()
    {
        if (!done)
            discard(path);
    }
};

sql::Result<void> sync(const std::string &path)
{
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    const bool synced = descriptor >= 0 && ::fsync(descriptor) == 0;
    if (descriptor >= 0)
        ::close(descriptor);
    return synced ? sql::Result<void>() : Unexpected(failure(SqlErrorCode::Io, path));
}

std::string folderOf(const std::string &path)
{
    const std::string folder = fs::path(path).parent_path().string();
    return folder.empty() ? "." : folder;
}

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
    return sync(to);
}

/// A name for what was at `path`, not in use.
std::string asideName(const std::string &path)
{
    std::string name;
    int number = 0;
    do
        name = path + ".replaced-" + std::to_string(++number);
    while (fs::exists(name));
    return name;
}

} // namespace

sql::Result<void> backUp(const std::string &path, const crypto::Secret &key, const std::string &to)
{
    if (fs::exists(to))
        return Unexpected(failure(SqlErrorCode::Busy, to + " is there already"));
    Unfinished copying{to + ".writing"};
    discard(copying.path);
    KITH_TRY(copy(path, key, copying.path));
    if (::rename(copying.path.c_str(), to.c_str()) != 0)
        return Unexpected(failure(SqlErrorCode::Io, to));
    discard(copying.path); // what was beside it
    copying.done = true;
    return sync(folderOf(to));
}

sql::Result<std::string> restore(const std::string &from, const crypto::Secret &key, const std::string &path,
                                 const Clock &clock)
{
    KITH_TRY_VALUE(lock, embedded::ProcessLock::take(path + ".serving"));
    Unfinished copying{path + ".restoring"};
    discard(copying.path);
    KITH_TRY(copy(from, key, copying.path));
    {
        KITH_TRY_VALUE(store, EmbeddedStore::open(copying.path, key, clock));
        const auto renewed = store->renewEpoch();
        store->close();
        if (!renewed)
            return Unexpected(failure(SqlErrorCode::Io, copying.path));
    }
    KITH_TRY(sync(copying.path));
    std::string aside;
    if (fs::exists(path)) {
        // Its log becomes part of it, if it can be opened at all; then it has two names until the new one takes its
        // own.
        static_cast<void>(openFor(path, key, false));
        aside = asideName(path);
        std::error_code ignored;
        if (fs::exists(path + "-wal"))
            fs::rename(path + "-wal", aside + "-wal", ignored);
        fs::remove(path + "-shm", ignored);
        if (::link(path.c_str(), aside.c_str()) != 0)
            return Unexpected(failure(SqlErrorCode::Io, aside));
    }
    if (::rename(copying.path.c_str(), path.c_str()) != 0)
        return Unexpected(failure(SqlErrorCode::Io, path));
    discard(copying.path);
    copying.done = true;
    KITH_TRY(sync(folderOf(path)));
    return aside;
}

} // namespace kith::server
