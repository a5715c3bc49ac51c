/* SPDX-License-Identifier: MIT
 * What watching takes of the threads' time, and how often to look so that it stays below a limit.
 */
#ifndef CLI_WATCH_WATCH_BUDGET_H
#define CLI_WATCH_WATCH_BUDGET_H

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct watch_budget {
    double most;     /* a share of the threads' time; 0: no limit */
    double sample_s; /* that a sample takes of a thread's time, as measured on one of our own */
    double pace;     /* of samples and questions; 1 at most */
    double taken;    /* share in the last step; 0 where no thread ran */
    double taken_s, threads_s; /* in all steps */
    uint64_t samples;          /* at the last step */
    double own_s;
};

/* Measures what a sample takes, with the stack or without, in some 20 ms. 0, or -errno with err. */
int watch_budget_open(struct watch_budget *budget, double most, bool stacks, struct err *err);
/* About once a second, with all samples so far; the threads were sampled `per_second` times a
 * second of their time. What this process ran counts as taken from them, too. */
void watch_budget_step(struct watch_budget *budget, uint64_t samples, unsigned per_second);

#endif
