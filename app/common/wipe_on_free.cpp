// SPDX-License-Identifier: GPL-3.0-or-later
// Memory that the client gives back is overwritten first. Passwords, tokens and messages pass through strings of Qt,
// of JSON and of the network that nobody wipes; without this a locked client's memory would still tell them
// (docs/decisions/0004-wipe-on-free.md). Linked into the client's programs; these definitions come before libc's, and
// before those of a preloaded allocator, for every library in the process: so they are the whole family. glibc on
// 64 bits only: elsewhere nothing is replaced.
#include <cstddef>

#if defined(__GLIBC__) && defined(__LP64__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <malloc.h>
#include <new>

extern "C" {

void *__libc_malloc(std::size_t size);
void *__libc_calloc(std::size_t count, std::size_t size);
void *__libc_memalign(std::size_t alignment, std::size_t size);
void __libc_free(void *block);

} // extern "C"

namespace {

constexpr std::size_t kMapped = 2, kFlags = 7; // of the size word before a block (glibc malloc/malloc.c)
constexpr int kMapFrom = 1024 * 1024;          // from here on blocks are mappings of their own

std::size_t sizeWord(const void *block)
{
    return static_cast<const std::size_t *>(block)[-1];
}

/// As malloc_usable_size(), which a preloaded allocator would answer for its own blocks.
std::size_t usable(const void *block)
{
    const std::size_t word = sizeWord(block);
    return (word & ~kFlags) - ((word & kMapped) != 0 ? 2 : 1) * sizeof(std::size_t);
}

/// A fixed threshold: glibc would raise it, and wiping a large block that was hardly used costs its pages.
[[maybe_unused]] const int kThresholdSet = mallopt(M_MMAP_THRESHOLD, kMapFrom);

} // namespace

extern "C" {

void *malloc(std::size_t size)
{
    return __libc_malloc(size);
}

void *calloc(std::size_t count, std::size_t size)
{
    return __libc_calloc(count, size);
}

void *memalign(std::size_t alignment, std::size_t size)
{
    return __libc_memalign(alignment, size);
}

void *aligned_alloc(std::size_t alignment, std::size_t size)
{
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **block, std::size_t alignment, std::size_t size)
{
    if (alignment < sizeof(void *) || (alignment & (alignment - 1)) != 0)
        return EINVAL;
    void *made = __libc_memalign(alignment, size);
    if (!made)
        return ENOMEM;
    *block = made;
    return 0;
}

std::size_t malloc_usable_size(void *block)
{
    return block ? usable(block) : 0;
}

void free(void *block)
{
    if (!block)
        return;
    if ((sizeWord(block) & kMapped) == 0) // the kernel takes a mapping back and gives nobody its bytes
        explicit_bzero(block, usable(block));
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
    const std::size_t here = usable(block);
    if (size <= here && size >= here / 2)
        return block;
    void *moved = __libc_malloc(size);
    if (!moved)
        return nullptr;
    std::memcpy(moved, block, std::min(size, here));
    free(block);
    return moved;
}

} // extern "C"

// A preloaded allocator brings operators of its own, whose blocks free() must not meet.
namespace {

void *allocate(std::size_t size, std::size_t alignment = 0)
{
    for (;;) {
        void *made = alignment > 0 ? __libc_memalign(alignment, size) : __libc_malloc(size);
        if (made)
            return made;
        const std::new_handler handler = std::get_new_handler();
        if (!handler)
            throw std::bad_alloc();
        handler();
    }
}

} // namespace

void *operator new(std::size_t size)
{
    return allocate(size);
}

void *operator new(std::size_t size, std::align_val_t alignment)
{
    return allocate(size, static_cast<std::size_t>(alignment));
}

void *operator new[](std::size_t size)
{
    return allocate(size);
}

void *operator new[](std::size_t size, std::align_val_t alignment)
{
    return allocate(size, static_cast<std::size_t>(alignment));
}

void *operator new(std::size_t size, const std::nothrow_t &) noexcept
{
    return __libc_malloc(size);
}

void *operator new[](std::size_t size, const std::nothrow_t &) noexcept
{
    return __libc_malloc(size);
}

void operator delete(void *block) noexcept
{
    free(block);
}

void operator delete[](void *block) noexcept
{
    free(block);
}

void operator delete(void *block, std::size_t) noexcept
{
    free(block);
}

void operator delete[](void *block, std::size_t) noexcept
{
    free(block);
}

void operator delete(void *block, std::align_val_t) noexcept
{
    free(block);
}

void operator delete[](void *block, std::align_val_t) noexcept
{
    free(block);
}

void operator delete(void *block, std::size_t, std::align_val_t) noexcept
{
    free(block);
}

void operator delete[](void *block, std::size_t, std::align_val_t) noexcept
{
    free(block);
}

void operator delete(void *block, const std::nothrow_t &) noexcept
{
    free(block);
}

void operator delete[](void *block, const std::nothrow_t &) noexcept
{
    free(block);
}

#endif
