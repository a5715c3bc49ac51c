/* SPDX-License-Identifier: MIT
 * Tier 1: accesses to the program's memory, each to the entry of its line (shadow.h). A line that
 * threads hand to each other gets a line_stat, and tier 2 counts its accesses (line.h). No access
 * takes a lock that all threads share. */
#ifndef RUNTIME_TIER1_H
#define RUNTIME_TIER1_H

#include "runtime/shadow.h"

#include <stddef.h>

/* An access to `size` bytes at `address` that lie on one line, of `kind` (enum record_kind).
 * Returns true when that was all there is to do, as it is most of the time; else the caller calls
 * tier1_access. The caller has tested state_gate.on.
 *
 * A thread that is stopped in here and continues when the line is another's adds one to the other's
 * counts, but must not touch its masks: on one cpu that happens once in a few time slices. */
static inline __attribute__((always_inline)) bool tier1_knows(
    uintptr_t address, unsigned size, unsigned kind)
{
    struct shadow *s = shadow_of(address);
    struct me *me = &state_me;
    const uint32_t tag = s->tag;
    if (!LIKELY(tag == me->tag))
        return tag == TAG_THROTTLED ? --me->skips > 0
                                    : !(kind & RECORD_WRITE) && tag == TAG_READERS;
    const uint64_t mask = bytes_mask(address, size);
    if ((kind & RECORD_READ && mask & s->unread) || (kind & RECORD_WRITE && mask & s->unwritten))
        return false;
    me->accesses++;
    if (kind & RECORD_READ)
        s->reads++;
    if (kind & RECORD_WRITE)
        s->writes++;
    return true;
}

/* All other accesses to one line. `pc`: the return address of the hook. */
HIDDEN void tier1_access(uintptr_t address, unsigned size, unsigned kind, uintptr_t pc);

/* An access to any number of bytes; tests state_gate.on. */
HIDDEN void tier1_range(uintptr_t address, size_t size, unsigned kind, uintptr_t pc);

/* The memory was freed, or is another's now: forgets which threads touched these bytes. */
HIDDEN void tier1_forget(uintptr_t start, size_t size);

#endif
