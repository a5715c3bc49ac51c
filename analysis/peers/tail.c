/* SPDX-License-Identifier: MIT
 * How heavy the tails of a kind's deviations are: the t distribution that fits all of them. */
#include "analysis/peers/peers_internal.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

enum { STEPS = 30, VALUES_MIN = 40 };

/* Twice the logarithm of the likelihood has to gain as much before a normal distribution is not
 * believed: 5% of normal samples do (Wilks; one parameter more). */
static const double GAIN = 3.84;

static const double candidates[] = {3, 4, 5, 7, 10, 15, 30};

static double scaled_log(const double *value, size_t count, double df, double variance)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += log1p(value[i] * value[i] / (df * variance));
    return (double)count * (lgamma((df + 1) / 2) - lgamma(df / 2) - log(df * M_PI * variance) / 2) -
           (df + 1) / 2 * sum;
}

static double mean_square(const double *value, size_t count, double df, double variance)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        const double square = value[i] * value[i];
        sum += (df + 1) / (df + square / variance) * square;
    }
    return sum / (double)count;
}

/* The most likely scale by expectation and maximisation; returns the likelihood's logarithm. */
static double fit_scale(const double *value, size_t count, double df, double *scale)
{
    double variance = 1;
    for (int i = 0; i < STEPS; i++)
        variance = mean_square(value, count, df, variance);
    *scale = sqrt(variance);
    return scaled_log(value, count, df, variance);
}

static double normal_log(const double *value, size_t count)
{
    double squares = 0;
    for (size_t i = 0; i < count; i++)
        squares += value[i] * value[i];
    const double n = (double)count;
    return -n / 2 * (log(2 * M_PI * squares / n) + 1);
}

struct tail tail_fit(const double *value, size_t count)
{
    struct tail best = {INFINITY, 1};
    if (count < VALUES_MIN)
        return best;
    double most = normal_log(value, count) + GAIN / 2;
    for (size_t i = 0; i < sizeof candidates / sizeof *candidates; i++) {
        double scale;
        const double fit = fit_scale(value, count, candidates[i], &scale);
        if (fit > most) {
            most = fit;
            best = (struct tail){candidates[i], scale};
        }
    }
    return best;
}

/* A deviation as a share of what is usual for the quantity, and for a host with such an interval.
 */
static double share_of(const struct judging *j, size_t host, size_t quantity)
{
    const size_t cell = host * j->kind->quantities + quantity;
    const double scale = measure_scale(&j->measure[quantity]);
    return j->rest[cell] / sqrt(scale * scale + judging_extra(j, cell, quantity));
}

static double farthest_of(const struct judging *j, size_t host)
{
    double most = 0;
    for (size_t q = 0; q < j->kind->quantities; q++)
        if (j->measure[q].judged)
            most = fmax(most, fabs(share_of(j, host, q)));
    return most;
}

static int descending(const void *a, const void *b)
{
    const struct ranked *const x = a, *const y = b;
    return (x->value < y->value) - (x->value > y->value);
}

/* How many hosts are left out, those that are farthest off, since they may be those to be named: 1
 * of 5, 2 of 20, 7 of 200. More would take the tails out that are looked for. */
static size_t count_left_out(size_t hosts)
{
    return (size_t)fmax(1, sqrt((double)hosts) / 2);
}

int judging_fit_tail(struct judging *j)
{
    const size_t hosts = j->kind->hosts, quantities = j->kind->quantities;
    double *const value = calloc(hosts * quantities + 1, sizeof *value);
    size_t count = 0;
    if (!value)
        return -ENOMEM;
    for (size_t h = 0; h < hosts; h++)
        j->ranked[h] = (struct ranked){farthest_of(j, h), 0, h};
    qsort(j->ranked, hosts, sizeof *j->ranked, descending);
    for (size_t i = count_left_out(hosts); i < hosts; i++)
        for (size_t q = 0; q < quantities; q++)
            if (j->measure[q].judged && !isnan(j->rest[j->ranked[i].host * quantities + q]))
                value[count++] = share_of(j, j->ranked[i].host, q);
    j->tail = tail_fit(value, count);
    free(value);
    return 0;
}
