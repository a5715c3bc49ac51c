/* SPDX-License-Identifier: MIT
 * The threads that have had a slot one after the other: of each slot, the last two. */
#ifndef RUNTIME_LIVES_H
#define RUNTIME_LIVES_H

#include "runtime/base/compiler.h"

#include <stdbool.h>
#include <stdint.h>

struct lifetime {
    uint32_t number;               /* counted from 1, as record_thread.lives */
    uint32_t tag;                  /* its first one */
    uint64_t begin_tick, end_tick; /* it was created, and joined; 0: it was not */
};

/* False without address space. */
HIDDEN bool lives_init(void);

/* A thread is created that will begin with this tag, or the slot's thread was joined. */
HIDDEN void lives_begin(uint32_t tag);
HIDDEN void lives_end(uint32_t slot);

/* That of the thread which had this tag; of an earlier one than the last two, the one before the
 * last. */
HIDDEN struct lifetime lives_of_tag(uint32_t tag);
/* When that thread of the slot was joined, of an earlier one when the one before the last was; 0:
 * it was not. */
HIDDEN uint64_t lives_end_tick(uint32_t slot, uint32_t number);

#endif
