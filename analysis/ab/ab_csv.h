/* SPDX-License-Identifier: MIT
 * Sessions as CSV: one row for each run, with what names its session in each row, so that files can
 * be joined by cat. The columns are in docs/man/ab.inc. */
#ifndef ANALYSIS_AB_AB_CSV_H
#define ANALYSIS_AB_AB_CSV_H

#include "base/ab.h"
#include "base/err.h"
#include "base/strings.h"

#include <stdio.h>

enum { AB_CSV_SCHEMA = 1 };

void ab_csv_write(const struct ab_session *session, FILE *out);

struct ab_sessions {
    struct ab_session *session; /* in the order of the files; texts belong to `strings` */
    size_t count;
    struct strings *strings;
};
/* Reads a file into *sessions, which is zeroed before the first and ended by ab_sessions_fini. A
 * session of a file that was read before is refused. 0 or -errno with err. */
int ab_csv_read(FILE *in, const char *name, struct ab_sessions *sessions, struct err *err);
void ab_sessions_fini(struct ab_sessions *sessions);

#endif
