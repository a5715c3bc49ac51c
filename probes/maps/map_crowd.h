/* SPDX-License-Identifier: MIT
 * Clients that are OS threads: many more than cpus, bound to these in turn. They are started once
 * and sleep between trials. What they do is summed up by cpu, as of clients that threads serve. */
#ifndef PROBES_MAPS_MAP_CROWD_H
#define PROBES_MAPS_MAP_CROWD_H

#include "probes/maps/map_loop.h"
#include "probes/maps/maps_plan.h"
#include "probes/trial/stage.h"

struct map_crowd;

/* Starts as many as the plan has client threads at most. 0, -ENOMEM, or -EAGAIN: the system does
 * not let so many be started; with err. */
int map_crowd_new(const struct stage *stage, const struct maps_plan *plan, struct map_crowd **crowd,
    struct err *err);
void map_crowd_free(struct map_crowd *crowd); /* NULL is safe */

/* What a trial takes from elsewhere. */
struct crowd_trial {
    const struct maps_point *point;
    void *map;                       /* made and filled */
    const struct map_thread *thread; /* of the stage: whose steps the clients of a cpu go through */
    uint64_t turn;                   /* random: where in these they begin */
    double stretch;                  /* of the window */
};
/* All join, start together, are counted over a common window, timed op by op over another, and
 * leave. Returns why it does not count; "" when it does. */
const char *map_crowd_run(struct map_crowd *crowd, const struct crowd_trial *trial);

/* What the clients of a cpu did, all together. */
struct crowd_sum {
    double ops, seconds; /* in the common window */
    uint64_t writes, iterations, iterated_ticks, allocations;
    struct histogram histogram; /* ticks of single ops */
};
void map_crowd_sum(const struct map_crowd *crowd, unsigned cpu, struct crowd_sum *sum);

#endif
