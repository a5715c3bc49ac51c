/* SPDX-License-Identifier: MIT
 * The instrument behind `numaprobe matrix`: threads, pages and the batches that were played. The
 * caller does the statistics: it decides which rounds are played, and when there are enough. */
#ifndef PROBES_MATRIX_MATRIX_H
#define PROBES_MATRIX_MATRIX_H

#include "probes/matrix/matrix_plan.h"
#include "probes/matrix/pair.h"
#include "probes/trial/canary.h"
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

/* What the canary shows of a block. */
struct matrix_block {
    float before_ns, after_ns; /* a round trip */
    int16_t regime;            /* MATRIX_MOVED: no batch of it counts */
};
enum { MATRIX_MOVED = -1 };

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
/* After the last round of a block, the next number from 0 on: plays the canary, which decides the
 * block's regime, and checks that the clock has kept pace, else rejects the block, and that the
 * pages are still where they were put. 0, -ESTALE, -EXDEV or -ENOMEM, with err. */
int matrix_end_block(struct matrix *matrix, struct err *err);
size_t matrix_blocks(const struct matrix *matrix);
const struct matrix_block *matrix_block(const struct matrix *matrix, size_t block);
/* The regime with the most blocks; MATRIX_MOVED: no block counts. */
int matrix_main_regime(const struct matrix *matrix);
size_t matrix_regime_blocks(const struct matrix *matrix, int regime); /* 0 for MATRIX_MOVED */
/* Its mean round trip; NaN for MATRIX_MOVED. */
double matrix_canary(const struct matrix *matrix, int regime);
/* Why a batch does not count; "" when it does. */
const char *matrix_reason(const struct matrix *matrix, const struct pair_batch *batch);
/* Which page a slot of a round, by its index in it, is on in a block. */
int32_t matrix_place(const struct matrix *matrix, unsigned index, unsigned block);

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
