/* SPDX-License-Identifier: MIT
 * The report of `numaprobe maps`: load by load, a verdict and a table. */
#ifndef CLI_MAPS_MAPS_REPORT_H
#define CLI_MAPS_MAPS_REPORT_H

#include "analysis/maps/map_table.h"
#include "base/topology.h"
#include "cli/events/event_view.h"
#include "probes/maps/maps_plan.h"

#include <stdio.h>

struct maps_report {
    const struct topology *topology;
    const struct maps_plan *plan;
    const struct samples *samples;
    const struct summary *summary;
    const struct map_table *table;
    struct event_view events;
    const char *no_price; /* where the line of a reader count has no price: why; "" */
    double precision, seconds;
    size_t precise;  /* loads that were */
    int interrupted; /* by this signal; 0: not */
};

/* Each returns 0 or -EIO. */
int maps_report_text(const struct maps_report *report, FILE *out);
int maps_report_json(const struct maps_report *report, FILE *out);

/* The plan, for --dry-run. Returns the exit code. */
int maps_print_plan(const struct maps_plan *plan);
/* Loads and strategies, for --list. Returns the exit code. */
int maps_print_list(void);
/* What was asked for and not built. */
void maps_print_missing(const struct maps_plan *plan, FILE *out);

#endif
