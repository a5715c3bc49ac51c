/* SPDX-License-Identifier: MIT
 * Counted by thread, so that counting is not shared. */
#include "maps/memory.h"

#include <malloc.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Before glibc 2.33 the counts have 32 bits: they wrap at 4 GiB. */
#if __GLIBC_PREREQ(2, 33)
#define HEAP_INFO mallinfo2
#define HEAP_COUNT size_t
#else
#define HEAP_INFO mallinfo
#define HEAP_COUNT unsigned
#endif

enum {
    LINE = 128, /* of Apple's processors, and two of others, which some fetch in pairs */
    PAGE = 4096
};

static _Thread_local uint64_t allocated, fails_at;

static bool may_allocate(void)
{
    allocated++;
    return !fails_at || allocated < fails_at;
}

void *map_zeroed(size_t count, size_t bytes)
{
    return may_allocate() ? calloc(count, bytes) : NULL;
}

static void *zeroed_at(size_t multiple, size_t bytes)
{
    const size_t whole = (bytes + multiple - 1) / multiple * multiple;
    void *const memory = may_allocate() ? aligned_alloc(multiple, whole) : NULL;
    return memory ? memset(memory, 0, whole) : NULL;
}

void *map_zeroed_line(size_t bytes)
{
    return zeroed_at(LINE, bytes);
}

void *map_zeroed_page(size_t bytes)
{
    return zeroed_at(PAGE, bytes);
}

void map_free(void *memory)
{
    free(memory);
}

void *map_zeroed_home(const struct map_home *home, size_t bytes)
{
    if (!home)
        return map_zeroed_page(bytes);
    return may_allocate() ? home->zeroed(home, bytes) : NULL;
}

void map_free_home(const struct map_home *home, void *memory, size_t bytes)
{
    if (home && memory)
        home->free(home, memory, bytes);
    else
        map_free(memory);
}

uint64_t map_allocations(void)
{
    return allocated;
}

double map_heap_bytes(void)
{
    const struct HEAP_INFO info = HEAP_INFO();
    return (double)(HEAP_COUNT)info.uordblks + (double)(HEAP_COUNT)info.hblkhd;
}

void map_fail_after(uint64_t allocations)
{
    fails_at = allocations ? allocated + allocations + 1 : 0;
}
