// SPDX-License-Identifier: GPL-3.0-or-later
// Keeps a second process away from a database that has several connections in the first.
#pragma once

#include "core/sql/sql.h"

#include <string>
#include <utility>

namespace kith::server::embedded {

/// flock() on a file of its own beside the database. Released with the object, or by the system with the process.
/// SQLite's own exclusive mode would shut out our readers as well.
class ProcessLock final {
public:
    /// Busy if another holds it.
    static sql::Result<ProcessLock> take(const std::string &path);
    ProcessLock(ProcessLock &&other) noexcept : m_descriptor(std::exchange(other.m_descriptor, -1)) {}
    ProcessLock &operator=(ProcessLock &&) = delete;
    ~ProcessLock();

private:
    explicit ProcessLock(int descriptor) : m_descriptor(descriptor) {}
    int m_descriptor;
};

} // namespace kith::server::embedded
