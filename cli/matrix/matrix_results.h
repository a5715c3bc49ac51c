/* SPDX-License-Identifier: MIT
 * The pairs' estimates, folded from what was played. */
#ifndef CLI_MATRIX_MATRIX_RESULTS_H
#define CLI_MATRIX_MATRIX_RESULTS_H

#include "analysis/dataset/pair_estimate.h"
#include "probes/matrix/matrix.h"

struct matrix_result {
    struct pair_estimate figure;
    uint32_t slot;
    uint32_t accepted, rejected; /* batches; those that only found a length are neither */
};

/* A pair side by side with others and alone: what that does to a distance class. */
struct matrix_deviation {
    size_t checks;        /* pairs by series, with a ratio; 0: not checked */
    double median, worst; /* time side by side by time alone; worst: farthest from 1 */
};

struct matrix_results {
    const struct matrix_plan *plan;
    /* One for each pair that counts, by first and second cpu, in each series: series * pairs + i.
     */
    struct matrix_result *result;
    size_t pairs, serieses;
    struct matrix_deviation deviation[DISTANCE_COUNT];
};

/* Folds one slot's batches in one series. 0 or -ENOMEM. */
int matrix_result_fold(
    const struct matrix *matrix, size_t slot, size_t series, struct matrix_result *out);
/* Folds all slots that count, on the matrix's threads. Leaves the deviations. 0 or -ENOMEM. */
int matrix_results_build(
    struct matrix *matrix, const struct matrix_plan *plan, struct matrix_results *out);
void matrix_results_fini(struct matrix_results *results);

/* Compares the plan's checks. 0 or -ENOMEM. */
int matrix_deviations(const struct matrix *matrix, const struct matrix_plan *plan,
    struct matrix_deviation deviation[DISTANCE_COUNT]);

/* Medians as a symmetric matrix of the plan's cpus, for one series; NaN where not measured. The
 * caller frees it; NULL when out of memory. */
double *matrix_results_square(const struct matrix_results *results, size_t series);

#endif
