/* SPDX-License-Identifier: MIT
 * Which rounds are played, and until when. */
#ifndef CLI_MATRIX_MATRIX_MEASURE_H
#define CLI_MATRIX_MATRIX_MEASURE_H

#include "cli/matrix/matrix_args.h"
#include "cli/matrix/matrix_results.h"

struct matrix_run {
    const struct matrix_args *args;
    struct matrix_plan *plan;
    struct matrix *matrix;
    struct matrix_results results;
    uint64_t began_ns;
    size_t blocks;     /* of the rounds that count; those before, of checks, are not among them */
    bool precise;      /* each pair's interval is within --precision */
    const char *limit; /* else what ended it; NULL after an error or a signal */
};

/* Plays the checks, lets distances fall back, then block after block. Everything played stays.
 * 0 or -errno with err. */
int matrix_measure(struct matrix_run *run, struct err *err);
double matrix_elapsed_ns(const struct matrix_run *run);

#endif
