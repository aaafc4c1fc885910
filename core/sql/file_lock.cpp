// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sql/file_lock.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace kith::sql {

Result<FileLock> FileLock::take(const std::string &path)
{
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return Unexpected(SqlError{errno == ENOSPC ? SqlErrorCode::DiskFull : SqlErrorCode::CannotOpen,
                                   path + ": " + std::strerror(errno)});
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        const bool held = errno == EWOULDBLOCK;
        ::close(descriptor);
        return Unexpected(SqlError{held ? SqlErrorCode::Busy : SqlErrorCode::CannotOpen, path});
    }
    return FileLock(descriptor);
}

FileLock::~FileLock()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

} // namespace kith::sql
