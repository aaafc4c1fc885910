// SPDX-License-Identifier: GPL-3.0-or-later
// LD_PRELOAD: writes below KITH_POWER_DIR are on the disk when they are synced, and not before. At operation number
// KITH_POWER_AT the power is lost: a part of what is not synced goes (KITH_POWER_SEED says which; seed % 5 is the kind,
// see Loss), and the process ends at once with 137. KITH_POWER_REPORT names a file that gets the number of operations
// at a normal exit. KITH_POWER_IGNORE_SYNC=1 makes a sync do nothing: a check that finds no loss then finds nothing.
#include "power_layer.h"

#include "power_disk.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>

namespace kith::power {
namespace {

std::uint32_t number(const char *name)
{
    const char *text = std::getenv(name);
    return text == nullptr ? 0 : static_cast<std::uint32_t>(std::strtoul(text, nullptr, 10));
}

std::string folderOf()
{
    const char *text = std::getenv("KITH_POWER_DIR");
    char whole[PATH_MAX];
    return text != nullptr && realpath(text, whole) != nullptr ? whole : "";
}

struct Layer {
    std::mutex lock; // held over each operation and its note: nothing is written after the power is gone
    std::string folder = folderOf();
    Disk disk{folder};
    std::uint32_t at = number("KITH_POWER_AT"), seed = number("KITH_POWER_SEED"), count = 0;
    bool ignoreSync = number("KITH_POWER_IGNORE_SYNC") != 0;

    bool off() const { return folder.empty(); }

    void operation(const char *what)
    {
        if (++count != at)
            return;
        const std::string said = disk.lose(static_cast<Loss>(seed % kLosses), seed * 2654435761U + at);
        char line[320];
        const int size = std::snprintf(line, sizeof line, "power lost at operation %u (%s), seed %u, %s\n", at, what,
                                       seed, said.c_str());
        syscall(SYS_write, 2, line, static_cast<std::size_t>(size));
        syscall(SYS_exit_group, 137);
    }
};

/// Never destroyed: other libraries write while the process ends.
Layer &layer()
{
    static Layer *const one = new Layer;
    return *one;
}

[[gnu::destructor]] void report()
{
    const char *path = std::getenv("KITH_POWER_REPORT");
    if (path == nullptr)
        return;
    const std::string text = std::to_string(layer().count) + "\n";
    const long fd = syscall(SYS_openat, AT_FDCWD, path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
    if (fd >= 0)
        syscall(SYS_write, static_cast<int>(fd), text.data(), text.size());
}

/// As /proc spells it. Empty where the folder is not there.
std::string wholePath(int at, const char *path)
{
    std::string text = path;
    if (text.empty() || (text[0] != '/' && at != AT_FDCWD))
        return {}; // nobody here opens relative to a descriptor
    const auto slash = text.rfind('/');
    const std::string folder = slash == std::string::npos ? "." : text.substr(0, slash + 1);
    char whole[PATH_MAX];
    if (realpath(folder.c_str(), whole) == nullptr)
        return {};
    return std::string(whole) + "/" + (slash == std::string::npos ? text : text.substr(slash + 1));
}

} // namespace

void refuse(const char *what, bool ours)
{
    if (!ours)
        return;
    char line[160];
    const int size = std::snprintf(line, sizeof line, "the layer that loses the power does not know %s\n", what);
    syscall(SYS_write, 2, line, static_cast<std::size_t>(size));
    syscall(SYS_exit_group, 138);
}

bool ours(int fd)
{
    Layer &l = layer();
    const std::lock_guard hold(l.lock);
    return !l.off() && l.disk.fileOf(fd) != nullptr;
}

int doOpen(int at, const char *path, int flags, mode_t mode)
{
    const auto really = [&] { return static_cast<int>(syscall(SYS_openat, at, path, flags, mode)); };
    Layer &l = layer();
    if (l.off() || (flags & (O_CREAT | O_TRUNC)) == 0 || (flags & O_TMPFILE) == O_TMPFILE)
        return really();
    const std::string whole = wholePath(at, path);
    if (!l.disk.holds(whole))
        return really();
    const std::lock_guard hold(l.lock);
    struct stat info {};
    const bool there = lstat(whole.c_str(), &info) == 0;
    File *file = there ? l.disk.fileAt(whole) : nullptr;
    std::string before = file != nullptr && (flags & O_TRUNC) != 0 ? readRange(file->fd, 0, info.st_size) : "";
    const int fd = really();
    if (fd < 0)
        return fd;
    if (!there) {
        l.disk.noteName(Name::Kind::Created, whole, {}, nullptr);
        l.disk.fileOf(fd);
        l.operation("create");
    } else if (!before.empty()) {
        l.disk.noteTruncation(*file, std::move(before), info.st_size, 0);
        l.operation("open with O_TRUNC");
    }
    return fd;
}

ssize_t doWrite(int fd, const void *data, std::size_t size, off_t offset)
{
    const bool here = offset < 0;
    const auto really = [&] {
        return static_cast<ssize_t>(here ? syscall(SYS_write, fd, data, size)
                                         : syscall(SYS_pwrite64, fd, data, size, offset));
    };
    Layer &l = layer();
    if (l.off())
        return really();
    struct stat info {};
    if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode))
        return really(); // sockets and pipes: without the lock, they may block
    const std::lock_guard hold(l.lock);
    File *file = l.disk.fileOf(fd);
    if (file == nullptr)
        return really();
    const off_t length = sizeOf(fd);
    const off_t start = !here ? offset : (fcntl(fd, F_GETFL) & O_APPEND) != 0 ? length : lseek(fd, 0, SEEK_CUR);
    std::string before = readRange(file->fd, start, std::min(length, start + static_cast<off_t>(size)));
    const ssize_t done = really();
    if (done > 0) {
        before.resize(std::min(before.size(), static_cast<std::size_t>(done)));
        l.disk.noteWrite(*file, start, std::move(before),
                         std::string(static_cast<const char *>(data), static_cast<std::size_t>(done)), length);
        l.operation("write");
    }
    return done;
}

int doTruncate(int fd, off_t size)
{
    Layer &l = layer();
    const std::lock_guard hold(l.lock);
    File *file = l.off() ? nullptr : l.disk.fileOf(fd);
    const off_t length = sizeOf(fd);
    std::string before = file != nullptr ? readRange(file->fd, size, length) : "";
    const int done = static_cast<int>(syscall(SYS_ftruncate, fd, size));
    if (done == 0 && file != nullptr) {
        l.disk.noteTruncation(*file, std::move(before), length, size);
        l.operation("truncate");
    }
    return done;
}

int doSync(int fd)
{
    Layer &l = layer();
    const std::lock_guard hold(l.lock);
    struct stat info {};
    if (l.off() || fstat(fd, &info) != 0)
        return static_cast<int>(syscall(SYS_fsync, fd));
    // The loss comes before the sync has done anything. No real sync: this disk is a model, and the test is faster.
    if (S_ISDIR(info.st_mode)) {
        const std::string link = "/proc/self/fd/" + std::to_string(fd);
        char path[PATH_MAX];
        if (realpath(link.c_str(), path) == nullptr || (path != l.folder && !l.disk.holds(path)))
            return static_cast<int>(syscall(SYS_fsync, fd));
        l.operation("sync of a folder");
        if (!l.ignoreSync)
            l.disk.syncFolder(path);
        return 0;
    }
    File *file = l.disk.fileOf(fd);
    if (file == nullptr)
        return static_cast<int>(syscall(SYS_fsync, fd));
    l.operation("sync");
    if (!l.ignoreSync)
        l.disk.sync(*file);
    return 0;
}

int doUnlink(int at, const char *path, int flags)
{
    const auto really = [&] { return static_cast<int>(syscall(SYS_unlinkat, at, path, flags)); };
    Layer &l = layer();
    const std::string whole = l.off() || flags != 0 ? "" : wholePath(at, path);
    if (!l.disk.holds(whole))
        return really();
    const std::lock_guard hold(l.lock);
    File *file = l.disk.fileAt(whole);
    const int done = really();
    if (done == 0) {
        l.disk.noteName(Name::Kind::Removed, whole, {}, file);
        l.operation("unlink");
    }
    return done;
}

int doMkdir(const char *path, mode_t mode)
{
    Layer &l = layer();
    const std::string whole = l.off() ? "" : wholePath(AT_FDCWD, path);
    const std::lock_guard hold(l.lock);
    const int done = static_cast<int>(syscall(SYS_mkdirat, AT_FDCWD, path, mode));
    if (done == 0 && l.disk.holds(whole)) {
        l.disk.noteName(Name::Kind::Folder, whole, {}, nullptr);
        l.operation("mkdir");
    }
    return done;
}

int doLink(int fromAt, const char *from, int toAt, const char *to, int flags)
{
    Layer &l = layer();
    const std::string whole = l.off() ? "" : wholePath(toAt, to);
    const std::lock_guard hold(l.lock);
    const int done = static_cast<int>(syscall(SYS_linkat, fromAt, from, toAt, to, flags));
    if (done == 0 && l.disk.holds(whole)) {
        l.disk.noteName(Name::Kind::Created, whole, {}, nullptr);
        l.operation("link");
    }
    return done;
}

FILE *doFopen(const char *name, const char *path, const char *mode)
{
    using Fopen = FILE *(*)(const char *, const char *);
    if (!layer().off() && std::strpbrk(mode, "wa+") != nullptr)
        refuse("streams that write", layer().disk.holds(wholePath(AT_FDCWD, path)));
    return reinterpret_cast<Fopen>(dlsym(RTLD_NEXT, name))(path, mode);
}

void *doMmap(void *address, size_t size, int protection, int flags, int fd, off_t offset)
{
    // `*-shm` is not ours: shared memory, gone with the process.
    if (fd >= 0 && (flags & MAP_SHARED) != 0 && (protection & PROT_WRITE) != 0)
        refuse("files written through memory", ours(fd));
    return reinterpret_cast<void *>(syscall(SYS_mmap, address, size, protection, flags, fd, offset));
}

int doRename(int fromAt, const char *from, int toAt, const char *to, unsigned flags)
{
    const auto really = [&] { return static_cast<int>(syscall(SYS_renameat2, fromAt, from, toAt, to, flags)); };
    Layer &l = layer();
    const std::string source = l.off() ? "" : wholePath(fromAt, from);
    const std::string target = l.off() ? "" : wholePath(toAt, to);
    if (!l.disk.holds(source) || !l.disk.holds(target))
        return really();
    const std::lock_guard hold(l.lock);
    l.disk.fileAt(source); // known before it has another name
    File *replaced = l.disk.fileAt(target);
    if ((flags & RENAME_EXCHANGE) != 0)
        refuse("an exchange of names", true);
    const int done = really();
    if (done == 0) {
        l.disk.noteName(Name::Kind::Renamed, target, source, replaced);
        l.operation("rename");
    }
    return done;
}

} // namespace kith::power
