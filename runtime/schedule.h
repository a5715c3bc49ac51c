/* SPDX-License-Identifier: MIT
 * When accesses are seen: in bursts of all threads together, so that what they do to each other is
 * seen whole, and never while there is only one thread. */
#ifndef RUNTIME_SCHEDULE_H
#define RUNTIME_SCHEDULE_H

#include "runtime/base/compiler.h"

#include <stdbool.h>

enum { BURST_NS = 1000000 }; /* how long a burst takes */

/* Reads NUMAPROBE_ACCESS, set by detect: "full", or "share=PERCENT" of the time that is seen. */
HIDDEN void schedule_init(void);

/* A burst begins, or ends. */
HIDDEN void schedule_set_burst(bool burst);
/* The pause between two bursts; 0 where all accesses are seen. */
HIDDEN uint64_t schedule_pause_ns(void);
/* No more pauses: there is no helper to end them. */
HIDDEN void schedule_stay_on(void);

/* Counts `change` more threads, besides the first, that nothing has ordered after it. */
HIDDEN void schedule_change_threads(int change);

/* Writes the times so far to the recording. */
HIDDEN void schedule_account(void);

/* Nothing is seen from now on; false: it is again. */
HIDDEN void schedule_end(bool ended);

/* In a forked child, which has one thread. */
HIDDEN void schedule_fork(void);

#endif
