/* SPDX-License-Identifier: MIT
 * Blocks: one trial of every point, in random order, between two canaries. Only at the end of a
 * block is it known whether its rows count. For `run`, `costs`,
 * `matrix --memory` and `maps`. */
#ifndef PROBES_TRIAL_BLOCK_H
#define PROBES_TRIAL_BLOCK_H

#include "probes/trial/provenance.h"
#include "probes/trial/stage.h"

enum { BLOCK_RETRIES = 3 }; /* times a disturbed trial is repeated within its block */

/* What is measured, block after block. */
struct block_series {
    struct provenance origin;
    size_t points;
    unsigned *order; /* points, shuffled */
    bool *left_out;  /* by point */
    unsigned block, trials;
    struct canary_reading last; /* after the block before */
    /* Measures a point and appends its rows. Sets *counts when nothing disturbed it. 0 or -ENOMEM.
     */
    int (*measure)(void *context, unsigned point, bool *counts, struct samples *samples);
    /* After the trials of a block: are the pages still where they were put? 0 or -errno with err.
     */
    int (*check_places)(void *context, struct err *err);
    void *context;
};

/* Memory for an instrument, zeroed; its parts have lines that nothing else uses. The caller frees
 * it. NULL when out of memory, with err. */
void *block_allocate(size_t alignment, size_t bytes, struct err *err);

/* Where an instrument measures, and what its rows report of it. */
struct block_begin {
    struct machine *machine;
    const struct topology *topology;
    const struct cpuset *cpus;
    size_t points;
    const char *version; /* outlives the series */
    uint64_t seed;
    const volatile int *stop; /* of the stage */
};
/* Begins a series whose functions are set: names the run, prepares its stage as stage_init does,
 * and has all points measured in turn. 0 or -errno with err; stage_fini and block_series_fini end
 * it in either case. */
int block_begin(struct block_series *series, struct stage *stage, const struct block_begin *begin,
    struct err *err);
/* With all points in turn. 0 or -ENOMEM. */
int block_series_init(struct block_series *series, size_t points);
void block_series_fini(struct block_series *series); /* safe when zeroed */

/* Measures a block and appends its rows, accepted or not, to `samples`. -EINTR when stopped: what
 * was measured of the block is appended, not accepted. -ENODEV: a cpu went offline. -ESTALE:
 * see clock_check. Else 0 or -errno. With err. */
int block_run(
    struct block_series *series, struct stage *stage, struct samples *samples, struct err *err);
/* Clears a row and fills in what all rows of a trial have in common; `reason`: why it does not
 * count, or "". */
void block_describe(const struct block_series *series, const struct stage *stage,
    const char *instrument, const char *reason, struct sample *row);

struct block_end {
    const struct canary_reading *before, *after;
    double steal_ns; /* NaN where the kernel does not report it */
    bool clock_jumped;
};
/* Writes canaries, regime and steal into the rows from `first` on, and rejects them all when a
 * canary moved, time was stolen, the clock jumped or the stage was stopped. */
void block_close(
    struct stage *stage, struct samples *samples, size_t first, const struct block_end *end);

#endif
