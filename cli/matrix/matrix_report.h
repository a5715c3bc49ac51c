/* SPDX-License-Identifier: MIT
 * The report of a matrix, as text and as JSON. */
#ifndef CLI_MATRIX_MATRIX_REPORT_H
#define CLI_MATRIX_MATRIX_REPORT_H

#include "cli/matrix/matrix_domains.h"
#include "cli/matrix/matrix_measure.h"

#include <stdio.h>

struct matrix_report {
    const struct matrix_run *run;
    const struct matrix_domains *domains;
    int interrupted; /* the signal; 0: none */
};

/* Estimates, distances, clusters, warnings; 80 columns. 0 or -EIO. */
int matrix_report_text(const struct matrix_report *report, FILE *out);
/* The same, each pair with its cpus, unrounded. 0 or -EIO. */
int matrix_report_json(const struct matrix_report *report, FILE *out);

/* topology_apart of a pair. */
void matrix_pair_apart(
    const struct matrix_plan *plan, const struct matrix_slot *slot, char out[TOPOLOGY_APART]);
/* The pairs of one distance and, on a hybrid processor, of the same two kinds of cores, that have
 * an estimate: at least one. */
struct matrix_class {
    char apart[TOPOLOGY_APART]; /* "same L3, P+E" */
    size_t count, pairs;        /* estimated, and there are of the chosen cpus */
    double ns;                  /* the median of the pairs' medians */
    const struct matrix_result *least, *most;
    double low, high, width; /* the ends of all pairs' intervals; NaN where one has none, and the
                              * widest half-width */
    size_t blocks;           /* the fewest of a pair */
};
/* Calls `see` for each class of a series, from near to far. 0 or -ENOMEM. */
int matrix_classes_each(const struct matrix_results *results, size_t series,
    void (*see)(void *context, const struct matrix_class *class), void *context);
/* One line for each class of a series into a table. */
void matrix_print_classes(const struct matrix_report *report, size_t series, FILE *out);

/* What would be measured. Returns the exit code. */
int matrix_list_plan(const struct matrix_plan *plan);

#endif
