/* SPDX-License-Identifier: MIT
 * Pieces in groups. Files mostly are in order already, so sorting is the exception. */
#include "analysis/dataset/trial_fold.h"

#include <errno.h>
#include <stdlib.h>

static int by_block(const void *a, const void *b, void *context)
{
    const struct trial_fold *const piece = context;
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    const int64_t pairs[][2] = {
        {piece[x].block, piece[y].block}, {piece[x].trial, piece[y].trial}, {x, y}};
    return compare_ints(pairs, sizeof pairs / sizeof *pairs);
}

static void sort_group(const struct trial_fold *piece, uint32_t *index, size_t count)
{
    size_t i = 1;
    while (i < count && by_block(&index[i - 1], &index[i], (void *)piece) < 0)
        i++;
    if (i < count)
        qsort_r(index, count, sizeof *index, by_block, (void *)piece);
}

/* A counting sort keeps the order within a group. */
static void distribute_folds(
    const struct trial_folds *p, const uint32_t *group, size_t groups, struct trial_fold_order *out)
{
    for (size_t i = 0; i < p->pieces; i++)
        out->start[group[p->piece[i].figure] + 1]++;
    for (size_t g = 0; g < groups; g++)
        out->start[g + 1] += out->start[g];
    for (size_t i = 0; i < p->pieces; i++)
        out->index[out->start[group[p->piece[i].figure]]++] = (uint32_t)i;
    for (size_t g = groups; g > 0; g--)
        out->start[g] = out->start[g - 1];
    out->start[0] = 0;
}

int trial_folds_sort(
    const struct trial_folds *p, const uint32_t *group, size_t groups, struct trial_fold_order *out)
{
    out->index = malloc((p->pieces + 1) * sizeof *out->index);
    out->start = calloc(groups + 1, sizeof *out->start);
    if (!out->index || !out->start) {
        trial_fold_order_fini(out);
        return -ENOMEM;
    }
    distribute_folds(p, group, groups, out);
    for (size_t g = 0; g < groups; g++)
        sort_group(p->piece, out->index + out->start[g], out->start[g + 1] - out->start[g]);
    return 0;
}

void trial_fold_order_fini(struct trial_fold_order *order)
{
    free(order->index);
    free(order->start);
    *order = (struct trial_fold_order){0};
}
