// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/durable.h"

#ifndef _WIN32
#include <cerrno>
#include <fcntl.h>
#include <unistd.h>
#endif

namespace kith {

bool syncFolderOf(const std::string &path)
{
#ifdef _WIN32
    return !path.empty(); // NTFS keeps a journal of names, and has no call that waits for it
#else
    const auto end = path.find_last_not_of('/');
    const auto slash = end == std::string::npos ? end : path.rfind('/', end);
    const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
    const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return false;
    const bool done = ::fsync(fd) == 0 || errno == EINVAL;
    const int why = errno;
    ::close(fd);
    errno = why;
    return done;
#endif
}

} // namespace kith
