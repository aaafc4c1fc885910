// SPDX-License-Identifier: GPL-3.0-or-later
// The system calls of power_names.cpp as the layer does them: really, and noted in the disk's model.
#pragma once

#include <sys/types.h>

#include <cstdio>

namespace kith::power {

int doOpen(int at, const char *path, int flags, mode_t mode);
/// offset < 0: where the descriptor stands.
ssize_t doWrite(int fd, const void *data, std::size_t size, off_t offset);
int doTruncate(int fd, off_t size);
int doSync(int fd);
int doUnlink(int at, const char *path, int flags);
int doMkdir(const char *path, mode_t mode);
int doLink(int fromAt, const char *from, int toAt, const char *to, int flags);
int doRename(int fromAt, const char *from, int toAt, const char *to, unsigned flags);
FILE *doFopen(const char *name, const char *path, const char *mode);
void *doMmap(void *address, std::size_t size, int protection, int flags, int fd, off_t offset);

/// A regular file below the folder.
bool ours(int fd);
/// Ends the process where `ours`: for ways to write that are not modelled. A test must not pass because the layer
/// looked elsewhere.
void refuse(const char *what, bool ours);

} // namespace kith::power
