/* SPDX-License-Identifier: MIT
 * One trial of a price: again and again the owner brings the lines into their state, then the
 * requester walks over them and is timed. */
#ifndef PROBES_COSTS_COSTS_WALK_H
#define PROBES_COSTS_COSTS_WALK_H

#include "base/rng.h"
#include "base/sample.h"
#include "probes/costs/costs_plan.h"
#include "probes/trial/stage.h"

enum {
    WALK_LINES = 128, /* half of the smallest L1 in use, 32 KiB of 64 B lines, is 256 */
    WALK_TIMES = 16,  /* walks in a trial; one clock step is then a 2,000th of a walk's ops */
    WALK_APART = 4    /* from one line of a walk to the next, in lines: prefetchers of a neighbour
                       * or two do not fetch another one */
};
size_t walk_area_bytes(unsigned line_bytes);
/* The offset of line i: all L1 sets are used equally, and no two lines of a page are neighbours. */
size_t walk_line_at(unsigned i, unsigned line_bytes);

struct walk_trial {
    _Alignas(256) _Atomic uint64_t turn; /* the next phase; on separate lines */
    _Alignas(256) char *base;            /* walk_area_bytes() of measured memory */
    unsigned line_bytes;
    const struct walk *op;
    enum line_state state;
    unsigned requester, owner; /* crew indices */
    int third;                 /* or COSTS_NOBODY */
    const struct clock *clock;
    const struct trial_thread *thread; /* by crew index: whose software events are counted */
    struct rng *rng;
    /* Scratch and results: */
    unsigned order[WALK_LINES];
    uint64_t next[WALK_LINES];
    uint64_t ticks[WALK_TIMES], empty[WALK_TIMES]; /* of a walk, and of none */
    bool astray;                                   /* an op did not return the value of its line */
    _Atomic bool switched, moved;                  /* one of its threads was, by the kernel */
};

struct walk_result {
    uint64_t ops;
    double seconds;      /* without the clock's own cost; never below 0 */
    const char *disturb; /* why it does not count; "" */
};

void walk_trial_run(struct walk_trial *trial, struct crew *crew);
struct walk_result walk_trial_result(const struct walk_trial *trial);
/* Both, with the clock and the threads of a stage, as stage_run: `disturb` also has that it was
 * interrupted. */
struct walk_result walk_stage_run(struct walk_trial *trial, struct stage *stage);
/* What a walk and its lines' memory have in a row, whatever the state and the owner. */
void walk_describe(const struct walk_result *result, struct sample *row);
/* Of all arenas of an instrument, which have ARENA_PLACES areas: the one of this block. */
void walk_describe_memory(const struct arena *arena, unsigned block, struct sample *row);

#endif
