/* SPDX-License-Identifier: MIT
 * One trial of a strategy under a load: a map is made and filled, the threads join, do their steps
 * in the common window and leave; what the map then holds is weighed. */
#ifndef PROBES_MAPS_MAP_TRIAL_H
#define PROBES_MAPS_MAP_TRIAL_H

#include "base/sample.h"
#include "probes/maps/map_homes.h"
#include "probes/maps/map_loop.h"
#include "probes/maps/maps_plan.h"
#include "probes/trial/stage.h"

enum map_quantile { MAP_MIN, MAP_P50, MAP_P90, MAP_P99, MAP_P999, MAP_MAX, MAP_QUANTILES };

/* What a thread did in the window; plain data, so that another process can hand it over. */
struct map_result {
    uint64_t ops;
    double seconds;
    /* Since it joined, the window's beginning and end included: */
    uint64_t writes, iterations, allocations;
    double iterated_ns;           /* the mean; NaN for none */
    double lat_ns[MAP_QUANTILES]; /* NaN where not timed */
    /* Of the window; SAMPLE_NONE and NaN where they are not counted, as in another process: */
    int64_t count[EVENT_ROLES], counted_ops;
    double share[EVENT_HARDWARE];
};

struct map_outcome {
    const char *reason;   /* why it does not count; "" */
    const char *verified; /* as memory_verify; "" where there is no map */
    double full_bytes;    /* what the map takes after the load, garbage included */
    double emptied_bytes; /* and when all keys were deleted; NaN: not asked for, or too slow */
    struct map_facts facts;
    /* Of Go's collections of garbage that ended in the window; 0 elsewhere. */
    double pauses, paused_ns, paused_most_ns;
};

struct map_trial {
    struct stage *stage;
    const struct maps_plan *plan;
    struct map_thread *thread; /* each on separate lines */
    uint64_t *step;            /* of all threads, `room` each */
    size_t room;
    struct map_client *client; /* of all threads, one thread's after the other's; NULL: none */
    struct map_crowd *crowd;   /* clients that are threads; NULL: none */
    struct map_homes *homes;   /* of the threads; NULL: not --mem-node owner */
    struct table *filling;     /* what a map is filled with */
    uint64_t seed;
    const struct load *drawn; /* what `step` and `filling` are for */
    unsigned drawn_threads;
};

/* 0 or -ENOMEM with err. The stage is ready. */
int map_trial_init(struct map_trial *trial, struct stage *stage, const struct maps_plan *plan,
    uint64_t seed, struct err *err);
void map_trial_fini(struct map_trial *trial); /* safe when zeroed */
/* How it is done. */
struct map_manner {
    bool empties;   /* the map at the end, which takes as long as deleting each key does */
    double stretch; /* of the window, for strategies whose ops take long; 1 or more */
};
/* Sets the stage's window and batches: long enough for a turn of a burst. */
void map_trial_set_window(struct stage *stage, const struct maps_point *point, double stretch);
/* Fills in *out and result[0 … point->threads - 1]. */
void map_trial_run(struct map_trial *trial, const struct maps_point *point,
    struct map_manner manner, struct map_outcome *out, struct map_result *result);

#endif
