/* SPDX-License-Identifier: MIT
 * Numbers as text and as cells of tables: the same value has the same digits in every output. */
#ifndef ANALYSIS_FORMAT_FORMAT_H
#define ANALYSIS_FORMAT_FORMAT_H

#include "analysis/verdict/verdict.h"
#include "base/table.h"

/* Texts have three significant digits, and at most three digits after the point; 9.997 is "10.0".
 * Each needs CELL_TEXT bytes at `out`, returns `out`, and is "" for NaN. */
enum { CELL_TEXT = 64 };
const char *number_text(double value, char *out); /* "0.282", "5.63", "120" */
/* "5.61–5.67" or "-0.12 to 5.67", with as many digits as the middle has. */
const char *range_text(struct interval interval, char *out);
const char *interval_text(struct interval ns, char *out); /* "5.63 ns (5.61–5.67)" */
/* Ratios are near 1, so two digits after the point are enough: "0.98×", "0.96–0.99". */
const char *ratio_text(double ratio, char *out);
const char *ratio_range_text(struct interval ratio, char *out);
const char *ratio_interval_text(struct interval ratio, char *out); /* "3.10× (2.90–3.30)" */
/* "3.10 times as fast (2.90 to 3.30)"; without the range where it is not known. */
const char *times_text(struct interval ratio, const char *as, char *out);
const char *count_text(double count, char *out);   /* "1.23 M" */
const char *percent_text(double share, char *out); /* "12.5%", "3%", "0.0001%" */

/* The same texts as cells. */
void cell_number(struct table *table, double value);
void cell_range(struct table *table, struct interval interval);
void cell_ratio(struct table *table, struct interval ratio); /* painted by its verdict */
void cell_ratio_range(struct table *table, struct interval ratio);
void cell_int(struct table *table, int64_t value); /* empty for SAMPLE_NONE */
void cell_variant(struct table *table, const struct estimate *estimate);

extern const enum table_paint verdict_paints[]; /* by enum verdict_kind */

#endif
