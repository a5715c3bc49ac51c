/* SPDX-License-Identifier: MIT
 * What the parts of `numaprobe detect` share. */
#ifndef CLI_DETECT_DETECT_H
#define CLI_DETECT_DETECT_H

#include "analysis/finding/finding_view.h"
#include "base/err.h"
#include "cli/detect/detect_price.h"
#include "machine/command.h"

#include <stdio.h>

/* The recordings of a folder, by the time at which their processes began. */
struct detect_process {
    struct recording recording;
    struct dwarf *dwarf;
};
struct detect_records {
    struct detect_process *process;
    size_t count;
    size_t empty; /* files that a process could not fill: no space */
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

struct detect_report {
    const struct detect_records *records;
    const struct sharing_list *list;
    const struct suppressions *suppressions;
    const struct sharing_rule *rule;
    const struct detect_prices *prices; /* as the list */
    char *const *command;               /* NULL with --read */
    const struct command_end *end;      /* NULL with --read */
    int pid;                            /* of the command */
};
/* Was at least one process watched? */
bool detect_watched(const struct detect_records *records);
/* What was recorded and found, as a report prints it; ended by detect_view_fini in either case. It
 * refers to everything that the report consists of. 0 or -ENOMEM. */
int detect_view_fill(const struct detect_report *report, struct detect_view *out);
/* `watched`: as detect_watched() returns it. */
void detect_print_text(const struct detect_view *view, bool watched, FILE *out);

#endif
