/* SPDX-License-Identifier: MIT
 * The state of the runtime that `numaprobe cc` links into a program instead of ThreadSanitizer's:
 * what each thread has, whether accesses are seen now, and whether the runtime works at all. The
 * runtime is not part of numaprobe itself: it needs nothing but libc, never calls malloc, and has
 * private memory. */
#ifndef RUNTIME_BASE_STATE_H
#define RUNTIME_BASE_STATE_H

#include "runtime/base/compiler.h"

#include <stdbool.h>

struct footprint;
struct shadow;

/* What a thread keeps for itself. */
enum { NEAR = 32, HELD = 4, LOCKED = 16 };
struct me {
    uint32_t tag, slot;
    /* The frame that entered the runtime, from which on hooks do nothing, those of a signal's
     * handler and our own; 0: the thread is not in the runtime; INSIDE: until that is changed. */
    uintptr_t inside;
    uint64_t accesses;
    int32_t skips; /* accesses to throttled lines until one is counted for all of `stride` */
    uint32_t stride, random;
    /* The locks that it has or waits for, entries' tags among them, for a thread that does not
     * come back. */
    uint32_t *held[HELD], holds;
    uintptr_t caller, frame; /* of operator new, for the malloc that it calls */
    /* Its footprints on the lines that it used last, found without the line's lock. */
    struct near {
        uint32_t line, generation, slot;
        struct footprint *touch;
    } near[NEAR];
    uint32_t refused; /* there was no slot for it: when thread_adopt last looked */
    /* Bits of the program's locks that it has: [0] also those that others may have for reading, [1]
     * those that it alone has. */
    uint32_t locks[2];
    /* Lines that are biased to it for as long as it gives no lock back: `tag` is the entry's. */
    struct locked_line {
        uint32_t line, tag;
    } locked[LOCKED];
    uint32_t locked_count;
    uint64_t allocations;
    uint32_t crowded,
        lost;          /* objects.c: tries to go until the table may have room again; lost ones */
    uint32_t own_slot; /* the thread's, since it ran a coroutine, which has another one; 0 */
};
#define INSIDE 1
extern HIDDEN _Thread_local struct me state_me INITIAL_EXEC;

/* Tested first by every hook. */
struct gate {
    unsigned char on;      /* accesses are seen */
    struct shadow *shadow; /* tier 1's entries, by address (shadow.h) */
    uintptr_t lines;       /* the bits of a line's number that choose its entry */
    uintptr_t last;        /* the highest address that has one */
} __attribute__((aligned(64)));
extern HIDDEN struct gate state_gate;

/* The same two by their public names, for the inlined part of a hook (inline.s), which knows their
 * layout. Another layout is another number, so that an object built for the old one does not link.
 */
extern PUBLIC struct gate numaprobe_gate_2;
extern PUBLIC _Thread_local struct me numaprobe_me_1 INITIAL_EXEC;

extern HIDDEN uint32_t state_burst; /* number of the current burst (schedule.c) */

/* Returns true to the first caller only, which then starts the runtime and calls state_set. */
HIDDEN bool state_begin(void);
/* The runtime works from now on, or never. */
HIDDEN void state_set(bool ready);
HIDDEN bool state_is_ready(void);
/* Nothing is seen any more; `why` becomes the recording's note unless it is NULL. */
HIDDEN void state_turn_off(const char *why);

#endif
