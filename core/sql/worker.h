// SPDX-License-Identifier: GPL-3.0-or-later
// A thread that runs tasks in the order given: the home of one database connection.
#pragma once

#include <functional>
#include <memory>
#include <string>

namespace kith::sql {

class Worker final {
public:
    explicit Worker(std::string name);
    /// Runs what is queued, then joins.
    ~Worker();
    Worker(const Worker &) = delete;
    Worker &operator=(const Worker &) = delete;

    void post(std::function<void()> task);
    bool onThread() const; // true when called from a task

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace kith::sql
