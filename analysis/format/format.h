/* SPDX-License-Identifier: MIT
 * Figures as cells of tables and as words: the same digits wherever they stand. */
#ifndef ANALYSIS_FORMAT_FORMAT_H
#define ANALYSIS_FORMAT_FORMAT_H

#include "analysis/dataset/summary.h"
#include "base/table.h"

/* Columns from "name|name|...": right-aligned where the name ends in '>', which is not shown. */
struct table *estimate_table(const char *names);

void cell_ns(struct table *table, double ns); /* three digits; empty for NaN */
/* "5.61–5.67" or "-0.12 to 5.67", with as many digits as the middle has; empty without one. */
void cell_range(struct table *table, struct interval ns);
void cell_int(struct table *table, int64_t value); /* empty for SAMPLE_NONE */
void cell_variant(struct table *table, const struct estimate *figure);
void cell_ratio(struct table *table, struct interval ratio); /* "2.84×", painted by what it says */
void cell_per_op(struct table *table, double per_op);

enum { CELL_TEXT = 64 };
const char *ns_text(double ns, char *out);                /* CELL_TEXT bytes; "" for NaN */
const char *range_text(struct interval ns, char *out);    /* "5.61–5.67"; "" without one */
const char *interval_text(struct interval ns, char *out); /* "5.63 ns (5.61–5.67)" */
const char *count_text(double count, char *out);          /* "1.23 M": three digits; "" for NaN */

#endif
