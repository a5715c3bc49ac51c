/* SPDX-License-Identifier: MIT
 * The command line of `numaprobe ab`. */
#ifndef CLI_AB_AB_ARGS_H
#define CLI_AB_AB_ARGS_H

#include "analysis/ab/ab_verdict.h"
#include "base/cpuset.h"
#include "cli/options.h"
#include "probes/ab/ab_program.h"
#include "probes/plan/place.h"

struct ab_envs {
    const char *word[AB_ENVS];
    size_t count;
};

struct ab_args {
    const char *command[AB_PROGRAMS]; /* --a ... --d */
    struct ab_envs env[2];            /* of a and b */
    struct cpuset cpus;
    unsigned placement, judged;
    uint64_t threads, warmup, blocks, seed; /* blocks 0: as many as it takes */
    struct memory_place memory;
    const char *prepare, *input, *metric, *events, *csv, *json;
    double precision, max_time_ns, gate;
    bool same_output, shake, sessions, dry_run, quiet;
    char **word; /* what follows the options */
    int words;
};
extern const struct options ab_options;

/* The programs, from --a ... or from the words, as argv of exec: those of `command` with the words
 * of a simple command, or "sh -c". */
struct ab_commands {
    unsigned count;
    char **argv[AB_PROGRAMS]; /* owned, and one text behind it */
    char *text[AB_PROGRAMS];  /* owned; for people */
};
/* 0, or -EINVAL or -ENOMEM with err. Ended by ab_commands_fini in either case. */
int ab_commands_read(const struct ab_args *args, struct ab_commands *commands, struct err *err);
void ab_commands_fini(struct ab_commands *commands);

#endif
