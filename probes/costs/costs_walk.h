/* SPDX-License-Identifier: MIT
 * One trial of a price: again and again the owner brings the lines into their state, then the
 * requester walks over them and is timed. */
#ifndef PROBES_COSTS_COSTS_WALK_H
#define PROBES_COSTS_COSTS_WALK_H

#include "base/rng.h"
#include "machine/crew.h"
#include "probes/costs/costs_plan.h"
#include "probes/trial/trial.h"

enum {
    WALK_LINES = 128, /* half of the smallest L1 in use, 32 KiB of 64 B lines, is 256 */
    WALK_TIMES = 16,  /* walks in a trial; one clock step is then a 2,000th of a walk's ops */
    WALK_APART = 4    /* each line has that many to itself, so that no prefetcher that fetches a
                       * line's neighbour or two fetches one of ours */
};
size_t walk_area_bytes(unsigned line_bytes);
/* Where line i lies: all L1 sets are used alike, and no two lines of a page are neighbours. */
size_t walk_line_at(unsigned i, unsigned line_bytes);

struct walk_trial {
    _Alignas(256) _Atomic uint64_t turn; /* whose turn it is; its own lines */
    _Alignas(256) char *base;            /* walk_area_bytes() of measured memory */
    unsigned line_bytes;
    const struct walk *op;
    enum line_state state;
    unsigned owner; /* crew index; the requester is 0 */
    int third;      /* or COSTS_NOBODY */
    const struct clock *clock;
    const struct trial_thread *thread; /* by crew index: whose software events are counted */
    struct rng *rng;
    /* What it does and finds: */
    unsigned order[WALK_LINES];
    uint64_t next[WALK_LINES];
    uint64_t ticks[WALK_TIMES], empty[WALK_TIMES]; /* of a walk, and of none */
    bool astray;                                   /* an op did not return what its line held */
    _Atomic bool switched, moved;                  /* one of its threads was, by the kernel */
};

struct walk_result {
    uint64_t ops;
    double seconds;      /* without the clock's own cost; never below 0 */
    const char *disturb; /* why it does not count; "" */
};

void walk_trial_run(struct walk_trial *trial, struct crew *crew);
struct walk_result walk_trial_result(const struct walk_trial *trial);

#endif
