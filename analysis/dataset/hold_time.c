/* SPDX-License-Identifier: MIT
 * Holding times, block by block. */
#include "analysis/dataset/hold_time.h"

#include <math.h>

struct sum {
    double seconds, ops, transfers;
};

static void add_fold(const struct trial_folds *p, const struct trial_fold *piece, struct sum *sum)
{
    if (!piece->accepted)
        return;
    sum->seconds += piece->seconds;
    sum->ops += piece->ops;
    if (piece->extra != PIECE_NONE && !isnan(p->extra[piece->extra].transfers))
        sum->transfers += p->extra[piece->extra].transfers;
}

/* The line belongs to one thread at any time, so that the holds of all threads fill the window: its
 * length by the changes that all of them saw is the mean hold. A block in which nobody saw a change
 * has no hold that ended. */
int hold_times_fold(const struct trial_folds *p, const uint32_t *index, size_t count, double *held,
    double *ops, struct estimate *figure)
{
    const uint64_t seed = (uint64_t)p->name[p->piece[*index].figure].seed;
    size_t blocks = 0;
    for (size_t from = 0, to; from < count; from = to) {
        struct sum sum = {0};
        const int64_t block = p->piece[index[from]].block;
        for (to = from; to < count && p->piece[index[to]].block == block; to++)
            add_fold(p, &p->piece[index[to]], &sum);
        if (!(sum.ops > 0 && sum.transfers > 0 && figure->threads > 0))
            continue;
        held[blocks] = sum.seconds * 1e9 / (double)figure->threads / sum.transfers;
        ops[blocks++] = sum.ops / sum.transfers;
    }
    const int failed = stats_interval(held, blocks, seed, &figure->held_ns);
    return failed ? failed : stats_interval(ops, blocks, seed, &figure->ops_a_hold);
}
