// SPDX-License-Identifier: GPL-3.0-or-later
// The pages of a closed encrypted database, one by one, without SQLite: which gives up a whole file, or all that hangs
// on a page, where one does not decrypt. The format is SQLCipher 4's: AES-256-CBC, then HMAC-SHA512 over ciphertext, IV
// and page number (zetetic.net/sqlcipher/design), and SQLite's write-ahead log (sqlite.org/fileformat2.html#walformat).
#pragma once

#include "core/sql/sql.h"

#include <map>

namespace kith::sql {

class PageFile final {
public:
    static constexpr std::size_t kPageBytes = 4096;
    static constexpr std::size_t kUsableBytes = kPageBytes - 80; // the rest is IV and HMAC

    /// WrongKey if not one page is authentic under `key`. Reads the file and its log, writes nothing. The salt, which
    /// the damaged file may have lost with its first bytes, is also looked for in saltPath().
    static Result<PageFile> open(const std::string &path, const crypto::Secret &key);

    PageFile(PageFile &&) noexcept;
    ~PageFile();

    std::int64_t pages() const;
    /// Page `number` (from 1) as the last commit left it, decrypted, kUsableBytes long; nothing if it is not authentic.
    std::optional<std::string> page(std::int64_t number);

private:
    struct Impl;
    explicit PageFile(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

/// Where a copy of the file's first 16 bytes lies: a salt, which is no secret and without which no page is authentic.
std::string saltPath(const std::string &path);
/// Makes that copy if it is not there or is another's. Failure costs nothing now and is not told.
void keepSalt(const std::string &path);

} // namespace kith::sql
