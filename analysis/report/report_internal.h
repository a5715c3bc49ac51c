/* SPDX-License-Identifier: MIT
 * The parts of the page; for analysis/report/ only. */
#ifndef ANALYSIS_REPORT_REPORT_INTERNAL_H
#define ANALYSIS_REPORT_REPORT_INTERNAL_H

#include "analysis/report/report.h"

/* Whether the parts that tell of CSV files are there: where only detect's files were given they are
 * not. */
bool report_has_rows(const struct report *report);

/* Each writes one part of the page. 0 or -ENOMEM. */
int report_print_verdicts(const struct report *report, FILE *out);
void report_print_detect_summary(const struct report *report, FILE *out);
int report_print_warnings(const struct report *report, FILE *out);
int report_print_detect(const struct report *report, FILE *out);
int report_print_runs(const struct report *report, FILE *out);
int report_print_section(const struct report *report, size_t section, FILE *out);
int report_print_stat(const struct report *report, FILE *out);
int report_print_machines(const struct report *report, FILE *out);
int report_print_cpus(const struct report *report, FILE *out); /* within the machines */
int report_print_commands(const struct report *report, FILE *out);

/* Renders and frees a table. 0 or -ENOMEM. */
int report_print_table(FILE *out, struct table *table, const char *caption);

#endif
