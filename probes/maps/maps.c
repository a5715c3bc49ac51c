/* SPDX-License-Identifier: MIT
 * Points of a load as trials. A map's life is in map_trial.c, rows are in maps_rows.c. */
#include "probes/maps/maps.h"

#include "base/text.h"
#include "probes/maps/go_strategy.h"
#include "probes/maps/map_check_child.h"
#include "probes/maps/map_go.h"
#include "probes/maps/map_results.h"
#include "probes/maps/map_server.h"
#include "probes/maps/maps_internal.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static uint64_t count_ops(const struct maps_run *run, unsigned threads)
{
    uint64_t ops = 0;
    for (unsigned i = 0; i < threads; i++)
        ops += run->result[i].ops;
    return ops;
}

static const char crashed[] = "crashed";

static struct map_server *server_of(const struct maps_run *run, const struct map_strategy *s)
{
    struct map_server *found = NULL;
    for (size_t i = 0; i < run->servers && !found; i++)
        if (map_server_strategy(run->server[i]) == s)
            found = run->server[i];
    return found;
}

/* What has crashed is measured no more; those in Go are one process. */
static void leave_out(struct maps_run *run, const struct map_strategy *s)
{
    for (size_t i = 0; i < run->plan->points; i++) {
        const struct map_strategy *const other = run->plan->point[i].strategy;
        if (other != s && !(go_is_strategy(other) && go_is_strategy(s)))
            continue;
        run->progress[i].gone = true;
        run->series.left_out[i] =
            true; /* also in this block: its process does not answer any more */
    }
}

/* Where its strategy runs. 0, or -ECHILD: it has crashed there. */
static int run_point(struct maps_run *run, unsigned index, struct map_manner manner)
{
    const struct maps_point *const point = &run->plan->point[index];
    struct map_server *const server = server_of(run, point->strategy);
    if (go_is_strategy(point->strategy))
        return map_go_run(
            run->go, point, &run->stage, manner, &run->outcome, run->result, &run->crash);
    if (server)
        return map_server_run(server, index, manner, &run->outcome, run->result, &run->crash);
    map_trial_run(&run->trial, point, manner, &run->outcome, run->result);
    return 0;
}

static void run_trial(struct maps_run *run, unsigned index, struct map_manner manner)
{
    const struct maps_point *const point = &run->plan->point[index];
    if (run_point(run, index, manner) == 0)
        return;
    run->outcome = (struct map_outcome){
        .reason = crashed, .verified = "", .full_bytes = NAN, .emptied_bytes = NAN};
    map_results_clear(run->result, point->threads);
    leave_out(run, point->strategy);
}

/* What the strategies that have crashed did under this load is kept for the record only. */
static void reject_crashed(const struct maps_run *run, struct samples *samples)
{
    for (size_t i = 0; i < run->plan->points; i++)
        for (size_t k = 0; k < samples->count && run->progress[i].gone; k++)
            if (samples->row[k].layout == run->name[i]) {
                samples->row[k].accepted = 0;
                samples->row[k].reject_reason = crashed;
            }
}

static int measure_point(void *context, unsigned index, bool *counts, struct samples *samples)
{
    struct maps_run *const run = context;
    const struct maps_point *const point = &run->plan->point[index];
    struct map_outcome *const out = &run->outcome;
    struct maps_progress *const done = &run->progress[index];
    const struct map_manner manner = {!done->emptied, 1 << done->doubled};
    run_trial(run, index, manner);
    run->unverified |= strcmp(out->verified, "unverified") == 0;
    *counts = !*out->reason || done->gone; /* or it would be tried again */
    if (manner.empties)
        done->emptied_bytes = out->emptied_bytes;
    done->emptied = true;
    out->emptied_bytes = done->emptied_bytes;
    if (done->doubled < MAPS_DOUBLED_MOST && count_ops(run, point->threads) < MAPS_OPS_LEAST)
        done->doubled++;
    const int code = maps_append(run, index, samples);
    if (out->reason == crashed)
        reject_crashed(run, samples);
    return code;
}

/* Each trial has checked its own. */
static int check_places(void *context, struct err *err)
{
    const struct maps_run *const run = context;
    return run->options.strict && run->unverified
               ? err_set(err, -EPERM, "--strict: nothing reports where the memory of a map lies")
               : 0;
}

/* The points of a strategy stand together within a load only: all loads of each are gathered. */
static int check_strategy(const struct maps_plan *plan, const struct maps_point *first,
    struct maps_point *gathered, uint64_t seed, struct err *err)
{
    size_t points = 0;
    for (size_t i = 0; i < plan->points; i++) {
        const struct maps_point *const p = &plan->point[i];
        if (p->strategy == first->strategy && p->threads == first->threads &&
            p->clients == first->clients && p->client_threads == first->client_threads)
            gathered[points++] = *p;
    }
    return map_check_points(gathered, points, plan->quiesce, seed, err);
}

/* `none` is not a map, and those in Go are checked there. */
static bool is_map(const struct maps_point *point)
{
    return strcmp(point->strategy->name, "none") != 0 && !go_is_strategy(point->strategy);
}

/* Of the numbers of clients, the first in the plan. */
static bool has_first_clients(const struct maps_plan *plan, const struct maps_point *p)
{
    const bool dealt = plan->client_counts > 0;
    return p->client_threads == !dealt &&
           p->clients == (dealt ? plan->clients[0] : plan->client_threads[0]);
}

/* With the most threads that are asked for. */
static int check_strategies(const struct maps_plan *plan, uint64_t seed, struct err *err)
{
    struct maps_point *const gathered = calloc(plan->points + 1, sizeof *gathered);
    int code = gathered ? 0 : err_set(err, -ENOMEM, "out of memory for %zu points", plan->points);
    for (size_t i = 0; i < plan->points && !code; i++) {
        const struct maps_point *const p = &plan->point[i];
        if (p->load == plan->load && !p->copies && *p->twin != 'b' && is_map(p) &&
            has_first_clients(plan, p) && p->threads == plan->threads[plan->counts - 1])
            code = check_strategy(plan, p, gathered, seed, err);
    }
    free(gathered);
    return code;
}

static void bind_thread(void *context, unsigned thread)
{
    const struct maps_run *const run = context;
    struct err err;
    (void)thread;
    memory_bind_programs(
        run->plan->memory, &err); /* where it is forbidden, the first touch serves */
}

static void name_point(struct maps_run *run, size_t i)
{
    const struct maps_point *const p = &run->plan->point[i];
    char load[LOAD_DESCRIPTION];
    maps_point_name(p, run->name[i]);
    load_describe(p->load, load);
    text_append(run->load[i], MAPS_LOAD, "%s, quiesce %u", load, run->plan->quiesce);
}

static int allocate_points(struct maps_run *run)
{
    const struct maps_plan *const plan = run->plan;
    run->result = calloc(plan->cpus.count, sizeof *run->result);
    run->progress = calloc(plan->points, sizeof *run->progress);
    run->name = calloc(plan->points, sizeof *run->name);
    run->load = calloc(plan->points, sizeof *run->load);
    if (!run->result || !run->progress || !run->name || !run->load)
        return -ENOMEM;
    for (size_t i = 0; i < plan->points; i++)
        name_point(run, i);
    return 0;
}

/* Before this process has threads. */
static int start_servers(
    struct maps_run *run, struct machine *machine, const struct topology *topology, struct err *err)
{
    const struct maps_plan *const plan = run->plan;
    int code = 0;
    run->server = calloc(plan->users + 1, sizeof(struct map_server *));
    if (!run->server)
        return err_set(err, -ENOMEM, "out of memory for %zu strategies", plan->users);
    for (size_t i = 0; i < plan->users && !code; i++) {
        code = map_server_new(machine, topology, plan, &plan->user[i]->stub, run->options.seed,
            &run->server[run->servers], err);
        run->servers += !code;
    }
    return code;
}

static int prepare_run(
    struct maps_run *run, struct machine *machine, const struct topology *topology, struct err *err)
{
    const struct maps_plan *const plan = run->plan;
    struct stage *const stage = &run->stage;
    const struct counters_request request = {
        .backend = run->options.counters, .events = run->options.events};
    const struct block_begin begin = {.machine = machine,
        .topology = topology,
        .cpus = &plan->cpus,
        .points = plan->points,
        .version = run->options.version,
        .seed = run->options.seed,
        .stop = run->options.stop};
    int code = check_strategies(plan, run->options.seed, err);
    if (!code)
        code = start_servers(run, machine, topology, err);
    if (!code && plan->has_go)
        code = map_go_new(plan, run->options.seed, &run->go, err);
    if (!code)
        code = block_begin(&run->series, stage, &begin, err);
    if (!code && allocate_points(run))
        code = err_set(err, -ENOMEM, "out of memory for %zu points", plan->points);
    if (!code)
        code = map_trial_init(&run->trial, stage, plan, run->options.seed, err);
    if (code)
        return code;
    crew_run(stage->crew, bind_thread, run);
    code = canary_map(&stage->canary, stage->crew, topology, plan->memory.node, err);
    return code ? code : stage_counters_open(stage, &request, &run->counted, err);
}

int maps_new(struct machine *machine, const struct topology *topology, const struct maps_plan *plan,
    struct maps_options options, struct maps_run **out, struct err *err)
{
    struct maps_run *const run = block_allocate(_Alignof(struct maps_run), sizeof *run, err);
    if (!run)
        return -ENOMEM;
    run->plan = plan;
    run->options = options;
    run->series = (struct block_series){
        .measure = measure_point, .check_places = check_places, .context = run};
    const int code = prepare_run(run, machine, topology, err);
    if (code) {
        maps_free(run);
        return code;
    }
    maps_choose(run, plan->load);
    *out = run;
    return 0;
}

void maps_free(struct maps_run *run)
{
    if (!run)
        return;
    for (size_t i = 0; i < run->servers; i++)
        map_server_free(run->server[i]);
    free(run->server);
    map_go_free(run->go);
    map_trial_fini(&run->trial);
    stage_counters_close(&run->stage, &run->counted);
    stage_fini(&run->stage);
    block_series_fini(&run->series);
    free(run->result);
    free(run->progress);
    free(run->name);
    free(run->load);
    free(run);
}

void maps_choose(struct maps_run *run, const struct load *load)
{
    for (size_t i = 0; i < run->plan->points; i++)
        run->series.left_out[i] = run->plan->point[i].load != load || run->progress[i].gone;
}

int maps_block(struct maps_run *run, struct samples *samples, struct err *err)
{
    return block_run(&run->series, &run->stage, samples, err);
}

const struct counters *maps_counters(const struct maps_run *run)
{
    return &run->counted.counters;
}

const char *maps_counters_how(const struct maps_run *run)
{
    return stage_counters_how(&run->stage);
}

const struct err *maps_crash(const struct maps_run *run)
{
    return run->crash.code ? &run->crash : NULL;
}
