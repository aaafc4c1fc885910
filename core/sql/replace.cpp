// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sql/replace.h"

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

} // namespace

void discardDatabase(const std::string &path)
{
    std::error_code ignored;
    for (const char *suffix : {"", "-wal", "-shm", "-journal", ".lock", ".salt"})
        fs::remove(path + suffix, ignored);
}

Result<void> syncPath(const std::string &path)
{
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    const bool synced = descriptor >= 0 && ::fsync(descriptor) == 0;
    if (descriptor >= 0)
        ::close(descriptor);
    return synced ? Result<void>() : Unexpected(failure(path));
}

Result<std::string> replaceDatabase(const std::string &path, const std::string &with, const std::string &suffix)
{
    std::string aside;
    KITH_TRY(syncPath(with));
    if (fs::exists(path)) {
        aside = freeName(path + suffix);
        std::error_code failed;
        // A log that is still there belongs to the old one; beside the new one it would be taken for its own.
        if (fs::exists(path + "-wal"))
            fs::rename(path + "-wal", aside + "-wal", failed);
        if (failed || ::link(path.c_str(), aside.c_str()) != 0)
            return Unexpected(failure(aside));
        fs::remove(path + "-shm", failed);
        fs::rename(path + ".salt", aside + ".salt", failed); // where there is one
    }
    if (::rename(with.c_str(), path.c_str()) != 0)
        return Unexpected(failure(path));
    discardDatabase(with); // what was beside it
    const std::string folder = fs::path(path).parent_path().string();
    KITH_TRY(syncPath(folder.empty() ? "." : folder));
    return aside;
}

} // namespace kith::sql
