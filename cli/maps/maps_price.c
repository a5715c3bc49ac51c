/* SPDX-License-Identifier: MIT
 * A short run of `costs`: one op in two places, and all threads at once. */
#include "cli/maps/maps_price.h"

#include "analysis/maps/map_count.h"
#include "base/version.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#define PRICE_TIME_NS 0.8e9 /* with threads and memory to prepare, within a second */

/* Of costs_request. */
enum { ADD = 1 << 2, MODIFIED = 1 << LINE_MODIFIED, LOCAL = 1 << HOME_LOCAL };

static unsigned most_threads(const struct maps_plan *plan)
{
    return plan->threads[plan->counts - 1];
}

static bool is_read_lock(const struct maps_point *p)
{
    return strcmp(p->strategy->name, "rwlock") == 0 && p->load->share[MAP_GET] >= MAP_COUNT_READS &&
           !p->load->burst;
}

bool maps_price_is_wanted(const struct maps_request *request, const struct maps_plan *plan)
{
    bool wanted = false;
    for (size_t i = 0; i < plan->points && !wanted; i++)
        wanted = is_read_lock(&plan->point[i]);
    return wanted && (request->threads || request->clients) && !plan->self_test &&
           most_threads(plan) > 1;
}

static int measure_block(void *context, struct samples *samples, struct err *err)
{
    struct maps_price *const price = context;
    return costs_block(price->run, samples, err);
}

static bool are_precise(void *context, const struct summary *summary)
{
    const struct maps_price *const price = context;
    return summary->regimes && summary->regime[0].width <= price->sampling.precision;
}

static int make_plan(struct maps_price *price, const struct instrument *in,
    const struct maps_plan *plan, struct err *err)
{
    const struct costs_request request = {
        .cpus = {.cpu = plan->cpus.cpu, .count = most_threads(plan)},
        .ops = ADD,
        .states = MODIFIED,
        .homes = LOCAL,
        .gaps = 1}; /* of 0 ns */
    return costs_plan_build(&request, &in->topology, &price->plan, err);
}

/* Lines here and with the farthest thread, and all threads at once. */
static void choose_points(struct maps_price *price, const struct topology *topology)
{
    const struct costs_plan *const plan = &price->plan;
    const enum distance far = topology_farthest(topology, plan->cpus.cpu, plan->cpus.count);
    for (size_t i = 0; i < plan->prices; i++)
        costs_want_price(price->run, i,
            plan->price[i].distance == DISTANCE_SAME || plan->price[i].distance == far);
    for (size_t i = 0; i < plan->holds; i++)
        costs_want_hold(price->run, i, plan->hold[i].group->threads == plan->cpus.count);
}

static int start_run(struct maps_price *price, const struct instrument *in, struct err *err)
{
    const struct costs_options options = {.seed = in->args->seed,
        .strict = in->args->strict,
        .version = numaprobe_version,
        .stop = in->stop};
    const int code = costs_new(in->machine, &in->topology, &price->plan, options, &price->run, err);
    if (!code)
        choose_points(price, &in->topology);
    return code;
}

static int sample_blocks(struct maps_price *price, const struct instrument *in, struct err *err)
{
    struct sampling *const s = &price->sampling;
    *s = (struct sampling){.precision = in->args->precision,
        .max_time_ns = PRICE_TIME_NS,
        .quiet = in->args->quiet,
        .threads = price->plan.cpus.count,
        .context = price,
        .block = measure_block,
        .enough = are_precise};
    sampling_begin(s);
    int code = sampling_run(s, err);
    if (!code)
        code = sampling_summarise(s, err);
    if (!code && (!s->summary.regimes || isinf(s->summary.regime[0].width)))
        code = err_set(err, -ETIME, "fewer than %d blocks counted in %.1f s", STATS_BLOCKS_MIN,
            PRICE_TIME_NS / 1e9);
    return code;
}

void maps_price_measure(
    struct maps_price *price, const struct instrument *in, const struct maps_plan *plan)
{
    struct err err;
    price->wanted = true;
    int code = make_plan(price, in, plan, &err);
    if (!code)
        code = start_run(price, in, &err);
    if (!code)
        code = sample_blocks(price, in, &err);
    if (code)
        price->err = err;
}

const char *maps_price_lacks(const struct maps_price *price)
{
    return !price->wanted    ? ""
           : price->err.code ? price->err.text
                             : "by the canary, the cpus were at another distance then";
}

void maps_price_fini(struct maps_price *price)
{
    sampling_fini(&price->sampling);
    costs_free(price->run);
    costs_plan_fini(&price->plan);
}
