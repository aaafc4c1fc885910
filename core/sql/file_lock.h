// SPDX-License-Identifier: GPL-3.0-or-later
// Keeps a second process away from a database.
#pragma once

#include "core/sql/sql.h"

#include <string>
#include <utility>

namespace kith::sql {

/// flock() on a file of its own beside the database. Released with the object, or by the system with the process.
/// SQLite's own exclusive mode would shut out further connections of this process as well.
class FileLock final {
public:
    /// Busy if another holds it.
    static Result<FileLock> take(const std::string &path);
    FileLock(FileLock &&other) noexcept : m_descriptor(std::exchange(other.m_descriptor, -1)) {}
    FileLock &operator=(FileLock &&) = delete;
    ~FileLock();

private:
    explicit FileLock(int descriptor) : m_descriptor(descriptor) {}
    int m_descriptor;
};

} // namespace kith::sql
