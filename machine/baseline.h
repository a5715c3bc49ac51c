/* SPDX-License-Identifier: MIT
 * The baseline run: a run of the uninstrumented program, which was built without `numaprobe cc`. It
 * shows how long the program takes, and how much cpu time each of its threads uses. The threads are
 * read from outside, some hundred times. */
#ifndef MACHINE_BASELINE_H
#define MACHINE_BASELINE_H

#include "base/cpuset.h"
#include "base/err.h"

#include <stddef.h>

struct baseline_thread {
    int tid;
    double cpu_ns;               /* at the last reading */
    double wait_ns;              /* for a cpu, until then */
    double before_ns, window_ns; /* some readings ago, and at least so many before that */
};

struct baseline_run {
    double elapsed_ns, cpu_ns; /* from its exec to its end; user and system, all threads */
    double user;               /* the share of user time in cpu_ns; 1: not known */
    double waited;             /* how long its threads waited for a cpu, over cpu_ns */
    int status;                /* as in a shell; of several runs, of one that failed */
    /* In the order of creation; none when too little was seen of them. Threads that lived between
     * two readings are missing. The time after the last reading is distributed to those that were
     * running. */
    struct baseline_thread *thread;
    size_t threads;
};

enum {
    BASELINE_ANY_CPU = -1,
    BASELINE_BESIDE = 15, /* a bound on the memory that programs take */
};
struct baseline_options {
    int cpu; /* that the program is bound to, or BASELINE_ANY_CPU */
    /* One more of it runs on each of these at the same time, and the times are the mean of all:
     * nothing is shared with them, but caches and memory are as busy as when its threads are on all
     * of these cpus, and a cpu that is slower than the others counts as much as it does then. */
    struct cpuset beside;
    double most_ns;           /* it is killed when it takes longer */
    const volatile int *stop; /* a signal to pass on to it; or NULL */
};

/* Runs argv (searched in PATH) with empty input, and discards its output. 0, ended by
 * baseline_fini, or -errno with err: it cannot be run; -ETIMEDOUT: it took too long. */
int baseline_run(char *const argv[], const struct baseline_options *how, struct baseline_run *out,
    struct err *err);
void baseline_fini(struct baseline_run *run);

#endif
