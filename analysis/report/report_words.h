/* SPDX-License-Identifier: MIT
 * Words and options of the commands that the page gives; for analysis/report/ only. */
#ifndef ANALYSIS_REPORT_REPORT_WORDS_H
#define ANALYSIS_REPORT_REPORT_WORDS_H

#include "analysis/report/report.h"

enum { WORDS_MAX = 64 };

/* Distinct words in the order met; NULL and "" are none. */
struct words_seen {
    const char *word[WORDS_MAX];
    size_t count;
};
void words_add(struct words_seen *seen, const char *word);
/* " --layout a,b"; nothing for none. */
void words_print_option(FILE *out, const char *option, const struct words_seen *seen);
void report_print_option(FILE *out, const char *option, const char *value);
void report_print_aligns(FILE *out, const struct summary *summary, const struct dataset_run *run);

/* The load's name for --load, or its file; NULL where the CSV does not have it. */
const char *report_load_word(const struct dataset_run *run, const char *load);
/* All options of `numaprobe maps`, with these loads. */
void report_print_maps_options(FILE *out, const struct report *report,
    const struct dataset_run *run, const struct words_seen *loads);

#endif
