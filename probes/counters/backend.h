/* SPDX-License-Identifier: MIT
 * A way to count events: one file probes/counters/backend_<name>.c that ends in
 * `const struct backend backend_<name>`. The Makefile gathers them, sorted by name. Backends know
 * events by name; the roles of events, and whether a zero can be trusted, belong to counters.h. */
#ifndef PROBES_COUNTERS_BACKEND_H
#define PROBES_COUNTERS_BACKEND_H

#include "base/err.h"
#include "base/event.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    BACKEND_EVENTS = 32,       /* at most, in one set */
    BACKEND_WAIT_NS = 50000000 /* for an event's turn: several turns of other users */
};

/* One event to count, and whether it can be. */
struct backend_event {
    const char *name;
    enum event_scope scope;
    unsigned group; /* events of one group run at the same time; set by fit */
    bool fits;      /* can be counted here; else `why` */
    bool unknown;   /* since no event has this name, here or not */
    struct err why;
};

/* What to count. */
struct backend_target {
    int pid;        /* 0: the calling thread; > 0: that process; -1: whatever runs on `cpu` */
    int cpu;        /* the thread's cpu, for events of a wider scope; -1 with a pid: any */
    bool wide;      /* also opens events of a scope wider than a thread, for all threads in it */
    bool from_exec; /* counts from the process's next exec on, and its children */
};

/* What an event has counted since it was opened. */
struct backend_value {
    bool read;      /* false: not opened, or not readable */
    bool by_kernel; /* enabled and running are known; else `session` shows interruptions */
    uint64_t count, enabled_ns, running_ns;
    uint32_t session; /* changes when the event was taken off its counter in between */
    bool elsewhere;   /* not opened, since its PMU does not count on the target's cpu */
};

struct backend_set; /* events opened for a target */

struct backend {
    const char *name, *summary;
    int preference; /* auto takes the highest; below 0: not for --counters */
    /* 0 when it can count hardware events here, else -errno with what is missing and what to do. */
    int (*ready)(struct err *err);
    /* Finds out on the calling thread which of the events can be counted together with those before
     * them, and sorts them into groups. Marks the rest with the reason. */
    void (*fit)(struct backend_event *event, size_t events);
    /* Opens what fits. 0, or -errno when nothing could be opened; single events that cannot be
     * opened have no value. A set is opened, read and closed by the same thread. */
    int (*open)(const struct backend_event *event, size_t events,
        const struct backend_target *target, struct backend_set **set, struct err *err);
    void (*read)(struct backend_set *set, struct backend_value *value); /* one for each event */
    void (*close)(struct backend_set *set);                             /* NULL is safe */
    const char *(*how)(const struct backend_set *set); /* how it reads: "rdpmc", "read()" */
};
extern const struct backend *const backend_table[];
extern const size_t backend_count;
/* Needs no permission, and is used in addition to any other. */
extern const struct backend backend_rusage;

#endif
