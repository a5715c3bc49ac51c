/* SPDX-License-Identifier: MIT
 * Texts that compare prints as plain text and as Markdown. */
#ifndef CLI_COMPARE_COMPARE_LABELS_H
#define CLI_COMPARE_COMPARE_LABELS_H

#include "analysis/compare/compare.h"

#include <stdio.h>

/* What is reported of a comparison. */
struct compare_report {
    const struct comparison *comparison;
    struct compare_tally tally;
    double threshold; /* beyond which a ratio is called worse or better: 1.05 */
    double gate;      /* 0: none */
};

enum { COMPARE_TEXT = 160, COMPARE_LINE = 600 };

/* "8 B", "isolated", "modified, local, 0→1": all except op, role and section. */
void compare_variant_text(const struct estimate *estimate, char text[COMPARE_TEXT]);
/* Of maps: "sharded 64 B". */
void compare_strategy_text(const struct estimate *estimate, char text[COMPARE_TEXT]);
/* All of an estimate but its section: "counter add 8 B adder", "reads-90 sharded 64 B". */
void compare_estimate_text(const struct estimate *estimate, char text[COMPARE_LINE]);
/* "counter, throughput, 2 threads, same L3, canary 75 and 78 ns" */
void compare_section_text(const struct compare_pair *pair, char text[COMPARE_LINE]);
/* "1 worse by more than 5%, 5 the same, of 6 estimates compared.": the answer first. */
void compare_answer(const struct compare_report *report, FILE *out);
enum { COMPARE_RUN_LINES = 3 };
/* Line 0: which run A is; 1: which B is; 2: how they differ, "" if they do not. */
void compare_run_line(const struct compare_pair *pair, int line, char text[COMPARE_LINE]);
bool compare_same_runs(const struct compare_pair *a, const struct compare_pair *b);

extern const char *const compare_verdicts[];    /* by enum verdict_kind */
extern const char *const compare_alone_texts[]; /* by enum compare_alone */

#endif
