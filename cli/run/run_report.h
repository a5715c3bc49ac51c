/* SPDX-License-Identifier: MIT
 * The report of a run: the verdict first, then the estimates, then notes on them. */
#ifndef CLI_RUN_RUN_REPORT_H
#define CLI_RUN_RUN_REPORT_H

#include "analysis/dataset/summary.h"
#include "analysis/verdict/verdict.h"
#include "cli/events/event_view.h"
#include "probes/plan/plan.h"

#include <stdbool.h>
#include <stdio.h>

struct run_report {
    const struct plan *plan;
    const struct samples *samples;
    const struct summary *summary;
    struct event_view events;
    const struct verdict *verdict;
    size_t verdicts;
    double precision, seconds;
    bool enough;       /* the precision was reached */
    const char *limit; /* else what ended the run; NULL when it was interrupted */
    int interrupted;   /* by this signal; 0: not */
};

/* The table on a terminal. 0 or -errno. */
int run_report_text(const struct run_report *report, FILE *out);
int run_report_metrics(const struct run_report *report, FILE *out);
int run_report_json(const struct run_report *report, FILE *out);

#endif
