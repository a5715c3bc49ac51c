/* SPDX-License-Identifier: MIT
 * Where a thread of any process is, some hundred times a second of its time on a cpu: a task-clock
 * event of perf with the user's registers. Needs no PMU. Nothing is written into the process. */
#ifndef PROBES_WATCH_THREAD_CLOCK_H
#define PROBES_WATCH_THREAD_CLOCK_H

#include "base/arch/sampled_registers.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct thread_sample {
    uint64_t time_ns; /* of the kernel's CLOCK_MONOTONIC_RAW, the same for all threads */
    uint64_t ip;
    /* Numbered as by the processor; zeros where it was in the kernel before it had any. The last is
     * ARCH_THREAD_POINTER, which a sample does not have: 0, or watched_read sets it. */
    uint64_t reg[ARCH_REGISTERS + 1];
    int tid;
};

/* The part of its stack that a sample has: from the stack pointer on. */
enum { THREAD_STACK = 512 };
struct thread_stack {
    uint32_t bytes;
    uint8_t at[THREAD_STACK];
};

struct thread_clock {
    int fd;
    bool stacks; /* its samples have them */
    void *ring;  /* the event's page, and behind it its samples */
    size_t ring_bytes;
    uint64_t read; /* bytes of samples so far */
};

/* Opens the clock of thread `tid`, `per_second` samples of user code a second of its time on a cpu
 * (it is not sampled while it sleeps), with its stack or without. 0, or -errno with err: -EACCES
 * and -EPERM where the rights are missing, -ESRCH where it is gone, -ENOTSUP where the
 * architecture's registers are not known.
 */
int thread_clock_open(
    int tid, unsigned per_second, bool stacks, struct thread_clock *out, struct err *err);
/* Takes up to `most` samples out, the oldest first, and returns how many; their stacks, where the
 * clock has them, into `stack`, which may be NULL. Adds to *lost what the ring had no room for; it
 * holds some 90, with stacks 22. */
size_t thread_clock_read(struct thread_clock *clock, struct thread_sample *out,
    struct thread_stack *stack, size_t most, uint64_t *lost);
/* Another rate from now on. 0 or -errno. */
int thread_clock_rate(struct thread_clock *clock, unsigned per_second);
/* How long the thread has run since it has the clock. */
uint64_t thread_clock_ran_ns(const struct thread_clock *clock);
void thread_clock_close(struct thread_clock *clock);

#endif
