// SPDX-License-Identifier: GPL-3.0-or-later
// Built with libsqlite3 ahead of SQLCipher. Whatever the linker made of that, no plaintext may reach the disk: either
// SQLCipher won and the file is encrypted, or the guard says NotSqlCipher and the file holds nothing.
#include "core/sql/sql.h"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <stdlib.h>

int main()
{
    std::string folder = (std::filesystem::temp_directory_path() / "kith-sql-XXXXXX").string();
    if (mkdtemp(folder.data()) == nullptr)
        return 2;
    const std::string path = folder + "/test.db";
    const auto key = kith::crypto::Secret::random(32);
    const auto db = kith::sql::Database::open(path, key);
    std::ifstream file(path, std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(file)), {});
    const bool plaintext = bytes.starts_with("SQLite format 3");
    const bool refused = !db && db.error().code == kith::sql::SqlErrorCode::NotSqlCipher && bytes.empty();
    const bool encrypted = db && !bytes.empty() && !plaintext;
    std::printf("%s\n", refused ? "refused: not SQLCipher" : encrypted ? "encrypted" : "PLAINTEXT OR WRONG ERROR");
    std::filesystem::remove_all(folder);
    return refused || encrypted ? 0 : 1;
}
