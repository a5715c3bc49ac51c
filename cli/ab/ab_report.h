/* SPDX-License-Identifier: MIT
 * The report of a session, or of several joined: the verdict first. */
#ifndef CLI_AB_AB_REPORT_H
#define CLI_AB_AB_REPORT_H

#include "analysis/ab/ab_result.h"
#include "probes/ab/ab_block.h"

#include <stdio.h>

struct ab_report {
    const struct ab_result *result;
    /* Of a session, not of several: */
    bool shake, precise;
    const char *limit;
    int interrupted; /* by this signal; 0: not */
    double seconds;
    const struct ab_series *series;
};

/* The table on a terminal. 0 or -errno. */
int ab_report_text(const struct ab_report *report, FILE *out);
int ab_report_json(const struct ab_report *report, FILE *out);
/* The exit code that the verdicts mean, after a message where it is not 0. */
int ab_report_status(const struct ab_report *report);

#endif
