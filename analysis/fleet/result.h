/* SPDX-License-Identifier: MIT
 * The CSV of a task: is it whole, of this version and of this task alone; and its rows joined with
 * those of others. */
#ifndef ANALYSIS_FLEET_RESULT_H
#define ANALYSIS_FLEET_RESULT_H

#include "base/err.h"
#include "base/strings.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* What the files that were checked so far have. */
struct fleet_results {
    const char *version;     /* that has to be in the column of that name, if there is one */
    const char *header;      /* names of the columns of the first good file; NULL before that */
    struct fleet_seen *runs; /* identifiers of runs, by the number of their task */
    struct strings *strings;
};

int fleet_results_init(struct fleet_results *results, const char *version); /* 0 or -ENOMEM */
void fleet_results_fini(struct fleet_results *results);

/* Checks the CSV of a task, and returns how many rows it has in *rows. Their runs belong to it from
 * then on. -EINVAL with err: it is cut off, has no rows, was appended to itself, has columns
 * unlike those of the files before, rows of another version or of the run of another task; -EIO,
 * -ENOMEM. */
int fleet_result_check(
    struct fleet_results *results, FILE *in, int64_t task, size_t *rows, struct err *err);
/* Prints the rows of a CSV that was checked, with a last column `fleet_node`; the header before
 * them if `first`. 0 or -errno with err. */
int fleet_result_copy(FILE *in, const char *node, bool first, FILE *out, struct err *err);

#endif
