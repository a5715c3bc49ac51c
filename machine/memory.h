/* SPDX-License-Identifier: MIT
 * Measured memory: mapped, bound to its node, touched there and checked. Only memory.c uses libnuma
 * and the memory-policy calls. */
#ifndef MACHINE_MEMORY_H
#define MACHINE_MEMORY_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

enum memory_pages { PAGES_4K, PAGES_THP, PAGES_2M, PAGES_COUNT };
extern const char *const memory_pages_name[PAGES_COUNT];

enum { MEMORY_ANY_NODE = -1, MEMORY_INTERLEAVE = -2 };

struct memory_policy {
    int node; /* OS index, MEMORY_ANY_NODE on a machine without NUMA, or MEMORY_INTERLEAVE */
    enum memory_pages pages;
};

/* Maps at least `bytes`, zeroed, its pages bound by `policy` and all touched by the calling thread,
 * which should run near the node: where binding is forbidden, the first touch decides. -ENOMEM: no
 * room on that node; -ENODEV: the node has no memory; -ENOTSUP: no pages of that size. *memory is
 * released with memory_free. */
int memory_new(size_t bytes, struct memory_policy policy, void **memory, struct err *err);
void memory_free(void *memory, size_t bytes, struct memory_policy policy);

/* Where the calling thread, and the programs that it starts, allocate from now on. 0, or -errno
 * with err: -ENODEV: the node has no memory; -EPERM: not allowed here. */
int memory_bind_programs(struct memory_policy policy, struct err *err);

/* Checks where the pages of [address, address + bytes) lie: by move_pages(2); where that is
 * forbidden (EPERM, ENOSYS), by /proc/self/numa_maps; where that is empty, by whether the process
 * has only one node. *how is then "move_pages", "numa_maps", "single-node" or, when none of these
 * answers, "unverified". 0, or -EXDEV with err when a page is known to be on another node than that
 * of the policy. */
int memory_verify(
    void *address, size_t bytes, struct memory_policy policy, const char **how, struct err *err);

/* Writes the sizes of the pages of touched memory in the words of memory_pages_name: "4k" (or the
 * kernel's own page, "64k"), "thp", "2m", or "4k+thp" where only some are huge; "" where the kernel
 * does not report it. Asking for transparent huge pages is no more than advice: where they are off,
 * or no 2 MiB are free in one piece, the kernel gives small ones and no error. */
enum { MEMORY_PAGES_TEXT = 32 };
void memory_pages_got(const void *address, size_t bytes, char out[MEMORY_PAGES_TEXT]);

#endif
