/* SPDX-License-Identifier: MIT
 * Entries of the recording's tables of lines and footprints. */
#ifndef RUNTIME_BASE_ENTRIES_H
#define RUNTIME_BASE_ENTRIES_H

#include "base/record.h"
#include "runtime/base/compiler.h"

/* An entry: its index + 1; 0 when there is none left, which is counted. */
HIDDEN uint32_t entries_take(struct record_table *table, void *entries);
/* `index` is what entries_take returned. The entry is zeroed. */
HIDDEN void entries_give_back(struct record_table *table, void *entries, uint32_t index);

#endif
