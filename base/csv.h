/* SPDX-License-Identifier: MIT
 * RFC 4180 CSV: ordinary records by base/csv_split.h, all others by libcsv, which csv.c alone
 * includes. The caller knows what the columns mean (base/sample.h). */
#ifndef BASE_CSV_H
#define BASE_CSV_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Writes one field, quoted where RFC 4180 asks for it, with a comma before all but the first. */
void csv_print(FILE *out, const char *field, bool first);
void csv_end(FILE *out); /* ends the record: CR LF */

enum { CSV_FIELD_MAX = 1 << 20, CSV_FIELDS_MAX = 4096 };

struct csv_record {
    size_t line;       /* where the record begins, counted from 1 */
    size_t count;      /* number of fields */
    char *const *text; /* NUL-terminated fields, valid during the call only */
    const size_t *size;
    /* The fields that may differ from the record before; all, where it had another count. */
    const size_t *changed;
    size_t changes;
};
/* Called for every record, the header included. Non-zero ends the reading with that value. */
typedef int csv_record_fn(void *context, const struct csv_record *record, struct err *err);

/* Reads `in` to its end; `name` is for messages. -EINVAL with file and line for broken quoting, a
 * NUL byte, a field over CSV_FIELD_MAX or a record over CSV_FIELDS_MAX; -EIO; -ENOMEM; or what `fn`
 * returned. An empty line is not a record. */
int csv_read(FILE *in, const char *name, csv_record_fn *fn, void *context, struct err *err);

#endif
