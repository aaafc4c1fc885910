// SPDX-License-Identifier: GPL-3.0-or-later
// The folder that holds all of a client's state, owned by one process at a time.
#pragma once

#include "core/client/types.h"

#include <QString>

#include <memory>

class QLockFile;

namespace kith::client {

class Profile final {
public:
    /// Makes the folder (0700) where it is missing and locks it. ProfileInUse, Storage. Touches the disk: not for the
    /// window's thread.
    static Result<Profile> open(const QString &dir);
    Profile(Profile &&) noexcept;
    Profile &operator=(Profile &&) noexcept;
    ~Profile();

    QString databasePath() const;
    bool databaseExists() const;

private:
    Profile(QString dir, std::unique_ptr<QLockFile> lock);
    QString m_dir;
    std::unique_ptr<QLockFile> m_lock;
};

} // namespace kith::client
