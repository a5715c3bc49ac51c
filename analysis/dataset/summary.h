/* SPDX-License-Identifier: MIT
 * Samples folded into estimates: one for each variant, role and regime, stated against its
 * reference. Works on any samples, those of a run just made or those read from a CSV. */
#ifndef ANALYSIS_DATASET_SUMMARY_H
#define ANALYSIS_DATASET_SUMMARY_H

#include "analysis/stats/stats.h"
#include "base/sample.h"

/* Of the instrument maps, medians over trials; NaN where there is none. */
struct map_figures {
    double full_bytes, emptied_bytes; /* after the load, and when all keys were deleted */
    double iterate_ns;                /* one iteration */
    double allocations;               /* a write */
    double freed_after_ns;            /* mean, from a replacement on */
    double promotions;                /* in a trial */
    double promoting_most_ns;         /* the longest */
    double p999_ns;                   /* the threads' worst */
};

struct estimate {
    /* Borrowed, as of summary_build and summary_fold; "" where empty. */
    const char *run_id, *host;                    /* rows of two runs are never pooled */
    const char *layout, *op, *role, *mode, *twin; /* layout: the family, for the reference too */
    const char *distance;
    const char *load;    /* of maps: what the load named `op` is; "" */
    int64_t align_bytes; /* SAMPLE_NONE: the isolated reference */
    double gap_ns;
    int64_t threads;        /* of the trial, all roles; SAMPLE_NONE: not stated */
    int64_t clients;        /* of maps, where they are not the threads; SAMPLE_NONE */
    int64_t client_threads; /* 1: each is an OS thread; 0: dealt out to the threads; SAMPLE_NONE */
    const char *instrument; /* "run" for files from before that column */
    /* "" and SAMPLE_NONE but for the pairs of matrix and costs. */
    const char *state, *home;
    int64_t cpu, peer, beside;
    int64_t regime;            /* SAMPLE_NONE: without a canary all blocks are one regime */
    size_t accepted, rejected; /* trials; a trial is rejected when any of its threads' rows is */
    /* ns/op of a block: the threads' seconds by the threads' ops, so a starved thread counts by its
     * time. */
    struct interval ns;
    double *block_ns;     /* those ns.n blocks in the order of time; owned by the summary */
    int32_t *block_place; /* the page of each, as stats_interval takes it; so owned */
    int64_t *block;       /* the index of each; so owned */
    /* To the reference of the same block, twin b to twin a; n is 0 and all NaN for the reference
     * itself. */
    struct interval ratio;
    /* Of the holding curve only (estimate_is_hold); n is 0 elsewhere: what sharing adds to an op,
     * as the difference to the reference of the same block; from one change of the line's owner to
     * the next; and ops between two such changes, 1 or more. The reference has no holds. */
    struct interval added_ns, held_ns, ops_a_hold;
    /* Events per op of a block, by role; n is 0 where the role was not counted. */
    struct interval per_op[EVENT_HARDWARE];
    double p50_ns, p99_ns; /* medians over trials of the threads' worst; NaN where not timed */
    double
        fairness; /* least over most ops of the role's threads, median over trials; NaN for one */
    struct map_figures map;
};

struct regime {
    const char *run_id, *host; /* borrowed; regimes are numbered within a run */
    int64_t regime;
    size_t blocks;    /* accepted, at least one */
    double canary_ns; /* median; NaN without a canary */
    double
        width; /* the widest relative half-width of its estimates' ns; infinite: too few blocks */
};

struct summary {
    /* Sorted by run, instrument, layout, op, mode, pair, gap, distance, threads, client_threads,
     * clients, role, regime (a group: estimate_same_group); within it the reference first, then by
     * alignment. Not in the rows' order, which the seed shuffles. */
    struct estimate *estimate;
    size_t count;
    struct regime *regime; /* most blocks first */
    size_t regimes;
    const struct regime **by_name; /* the same, for summary_regime */
    struct strings *strings;       /* owns the texts of the names; NULL: the caller does */
};

/* 0 or -ENOMEM. */
int summary_build(const struct samples *samples, struct summary *out);
/* The same from folded rows; the texts stay owned by the owner of the rows' texts. */
struct trial_folds;
int summary_fold(struct trial_folds *folds, struct summary *out);
void summary_fini(struct summary *summary);

/* The regime of an estimate; NULL if no block of it counted. */
const struct regime *summary_regime(const struct summary *summary, const struct estimate *estimate);
/* The canary of that regime; NaN if there is none. */
double summary_canary(const struct summary *summary, const struct estimate *estimate);

/* Whether two estimates differ in nothing but alignment and twin. */
bool estimate_same_group(const struct estimate *a, const struct estimate *b);

/* Whether it is a point of the holding curve of `numaprobe costs`, or what that is stated against.
 */
bool estimate_is_hold(const struct estimate *estimate);

/* Whether it is a strategy under a load, of `numaprobe maps`. */
bool estimate_is_map(const struct estimate *estimate);

/* True when all intervals (ns and ratio) of a layout and op in the regime with the most blocks are
 * within `precision`; false where it was not measured in that regime, or in too few blocks for an
 * interval. */
bool summary_enough(
    const struct summary *summary, const char *layout, const char *op, double precision);

#endif
