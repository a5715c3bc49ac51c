/* SPDX-License-Identifier: MIT
 * What trials need around them: pinned threads, their clock, their software counters, and the
 * canary. For `run`, `costs` and the replays of `detect`. */
#ifndef PROBES_TRIAL_STAGE_H
#define PROBES_TRIAL_STAGE_H

#include "base/cpuset.h"
#include "base/rng.h"
#include "probes/trial/canary.h"
#include "probes/trial/trial.h"

struct stage {
    struct trial trial; /* first: aligned */
    const struct topology *topology;
    struct crew *crew;
    struct clock clock;
    struct canary canary;
    struct rng rng;              /* the caller seeds it */
    unsigned *cpu, threads;      /* one thread on each cpu */
    double *steps_a_ns;          /* see trial_steps_a_ns; by thread, since cores differ in speed */
    struct trial_result *result; /* by thread, of the last trial */
    double overlap_ns;           /* the common window of the last trial */
    const volatile int *stop;    /* non-zero ends the measurement early; may be NULL */
};

/* Starts a thread on each cpu, calibrates their clock, opens their software counters and chooses
 * the canary's pairs; canary_map is left to the caller. 0 or -errno with err; ended by stage_fini
 * in either case. */
int stage_init(struct stage *stage, struct machine *machine, const struct topology *topology,
    const struct cpuset *cpus, struct err *err);
void stage_fini(struct stage *stage); /* safe when zeroed */

/* Runs the trial that the caller has set up, and its results. Returns why it does not count; ""
 * when it does. */
const char *stage_run(struct stage *stage);
/* The second half of stage_run. */
const char *stage_disturbance(const struct stage *stage);

extern const char stage_interrupted[]; /* the reason of a trial that was cut short by a signal */
static inline bool stage_stopped(const struct stage *stage)
{
    return stage->stop && *stage->stop;
}

#endif
