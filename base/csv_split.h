/* SPDX-License-Identifier: MIT
 * Splits ordinary records of a CSV fast: those on one line without a quote inside a quoted field.
 * Refuses all others, broken ones included, which libcsv reads (base/csv.c).
 *
 * A row repeats most of the row before it. So a line is compared with the line before, and only
 * the fields that differ are split, copied and listed as changed. */
#ifndef BASE_CSV_SPLIT_H
#define BASE_CSV_SPLIT_H

#include "base/csv.h"

#include <stddef.h>

struct csv_split; /* owns the texts of the last record */

struct csv_split *csv_split_new(void); /* NULL when out of memory */
void csv_split_free(struct csv_split *split);

/* Splits the record at `line`, fills in all of `record` but its line number, and returns its size
 * in bytes, the line end included. Returns 0 if the record is not ordinary or does not end before
 * `end`. *end must be readable and NUL. The line before must still be where it was. */
size_t csv_split_line(
    struct csv_split *split, const char *line, const char *end, struct csv_record *record);
/* To be called when the line before has moved or was not split here. */
void csv_split_forget(struct csv_split *split);

#endif
