// SPDX-License-Identifier: GPL-3.0-or-later
// Memory that the client gives back is overwritten first. Passwords, tokens and messages pass through strings of Qt,
// of JSON and of the network that nobody wipes; without this a locked client's memory would still tell them
// (docs/decisions/0004-wipe-on-free.md). Linked into the client's programs; these definitions come before libc's for
// every library in the process. glibc only: elsewhere nothing is replaced.
#include <cstddef>

#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

#include <algorithm>
#include <cstring>
#include <malloc.h>

extern "C" {

void *__libc_malloc(std::size_t size);
void __libc_free(void *block);

void free(void *block) // NOLINT(misc-definitions-in-headers)
{
    if (!block)
        return;
    explicit_bzero(block, malloc_usable_size(block));
    __libc_free(block);
}

void *realloc(void *block, std::size_t size)
{
    if (!block)
        return __libc_malloc(size);
    if (size == 0) {
        free(block);
        return nullptr;
    }
    const std::size_t usable = malloc_usable_size(block);
    if (size <= usable && size >= usable / 2)
        return block;
    void *moved = __libc_malloc(size);
    if (!moved)
        return nullptr;
    std::memcpy(moved, block, std::min(size, usable));
    free(block);
    return moved;
}

} // extern "C"

#endif
