/* SPDX-License-Identifier: MIT
 * The block of glibc's malloc that an address of a process lies in, by the sizes that malloc writes
 * in front of its blocks. Reads the process's memory, and writes nothing. */
#ifndef PROBES_WATCH_HEAP_BLOCK_H
#define PROBES_WATCH_HEAP_BLOCK_H

#include <stdbool.h>
#include <stdint.h>

struct heap_block {
    uint64_t start,
        size; /* as malloc returned it; what it may hold, up to 31 bytes more than asked */
};

/* False: there is none, it begins more than 64 KiB before, or another malloc made it. */
bool heap_block_at(int pid, uint64_t address, struct heap_block *out);

#endif
