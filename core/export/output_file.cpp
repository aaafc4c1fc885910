// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/output_file.h"

#include "core/base/durable.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef __linux__
#include <linux/fs.h>
#include <sys/syscall.h>
#endif

namespace kith::exporting {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t kBuffer = 1 << 20;

Unexpected<Error> failure(int why, const std::string &path)
{
    const bool full = why == ENOSPC || why == EDQUOT || why == EFBIG; // of this size
    return Unexpected(Error{full ? ErrorCode::DiskFull : ErrorCode::Unwritable, path + ": " + std::strerror(why)});
}

Unexpected<Error> exists(const std::string &path)
{
    return Unexpected(Error{ErrorCode::Exists, path + ": exists already"});
}

/// The one file of that name: not what somebody may have laid there to be written through.
bool isOwn(int descriptor, const std::string &name)
{
    struct stat opened {
    }, named{};
    return ::fstat(descriptor, &opened) == 0 && ::lstat(name.c_str(), &named) == 0 && opened.st_ino == named.st_ino &&
           opened.st_dev == named.st_dev && S_ISREG(opened.st_mode) && opened.st_uid == ::geteuid() &&
           opened.st_nlink == 1;
}

int renameWithoutReplacing(const std::string &from, const std::string &to)
{
#if defined(__linux__) && defined(SYS_renameat2) && defined(RENAME_NOREPLACE)
    if (::syscall(SYS_renameat2, AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0)
        return 0;
    if (errno != EINVAL && errno != ENOSYS)
        return -1; // else the file system does not know it
#endif
    struct stat there {};
    if (::lstat(to.c_str(), &there) == 0) {
        errno = EEXIST;
        return -1;
    }
    return ::rename(from.c_str(), to.c_str());
}

} // namespace

OutputFile::OutputFile(std::string path, bool replace, int descriptor)
    : m_path(std::move(path)), m_replace(replace), m_descriptor(descriptor)
{
}

OutputFile::OutputFile(OutputFile &&other) noexcept
    : m_path(std::move(other.m_path)), m_buffer(std::move(other.m_buffer)), m_replace(other.m_replace),
      m_descriptor(std::exchange(other.m_descriptor, -1)), m_size(other.m_size)
{
}

OutputFile::~OutputFile()
{
    if (m_descriptor < 0)
        return;
    ::unlink(partOf(m_path).c_str());
    ::close(m_descriptor); // and with it the lock, when the name is gone
}

Result<OutputFile> OutputFile::create(const std::string &wanted, bool replace)
{
    std::error_code failed;
    std::string path = wanted;
    if (const auto type = fs::symlink_status(path, failed).type(); type != fs::file_type::not_found) {
        if (type == fs::file_type::symlink && replace)
            path = fs::weakly_canonical(path, failed).string(); // the file that the link names, not the link
        const auto aim = fs::status(path, failed).type();
        if (aim != fs::file_type::regular && aim != fs::file_type::not_found)
            return Unexpected(Error{ErrorCode::Unwritable, path + ": not a file"});
        if (!replace)
            return exists(path);
    }
    const auto part = partOf(path);
    const int descriptor = ::open(part.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor < 0)
        return failure(errno, part);
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
        ::close(descriptor);
        return Unexpected(Error{ErrorCode::Busy, part});
    }
    // Between opening and locking another export may have given it its final name.
    if (!isOwn(descriptor, part)) {
        ::close(descriptor);
        return Unexpected(Error{ErrorCode::Busy, part});
    }
    OutputFile file(std::move(path), replace, descriptor);
    if (::fchmod(descriptor, 0600) != 0 || ::ftruncate(descriptor, 0) != 0)
        return failure(errno, part);
    return file;
}

Result<void> OutputFile::write(std::string_view text)
{
    m_size += static_cast<std::int64_t>(text.size());
    m_buffer += text;
    return m_buffer.size() < kBuffer ? Result<void>() : flush();
}

Result<void> OutputFile::flush()
{
    std::string_view rest = m_buffer;
    while (!rest.empty()) {
        const auto written = ::write(m_descriptor, rest.data(), rest.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return failure(errno, partOf(m_path));
        rest.remove_prefix(static_cast<std::size_t>(written));
    }
    m_buffer.clear();
    return {};
}

Result<void> OutputFile::sync()
{
    KITH_TRY(flush());
    if (::fsync(m_descriptor) != 0 && errno != EINVAL)
        return failure(errno, partOf(m_path));
    return {};
}

Result<void> OutputFile::commit()
{
    const auto part = partOf(m_path);
    const int moved = m_replace ? ::rename(part.c_str(), m_path.c_str()) : renameWithoutReplacing(part, m_path);
    if (moved != 0)
        return errno == EEXIST ? exists(m_path) : failure(errno, m_path);
    ::close(std::exchange(m_descriptor, -1));
    if (!syncFolderOf(m_path))
        return failure(errno, m_path);
    return {};
}

} // namespace kith::exporting
