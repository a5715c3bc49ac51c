/* SPDX-License-Identifier: MIT
 * The canary of `numaprobe ab`: a private loop of a fixed number of steps on each cpu of the
 * programs, which takes longer where the frequency falls or the hypervisor runs something else; and
 * between two cpus or more the ping-pong of probes/trial/canary.h. */
#ifndef PROBES_AB_AB_CANARY_H
#define PROBES_AB_AB_CANARY_H

#include "base/cpuset.h"
#include "machine/clock.h"
#include "machine/crew.h"
#include "probes/trial/canary.h"

/* Two readings of the loop on one cpu differ if they do by more than this factor: the share of a
 * change of frequency that a random order within the block leaves is far below it. */
#define AB_CANARY_FACTOR 1.1
enum { AB_CANARY_BATCHES = 9, AB_CANARY_STEPS = 1 << 15 }; /* some 40 us a batch */

struct ab_reading {
    double *loop_ns; /* of each cpu, the median batch */
    struct canary_reading turns;
};

struct ab_canary {
    unsigned cpus; /* loops that run at once; 1 without pinning, on whatever cpu the caller has */
    struct crew *crew; /* NULL without pinning */
    struct clock clock;
    struct canary turns;
    double best_ns; /* the shortest loop so far */
};

/* `cpus` empty: the programs are not pinned. 0 or -errno with err; ended by ab_canary_fini in
 * either case. */
int ab_canary_init(struct ab_canary *canary, struct machine *machine,
    const struct topology *topology, const struct cpuset *cpus, struct err *err);
void ab_canary_fini(struct ab_canary *canary);

int ab_reading_init(const struct ab_canary *canary, struct ab_reading *reading); /* 0 or -ENOMEM */
void ab_reading_fini(struct ab_reading *reading);

/* Takes some 0.4 ms, and 0.1 ms a pair of the ping-pong. */
void ab_canary_read(struct ab_canary *canary, struct ab_reading *reading);
bool ab_canary_agree(
    const struct ab_canary *canary, const struct ab_reading *a, const struct ab_reading *b);
double ab_canary_ns(const struct ab_canary *canary, const struct ab_reading *reading); /* mean */
void ab_canary_swap(struct ab_reading *a, struct ab_reading *b);

#endif
