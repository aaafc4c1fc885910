// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sql/guard.h"

#include <filesystem>
#include <fstream>

namespace kith::sql {
namespace {

constexpr std::string_view kPlainHeader{"SQLite format 3\0", 16};
constexpr std::uintmax_t kPageBytes = 4096;

} // namespace

Result<void> checkCipherVersion(std::string_view version)
{
    if (version.empty())
        return Unexpected(SqlError{SqlErrorCode::NotSqlCipher, "the library linked is not SQLCipher", 0});
    return {};
}

Result<FileState> checkFile(const std::string &path)
{
    std::error_code failure;
    const auto size = std::filesystem::file_size(path, failure);
    if (failure) {
        if (failure == std::errc::no_such_file_or_directory)
            return FileState::Absent;
        return Unexpected(SqlError{SqlErrorCode::CannotOpen, failure.message(), 0});
    }
    if (size == 0)
        return FileState::Empty;
    std::string head(kPlainHeader.size(), '\0');
    std::ifstream file(path, std::ios::binary);
    file.read(head.data(), static_cast<std::streamsize>(head.size()));
    if (head == kPlainHeader)
        return Unexpected(SqlError{SqlErrorCode::Plaintext, "the file is an unencrypted database", 0});
    // A last page that a loss of power tore is repaired from the log, or from the journal of a file's first pages.
    const auto beside = [&](const char *suffix) { return std::filesystem::exists(path + suffix, failure); };
    if (size % kPageBytes != 0 && !beside("-wal") && !beside("-journal"))
        return Unexpected(SqlError{SqlErrorCode::Truncated, "the file is not a whole number of pages", 0});
    return FileState::Present;
}

} // namespace kith::sql
