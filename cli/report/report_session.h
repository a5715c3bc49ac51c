/* SPDX-License-Identifier: MIT
 * What a report is made from: its files, read. */
#ifndef CLI_REPORT_REPORT_SESSION_H
#define CLI_REPORT_REPORT_SESSION_H

#include "analysis/report/report.h"
#include "base/outfile.h"

#include <sys/types.h>

struct report_args {
    const char *output, *png, *csv;
    bool term, quiet;
    char **file;
    size_t files;
};

/* Which file it is; zeros for standard input. */
struct identity {
    dev_t device;
    ino_t file;
};

struct report_session {
    struct report_args args;
    struct dataset dataset;
    struct detect_file detected;
    struct watch_files watched;
    struct cards cards;
    struct ab_sessions compared;
    struct report report;
    struct outfile page, csv;
    struct identity *identity; /* of the files so far; room for all */
    size_t identities;
    FILE **kept;                  /* of each file what cannot be opened again; NULL */
    struct hosts hosts;           /* of a fleet */
    struct report_session *fleet; /* what the page is of, where there are many hosts; NULL */
};

/* Reads all files; what of them is missing or broken is an error, or of a fleet a note in its
 * hosts. 0 or -errno with err. */
int report_session_read(struct report_session *session, struct err *err);
void report_session_close(struct report_session *session); /* zeros are safe */

#endif
