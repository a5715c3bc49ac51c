/* SPDX-License-Identifier: MIT
 * What the parts of `numaprobe detect` share. */
#ifndef CLI_DETECT_DETECT_H
#define CLI_DETECT_DETECT_H

#include "analysis/finding/finding_view.h"
#include "base/outfile.h"
#include "cli/detect/detect_args.h"
#include "machine/command.h"
#include "machine/system/system.h"

#include <stdio.h>

/* The recordings of a folder, by the time at which their processes began. */
struct detect_process {
    struct recording recording;
    struct dwarf *dwarf;
    char *kept; /* where the program is by now; NULL: where it was */
};
struct detect_records {
    struct detect_process *process;
    size_t count;
    struct detect_process joined; /* what they do to each other; without lines: nothing */
    size_t empty;                 /* files that a process could not fill: no space */
};
/* 0 or -errno with err; of a folder without recordings the count is 0. */
int detect_records_read(const char *folder, struct detect_records *out, struct err *err);
size_t detect_records_count(const char *folder); /* files, whether they can be read or not */
void detect_records_fini(struct detect_records *records);

/* Findings that are not to be reported. */
struct suppression {
    char *text; /* "object:GLOB" */
    const char *pattern;
    int subject;
    unsigned line; /* of the file */
    size_t matched;
};
struct suppressions {
    const char *path;
    struct suppression *at;
    size_t count;
};
int suppressions_read(const char *path, struct suppressions *out, struct err *err);
/* Removes the findings that match from the list. */
void suppressions_apply(struct suppressions *suppressions, struct sharing_list *list);
void suppressions_fini(struct suppressions *suppressions);

struct detect_prices {
    struct price *price; /* of each finding of the list */
    struct price all;    /* of all that happen, fixed together */
    size_t count;
    bool measured; /* or at least tried; if not, all have the same reason */
};

struct detect_session {
    struct detect_args args;
    struct sharing_rule rule;
    char folder[4096]; /* of the recordings */
    bool temporary;
    struct suppressions suppressions;
    struct outfile out[DETECT_OUTS];
    struct detect_records records;
    struct sharing_list list;
    struct command_end end; /* of the command that was run; zeros with --read */
    int pid;
    const volatile int *stop; /* of pricing; NULL without --plain */
    struct system_info system;
    struct detect_prices prices;
    struct detect_view view;
};

/* Fills session->prices by runs of the uninstrumented program and replays, in turn; without
 * --plain each price only has the reason. 0 or -errno with err: the program cannot be run, or is
 * instrumented. What cannot be priced is not an error. Ended by detect_prices_fini. */
int detect_prices_measure(struct detect_session *session, struct err *err);
/* The findings with the largest gains first, with their prices. */
void detect_prices_order(struct detect_session *session);
void detect_prices_fini(struct detect_prices *prices);

/* Lists the modules whose code reports no access, each once, without libc and other runtimes. */
void detect_modules_fill(const struct detect_records *records, struct detect_view *view);
/* Fills session->view with what was recorded and found, as a report prints it; ended by
 * detect_view_fini. It refers to the rest of the session. 0 or -ENOMEM. */
int detect_view_fill(struct detect_session *session);
/* 0, -ENOMEM, or what ferror(out) also reports. */
int detect_print_sarif(const struct detect_view *view, FILE *out);
/* As many findings as fit in some 60 lines. 0 or -ENOMEM. */
int detect_print_markdown(const struct detect_view *view, FILE *out);
void detect_print_by(const struct detect_view *view, enum detect_by by, FILE *out);
void detect_print_text(const struct detect_session *session, FILE *out);

#endif
