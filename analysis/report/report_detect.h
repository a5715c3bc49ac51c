/* SPDX-License-Identifier: MIT
 * Pieces of the page that tell what detect found; for analysis/report/ and found*.c only. */
#ifndef ANALYSIS_REPORT_REPORT_DETECT_H
#define ANALYSIS_REPORT_REPORT_DETECT_H

#include "analysis/price/price.h"
#include "analysis/report/detect_file.h"

/* False sharing, told or latent; the others are truly shared, which no layout changes. */
bool report_detect_is_false(const json_t *finding);
size_t report_detect_count(const json_t *root); /* of those */
/* The words that were run; of a record that was read, those of its first process. */
const json_t *report_detect_command(const json_t *root);

/* Words, escaped. "global stats (struct stats[2]), hits.c:8"; object NULL: "unknown memory" */
void report_detect_print_object(const json_t *object, FILE *out);
void report_detect_print_program(
    const json_t *root, FILE *out); /* without its folder and arguments */
void report_detect_print_command(const json_t *words, FILE *out);
/* "0.13 s, 3 threads, 6.54 M accesses seen, 14% of the time" */
void report_detect_print_coverage(const json_t *process, FILE *out);
/* "Shares a line falsely"; what latent ones take to happen is told. */
void report_detect_print_kind(const json_t *finding, FILE *out);
void report_detect_price(const json_t *finding, struct price *out);

/* A drawing of a line: a column for each byte, a row for each thread, fields above. */
void report_detect_print_line(const json_t *picture, FILE *out);
/* All of a finding; `alone`: its process is the only one. 0 or -ENOMEM. */
int report_detect_print_finding(const json_t *finding, size_t number, bool alone, FILE *out);

#endif
