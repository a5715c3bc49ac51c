/* SPDX-License-Identifier: MIT
 * The loops that replay a pattern: its accesses over and over, with private work in between. Both
 * places of a pattern run the same loop; only the addresses differ. Stamped in
 * probes/replay/replays/steps.c. */
#ifndef PROBES_REPLAY_REPLAY_LOOP_H
#define PROBES_REPLAY_REPLAY_LOOP_H

#include "base/pattern.h"
#include "probes/trial/op.h"

enum {
    REPLAY_STEPS = 64, /* of a list; 1 KiB, so that it stays in the L1 */
    REPLAY_SIZES = 4,
    REPLAY_KINDS = PATTERN_OPS * REPLAY_SIZES,
    REPLAY_GAP_BITS =
        16, /* worker->gap is in steps of op_work times 2^16: gaps finer than a step */
};

struct replay_step {
    void *at;
    uint64_t kind; /* op * REPLAY_SIZES + log2 of the size */
};

struct replay_loops {
    const char *flavour;
    /* The same access all the time, of worker->own: nothing else is read, which a locked op would
     * wait for. */
    struct op_loops one[REPLAY_KINDS];
    struct op_loops list; /* worker->list, REPLAY_STEPS of them */
};
extern const struct replay_loops *const replay_loops_table[];
extern const size_t replay_loops_count;

#endif
