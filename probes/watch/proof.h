/* SPDX-License-Identifier: MIT
 * One question to hardware watchpoints: do two threads take a line from each other, now, and do
 * they touch the same bytes of it? */
#ifndef PROBES_WATCH_PROOF_H
#define PROBES_WATCH_PROOF_H

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

/* What a thread is expected to do. */
struct proof_side {
    int tid;
    uint64_t address;
    unsigned bytes;
    bool write;
};

enum proof_answer {
    PROOF_NONE,     /* not both did it, in turns and close together */
    PROOF_LATE,     /* both did it, but that was noticed too late: others had this thread's cpu */
    PROOF_SEPARATE, /* both did, each on bytes that the other left alone */
    PROOF_COMMON,   /* both did, and one of them touched bytes of the other */
};

struct proof {
    enum proof_answer answer;
    bool crossed[2]; /* has this side touched bytes of the other? */
};

/* Both sides are watched until each was seen, and then both once more: A-B-A or B-A-B. It takes at
 * most some `most_ns`, each half of it. That a side has to wait long for the other, or sleeps, is
 * order and not sharing: threads that take turns in phases. `dead_ns`: what proof_dead_ns returned.
 * 0, or -errno with err: -ESRCH, a thread is gone; -ENOSPC, others, as a debugger, have its debug
 * registers; -EACCES or -EPERM. */
int proof_try(const struct proof_side side[2], uint64_t most_ns, uint64_t dead_ns,
    struct proof *out, struct err *err);

/* How often one thread touches bytes of the other, which does not touch its. */
enum proof_crossing {
    CROSSING_UNKNOWN, /* it hardly ran meanwhile */
    CROSSING_RARELY,  /* so rarely that the line changes hands for its own: false sharing as well */
    CROSSING_OFTEN    /* or the other crosses, too */
};

/* Of side `who`, which was seen to cross alone. Each of its accesses is counted and takes some 10
 * us of its time: one or two milliseconds of that, and 20 in all at most. As above. */
int proof_count_crossing(
    const struct proof_side side[2], unsigned who, enum proof_crossing *out, struct err *err);

/* How long a thread of this process runs until a watchpoint that was armed sees what it does all
 * the time; 0, or -errno with err: there are no watchpoints here. */
int proof_dead_ns(uint64_t *dead_ns, struct err *err);

#endif
