/* SPDX-License-Identifier: MIT
 * Sums, means and quantiles. */
#include "probes/maps/map_results.h"

#include "base/sample.h"
#include "probes/maps/map_crowd.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

void map_results_clear(struct map_result *result, unsigned threads)
{
    for (unsigned i = 0; i < threads; i++) {
        result[i] = (struct map_result){.counted_ops = SAMPLE_NONE};
        for (int role = 0; role < EVENT_ROLES; role++)
            result[i].count[role] = SAMPLE_NONE;
        for (int role = 0; role < EVENT_HARDWARE; role++)
            result[i].share[role] = NAN;
    }
}

static double quantile_ns(const struct stage *stage, const struct histogram *h, int quantile)
{
    static const double share[MAP_QUANTILES] = {
        [MAP_P50] = 0.5, [MAP_P90] = 0.9, [MAP_P99] = 0.99, [MAP_P999] = 0.999};
    const uint64_t ticks = quantile == MAP_MIN   ? h->min
                           : quantile == MAP_MAX ? h->max
                                                 : histogram_quantile(h, share[quantile]);
    return fmax(0, clock_ns(&stage->clock, ticks) - stage->clock.overhead_ns);
}

static void collect_latencies(
    const struct stage *stage, const struct histogram *h, bool timed, struct map_result *r)
{
    for (int q = 0; q < MAP_QUANTILES; q++)
        r->lat_ns[q] = timed && h->count ? quantile_ns(stage, h, q) : NAN;
}

static double mean_ns(const struct stage *stage, uint64_t ticks, uint64_t times)
{
    return times ? clock_ns(&stage->clock, ticks) / (double)times : NAN;
}

static void collect_thread(const struct map_trial *trial, unsigned thread, struct map_result *r)
{
    const struct stage *const stage = trial->stage;
    const struct trial_thread *const t = &stage->trial.thread[thread];
    const struct map_thread *const me = &trial->thread[thread];
    *r = (struct map_result){.ops = stage->result[thread].ops,
        .seconds = stage->result[thread].seconds,
        .writes = me->writes,
        .iterations = me->iterations,
        .allocations = me->allocated,
        .iterated_ns = mean_ns(stage, me->iterated_ticks, me->iterations)};
    memcpy(r->count, t->count, sizeof r->count);
    memcpy(r->share, t->share, sizeof r->share);
    r->counted_ops = t->hardware ? (int64_t)t->counted_ops : SAMPLE_NONE;
    collect_latencies(stage, &t->histogram, t->timed, r);
}

void map_results_threads(
    const struct map_trial *trial, const struct maps_point *point, struct map_result *result)
{
    for (unsigned i = 0; i < point->threads; i++)
        collect_thread(trial, i, &result[i]);
}

/* Whether ops take long enough to be timed singly, as in a trial; where clients think, their mean
 * has that in it. */
static bool can_time(const struct map_trial *trial, const struct crowd_sum *sum)
{
    const struct stage *const stage = trial->stage;
    const double ns = trial->plan->think_ns > 0 ? quantile_ns(stage, &sum->histogram, MAP_P50)
                                                : sum->seconds * 1e9 / sum->ops;
    return sum->ops > 0 && ns >= clock_least_ns(&stage->clock);
}

static void collect_cpu(
    const struct map_trial *trial, const struct crowd_sum *sum, struct map_result *r)
{
    const struct stage *const stage = trial->stage;
    map_results_clear(r, 1); /* events of so many threads are not counted */
    r->ops = (uint64_t)(sum->ops + 0.5);
    r->seconds = sum->seconds;
    r->writes = sum->writes;
    r->iterations = sum->iterations;
    r->allocations = sum->allocations;
    r->iterated_ns = mean_ns(stage, sum->iterated_ticks, sum->iterations);
    collect_latencies(stage, &sum->histogram, can_time(trial, sum), r);
}

int map_results_crowd(
    const struct map_trial *trial, const struct maps_point *point, struct map_result *result)
{
    struct crowd_sum *const sum = malloc(sizeof *sum);
    if (!sum)
        return -ENOMEM;
    for (unsigned i = 0; i < point->threads; i++) {
        map_crowd_sum(trial->crowd, i, sum);
        collect_cpu(trial, sum, &result[i]);
    }
    free(sum);
    return 0;
}
