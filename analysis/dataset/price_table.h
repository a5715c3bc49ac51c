/* SPDX-License-Identifier: MIT
 * A price list as estimates: what `numaprobe costs` measured, looked up by op, state, place and
 * home, and the holding curve. Works on samples just made or read from a costs.csv. */
#ifndef ANALYSIS_DATASET_PRICE_TABLE_H
#define ANALYSIS_DATASET_PRICE_TABLE_H

#include "analysis/dataset/summary.h"

/* Texts are as in the CSV's columns. */
struct price_entry {
    const char *op, *state, *home;
    const char *distance; /* of the owner from the requester; "" for a line in memory */
    int64_t cpu, peer; /* the cpu measured and the owner of the line; SAMPLE_NONE: no cpu owns it */
    struct interval ns; /* n is 0 where no trial counted */
    const char *reason; /* of the last rejected trial, where n is 0; "" */
};

/* Which point of which holding curve. */
struct hold_key {
    const char *op;       /* "add", "rmw", "store" */
    const char *distance; /* of the farthest two contenders */
    int64_t threads;
    double gap_ns; /* of private work between two ops */
};

/* One gap of a holding curve: all contenders write to one word. */
struct hold_curve {
    struct hold_key key;
    struct interval contended; /* ns an op and its gap take a thread */
    struct interval alone;     /* the same on lines of the thread's own */
    struct interval price;     /* the first less the second, within a block */
    /* Not of stores, which do not see where the line comes from: */
    struct interval hold_ns;    /* from one change of the line's owner to the next */
    struct interval ops_a_hold; /* ops between two such changes; 1 or more */
    const char *reason;         /* of the last rejected trial; "" */
};

struct price_table {
    /* Of the run and regime that the estimates are from: borrowed from the summary. */
    const char *run_id, *host;
    int64_t regime;
    size_t blocks;
    double canary_ns;          /* NaN without a canary */
    struct price_entry *price; /* in no order to rely on */
    size_t prices;
    struct hold_curve *curve; /* ascending by op, threads, distance and gap */
    size_t curves;
};

/* Takes the regime with the most blocks that has rows of costs; estimates of two regimes, runs or
 * hosts are never mixed. `summary` is of the same samples; both must outlive *out. 0, -ENOMEM, or
 * -ENOENT: no row of costs counts. *out is ended with price_table_fini in any case. */
int price_table_build(
    const struct samples *samples, const struct summary *summary, struct price_table *out);
void price_table_fini(struct price_table *costs);

/* NULL: not measured. Of an estimate found, ns.n may be 0 and ns.low NaN (fewer than
 * STATS_BLOCKS_MIN blocks): not available either. */
const struct price_entry *price_table_price(const struct price_table *costs, const char *op,
    const char *state, const char *distance, const char *home);
const struct hold_curve *price_table_hold(
    const struct price_table *costs, const struct hold_key *key);
int hold_key_compare(const struct hold_key *a, const struct hold_key *b);

#endif
