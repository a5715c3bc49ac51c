/* SPDX-License-Identifier: MIT
 * The ordinary records of a CSV, split fast: those on one line, whose quoted fields hold no quote.
 * What is not ordinary, broken ones included, is refused and is libcsv's (base/csv.c).
 *
 * Rows of a file repeat most of what the row before says, so a line is compared with the one before
 * and only what differs is split, copied and told. */
#ifndef BASE_CSV_SPLIT_H
#define BASE_CSV_SPLIT_H

#include "base/csv.h"

#include <stddef.h>

struct csv_split; /* keeps the texts of the last record */

struct csv_split *csv_split_new(void); /* NULL when out of memory */
void csv_split_free(struct csv_split *split);

/* Splits the record at `line` and returns its bytes, line end included; all but record->line is
 * filled in. 0: it is not ordinary, or does not end before `end`. *end must be readable and NUL.
 * The line before must lie where it was. */
size_t csv_split_line(
    struct csv_split *split, const char *line, const char *end, struct csv_record *record);
/* The line before has moved, or was not split here. */
void csv_split_forget(struct csv_split *split);

#endif
