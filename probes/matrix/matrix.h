/* SPDX-License-Identifier: MIT
 * The instrument behind `numaprobe matrix`: threads, pages and the batches that were played. The
 * caller does the statistics: it decides which rounds are played, and when there are enough. */
#ifndef PROBES_MATRIX_MATRIX_H
#define PROBES_MATRIX_MATRIX_H

#include "probes/matrix/matrix_plan.h"
#include "probes/matrix/pair.h"
#include "probes/trial/provenance.h"

struct matrix_options {
    uint64_t seed;
    bool strict; /* placement that cannot be verified is an error */
    const char *version;
    const volatile int *stop; /* non-zero ends the run at the next round; may be NULL */
};

/* A slot's batches in one series, in the order of time. */
struct matrix_track {
    struct pair_batch *batch;
    uint32_t count;
    uint8_t step; /* rounds of the next batch */
};

struct matrix; /* owns its threads, pages and batches */

/* Starts a thread on each cpu and prepares clock and memory. `plan` may grow by matrix_plan_alone()
 * afterwards. 0 or -errno with err; -EPERM: unverified placement with `strict`. */
int matrix_new(struct machine *machine, struct matrix_plan *plan, struct matrix_options options,
    struct matrix **matrix, struct err *err);
void matrix_free(struct matrix *matrix); /* NULL is safe */

/* Plays a round of the plan in one series, again when too many of its batches were disturbed, and
 * keeps every batch under the number of the block. 0, -EINTR, or -ENOMEM, with err. */
int matrix_play(
    struct matrix *matrix, size_t round, size_t series, unsigned block, struct err *err);
/* Checks that the clock has kept pace, else rejects the last block, and that the pages are still
 * where they were put: 0, -ESTALE or -EXDEV with err. */
int matrix_verify(struct matrix *matrix, struct err *err);

/* Empty for a slot that was not played, even when the plan has just got it. */
const struct matrix_track *matrix_track(const struct matrix *matrix, size_t slot, size_t series);
const struct clock *matrix_clock(const struct matrix *matrix);
const struct provenance *matrix_origin(const struct matrix *matrix);
const char *matrix_verified(const struct matrix *matrix);  /* see memory_verify */
const char *matrix_pages_got(const struct matrix *matrix); /* see memory_pages_got */
/* The threads, which sleep between rounds and can do other work then. */
struct crew *matrix_crew(struct matrix *matrix);

enum { MATRIX_RETRIES = 3 }; /* times a round is played again within its block */

#endif
