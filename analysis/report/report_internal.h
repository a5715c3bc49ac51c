/* SPDX-License-Identifier: MIT
 * The sections of the page; for analysis/report/ only. */
#ifndef ANALYSIS_REPORT_REPORT_INTERNAL_H
#define ANALYSIS_REPORT_REPORT_INTERNAL_H

#include "analysis/report/report.h"

/* Whether the page has the sections about CSV files: not if only those of detect and ab were given.
 */
bool report_has_rows(const struct report *report);
/* Lists what several runs measured: fills `shared`. 0 or -ENOMEM. */
int report_list_shared(struct report *report);
bool report_has_shared(const struct report *report);

/* Each writes one section of the page, without its heading. 0 or -ENOMEM. */
int report_print_verdicts(const struct report *report, FILE *out);
void report_print_detect_summary(const struct report *report, FILE *out);
void report_print_compared_summary(const struct report *report, FILE *out);
int report_print_warnings(const struct report *report, FILE *out);
int report_print_detect(const struct report *report, FILE *out);
int report_print_watched(const struct report *report, FILE *out);
void report_print_watched_summary(const struct report *report, FILE *out);
int report_print_compared(const struct report *report, FILE *out);
int report_print_maps_summary(const struct report *report, FILE *out);
int report_print_maps(const struct report *report, FILE *out);
int report_print_runs(const struct report *report, FILE *out);
int report_print_panels(
    const struct report *report, const struct report_section *section, FILE *out);
int report_print_stat(const struct report *report, FILE *out);
int report_print_machines(const struct report *report, FILE *out);
int report_print_cpus(const struct report *report, FILE *out); /* within the machines */
int report_print_commands(const struct report *report, FILE *out);

/* The scale that all ratios of the page share. */
struct ratio_scale {
    double low, high;
};
struct ratio_scale ratio_scale_of(const struct report *report);
void ratio_print_axis(const struct ratio_scale *scale, FILE *out);
/* The ratio of each alignment of a verdict, with its interval. */
void ratio_print(const struct report *report, const struct ratio_scale *scale,
    const struct verdict *verdict, FILE *out);

/* The machines, in a line each, with the files that were measured there. */
void report_print_hosts(const struct report *report, FILE *out);

/* Renders and frees a table. 0 or -ENOMEM. */
int report_print_table(FILE *out, struct table *table, const char *caption);

#endif
