// SPDX-License-Identifier: GPL-3.0-or-later
// The C library's names for all that changes files, put before it by LD_PRELOAD. `close` is not among them: files are
// known by their inode.
#include "power_layer.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>
#include <string>

namespace {

using namespace kith::power;

std::string gathered(const iovec *parts, int count)
{
    std::string all;
    for (int i = 0; i < count; ++i)
        all.append(static_cast<const char *>(parts[i].iov_base), parts[i].iov_len);
    return all;
}

mode_t modeOf(int flags, va_list more)
{
    return (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE ? static_cast<mode_t>(va_arg(more, int)) : 0;
}

} // namespace

extern "C" {

#define KITH_OPEN(name)                                                                                                \
    int name(const char *path, int flags, ...)                                                                         \
    {                                                                                                                  \
        va_list more;                                                                                                  \
        va_start(more, flags);                                                                                         \
        const mode_t mode = modeOf(flags, more);                                                                       \
        va_end(more);                                                                                                  \
        return doOpen(AT_FDCWD, path, flags, mode);                                                                    \
    }
#define KITH_OPENAT(name)                                                                                              \
    int name(int at, const char *path, int flags, ...)                                                                 \
    {                                                                                                                  \
        va_list more;                                                                                                  \
        va_start(more, flags);                                                                                         \
        const mode_t mode = modeOf(flags, more);                                                                       \
        va_end(more);                                                                                                  \
        return doOpen(at, path, flags, mode);                                                                          \
    }
KITH_OPEN(open)
KITH_OPEN(open64)
KITH_OPENAT(openat)
KITH_OPENAT(openat64)

ssize_t write(int fd, const void *data, size_t size)
{
    return doWrite(fd, data, size, -1);
}
ssize_t pwrite(int fd, const void *data, size_t size, off_t offset)
{
    return doWrite(fd, data, size, offset);
}
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t offset)
{
    return doWrite(fd, data, size, offset);
}
ssize_t writev(int fd, const iovec *parts, int count)
{
    struct stat info {};
    if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode))
        return static_cast<ssize_t>(syscall(SYS_writev, fd, parts, count));
    const std::string all = gathered(parts, count);
    return doWrite(fd, all.data(), all.size(), -1);
}
ssize_t pwritev(int fd, const iovec *parts, int count, off_t offset)
{
    const std::string all = gathered(parts, count);
    return doWrite(fd, all.data(), all.size(), offset);
}
ssize_t pwritev64(int fd, const iovec *parts, int count, off64_t offset)
{
    const std::string all = gathered(parts, count);
    return doWrite(fd, all.data(), all.size(), offset);
}
void *mmap(void *address, size_t size, int protection, int flags, int fd, off_t offset) noexcept
{
    return doMmap(address, size, protection, flags, fd, offset);
}
void *mmap64(void *address, size_t size, int protection, int flags, int fd, off64_t offset) noexcept
{
    return doMmap(address, size, protection, flags, fd, offset);
}
FILE *fopen(const char *path, const char *mode)
{
    return doFopen("fopen", path, mode);
}
FILE *fopen64(const char *path, const char *mode)
{
    return doFopen("fopen64", path, mode);
}
int fallocate(int fd, int mode, off_t offset, off_t size)
{
    refuse("fallocate", ours(fd));
    return static_cast<int>(syscall(SYS_fallocate, fd, mode, offset, size));
}
ssize_t sendfile(int to, int from, off_t *offset, size_t size) noexcept
{
    refuse("sendfile", ours(to));
    return static_cast<ssize_t>(syscall(SYS_sendfile, to, from, offset, size));
}
ssize_t copy_file_range(int from, off64_t *fromAt, int to, off64_t *toAt, size_t size, unsigned flags)
{
    refuse("copy_file_range", ours(to));
    return static_cast<ssize_t>(syscall(SYS_copy_file_range, from, fromAt, to, toAt, size, flags));
}
int mkdir(const char *path, mode_t mode) noexcept
{
    return doMkdir(path, mode);
}
int link(const char *from, const char *to) noexcept
{
    return doLink(AT_FDCWD, from, AT_FDCWD, to, 0);
}
int linkat(int fromAt, const char *from, int toAt, const char *to, int flags) noexcept
{
    return doLink(fromAt, from, toAt, to, flags);
}
int ftruncate(int fd, off_t size) noexcept
{
    return doTruncate(fd, size);
}
int ftruncate64(int fd, off64_t size) noexcept
{
    return doTruncate(fd, size);
}
int fsync(int fd)
{
    return doSync(fd);
}
int fdatasync(int fd)
{
    return doSync(fd);
}
int unlink(const char *path) noexcept
{
    return doUnlink(AT_FDCWD, path, 0);
}
int unlinkat(int at, const char *path, int flags) noexcept
{
    return doUnlink(at, path, flags);
}
int remove(const char *path) noexcept
{
    const int done = doUnlink(AT_FDCWD, path, 0);
    return done == 0 || errno != EISDIR ? done : static_cast<int>(syscall(SYS_unlinkat, AT_FDCWD, path, AT_REMOVEDIR));
}
int rename(const char *from, const char *to) noexcept
{
    return doRename(AT_FDCWD, from, AT_FDCWD, to, 0);
}
int renameat(int fromAt, const char *from, int toAt, const char *to) noexcept
{
    return doRename(fromAt, from, toAt, to, 0);
}
int renameat2(int fromAt, const char *from, int toAt, const char *to, unsigned flags) noexcept
{
    return doRename(fromAt, from, toAt, to, flags);
}
}
