/* SPDX-License-Identifier: MIT
 * Orders of rows, for folding them by sorting. Computes no figure. */
#include "analysis/group.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

int compare_text(const char *a, const char *b)
{
    if (a == b)
        return 0;
    return strcmp(a ? a : "", b ? b : "");
}

int compare_int(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

int compare_real(double a, double b)
{
    if (isnan(a) || isnan(b))
        return !isnan(a) - !isnan(b);
    return (a > b) - (a < b);
}

bool row_isolated(const struct sample *row)
{
    return compare_text(row->layout, "isolated") == 0;
}

const char *row_family(const struct sample *row)
{
    return row_isolated(row) ? row->reference_for : row->layout;
}

int64_t row_align(const struct sample *row)
{
    return row_isolated(row) ? SAMPLE_NONE : row->align_bytes;
}

int64_t row_cpu(const struct sample *row)
{
    return row->peer == SAMPLE_NONE ? SAMPLE_NONE : row->cpu;
}

int compare_run(const struct sample *a, const struct sample *b)
{
    const int run = compare_text(a->run_id, b->run_id);
    return run ? run : compare_text(a->host, b->host);
}

static int compare_trial(const struct sample *a, const struct sample *b)
{
    const int run = compare_run(a, b);
    return run ? run : compare_int(a->trial, b->trial);
}

static int compare_texts(const struct sample *a, const struct sample *b)
{
    int order = compare_run(a, b);
    if (order == 0)
        order = compare_text(a->instrument, b->instrument);
    if (order == 0)
        order = compare_text(row_family(a), row_family(b));
    if (order == 0)
        order = compare_text(a->op, b->op);
    return order ? order : compare_text(a->mode, b->mode);
}

static int compare_pair(const struct sample *a, const struct sample *b)
{
    int order = compare_int(row_cpu(a), row_cpu(b));
    if (order == 0)
        order = compare_int(a->peer, b->peer);
    if (order == 0)
        order = compare_text(a->state, b->state);
    if (order == 0)
        order = compare_text(a->home, b->home);
    return order ? order : compare_int(a->beside, b->beside);
}

/* Rows of different distance, and so of different threads, are never pooled. */
static int compare_group(const struct sample *a, const struct sample *b)
{
    int order = compare_texts(a, b);
    if (order == 0)
        order = compare_pair(a, b);
    if (order == 0)
        order = compare_real(a->gap_ns, b->gap_ns);
    if (order == 0)
        order = compare_text(a->distance, b->distance);
    if (order == 0)
        order = compare_int(a->threads, b->threads);
    if (order == 0)
        order = compare_text(a->role, b->role);
    return order ? order : compare_int(a->regime, b->regime);
}

/* SAMPLE_NONE is the least number, so the reference comes first in its group, and twin a before b.
 */
int compare_figure(const struct sample *a, const struct sample *b)
{
    int order = compare_group(a, b);
    if (order == 0)
        order = compare_int(row_align(a), row_align(b));
    return order ? order : compare_text(a->twin, b->twin);
}

/* Rows of one array: their addresses settle what is left, so that the order never depends on qsort.
 */
static int settle(const struct sample *a, const struct sample *b)
{
    const int block = compare_int(a->block, b->block);
    const int order = block ? block : compare_int(a->trial, b->trial);
    return order ? order : (a > b) - (a < b);
}

static int by_trial(const void *a, const void *b)
{
    const struct sample *x = ((const struct item *)a)->row, *y = ((const struct item *)b)->row;
    const int order = compare_trial(x, y);
    return order ? order : (x > y) - (x < y);
}

static int by_figure(const void *a, const void *b)
{
    const struct sample *x = ((const struct item *)a)->row, *y = ((const struct item *)b)->row;
    const int order = compare_figure(x, y);
    return order ? order : settle(x, y);
}

static int by_regime(const void *a, const void *b)
{
    const struct sample *x = ((const struct item *)a)->row, *y = ((const struct item *)b)->row;
    const int run = compare_run(x, y);
    const int order = run ? run : compare_int(x->regime, y->regime);
    return order ? order : settle(x, y);
}

void items_by_figure(struct item *item, size_t count)
{
    qsort(item, count, sizeof *item, by_figure);
}

void items_by_regime(struct item *item, size_t count)
{
    qsort(item, count, sizeof *item, by_regime);
}

int compare_block(const struct sample *a, const struct sample *b)
{
    return compare_int(a->block, b->block);
}

int compare_trials(const struct sample *a, const struct sample *b)
{
    return compare_int(a->trial, b->trial);
}

size_t items_end(const struct item *item, size_t from, size_t count,
    int (*compare)(const struct sample *, const struct sample *))
{
    size_t to = from + 1;
    while (to < count && compare(item[from].row, item[to].row) == 0)
        to++;
    return to;
}

static void judge_trials(struct item *item, size_t count)
{
    for (size_t from = 0, to; from < count; from = to) {
        to = items_end(item, from, count, compare_trial);
        bool accepted = true;
        for (size_t i = from; i < to; i++)
            accepted = accepted && item[i].row->accepted == 1;
        for (size_t i = from; i < to; i++)
            item[i].accepted = accepted;
    }
}

int items_new(const struct samples *samples, struct item **out)
{
    struct item *item = malloc((samples->count + 1) * sizeof *item);
    if (!item)
        return -ENOMEM;
    for (size_t i = 0; i < samples->count; i++)
        item[i] = (struct item){.row = &samples->row[i]};
    qsort(item, samples->count, sizeof *item, by_trial);
    judge_trials(item, samples->count);
    *out = item;
    return 0;
}
