/* SPDX-License-Identifier: MIT
 * Rows made small as they come: a piece is what the rows of one trial say of one figure, a cache
 * line where the rows are some 700 bytes each. Computes no figure. */
#ifndef ANALYSIS_DATASET_TRIAL_FOLD_H
#define ANALYSIS_DATASET_TRIAL_FOLD_H

#include "analysis/dataset/estimate_key.h"
#include "base/sample.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PIECE_NONE UINT32_MAX

struct piece {
    uint32_t figure; /* of pieces->name */
    uint32_t extra;  /* of pieces->extra; PIECE_NONE: the rows have nothing of it */
    uint32_t counts; /* of pieces->count: that of all roles, then one for each of `roles` */
    uint16_t roles;  /* a bit for each event_role counted */
    uint16_t rows : 15, accepted : 1;
    float least, most; /* ops of a row; below 0: one does not say */
    int64_t block, trial;
    double seconds, ops; /* sums over the rows */
    double canary_ns;    /* NaN: none */
};

struct piece_extra {
    double p50_ns, p99_ns; /* the rows' worst; NaN where not timed */
    double transfers;      /* the rows' sum; NaN where none tells */
};

struct piece_count {
    float events, ops; /* of the rows that counted the role; of all roles: no events */
};

struct piece_name {
    struct figure_name name;
    uint32_t run;         /* numbered from 0: equal for equal run_id and host */
    int64_t seed;         /* of its first row, as `counters` */
    const char *counters; /* column of the CSV */
};

struct pieces {
    struct piece *piece; /* in the order of the rows; one trial may have several of a figure */
    size_t pieces;
    struct piece_extra *extra;
    struct piece_count *count;
    struct piece_name *name; /* in the order of their first rows */
    size_t names;
    struct pieces_inside *inside;
};

int pieces_init(struct pieces *pieces); /* 0 or -ENOMEM */
void pieces_fini(struct pieces *pieces);
/* Equal texts of all rows must share one address, and outlive the pieces. 0 or -ENOMEM. */
int pieces_take(struct pieces *pieces, const struct sample *row);
/* After the last row: a trial is accepted when all its rows are, since a disturbed thread disturbs
 * the others through the line. 0 or -ENOMEM. */
int pieces_close(struct pieces *pieces);

/* Pieces in groups. `group` says for each figure to which of `groups` its pieces belong; within one
 * they are by block, then by trial. */
struct pieces_order {
    uint32_t *index; /* of pieces->piece */
    size_t *start;   /* group g is index[start[g]] to index[start[g + 1]] */
};
int pieces_sort(const struct pieces *pieces, const uint32_t *group, size_t groups,
    struct pieces_order *out); /* 0 or -ENOMEM */
void pieces_order_fini(struct pieces_order *order);

#endif
