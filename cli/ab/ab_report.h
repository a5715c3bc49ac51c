/* SPDX-License-Identifier: MIT
 * The report of a session, or of several joined: the verdict first. */
#ifndef CLI_AB_AB_REPORT_H
#define CLI_AB_AB_REPORT_H

#include "analysis/ab/ab_join.h"
#include "analysis/ab/ab_verdict.h"

#include <stdio.h>

struct ab_report {
    const struct ab_session *session; /* several: all of the same programs */
    const struct ab_summary *each;    /* of each session */
    size_t sessions;
    bool joined; /* --sessions; else what follows is of the only session */
    const struct ab_summary *summary;
    const struct ab_verdicts *verdicts;
    const struct ab_rule *rule;
    bool shake, precise;
    const char *limit;
    int interrupted; /* by this signal; 0: not */
    double seconds, canary_best_ns;
};

/* The verdict of a program, as ab_verdict_text. */
void ab_report_verdict(const struct ab_report *report, unsigned slot, char out[AB_VERDICT_TEXT]);
/* The table on a terminal. 0 or -errno. */
int ab_report_text(const struct ab_report *report, FILE *out);
int ab_report_json(const struct ab_report *report, FILE *out);
/* The exit code that the verdicts mean, after a message where it is not 0. */
int ab_report_status(const struct ab_report *report);

#endif
