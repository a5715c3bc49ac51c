/* SPDX-License-Identifier: MIT
 * Medians, intervals and the ratio of paired series. The interval itself is in series.c. */
#include "analysis/stats/stats.h"

#include "analysis/stats/series.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void swap_values(double *a, double *b)
{
    const double value = *a;
    *a = *b;
    *b = value;
}

/* Hoare, Algorithm 65: FIND, CACM 4(7), 1961. Afterwards value[k] is what sorting would put there,
 * nothing before it is greater and nothing behind it less. */
static void find_rank(double *value, ptrdiff_t count, ptrdiff_t k)
{
    ptrdiff_t low = 0, high = count - 1;
    while (low < high) {
        const double pivot = value[k];
        ptrdiff_t i = low, j = high;
        while (i <= j) {
            while (value[i] < pivot)
                i++;
            while (value[j] > pivot)
                j--;
            if (i <= j)
                swap_values(&value[i++], &value[j--]);
        }
        low = j < k ? i : low;
        high = k < i ? j : high;
    }
}

double stats_median_among(double *value, size_t count)
{
    if (count == 0)
        return NAN;
    find_rank(value, (ptrdiff_t)count, (ptrdiff_t)count / 2);
    double below = value[count / 2];
    if (count % 2 == 0) {
        below = value[0];
        for (size_t i = 1; i < count / 2; i++)
            below = fmax(below, value[i]);
    }
    return (below + value[count / 2]) / 2;
}

double stats_median(const double *value, size_t count)
{
    double *copy = malloc((count + 1) * sizeof *copy);
    if (copy && count > 0)
        memcpy(copy, value, count * sizeof *copy);
    const double median = copy ? stats_median_among(copy, count) : NAN;
    free(copy);
    return median;
}

int stats_interval(const double *value, const int32_t *place, size_t count, struct interval *out)
{
    struct series series;
    *out = INTERVAL_NONE;
    const int failed = series_init(value, place, count, &series);
    if (failed)
        return failed;
    const int result = series_interval(&series, out);
    series_fini(&series);
    return result;
}

int stats_ratio(const double *value, const double *reference, const int32_t *place, size_t count,
    struct interval *out)
{
    *out = INTERVAL_NONE;
    double *ratio = malloc((count + 1) * sizeof *ratio);
    int32_t *where = malloc((count + 1) * sizeof *where);
    size_t pairs = 0;
    for (size_t i = 0; ratio && where && i < count; i++) {
        if (!isfinite(value[i] / reference[i]))
            continue;
        where[pairs] = place ? place[i] : STATS_NO_PLACE;
        ratio[pairs++] = value[i] / reference[i];
    }
    const int result = ratio && where ? stats_interval(ratio, where, pairs, out) : -ENOMEM;
    free(ratio);
    free(where);
    return result;
}

double interval_width(struct interval interval)
{
    const double width = (interval.high - interval.low) / 2 / fabs(interval.mid);
    return isnan(width) ? INFINITY : width;
}

size_t stats_next_look(size_t blocks)
{
    size_t look = STATS_BLOCKS_MIN;
    while (look <= blocks)
        look = (look * 7 + 19) / 20 * 4;
    return look;
}
