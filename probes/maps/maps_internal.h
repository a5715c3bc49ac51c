/* SPDX-License-Identifier: MIT
 * A run of `maps`, for maps.c and maps_rows.c only. */
#ifndef PROBES_MAPS_MAPS_INTERNAL_H
#define PROBES_MAPS_MAPS_INTERNAL_H

#include "probes/maps/map_trial.h"
#include "probes/maps/maps.h"
#include "probes/trial/block.h"
#include "probes/trial/stage_counters.h"

enum {
    MAPS_OPS_LEAST = 20,  /* of a trial; with fewer, its window is doubled, ... */
    MAPS_DOUBLED_MOST = 5 /* ... up to 32 ms */
};

enum { MAPS_LOAD = LOAD_DESCRIPTION + 32 };

/* Of a point. */
struct maps_progress {
    bool emptied; /* the map was, at the end of a trial: what it still takes then hardly varies,
                   * and deleting all keys takes longer than the rest */
    double emptied_bytes;
    bool gone;        /* its strategy has crashed */
    unsigned doubled; /* its window, each time that its threads did little in it */
};

struct maps_run {
    struct stage stage; /* first: aligned */
    struct block_series series;
    const struct maps_plan *plan;
    struct maps_options options;
    struct stage_counters counted; /* of this process's threads */
    struct map_trial trial;
    struct map_outcome outcome; /* of the last trial, and by thread */
    struct map_result *result;
    struct maps_progress *progress; /* by point */
    bool unverified;                /* the memory of a trial was */
    struct map_server **server;     /* of the user's strategies */
    size_t servers;
    struct map_go *go; /* of the strategies in Go; NULL: not asked for */
    struct err crash;  /* the last; code 0: none */
    char (*name)[MAPS_NAME];
    char (*load)[MAPS_LOAD]; /* by point */
};

/* The rows of the last trial. 0 or -ENOMEM. */
int maps_append(struct maps_run *run, unsigned point, struct samples *samples);

#endif
