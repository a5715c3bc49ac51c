/* SPDX-License-Identifier: MIT
 * A hardware watchpoint on a thread of any process: it is seen to access some bytes, once. Never by
 * ptrace, whose debug registers stay when the tracer is killed and then kill the program: an event
 * of perf ends with its descriptor. A thread has four, shared with gdb and others. */
#ifndef PROBES_WATCH_WATCHPOINT_H
#define PROBES_WATCH_WATCHPOINT_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { WATCHPOINT_BYTES_MOST = 8 };

struct watchpoint_at {
    int tid;
    uint64_t address; /* a multiple of `bytes` */
    unsigned bytes;   /* 1, 2, 4 or 8 */
    bool reads;       /* reads count, too; else writes only */
};

struct watchpoint {
    int fd;
};

/* Arms it for one access: after that it costs nothing. An access that comes within some 25 us of
 * the thread's time may be missed. 0, or -errno with err: -ENOSPC, others have the thread's
 * registers; -ESRCH, it is gone; -EACCES or -EPERM. */
int watchpoint_arm(const struct watchpoint_at *at, struct watchpoint *out, struct err *err);
/* Arms it for every access, each of which takes some 10 us: the thread hardly gets on there. */
int watchpoint_hold(const struct watchpoint_at *at, struct watchpoint *out, struct err *err);
/* How many there were: one at most, unless it is held. */
uint64_t watchpoint_hits(const struct watchpoint *watchpoint);
/* Was there one? *ran_ns: how long the thread has run since it was armed. */
bool watchpoint_hit(const struct watchpoint *watchpoint, uint64_t *ran_ns);
void watchpoint_disarm(struct watchpoint *watchpoint);

#endif
