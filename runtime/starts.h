/* SPDX-License-Identifier: MIT
 * The addresses at which objects start, as a set in which the last one before an address is found
 * at the same cost however far away it is. */
#ifndef RUNTIME_STARTS_H
#define RUNTIME_STARTS_H

#include "base/arch/arch.h"
#include "runtime/base/compiler.h"

#include <stdbool.h>

/* Level 0 has a bit for each 8 bytes of the address space, each other level one for each word of
 * the level below that may not be 0. The last level is one word. */
enum {
    STARTS_SHIFT = 3, /* what allocators align to at least, of blocks of 8 bytes or more */
    STARTS_WORD_BITS = 6,
    STARTS_LEVELS = (ARCH_ADDRESS_BITS - STARTS_SHIFT + STARTS_WORD_BITS - 1) / STARTS_WORD_BITS,
};
struct starts {
    uint64_t *level[STARTS_LEVELS];
};

/* False without address space. */
HIDDEN bool starts_init(struct starts *s);

/* Of addresses in the same 8 bytes there is one at most. Any thread may call these at any time,
 * without a lock. */
HIDDEN void starts_add(struct starts *s, uintptr_t address);
HIDDEN void starts_remove(struct starts *s, uintptr_t address);
HIDDEN bool starts_has(const struct starts *s, uintptr_t address);

/* The last one at or before the address, rounded down to 8 bytes; 0: none. */
HIDDEN uintptr_t starts_before(struct starts *s, uintptr_t address);

#endif
