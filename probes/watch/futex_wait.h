/* SPDX-License-Identifier: MIT
 * Is a thread asleep in a futex, and where? By /proc, which has the arguments of the system call
 * that a sleeping thread is in. Nothing is written into the process. */
#ifndef PROBES_WATCH_FUTEX_WAIT_H
#define PROBES_WATCH_FUTEX_WAIT_H

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct futex_wait {
    uint64_t futex; /* the address of its word */
    uint64_t stack, pc;
};

/* 1: it waits; 0: it does not, or is gone; -errno with err: -EPERM or -EACCES, it may not be asked.
 */
int futex_wait_read(int pid, int tid, struct futex_wait *out, struct err *err);

#endif
