// SPDX-License-Identifier: GPL-3.0-or-later
// Names that outlive a loss of power.
#pragma once

#include <string>

namespace kith {

/// A name that was made, renamed or removed is on the disk when its folder is synced: fsync of the file itself promises
/// its bytes alone (POSIX; ext4 does more, others do not). `path` is the name, not the folder. False, with errno, where
/// the folder cannot be synced; true where the file system knows no such thing.
bool syncFolderOf(const std::string &path);

} // namespace kith
