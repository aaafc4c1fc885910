// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/ops/key_file.h"

#include "core/base/durable.h"
#include "core/crypto/crypto.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace kith::server {
namespace {

KeyFailure failure(KeyFileError error, const std::string &detail)
{
    return {error, detail};
}

/// Closes what it holds.
struct Descriptor {
    int fd;
    ~Descriptor()
    {
        if (fd >= 0)
            ::close(fd);
    }
};

constexpr std::size_t kHexChars = 2 * crypto::kKeyBytes;

} // namespace

Expected<crypto::Secret, KeyFailure> parseKey(std::string_view text, std::string_view where)
{
    if (text.ends_with('\n'))
        text.remove_suffix(1);
    auto bytes = crypto::fromHex(text);
    if (text.size() != kHexChars || !bytes || bytes->size() != crypto::kKeyBytes) {
        return Unexpected(
            failure(KeyFileError::Malformed, std::string(where) + " does not hold 64 hexadecimal characters"));
    }
    return crypto::Secret::take(std::move(*bytes));
}

Expected<crypto::Secret, KeyFailure> readKeyFile(const std::string &path)
{
    const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)};
    if (file.fd < 0) {
        const auto code = errno == ENOENT ? KeyFileError::Missing : KeyFileError::Io;
        return Unexpected(failure(code, path + ": " + std::strerror(errno)));
    }
    struct stat info {};
    if (::fstat(file.fd, &info) != 0 || !S_ISREG(info.st_mode))
        return Unexpected(failure(KeyFileError::Permissions, path + " is not a regular file"));
    if ((info.st_mode & 077) != 0)
        return Unexpected(failure(KeyFileError::Permissions, path + " can be read by others: its mode must be 0600"));
    char buffer[kHexChars + 2] = {};
    const ssize_t size = ::read(file.fd, buffer, sizeof buffer);
    if (size < 0)
        return Unexpected(failure(KeyFileError::Io, path + ": " + std::strerror(errno)));
    auto key = parseKey(std::string_view(buffer, static_cast<std::size_t>(size)), path);
    ::explicit_bzero(buffer, sizeof buffer);
    return key;
}

Expected<MadeKey, KeyFailure> readOrMakeKeyFile(const std::string &path, bool mayMake)
{
    auto there = readKeyFile(path);
    if (there)
        return MadeKey{std::move(there).value(), false};
    if (there.error().error != KeyFileError::Missing)
        return Unexpected(std::move(there).error());
    if (!mayMake) {
        return Unexpected(
            failure(KeyFileError::Missing, path + " is missing although a database is there: put its key file back"));
    }
    auto key = crypto::Secret::random(crypto::kKeyBytes);
    std::string hex = crypto::toHex(key.view()) + "\n";
    // Whole or not there: half a key file after a loss of power would be refused at every start from then on. By link
    // and not by rename: of two first starts at a time, one makes the key and the other fails instead of replacing it.
    const std::string draft = path + "." + std::to_string(::getpid()) + ".new";
    bool written = false;
    {
        const Descriptor file{::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600)};
        written = file.fd >= 0 && ::write(file.fd, hex.data(), hex.size()) == static_cast<ssize_t>(hex.size()) &&
                  ::fsync(file.fd) == 0;
    }
    ::explicit_bzero(hex.data(), hex.size());
    written = written && ::link(draft.c_str(), path.c_str()) == 0;
    const std::string why = std::strerror(errno);
    ::unlink(draft.c_str());
    // The name must be as durable as the bytes: a database whose key was lost by a power cut is lost with it.
    if (!written || !syncFolderOf(path))
        return Unexpected(
            failure(KeyFileError::Io, path + " cannot be made: " + (written ? std::strerror(errno) : why)));
    return MadeKey{std::move(key), true};
}

} // namespace kith::server
