/* SPDX-License-Identifier: MIT
 * Who waited for which lock of a running program, and for how long: what is reported, as JSON
 * (docs/watch-go.md lists the keys). */
#ifndef ANALYSIS_LOCKS_LOCK_VIEW_H
#define ANALYSIS_LOCKS_LOCK_VIEW_H

#include "analysis/locks/lock_part.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct lock_view_frame {
    const char *function, *file; /* NULL: not known */
    unsigned line;               /* 0: not known */
};

struct lock_view_wait {
    size_t process;      /* index */
    const char *lock;    /* "Mutex.Lock", "pthread_mutex_lock" */
    enum lock_part part; /* LOCK_RELEASED: not who waited, but who let others wait */
    bool counted;        /* waits is their number */
    double waits, seconds;
    uint64_t address;              /* of the lock; 0: not known */
    const char *name;              /* of the variable there; NULL: not known */
    struct lock_view_frame *frame; /* owned; the innermost outside of the lock's own code first */
    size_t frames;
};

struct lock_view_process {
    uint64_t pid;
    const char *program, *go; /* "": not built by Go */
    double waits, seconds;    /* all waits for locks; waits NaN: not counted */
    double other_seconds;     /* of waits for something else, as channels and conditions */
};

/* Owns its lists; texts are others'. */
struct lock_view {
    double seconds;
    const char *version;
    struct lock_view_process *process;
    size_t processes;
    struct lock_view_wait *wait; /* the longest first, in all */
    size_t waits;
};
void lock_view_fini(struct lock_view *view); /* zeros are safe */
void lock_view_sort(struct lock_view *view);
/* 0, -ENOMEM or -EIO. */
int lock_view_json(const struct lock_view *view, FILE *out);

#endif
