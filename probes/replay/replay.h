/* SPDX-License-Identifier: MIT
 * Replays patterns (base/pattern.h) on pinned threads, as they are and padded. Knows nothing of the
 * program they come from but the pace to keep. */
#ifndef PROBES_REPLAY_REPLAY_H
#define PROBES_REPLAY_REPLAY_H

#include "base/pattern.h"
#include "probes/trial/stage.h"

/* The pinned threads that all patterns of a run are replayed on, one on each cpu, with their
 * canary. 0, ended by replay_stage_free, or -errno with err; -EINVAL for fewer than two cpus, since
 * a thread alone hands nothing over. */
int replay_stage_new(struct machine *machine, const struct topology *topology,
    const struct cpuset *cpus, uint64_t seed, struct stage **out, struct err *err);
void replay_stage_free(struct stage *stage); /* NULL is safe */

struct replay {
    struct stage *stage; /* not owned, nor is the pattern */
    const struct pattern *pattern;
    double *gap_ns;   /* private work after each access, by thread */
    bool *rests;      /* threads that are left out, by thread */
    double *presence; /* by thread: at which share of the time that the busiest one uses the lines
                         it does; 1 until it is set. One that is there for less than half of it is
                         replayed with the others and without, and their times are the means,
                         weighted by its share: at its own pace and all the time it would cost them
                         more than in the program */
    unsigned *alike;  /* the first thread that does the same, by thread */
    unsigned *order, turn;
    struct replay_step *list; /* REPLAY_STEPS for each thread of the stage */
    struct arena arena;
    uint32_t place_at[PATTERN_PLACES];       /* in an area */
    enum pattern_place where[PATTERN_ITEMS]; /* of each finding's accesses, from now on */
};
int replay_new(
    struct stage *stage, const struct pattern *pattern, struct replay **out, struct err *err);
void replay_free(struct replay *replay); /* NULL is safe */

/* From now on the accesses of all findings are replayed there; `where` can be changed for one. */
void replay_put(struct replay *replay, enum pattern_place place);
/* Replays it where it was put, for a millisecond; with more threads than cpus, as many at a time as
 * there are cpus, drawn at random, until each has had its turn. ns[i] is the time of one access of
 * thread i, its private work included; NaN of a thread that rests. False: disturbed each time. */
bool replay_once(struct replay *replay, double *ns);
/* Changes the private work of each thread so that it makes an access every target_ns[i]; NaN: the
 * thread rests. At most `rounds` trials. A thread that is slower than that without any private work
 * stays so. Threads that do the same at about the same pace get the same work: else the search may
 * end where one runs ahead of the other, which meets the targets and is not what the program does.
 */
void replay_pace(struct replay *replay, const double *target_ns, unsigned rounds);
/* From now on replays on other lines and pages. */
void replay_move(struct replay *replay);
unsigned replay_place(const struct replay *replay); /* which of those it takes in turn */

#endif
