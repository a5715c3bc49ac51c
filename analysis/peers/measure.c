/* SPDX-License-Identifier: MIT
 * What the hosts of a kind have in common: of each quantity the median and the variance, and of
 * each host how far its quantities are off together. */
#include "analysis/peers/peers_internal.h"
#include "analysis/stats/stats.h"

#include <math.h>
#include <stdlib.h>

/* Of standard deviations: a quantity that is far off is not a host that is off. */
static const double CLIP = 2.5;

static size_t cell_of(const struct judging *j, size_t host, size_t quantity)
{
    return host * j->kind->quantities + quantity;
}

static bool counts(const struct judging *j, size_t host, size_t quantity)
{
    const size_t cell = cell_of(j, host, quantity);
    return !j->host_gone[host] && !j->gone[cell] && !isnan(j->kind->value[cell]);
}

/* The values of a quantity, those that count only; how many. */
static size_t list_quantity(
    const struct judging *j, const double *from, size_t quantity, struct ranked *out)
{
    size_t count = 0;
    for (size_t h = 0; h < j->kind->hosts; h++)
        if (counts(j, h, quantity))
            out[count++] = (struct ranked){.value = from[cell_of(j, h, quantity)], .host = h};
    return count;
}

static double median_of(const struct judging *j, const double *from, size_t quantity)
{
    double *const value = (double *)j->ranked;
    size_t count = 0;
    for (size_t h = 0; h < j->kind->hosts; h++)
        if (counts(j, h, quantity) && !isnan(from[cell_of(j, h, quantity)]))
            value[count++] = from[cell_of(j, h, quantity)];
    return stats_median_among(value, count);
}

static double squared(const struct judging *j, size_t cell)
{
    const double e = j->kind->error ? j->kind->error[cell] : 0;
    return isnan(e) ? 0 : e * e;
}

double judging_extra(const struct judging *judging, size_t cell, size_t quantity)
{
    return fmax(0, squared(judging, cell) - judging->measure[quantity].error);
}

/* Of the deviations that are in `rest`. */
static void measure_variance(struct judging *j, size_t quantity)
{
    struct measure *const m = &j->measure[quantity];
    const size_t count = list_quantity(j, j->rest, quantity, j->ranked);
    double sum = 0, squares = 0;
    for (size_t i = 0; i < count; i++) {
        sum += j->ranked[i].value;
        squares += j->ranked[i].value * j->ranked[i].value;
    }
    const double n = (double)count;
    m->df = n - 1;
    m->variance = fmax(1e-6, (squares - sum * sum / n) / (n - 1));
}

static void measure_error(struct judging *j, size_t quantity)
{
    double *const value = (double *)j->ranked;
    size_t count = 0;
    for (size_t h = 0; h < j->kind->hosts; h++)
        if (counts(j, h, quantity))
            value[count++] = squared(j, cell_of(j, h, quantity));
    j->measure[quantity].error = stats_median_among(value, count);
}

double measure_scale(const struct measure *m)
{
    return sqrt(prior_join(&m->prior, m->variance, m->df).variance);
}

static double clipped(const struct judging *j, size_t host, size_t quantity)
{
    const struct measure *const m = &j->measure[quantity];
    const double z = (j->kind->value[cell_of(j, host, quantity)] - m->median) / measure_scale(m);
    return fmax(-CLIP, fmin(CLIP, z));
}

static bool is_measured(const struct judging *j, size_t host, size_t quantity)
{
    return j->measure[quantity].judged && !isnan(j->kind->value[cell_of(j, host, quantity)]);
}

struct together {
    double sum, squares;
    size_t count;
};

static struct together sum_host(const struct judging *j, size_t host)
{
    struct together t = {0};
    for (size_t f = 0; f < j->kind->quantities; f++)
        if (is_measured(j, host, f)) {
            const double z = clipped(j, host, f);
            t.sum += z;
            t.squares += z * z;
            t.count++;
        }
    return t;
}

double judging_extra_together(const struct judging *judging, size_t host)
{
    const double count = (double)sum_host(judging, host).count;
    return judging->alone * fmax(0, 1 / count - 1 / judging->of_a_host);
}

/* How much two quantities of a host agree: their correlation, from the variance of the hosts'
 * means; never below 0. */
static double measure_correlation(struct judging *j)
{
    double n = 0, mean = 0, means = 0, cells = 0, squares = 0;
    for (size_t h = 0; h < j->kind->hosts; h++) {
        const struct together t = sum_host(j, h);
        j->together[h] = t.count ? t.sum / (double)t.count : NAN;
        if (!t.count || j->host_gone[h])
            continue;
        n++;
        mean += j->together[h];
        means += j->together[h] * j->together[h];
        cells += (double)t.count;
        squares += t.squares;
    }
    const double quantities = cells / n, variance = (means - mean * mean / n) / (n - 1);
    const double all = squares / cells;
    const double agree =
        quantities < 2 ? 0 : fmax(0, (quantities * variance / all - 1) / (quantities - 1));
    j->alone = all * (1 - fmin(1, agree));
    j->of_a_host = quantities;
    return agree;
}

/* The best linear guess of a quantity's deviation from those of the host's other quantities, if all
 * pairs correlate alike. If they do not, the guess is worse but not wrong: what is left over has
 * its own variance. */
static void take_together_out(struct judging *j, double correlation)
{
    for (size_t h = 0; h < j->kind->hosts; h++) {
        const struct together t = sum_host(j, h);
        const double others = (double)t.count - 1;
        const double weight = others > 0 ? correlation / (1 + (others - 1) * correlation) : 0;
        for (size_t f = 0; f < j->kind->quantities; f++)
            if (is_measured(j, h, f))
                j->rest[cell_of(j, h, f)] -=
                    measure_scale(&j->measure[f]) * weight * (t.sum - clipped(j, h, f));
    }
}

static void measure_quantity(struct judging *j, size_t quantity)
{
    struct measure *const m = &j->measure[quantity];
    const size_t count = list_quantity(j, j->kind->value, quantity, j->ranked);
    const bool was_judged = m->df > 0;
    m->judged = count >= PEERS_HOSTS_MIN;
    m->median = median_of(j, j->kind->value, quantity);
    for (size_t h = 0; h < j->kind->hosts; h++)
        j->rest[cell_of(j, h, quantity)] = j->kind->value[cell_of(j, h, quantity)] - m->median;
    if (m->judged)
        measure_error(j, quantity);
    if (m->judged || (was_judged && count > 1)) /* what is left of five has a spread, too */
        measure_variance(j, quantity);
}

void judging_measure(struct judging *judging)
{
    const size_t quantities = judging->kind->quantities;
    for (size_t f = 0; f < quantities; f++)
        measure_quantity(judging, f);
    priors_fit(judging->measure, quantities);
    take_together_out(judging, measure_correlation(judging));
    for (size_t f = 0; f < quantities; f++)
        if (judging->measure[f].judged)
            measure_variance(judging, f);
    priors_fit(judging->measure, quantities);
}
