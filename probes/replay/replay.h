/* SPDX-License-Identifier: MIT
 * Replays patterns (base/pattern.h) on pinned threads, as they stand and padded. Knows nothing of
 * the program they come from but the pace it is told to keep. */
#ifndef PROBES_REPLAY_REPLAY_H
#define PROBES_REPLAY_REPLAY_H

#include "base/pattern.h"
#include "base/rng.h"
#include "probes/trial/canary.h"
#include "probes/trial/trial.h"

#include <stdbool.h>

/* The pinned threads that all patterns of a run are replayed on. */
struct replay_stage {
    struct trial trial; /* first: aligned */
    struct crew *crew;
    struct clock clock;
    struct canary canary;
    struct memory_policy policy;
    struct rng rng;
    unsigned *cpu, cpus;
    double *steps_a_ns; /* of private work, by cpu */
    struct counters_thread **software;
    struct trial_result *result;
    struct replay_step *list; /* REPLAY_STEPS of each member */
    const volatile int *stop; /* NULL, or set to end early */
};
/* One thread on each cpu. -EINVAL with err when there is one only: alone, nothing is handed over.
 */
int replay_stage_new(struct machine *machine, const struct topology *topology, const unsigned *cpu,
    unsigned cpus, uint64_t seed, struct replay_stage **out, struct err *err);
void replay_stage_free(struct replay_stage *stage); /* NULL is safe */

struct replay {
    struct replay_stage *stage;
    const struct pattern *pattern; /* not owned */
    double *gap_ns;                /* private work after each access, by thread */
    bool *rests;                   /* threads that are left out, by thread */
    unsigned *alike;               /* the first thread that does the same, by thread */
    unsigned *order, turn;
    char *memory;
    size_t area_bytes;
    uint32_t place_at[PATTERN_PLACES]; /* in an area */
};
int replay_new(struct replay_stage *stage, const struct pattern *pattern, struct replay **out,
    struct err *err);
void replay_free(struct replay *replay); /* NULL is safe */

/* Replays it in a place, for a millisecond; with more threads than cpus, as many as there are cpus
 * at a time, drawn at random, until each had its turn. ns[i] is what an access of thread i took,
 * its private work included; NaN of a thread that rests. False: disturbed, again and again. */
bool replay_once(struct replay *replay, enum pattern_place place, double *ns);
/* Changes the private work of each thread so that, replayed in `place`, its accesses come every
 * target_ns[i]; NaN: the thread rests. At most `rounds` trials. What is slower than that without
 * any private work stays so. Threads that do the same at about the same pace
 * get the same work: else the search may end where one runs ahead of the other, which is as good by
 * the figures and is not what the program does. */
void replay_pace(
    struct replay *replay, enum pattern_place place, const double *target_ns, unsigned rounds);
/* From here on on other lines and pages. */
void replay_move(struct replay *replay);

#endif
