/* SPDX-License-Identifier: MIT
 * Block after block until the estimates are precise or a limit is reached: the loop around whatever
 * a command measures. Prints nothing but progress. */
#ifndef CLI_SAMPLING_H
#define CLI_SAMPLING_H

#include "analysis/dataset/summary.h"
#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct sampling {
    /* Set by the command: */
    double precision, max_time_ns;
    bool quiet, ratios; /* ratios to the reference are to be narrow, too */
    size_t first_look;  /* blocks of a regime before the first look; 0: STATS_BLOCKS_MIN */
    size_t threads;     /* at most SAMPLING_ROWS rows for each */
    void *context;      /* of the two functions */
    /* Measures a block and appends its rows. 0 or -errno with err. */
    int (*block)(void *context, struct samples *samples, struct err *err);
    /* Whether s->summary is precise enough. Only asked where the stopping rule allows a look. */
    bool (*enough)(void *context, const struct summary *summary);
    /* The results: */
    struct samples samples;
    struct summary summary;
    uint64_t began_ns;
    bool precise;      /* `enough` returned true */
    const char *limit; /* else what ended it; NULL after an error or a signal */
};

enum { SAMPLING_ROWS = 16384 }; /* a bound on memory whatever the time: 15 MiB a thread */

void sampling_begin(struct sampling *sampling); /* starts the clock of --max-time */
/* 0 or -errno with err; what was measured before stays in either case. */
int sampling_run(struct sampling *sampling, struct err *err);
/* Folds all samples anew. 0 or -ENOMEM with err. */
int sampling_summarise(struct sampling *sampling, struct err *err);
double sampling_elapsed_ns(const struct sampling *sampling);
void sampling_fini(struct sampling *sampling);

#endif
