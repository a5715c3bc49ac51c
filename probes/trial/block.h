/* SPDX-License-Identifier: MIT
 * The end of a block, whichever command measured it: what is known of its rows only then, and
 * whether they count. */
#ifndef PROBES_TRIAL_BLOCK_H
#define PROBES_TRIAL_BLOCK_H

#include "base/sample.h"
#include "probes/trial/canary.h"

#include <stdbool.h>

extern const char block_interrupted[]; /* the reason of what was cut short by a signal */

struct block_end {
    const struct canary_reading *before, *after;
    double steal_ns; /* NaN where the kernel does not tell */
    bool interrupted;
};

/* Writes canaries, regime and steal into the rows from `first` on, and rejects them all when those
 * say so. */
void block_close(
    struct canary *canary, struct samples *samples, size_t first, const struct block_end *end);
/* Stolen from these cpus since boot; NaN where the kernel does not tell, as of a cpu gone offline.
 */
double block_stolen_ns(const unsigned *cpu, size_t cpus);
/* Without its cpu no trial can count any more: -ENODEV with err when it went offline; else 0. */
int block_check_online(unsigned cpu, struct err *err);

#endif
