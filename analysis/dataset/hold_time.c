/* SPDX-License-Identifier: MIT
 * Holding times, block by block. */
#include "analysis/dataset/hold_time.h"

#include <math.h>

struct sum {
    double seconds, ops, transfers;
};

static void add_fold(const struct trial_folds *p, const struct trial_fold *fold, struct sum *sum)
{
    if (!fold->accepted)
        return;
    sum->seconds += fold->seconds;
    sum->ops += fold->ops;
    if (fold->extra != FOLD_NONE && !isnan(p->extra[fold->extra].transfers))
        sum->transfers += p->extra[fold->extra].transfers;
}

/* The line belongs to one thread at any time, so that the holds of all threads fill the window: its
 * length by the changes that all of them saw is the mean hold. A block in which nobody saw a change
 * has no hold that ended. */
int hold_times_fold(const struct trial_folds *p, const uint32_t *index, size_t count, double *held,
    double *ops, int32_t *place, struct estimate *estimate)
{
    size_t blocks = 0;
    for (size_t from = 0, to; from < count; from = to) {
        struct sum sum = {0};
        const int64_t block = p->fold[index[from]].block;
        for (to = from; to < count && p->fold[index[to]].block == block; to++)
            add_fold(p, &p->fold[index[to]], &sum);
        if (!(sum.ops > 0 && sum.transfers > 0 && estimate->threads > 0))
            continue;
        place[blocks] = p->fold[index[from]].place;
        held[blocks] = sum.seconds * 1e9 / (double)estimate->threads / sum.transfers;
        ops[blocks++] = sum.ops / sum.transfers;
    }
    const int failed = stats_interval(held, place, blocks, &estimate->held_ns);
    return failed ? failed : stats_interval(ops, place, blocks, &estimate->ops_a_hold);
}
