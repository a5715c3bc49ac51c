/* SPDX-License-Identifier: MIT
 * Rows are folded as they are read: a fold has the sums of one trial for one estimate, 80
 * bytes where the rows are some 900 each. Computes no estimate. */
#ifndef ANALYSIS_DATASET_TRIAL_FOLD_H
#define ANALYSIS_DATASET_TRIAL_FOLD_H

#include "analysis/dataset/estimate_key.h"

#define FOLD_NONE UINT32_MAX

struct trial_fold {
    uint32_t estimate; /* of folds->name */
    uint32_t extra;    /* of folds->extra; FOLD_NONE: the rows have nothing of it */
    uint32_t map;      /* of folds->map; as extra */
    uint32_t counts;   /* of folds->count: that of all roles, then one for each of `roles` */
    uint16_t roles;    /* a bit for each event_role counted */
    uint16_t rows : 15, accepted : 1;
    float least, most; /* ops of a row; below 0: unknown for one */
    int64_t block, trial;
    double seconds, ops; /* sums over the rows */
    double canary_ns;    /* NaN: none */
    int32_t place;       /* as stats_interval takes it */
};

struct trial_fold_extra {
    double p50_ns, p99_ns; /* the rows' worst; NaN where not timed */
    double transfers;      /* the rows' sum; NaN if unknown */
};

/* Of the instrument maps; NaN where empty. */
struct trial_fold_map {
    double p999_ns;             /* the rows' worst */
    double writes, allocations; /* the rows' sums */
    double iterations, iterating_ns;
    double full_bytes, emptied_bytes, freed_after_ns, promotions, promoting_most_ns;
};

struct trial_fold_count {
    float events, ops; /* of the rows that counted the role; of all roles: no events */
};

struct trial_fold_key {
    struct estimate_key name;
    uint32_t run;         /* numbered from 0: equal for equal run_id and host */
    const char *counters; /* column of the CSV, of its first row */
};

struct trial_folds {
    struct trial_fold
        *fold; /* in the order of the rows; one trial may have several of an estimate */
    size_t folds;
    struct trial_fold_extra *extra;
    struct trial_fold_map *map;
    struct trial_fold_count *count;
    struct trial_fold_key *name; /* in the order of their first rows */
    size_t names;
    struct folds_inside *inside;
};

int trial_folds_init(struct trial_folds *folds); /* 0 or -ENOMEM */
void trial_folds_fini(struct trial_folds *folds);
/* Equal texts of all rows must share one address, and outlive the folds. 0 or -ENOMEM. */
int trial_folds_add(struct trial_folds *folds, const struct sample *row);
/* After the last row: a trial is accepted when all its rows are, since a disturbed thread disturbs
 * the others through the line. 0 or -ENOMEM. */
int trial_folds_close(struct trial_folds *folds);

/* Folds in groups. `group` has for each estimate the group, of `groups`, of its folds; within one
 * they are by block, then by trial. */
struct trial_fold_order {
    uint32_t *index; /* of folds->fold */
    size_t *start;   /* group g is index[start[g]] to index[start[g + 1]] */
};
int trial_folds_sort(const struct trial_folds *folds, const uint32_t *group, size_t groups,
    struct trial_fold_order *out); /* 0 or -ENOMEM */
void trial_fold_order_fini(struct trial_fold_order *order);

#endif
