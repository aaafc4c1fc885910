// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/store/embedded/process_lock.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace kith::server::embedded {

sql::Result<ProcessLock> ProcessLock::take(const std::string &path)
{
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return Unexpected(sql::SqlError{errno == ENOSPC ? sql::SqlErrorCode::DiskFull : sql::SqlErrorCode::CannotOpen,
                                        path + ": " + std::strerror(errno)});
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        const bool held = errno == EWOULDBLOCK;
        ::close(descriptor);
        return Unexpected(sql::SqlError{held ? sql::SqlErrorCode::Busy : sql::SqlErrorCode::CannotOpen, path});
    }
    return ProcessLock(descriptor);
}

ProcessLock::~ProcessLock()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

} // namespace kith::server::embedded
