/* SPDX-License-Identifier: MIT
 * The report of `numaprobe costs`: the price list, the holding curve, and what is missing and why.
 */
#ifndef CLI_COSTS_COSTS_REPORT_H
#define CLI_COSTS_COSTS_REPORT_H

#include "analysis/dataset/price_table.h"
#include "probes/costs/costs_plan.h"

#include <stdio.h>

struct costs_report {
    const struct topology *topology;
    const struct costs_plan *plan;
    const struct samples *samples;
    const struct summary *summary;
    const struct price_table *costs;
    double precision, seconds;
    bool precise;
    const char *limit; /* else what ended it; NULL when it was interrupted */
    int interrupted;   /* by this signal; 0: not */
};

/* Each returns 0 or -EIO. */
int costs_report_text(const struct costs_report *report, FILE *out);
int costs_report_json(const struct costs_report *report, FILE *out);

/* The plan, for --dry-run. Returns the exit code. */
int costs_list(const struct costs_plan *plan, const struct topology *topology);

/* The measured price of a point; NULL when there is none. */
const struct price_entry *costs_price(
    const struct price_table *costs, const struct price_point *point);
/* The same of a point of a holding curve. */
const struct hold_curve *costs_hold(
    const struct price_table *costs, const struct hold_point *point);
/* Where the requester finds the line, as the columns of a price list; DISTANCE_COUNT: memory. */
const char *costs_place_name(enum distance distance);
/* What cannot be measured here, one line each with its reason. */
void costs_print_missing(const struct costs_plan *plan, FILE *out);
void costs_print_heading(const struct costs_plan *plan, const struct topology *topology, FILE *out);

#endif
