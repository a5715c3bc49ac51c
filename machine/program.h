/* SPDX-License-Identifier: MIT
 * A program that is started at once and waited for while this process sleeps: for its time. Not for
 * one whose events are counted from its first instruction: machine/command.h. */
#ifndef MACHINE_PROGRAM_H
#define MACHINE_PROGRAM_H

#include "base/cpuset.h"
#include "machine/command.h"

#include <stdbool.h>

enum { PROGRAM_DISCARD = -1 };
struct program_setting {
    char *const *argv;         /* searched in PATH */
    char *const *env;          /* NULL: that of this process */
    const struct cpuset *cpus; /* that it is bound to; NULL or empty: any */
    const char *input;         /* the file that is its standard input; NULL: an empty one */
    int out, err;              /* descriptors for its output, or PROGRAM_DISCARD */
};

struct program {
    int pid, fd;       /* its process group, too; its pidfd, or negative */
    uint64_t began_ns; /* just before it was started */
};

/* 0 or -errno: it cannot be run, or not on these cpus. The calling thread is bound to the cpus for
 * the moment of the start, as what it starts inherits that. */
int program_start(const struct program_setting *how, struct program *program);
/* Sleeps until it has ended, but at most `most_ms`, or until a signal arrives. Returns whether it
 * has ended; before Linux 5.3, which has no pidfd, that is not known, and it returns true. */
bool program_wait(const struct program *program, int most_ms);
/* To the program and the processes that it has started, unless they left its group. */
void program_signal(const struct program *program, int number);
/* Waits for its end, which is then in *end. */
void program_end(struct program *program, struct command_end *end);

#endif
