/* SPDX-License-Identifier: MIT
 * matrix --memory: the load latency of each node's memory, from one cpu of each kind. */
#ifndef CLI_MATRIX_MATRIX_MEMORY_H
#define CLI_MATRIX_MATRIX_MEMORY_H

#include "cli/instrument.h"
#include "cli/matrix/matrix_args.h"
#include "probes/costs/memory.h"

/* The first member of matrix's session. */
struct matrix_memory {
    struct instrument in; /* first, as instrument_main expects it */
    const struct matrix_args *args;
    struct memory_plan plan;
    struct memory_run *run;
};

/* What `matrix` does with --memory. */
extern const struct instrument_hooks matrix_memory_hooks;
void matrix_memory_fini(struct matrix_memory *memory);

/* What is printed of a point: its estimate in the regime with the most blocks; NULL: it has none.
 */
const struct estimate *matrix_memory_estimate(const struct summary *summary,
    const struct memory_plan *plan, const struct memory_point *point);

/* For matrix_memory.c: the report, and the plan for --dry-run. */
struct matrix_memory_report {
    const struct memory_plan *plan;
    const struct samples *samples;
    const struct summary *summary;
    double precision, seconds;
    bool precise;
    const char *limit;
    int interrupted;
};
int matrix_memory_text(const struct matrix_memory_report *report, FILE *out);
int matrix_memory_json(const struct matrix_memory_report *report, FILE *out);
int matrix_memory_list(const struct memory_plan *plan);

#endif
