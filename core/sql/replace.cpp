// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sql/replace.h"

#include "core/base/durable.h"

#include <filesystem>

#include <fcntl.h>
#include <unistd.h>

namespace kith::sql {
namespace {

namespace fs = std::filesystem;

std::string freeName(const std::string &stem)
{
    std::string name;
    for (int number = 1; name.empty() || fs::exists(name); ++number)
        name = stem + std::to_string(number);
    return name;
}

SqlError failure(const std::string &path)
{
    return SqlError{SqlErrorCode::Io, path, 0};
}

Result<void> syncName(const std::string &path)
{
    return syncFolderOf(path) ? Result<void>() : Unexpected(failure(path));
}

} // namespace

void discardDatabase(const std::string &path)
{
    std::error_code ignored;
    for (const char *suffix : {"", "-wal", "-shm", "-journal", ".lock", ".salt"})
        fs::remove(path + suffix, ignored);
}

Result<void> syncFile(const std::string &path)
{
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    const bool synced = descriptor >= 0 && ::fsync(descriptor) == 0;
    if (descriptor >= 0)
        ::close(descriptor);
    return synced ? Result<void>() : Unexpected(failure(path));
}

Result<void> undoReplacement(const std::string &path, const std::string &suffix)
{
    std::error_code failed;
    const auto names = fs::hard_link_count(path, failed);
    if (failed || names < 2)
        return {};
    const fs::path whole(path);
    const std::string stem = whole.filename().string() + suffix;
    for (fs::directory_iterator it(fs::absolute(whole).parent_path(), failed), end; !failed && it != end;
         it.increment(failed)) {
        const std::string other = it->path().string();
        if (!it->path().filename().string().starts_with(stem) || !fs::equivalent(other, path, failed))
            continue;
        for (const char *beside : {"-wal", ".salt"})
            if (fs::exists(other + beside) && ::rename((other + beside).c_str(), (path + beside).c_str()) != 0)
                return Unexpected(failure(path + beside));
        // What came back is there before the last sign that it had gone is not.
        KITH_TRY(syncName(path));
        if (::unlink(other.c_str()) != 0)
            return Unexpected(failure(other));
        return syncName(path);
    }
    return {};
}

Result<std::string> replaceDatabase(const std::string &path, const std::string &with, const std::string &suffix)
{
    std::string aside;
    KITH_TRY(syncFile(with));
    KITH_TRY(undoReplacement(path, suffix));
    if (fs::exists(path)) {
        aside = freeName(path + suffix);
        std::error_code failed;
        // First its second name: by that undoReplacement() knows that the rest may have happened.
        if (::link(path.c_str(), aside.c_str()) != 0)
            return Unexpected(failure(aside));
        KITH_TRY(syncName(path));
        // A log that is still there belongs to the old one; beside the new one it would be taken for its own.
        if (fs::exists(path + "-wal"))
            fs::rename(path + "-wal", aside + "-wal", failed);
        if (failed)
            return Unexpected(failure(aside));
        fs::remove(path + "-shm", failed);
        fs::rename(path + ".salt", aside + ".salt", failed); // where there is one
    }
    if (::rename(with.c_str(), path.c_str()) != 0)
        return Unexpected(failure(path));
    discardDatabase(with); // what was beside it
    KITH_TRY(syncName(path));
    return aside;
}

} // namespace kith::sql
