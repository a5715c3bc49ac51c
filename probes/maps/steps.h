/* SPDX-License-Identifier: MIT
 * What a thread does under a load, drawn before it is measured: operations and keys, which it goes
 * through over and over. */
#ifndef PROBES_MAPS_STEPS_H
#define PROBES_MAPS_STEPS_H

#include "base/rng.h"
#include "probes/maps/load.h"

/* An operation, and its key; with DRAW_NEW a random number in place of the key. */
enum { STEP_OP_BITS = 3, STEPS_MIX = 1 << 14 };
static inline enum map_op step_op(uint64_t step)
{
    return (enum map_op)(step & ((1 << STEP_OP_BITS) - 1));
}
static inline uint64_t step_key(uint64_t step)
{
    return step >> STEP_OP_BITS;
}

/* One of `threads`. */
struct steps_place {
    unsigned thread, threads;
};

/* How many steps there are in a turn: as many as the mix needs to come close, or one burst. */
uint64_t steps_count(const struct load *load, unsigned threads);
/* The most of these, for any of the loads with any of the numbers of threads. */
size_t steps_room(const struct load *load, size_t loads, const unsigned *threads, size_t counts);
/* Draws them. Each thread has its own generator. */
void steps_draw(const struct load *load, struct steps_place place, struct rng *rng, uint64_t *step);
/* The same, from a seed of all threads: whoever draws gets the same steps. */
void steps_draw_seeded(
    const struct load *load, struct steps_place place, uint64_t seed, uint64_t *step);

#endif
