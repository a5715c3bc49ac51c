/* SPDX-License-Identifier: MIT
 * Tables of what the program has at an address, as barriers: of a fixed size, without a lock. */
#ifndef RUNTIME_BASE_BY_ADDRESS_H
#define RUNTIME_BASE_BY_ADDRESS_H

#include "runtime/base/compiler.h"

#include <stdbool.h>
#include <stddef.h>

/* `count` entries of `bytes` each, which begin with a uintptr_t: the address, 0 for an unused one.
 */
struct by_address {
    void *entries;
    size_t bytes;
    uint32_t count;
};

/* The address's entry; NULL: it has none, or with `make`, there is no room for it. A fresh one is
 * as by_address_remove found it. */
HIDDEN void *by_address_find(const struct by_address *table, uintptr_t address, bool make);
/* The first of the entries that the address may have. */
HIDDEN void *by_address_first(const struct by_address *table, uintptr_t address);
/* The entry is unused from now on. */
HIDDEN void by_address_remove(void *entry);

#endif
