/* SPDX-License-Identifier: MIT
 * One run of one program: its environment and input, its time, its output. */
#ifndef PROBES_AB_AB_PROGRAM_H
#define PROBES_AB_AB_PROGRAM_H

#include "base/ab.h"
#include "base/cpuset.h"
#include "base/err.h"
#include "probes/counters/counters.h"

#include <regex.h>

enum { AB_ENVS = 32, AB_SHAKE_MAX = 4095 };

struct ab_program {
    const char *command; /* as it was given, for messages */
    char *const *argv;
    const char *env[AB_ENVS]; /* NAME=VALUE, in place of what this process has */
    size_t envs;
};

struct ab_setting {
    struct ab_program program[AB_PROGRAMS];
    unsigned programs;
    struct cpuset cpus;     /* empty: not pinned */
    const char *prepare;    /* a command of the shell before each run; NULL: none */
    const char *input;      /* a file; NULL: empty input */
    const char *metric;     /* what `pattern` was compiled from; NULL: none */
    const regex_t *pattern; /* its first group is a number */
    const char *events;     /* to count in each run; NULL: none */
    bool same_output, shake;
    const volatile int *stop; /* a signal ends the run */
};

/* Bytes that a program has printed, and a NUL. */
struct ab_output {
    char *at;
    size_t size;
};

struct ab_runner {
    const struct ab_setting *setting;
    uint64_t deadline_ns;   /* of clock_raw_ns; what still runs then is killed */
    int out, err;           /* files in memory */
    struct ab_output first; /* of the first run, with same_output */
    unsigned padding;       /* bytes of the variable that shifts the stack */
    struct counters counters;
    struct err counting_err; /* why nothing could be opened for the last run */
};

/* 0 or -errno with err: -EINVAL for an unknown event. Ended by ab_runner_fini in either case. */
int ab_runner_init(struct ab_runner *runner, const struct ab_setting *setting, struct err *err);
void ab_runner_fini(struct ab_runner *runner);

/* Prepares, runs a program and fills in value[]. 0, or -errno with err: -ENOENT, -EACCES, ... it
 * cannot be run; -ECHILD: it or what prepares it failed; -ENODATA: it prints nothing that fits the
 * pattern; -EDOM: its output is not that of the first program; -ENOTUNIQ: nor is that of the first
 * program; -ETIMEDOUT: it was killed at the deadline; -EINTR: stopped. */
int ab_run_program(
    struct ab_runner *runner, unsigned slot, double value[AB_MEASURES], struct err *err);

#endif
