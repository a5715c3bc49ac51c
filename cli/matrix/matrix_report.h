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
/* One line for each distance class of a series, by the kinds of both cores, into a table. */
void matrix_print_classes(const struct matrix_report *report, size_t series, FILE *out);

/* What would be measured. Returns the exit code. */
int matrix_list_plan(const struct matrix_plan *plan);

#endif
