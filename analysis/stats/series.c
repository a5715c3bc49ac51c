/* SPDX-License-Identifier: MIT
 * The interval of a median by ranks (Woodruff, JASA 47, 1952): the number of values below the true
 * median varies around half of them, and where it ends up bounds the median. */
#include "analysis/stats/series.h"

#include "base/compare.h"

#include <errno.h>
#include <stdlib.h>

struct placed {
    double value;
    uint32_t when;
};

static int by_value(const void *a, const void *b)
{
    const struct placed *x = a, *y = b;
    if (x->value != y->value)
        return x->value < y->value ? -1 : 1;
    return x->when < y->when ? -1 : 1;
}

/* Without midranks a constant series would be ranked by time: perfectly autocorrelated. */
static void rank_all(struct series *series, const struct placed *placed)
{
    for (size_t from = 0, to; from < series->count; from = to) {
        for (to = from + 1; to < series->count && placed[to].value == placed[from].value;)
            to++;
        for (size_t i = from; i < to; i++) {
            series->sorted[i] = placed[i].value;
            series->midrank[placed[i].when] = (double)(from + to - 1) / 2;
        }
    }
}

int series_init(const double *value, const int32_t *place, size_t count, struct series *out)
{
    *out = (struct series){.count = count, .place = place};
    struct placed *placed = malloc((count + 1) * sizeof *placed);
    out->sorted = malloc((count + 1) * sizeof *out->sorted);
    out->midrank = malloc((count + 1) * sizeof *out->midrank);
    const bool ok = placed && out->sorted && out->midrank;
    if (ok) {
        for (size_t i = 0; i < count; i++)
            placed[i] = (struct placed){.value = value[i], .when = (uint32_t)i};
        qsort(placed, count, sizeof *placed, by_value);
        rank_all(out, placed);
    } else {
        series_fini(out);
    }
    free(placed);
    return ok ? 0 : -ENOMEM;
}

void series_fini(struct series *series)
{
    free(series->sorted);
    free(series->midrank);
    *series = (struct series){0};
}

double series_median(const struct series *series)
{
    const size_t n = series->count;
    if (n == 0)
        return NAN;
    return (series->sorted[(n - 1) / 2] + series->sorted[n / 2]) / 2;
}

/* Half where a value is above the median, minus half where it is below. */
static double side_of(const struct series *series, size_t i)
{
    const double off = series->midrank[i] - ((double)series->count - 1) / 2;
    return off > 0 ? 0.5 : off < 0 ? -0.5 : 0;
}

static double lag_correlation(const struct series *series)
{
    const double mean = ((double)series->count - 1) / 2;
    double product = 0, square = 0;
    for (size_t i = 0; i < series->count; i++) {
        const double here = series->midrank[i] - mean;
        square += here * here;
        if (i > 0)
            product += here * (series->midrank[i - 1] - mean);
    }
    return square > 0 ? product / square : 0;
}

/* The factor by which a correlation of neighbours multiplies the variance of a sum of signs. One
 * that is within what chance makes is 1, but of two such only one in six is left out: at twice that
 * bound, as tests of significance have it, short series are covered by 88% where the correlation is
 * 0.5. */
static double time_factor(const struct series *series)
{
    const double n = (double)series->count, seen = lag_correlation(series);
    if (seen <= 1 / sqrt(n))
        return 1;
    /* Kendall's correction: an estimated correlation is too small by (1 + 4 rho) / n. */
    const double rho = fmin(seen + (1 + 4 * seen) / n, 0.97), negligible = 1e-4;
    double sum = 0, power = rho;
    for (double lag = 1; lag < n && power > negligible; lag++, power *= rho)
        sum += asin(power) * 2 / M_PI * (1 - lag / n);
    return 1 + 2 * sum;
}

/* An estimated part of the variance. */
struct part {
    double variance, freedom;
};

static struct part part_beyond(double square, size_t groups, double explained)
{
    const double variance = square * (double)groups / ((double)groups - 1);
    return (struct part){fmax(0, variance - explained), (double)groups - 1};
}

static size_t count_places(const struct series *series)
{
    int32_t most = -1;
    for (size_t i = 0; series->place && i < series->count; i++) {
        if (series->place[i] < 0)
            return 0;
        most = series->place[i] > most ? series->place[i] : most;
    }
    return most < 0 ? 0 : (size_t)most + 1;
}

/* What blocks of one place have in common. */
static int place_part(const struct series *series, double explained, struct part *out)
{
    const size_t places = count_places(series);
    *out = (struct part){.freedom = 1};
    double *sum = calloc(2 * places + 1, sizeof *sum), *blocks = sum ? sum + places : NULL;
    if (!sum)
        return -ENOMEM;
    for (size_t i = 0; places && i < series->count; i++) {
        sum[series->place[i]] += side_of(series, i);
        blocks[series->place[i]]++;
    }
    double square = 0;
    size_t met = 0;
    for (size_t p = 0; p < places; p++) {
        square += sum[p] * sum[p];
        met += blocks[p] > 0;
    }
    if (met > 1 && met < series->count)
        *out = part_beyond(square, met, explained);
    free(sum);
    return 0;
}

static struct part drift_part(const struct series *series, double explained)
{
    const size_t n = series->count;
    if (n < (size_t)SERIES_PIECES * SERIES_PIECE_BLOCKS)
        return (struct part){.freedom = 1};
    double square = 0;
    for (size_t k = 0, i = 0; k < SERIES_PIECES; k++) {
        double sum = 0;
        for (; i < n * (k + 1) / SERIES_PIECES; i++)
            sum += side_of(series, i);
        square += sum * sum;
    }
    return part_beyond(square, SERIES_PIECES, explained);
}

int series_spread(const struct series *series, struct series_spread *out)
{
    const double single = (double)series->count / 4, in_time = single * time_factor(series);
    struct part part[3] = {
        {in_time - single, fmax(1, (double)series->count * single / in_time - 1)}};
    const int failed = place_part(series, single, &part[1]);
    part[2] = drift_part(series, in_time);
    double uncertain = 0;
    out->variance = single;
    for (size_t i = 0; i < 3; i++) {
        out->variance += part[i].variance;
        uncertain += part[i].variance * part[i].variance / part[i].freedom;
    }
    out->of_places = part[1].variance > out->variance / 2;
    const double freedom = out->variance * out->variance / uncertain, least = 2;
    out->freedom = uncertain > 0 ? fmax(least, freedom) : INFINITY;
    return failed;
}

/* Between two values; beyond the outermost, which is where very few places lead, as far as they
 * are from the median for each such step of ranks. */
static double value_at(const struct series *series, double rank)
{
    const double last = (double)series->count - 1, middle = last / 2;
    const double at = fmin(fmax(rank, 0), last), median = series_median(series);
    const size_t below = (size_t)at, above = below + (below + 1 < series->count);
    const double value = series->sorted[below] +
                         (at - (double)below) * (series->sorted[above] - series->sorted[below]);
    return rank == at ? value : median + (value - median) * fabs(rank - middle) / middle;
}

/* The Cornish-Fisher expansion of Abramowitz and Stegun 26.7.5. Within 0.001 from 5 degrees of
 * freedom on, 0.009 low at 3. */
double series_quantile(double freedom)
{
    const double z = 2.170090, z2 = z * z, v = freedom; /* 98.5% of the normal distribution */
    const double g1 = z * (z2 + 1) / 4;
    const double g2 = z * ((5 * z2 + 16) * z2 + 3) / 96;
    const double g3 = z * (((3 * z2 + 19) * z2 + 17) * z2 - 15) / 384;
    const double g4 = z * ((((79 * z2 + 776) * z2 + 1482) * z2 - 1920) * z2 - 945) / 92160;
    return z + (g1 + (g2 + (g3 + g4 / v) / v) / v) / v;
}

int series_interval(const struct series *series, struct interval *out)
{
    *out = (struct interval){
        .low = NAN, .mid = series_median(series), .high = NAN, .n = series->count};
    if (series->count < STATS_BLOCKS_MIN)
        return 0;
    struct series_spread spread;
    const int failed = series_spread(series, &spread);
    const double middle = ((double)series->count - 1) / 2;
    const double far = series_quantile(spread.freedom) * sqrt(spread.variance);
    const double reach =
        spread.of_places ? far : fmin(far, middle); /* a trend was seen as a whole */
    out->low = value_at(series, middle - reach);
    out->high = value_at(series, middle + reach);
    return failed;
}
