/* SPDX-License-Identifier: MIT
 * A run of the plain program, i.e. the one built without `numaprobe cc`: how long it takes, and how
 * much cpu time each of its threads uses. Nothing is put into the program: its threads are looked
 * at from outside, a hundred times or so. */
#ifndef MACHINE_BASELINE_H
#define MACHINE_BASELINE_H

#include "base/err.h"

#include <stddef.h>

struct baseline_thread {
    int tid;
    double cpu_ns, before_ns; /* at the last look, and the one before that */
};

struct baseline_run {
    double elapsed_ns, cpu_ns; /* from its exec to its end; user and system, all threads */
    int status;                /* as a shell tells it */
    /* By thread, in the order they were created; none when too little was seen of them. Ones that
     * lived between two looks are not there. What was used after the last look is dealt out to
     * those that were running. */
    struct baseline_thread *thread;
    size_t threads;
};

enum { BASELINE_ANY_CPU = -1 };
struct baseline_options {
    int cpu;                  /* that it is bound to; BASELINE_ANY_CPU: where this process may */
    double most_ns;           /* it is killed when it takes longer */
    const volatile int *stop; /* a signal to pass on to it; or NULL */
};

/* Runs argv (searched in PATH), its input empty and its output thrown away. 0, ended by
 * baseline_fini, or -errno with err: it cannot be run; -ETIMEDOUT: it took too long. */
int baseline_run(char *const argv[], const struct baseline_options *how, struct baseline_run *out,
    struct err *err);
void baseline_fini(struct baseline_run *run);

#endif
