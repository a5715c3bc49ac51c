/* SPDX-License-Identifier: MIT
 * The pairs of `numaprobe align`, each a separate run, and what is printed of them. */
#ifndef CLI_ALIGN_ALIGN_H
#define CLI_ALIGN_ALIGN_H

#include "analysis/verdict/apart.h"
#include "cli/align/align_args.h"
#include "cli/sampling.h"
#include "probes/run/run.h"

struct align_pair {
    enum distance distance;
    struct plan plan;
    struct run *run;
    struct sampling sampling;
    double threshold; /* a ratio */
};

struct align {
    struct align_pair pair[DISTANCE_COUNT]; /* from near to far, one of each distance there is */
    size_t pairs;
};

struct align_report {
    const struct align *align;
    double threshold, precision; /* threshold: a ratio */
    int interrupted;             /* by this signal; 0: not */
};

/* What is enough for all pairs. */
struct apart align_apart(const struct align_report *report);
/* The line for a header, of a report that has an answer. */
void align_define(const struct align_report *report, char *out, size_t size);

/* 0 or -EIO. */
int align_report_text(const struct align_report *report, FILE *out);
int align_report_json(const struct align_report *report, FILE *out);

/* For --dry-run, on stdout; returns the exit code. */
int align_list_plan(const struct align *align, const struct topology *topology);

#endif
