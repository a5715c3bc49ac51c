/* SPDX-License-Identifier: MIT
 * The cpu time of a program's threads, read from outside. */
#ifndef MACHINE_BASELINE_THREADS_H
#define MACHINE_BASELINE_THREADS_H

#include "machine/baseline.h"

#include <sys/types.h>

/* Number `reading`, from 0, of the threads that `pid` has now. */
void baseline_read_threads(pid_t pid, struct baseline_run *run, unsigned reading);
/* After its end, when run->cpu_ns is known: distributes what was used after the last reading to the
 * threads that were running, and sorts them by creation. */
void baseline_finish_threads(struct baseline_run *run);

#endif
