/* SPDX-License-Identifier: MIT
 * The processes that are watched: their threads that run, each with a clock, and their memory. */
#ifndef PROBES_WATCH_WATCHED_H
#define PROBES_WATCH_WATCHED_H

#include "base/rng.h"
#include "probes/watch/address_space.h"
#include "probes/watch/thread_clock.h"

struct watched_process {
    struct address_space space;
    char name[32]; /* of its program */
    bool gone;
    bool with_children; /* those that it starts are added */
};

struct watched_thread {
    int tid;
    unsigned process;          /* index */
    uint64_t ran_ns;           /* at the last scan */
    unsigned idle;             /* scans in a row at which it had hardly run */
    bool here;                 /* found by the scan that goes on */
    bool refused;              /* no clock could be had: it is not tried again */
    bool ended;                /* it is gone, and kept for what was seen of it */
    struct thread_clock clock; /* fd -1: none, as long as it sleeps or hardly runs */
    uint64_t samples;
    uint64_t stack_pointer; /* at the last sample; 0: there was none */
    uint64_t stack_low,
        stack_high;          /* of the stack that it is on; 0: not known, as of a goroutine */
    uint64_t thread_pointer; /* its thread-locals are at fixed distances of it; 0: not known */
    char name[16];
};

struct watched {
    struct watched_process *process;
    size_t processes;
    struct watched_thread *thread; /* by tid; their place may change with each scan. Those that have
                                      ended stay when they were sampled, a thousand at most */
    size_t threads;
    unsigned per_second; /* samples of a thread; 0: threads have no clocks */
    bool stacks;         /* those have its stack */
    uint64_t lost;       /* samples that a ring had no room for */
    size_t refused;      /* threads without a clock ... */
    struct err why;      /* ... and why the last one has none */
    uint64_t scanned_ns; /* when the last scan was: CLOCK_MONOTONIC */
    uint64_t ran_ns;     /* all threads, since they were found, */
    uint64_t blind_ns;   /* and those of them that had no clock */
};

/* Adds a process, and with `with_children` all that it has started and will start. 0, or -errno
 * with err: -ESRCH, there is none; -EACCES or -EPERM, it may not be watched; -EINVAL, it is a
 * kernel thread, this process, or of 32 bits. */
int watched_add(struct watched *watched, int pid, bool with_children, struct err *err);
/* Finds new threads and opens clocks for those that ran for a noticeable part of the time since the
 * last scan; closes those of threads that are gone or have hardly run for long. Returns how many
 * processes are still there. */
size_t watched_scan(struct watched *watched);
/* Takes up to `most` samples out of the clocks, and their stacks, where `stack` is not NULL. */
size_t watched_read(
    struct watched *watched, struct thread_sample *out, struct thread_stack *stack, size_t most);
void watched_rate(struct watched *watched, unsigned per_second);
/* Other distances between samples, half to one and a half times those of the rate: what a program
 * does in a rhythm would else be seen at always the same places of it. */
void watched_jitter(struct watched *watched, struct rng *rng);
struct watched_thread *watched_thread(struct watched *watched, int tid); /* NULL: not known */
/* A number that represents an address of a process: the same for all that share that memory. 0:
 * nothing is mapped there that can be written. */
uint64_t watched_key(struct watched *watched, unsigned process, uint64_t address);
/* Reads its mappings again: there is something where nothing was. */
void watched_refresh(struct watched *watched, unsigned process);
void watched_fini(struct watched *watched); /* zeros are safe */

#endif
