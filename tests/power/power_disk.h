// SPDX-License-Identifier: GPL-3.0-or-later
// What a disk may have kept at a loss of power: the files below one folder, with all that was not synced yet.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <deque>
#include <random>
#include <string>
#include <vector>

namespace kith::power {

/// Which of the unsynced writes are lost.
enum class Loss {
    All,     // the disk kept nothing it was not made to keep
    None,    // it had written everything
    Tail,    // it wrote in order and stopped somewhere, inside a write too
    Subset,  // whole writes in any order
    Sectors, // single sectors of 512 bytes in any order: torn writes
};
inline constexpr int kLosses = 5;

struct Write {
    std::uint64_t serial; // in the order of all writes and names
    off_t offset;
    std::string before; // what was overwritten or cut off
    std::string data;   // empty for a truncation
    off_t sizeBefore;
    off_t sizeAfter;
    bool truncation;
};

struct File {
    int fd; // our own and never closed: keeps the inode's number, and closing it would drop the process's POSIX locks
    dev_t device;
    ino_t inode;
    std::vector<Write> pending;
};

/// A directory entry that was made or went; durable when its directory is synced. A file's own fsync does not do that:
/// POSIX promises no more.
struct Name {
    enum class Kind { Created, Removed, Renamed, Folder } kind;
    std::uint64_t serial;
    std::string path; // what appeared, or went
    std::string from; // of Renamed
    File *file;       // that was removed or replaced, or null
};

/// Not thread-safe: the caller holds one lock around every call, and around the operation that it notes.
/// `*-shm` (memory, not a file), `*.lock` and the removal of directories are not modelled.
class Disk {
public:
    explicit Disk(std::string folder) : m_folder(std::move(folder)) {}

    bool holds(const std::string &path) const;
    /// The file behind a descriptor or a path, null if it is none of ours.
    File *fileOf(int fd);
    File *fileAt(const std::string &path);

    void noteWrite(File &file, off_t offset, std::string before, std::string data, off_t sizeBefore);
    void noteTruncation(File &file, std::string before, off_t sizeBefore, off_t sizeAfter);
    void noteName(Name::Kind kind, const std::string &path, const std::string &from, File *file);
    void sync(File &file) { file.pending.clear(); }
    void syncFolder(const std::string &path);

    /// Makes the folder what a disk may hold after the loss. Says in a line what was done.
    std::string lose(Loss loss, std::uint32_t seed);

private:
    std::string m_folder;
    std::deque<File> m_files; // stable addresses
    std::vector<Name> m_names;
    std::uint64_t m_serial = 0;
};

std::string readRange(int fd, off_t from, off_t to);
off_t sizeOf(int fd);

} // namespace kith::power
