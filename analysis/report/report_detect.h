/* SPDX-License-Identifier: MIT
 * Pieces of the page that show what detect found; for analysis/report/ only. */
#ifndef ANALYSIS_REPORT_REPORT_DETECT_H
#define ANALYSIS_REPORT_REPORT_DETECT_H

#include "analysis/report/detect_file.h"

/* Escaped. The program's name without its folder and arguments. */
void report_detect_print_program(const struct detect_view *view, FILE *out);
void report_detect_print_object(const struct sharing_object *object, FILE *out);
/* "Shares a line falsely", with what latent ones take to happen. */
void report_detect_print_kind(const struct finding_view *finding, FILE *out);
/* "With every finding that happens fixed, the program would be 1.9 times as fast (1.8 to 2)": fills
 * FINDING_TEXT bytes; false where it is not known. */
bool report_detect_gain_of_all(const struct detect_view *view, char *out);
/* "2 more findings are in the JSON and not shown here."; nothing for none. */
void report_detect_print_more(size_t more, const char *what, FILE *out);

/* A drawing of a line: a column for each byte, a row for each thread, fields above. */
void report_detect_print_line(const struct view_picture *picture, FILE *out);
/* All of a finding; `alone`: its process is the only one. 0 or -ENOMEM. */
int report_detect_print_finding(
    const struct finding_view *finding, size_t number, bool alone, FILE *out);

#endif
