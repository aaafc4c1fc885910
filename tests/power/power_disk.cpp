// SPDX-License-Identifier: GPL-3.0-or-later
// Raw system calls only: the C library's functions of these names are the layer's own, and would count.
#include "power_disk.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace kith::power {
namespace {

constexpr off_t kSector = 512;

void writeAll(int fd, const std::string &content)
{
    for (std::size_t done = 0; done < content.size();) {
        const long n =
            syscall(SYS_pwrite64, fd, content.data() + done, content.size() - done, static_cast<off_t>(done));
        if (n <= 0)
            break;
        done += static_cast<std::size_t>(n);
    }
    syscall(SYS_ftruncate, fd, static_cast<off_t>(content.size()));
}

void put(std::string &content, off_t at, std::string_view bytes)
{
    const auto end = static_cast<std::size_t>(at) + bytes.size();
    if (content.size() < end)
        content.resize(end, '\0'); // what was never written reads as zeros
    std::copy(bytes.begin(), bytes.end(), content.begin() + at);
}

/// The content without any of the pending writes.
std::string durable(const File &file)
{
    std::string content = readRange(file.fd, 0, sizeOf(file.fd));
    for (auto write = file.pending.rbegin(); write != file.pending.rend(); ++write) {
        content.resize(static_cast<std::size_t>(write->sizeBefore), '\0');
        if (!write->before.empty())
            put(content, write->truncation ? write->sizeAfter : write->offset, write->before);
    }
    return content;
}

/// `keep(sector)` says of each sector in turn whether the disk had it.
template <class Keep>
void redo(std::string &content, const Write &write, bool grown, Keep keep)
{
    if (write.truncation) {
        if (keep(0))
            content.resize(static_cast<std::size_t>(write.sizeAfter), '\0');
        return;
    }
    const auto size = static_cast<off_t>(write.data.size());
    off_t number = 0;
    for (off_t at = 0; at < size; ++number) {
        const off_t end = std::min(size, ((write.offset + at) / kSector + 1) * kSector - write.offset);
        if (keep(number))
            put(content, write.offset + at,
                std::string_view(write.data).substr(static_cast<std::size_t>(at), static_cast<std::size_t>(end - at)));
        at = end;
    }
    // A file's new length may be on the disk although the bytes are not.
    if (grown && content.size() < static_cast<std::size_t>(write.offset + size))
        content.resize(static_cast<std::size_t>(write.offset + size), '\0');
}

void restore(const std::string &path, const File *file)
{
    const long fd = syscall(SYS_openat, AT_FDCWD, path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0 || file == nullptr)
        return;
    writeAll(static_cast<int>(fd), readRange(file->fd, 0, sizeOf(file->fd)));
}

bool endsWith(const std::string &text, std::string_view end)
{
    return text.size() >= end.size() && std::string_view(text).substr(text.size() - end.size()) == end;
}

void removeTree(const std::string &folder)
{
    DIR *listing = opendir(folder.c_str());
    if (listing == nullptr)
        return;
    while (const dirent *entry = readdir(listing)) {
        const std::string name = entry->d_name, path = folder + "/" + name;
        if (entry->d_type != DT_DIR)
            syscall(SYS_unlinkat, AT_FDCWD, path.c_str(), 0);
        else if (name != "." && name != "..")
            removeTree(path);
    }
    closedir(listing);
    syscall(SYS_unlinkat, AT_FDCWD, folder.c_str(), AT_REMOVEDIR);
}

void removeSharedMemory(const std::string &folder)
{
    DIR *listing = opendir(folder.c_str());
    if (listing == nullptr)
        return;
    while (const dirent *entry = readdir(listing)) {
        const std::string name = entry->d_name;
        if (entry->d_type == DT_DIR && name != "." && name != "..")
            removeSharedMemory(folder + "/" + name);
        else if (endsWith(name, "-shm"))
            syscall(SYS_unlinkat, AT_FDCWD, (folder + "/" + name).c_str(), 0);
    }
    closedir(listing);
}

} // namespace

off_t sizeOf(int fd)
{
    struct stat info {};
    return fstat(fd, &info) == 0 ? info.st_size : 0;
}

std::string readRange(int fd, off_t from, off_t to)
{
    std::string bytes(static_cast<std::size_t>(std::max<off_t>(0, to - from)), '\0');
    std::size_t done = 0;
    while (done < bytes.size()) {
        const long n =
            syscall(SYS_pread64, fd, bytes.data() + done, bytes.size() - done, from + static_cast<off_t>(done));
        if (n <= 0)
            break;
        done += static_cast<std::size_t>(n);
    }
    bytes.resize(done);
    return bytes;
}

bool Disk::holds(const std::string &path) const
{
    return path.size() > m_folder.size() && path.compare(0, m_folder.size(), m_folder) == 0 &&
           path[m_folder.size()] == '/' && !endsWith(path, "-shm") && !endsWith(path, ".lock");
}

File *Disk::fileOf(int fd)
{
    struct stat info {};
    if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode))
        return nullptr;
    for (auto &file : m_files)
        if (file.inode == info.st_ino && file.device == info.st_dev)
            return &file;
    const std::string link = "/proc/self/fd/" + std::to_string(fd);
    char path[4096];
    const ssize_t size = readlink(link.c_str(), path, sizeof path);
    if (size <= 0 || !holds(std::string(path, static_cast<std::size_t>(size))))
        return nullptr;
    const long own = syscall(SYS_openat, AT_FDCWD, link.c_str(), O_RDWR | O_CLOEXEC);
    if (own < 0)
        return nullptr;
    return &m_files.emplace_back(File{static_cast<int>(own), info.st_dev, info.st_ino, {}});
}

File *Disk::fileAt(const std::string &path)
{
    struct stat info {};
    if (!holds(path) || lstat(path.c_str(), &info) != 0 || !S_ISREG(info.st_mode))
        return nullptr;
    for (auto &file : m_files)
        if (file.inode == info.st_ino && file.device == info.st_dev)
            return &file;
    const long fd = syscall(SYS_openat, AT_FDCWD, path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    return fd < 0 ? nullptr : fileOf(static_cast<int>(fd)); // left open: see File::fd
}

void Disk::noteWrite(File &file, off_t offset, std::string before, std::string data, off_t sizeBefore)
{
    const off_t sizeAfter = std::max(sizeBefore, offset + static_cast<off_t>(data.size()));
    file.pending.push_back({++m_serial, offset, std::move(before), std::move(data), sizeBefore, sizeAfter, false});
}

void Disk::noteTruncation(File &file, std::string before, off_t sizeBefore, off_t sizeAfter)
{
    file.pending.push_back({++m_serial, 0, std::move(before), {}, sizeBefore, sizeAfter, true});
}

void Disk::noteName(Name::Kind kind, const std::string &path, const std::string &from, File *file)
{
    m_names.push_back({kind, ++m_serial, path, from, file});
}

void Disk::syncFolder(const std::string &path)
{
    m_names.erase(std::remove_if(m_names.begin(), m_names.end(),
                                 [&](const Name &name) { return name.path.substr(0, name.path.rfind('/')) == path; }),
                  m_names.end());
}

std::string Disk::lose(Loss loss, std::uint32_t seed)
{
    std::mt19937 random(seed);
    const auto below = [&](std::uint64_t n) { return n == 0 ? 0 : random() % n; };
    const auto likely = below(9) + 1; // of ten
    std::vector<std::uint64_t> serials;
    for (const auto &file : m_files)
        for (const auto &write : file.pending)
            serials.push_back(write.serial);
    for (const auto &name : m_names)
        serials.push_back(name.serial);
    std::sort(serials.begin(), serials.end());
    // Up to here everything is on the disk; the first behind it is torn.
    const std::uint64_t cut = serials.empty() ? 0 : serials[below(serials.size())];
    std::size_t writes = 0, sectors = 0, kept = 0;
    for (const auto &file : m_files) {
        if (file.pending.empty())
            continue;
        std::string content = durable(file);
        for (const auto &write : file.pending) {
            const auto torn = below(write.data.size() / kSector + 1);
            const bool whole = below(10) < likely;
            ++writes;
            redo(content, write, loss != Loss::All && below(2) == 0, [&](off_t sector) {
                bool keep = loss == Loss::None;
                if (loss == Loss::Tail)
                    keep = write.serial < cut || (write.serial == cut && static_cast<std::uint64_t>(sector) < torn);
                else if (loss == Loss::Subset)
                    keep = whole;
                else if (loss == Loss::Sectors)
                    keep = below(10) < likely;
                ++sectors;
                kept += keep;
                return keep;
            });
        }
        writeAll(file.fd, content);
    }
    // A file system's journal keeps the order of names: what is lost is the end of the list.
    std::size_t names = m_names.size();
    if (loss == Loss::All)
        names = 0;
    else if (loss == Loss::Tail)
        names = static_cast<std::size_t>(
            std::count_if(m_names.begin(), m_names.end(), [&](const Name &name) { return name.serial < cut; }));
    else if (loss != Loss::None)
        names = static_cast<std::size_t>(below(m_names.size() + 1));
    for (std::size_t i = m_names.size(); i-- > names;) {
        const Name &name = m_names[i];
        if (name.kind == Name::Kind::Renamed)
            syscall(SYS_renameat2, AT_FDCWD, name.path.c_str(), AT_FDCWD, name.from.c_str(), 0);
        if (name.kind == Name::Kind::Folder)
            removeTree(name.path);
        else if (name.kind == Name::Kind::Created)
            syscall(SYS_unlinkat, AT_FDCWD, name.path.c_str(), 0);
        else if (name.kind == Name::Kind::Removed || name.file != nullptr)
            restore(name.path, name.file);
    }
    removeSharedMemory(m_folder);
    char line[160];
    std::snprintf(line, sizeof line, "loss %d: kept %zu of %zu sectors in %zu unsynced writes, %zu of %zu names",
                  static_cast<int>(loss), kept, sectors, writes, names, m_names.size());
    return line;
}

} // namespace kith::power
