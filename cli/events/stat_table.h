/* SPDX-License-Identifier: MIT
 * What `stat` counted, as a table. */
#ifndef CLI_EVENTS_STAT_TABLE_H
#define CLI_EVENTS_STAT_TABLE_H

#include "cli/table_format.h"
#include "machine/command.h"
#include "probes/counters/counters.h"

#include <stdio.h>

/* What was counted: a cpu, or the program. */
struct stat_target {
    int cpu; /* -1: the program */
    struct counters_thread *counters;
    struct err why; /* there are none */
    int64_t count[EVENT_ROLES];
    double share[EVENT_ROLES];
};

struct stat_result {
    struct counters *counters;
    const struct stat_target *target;
    size_t targets;
    char *const *command;
    const struct command_end *end;
};

/* Takes what its counters read. */
void stat_target_read(
    struct stat_target *target, struct counters *counters, const struct command_end *end);
void stat_metrics_print(const struct stat_result *result, FILE *out);
/* 0 or -errno. */
int stat_table_print(const struct stat_result *result, enum table_format form, FILE *out);

#endif
