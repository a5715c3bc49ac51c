/* SPDX-License-Identifier: MIT
 * What a price list needs before its first block: the canary, and memory on its nodes. */
#include "probes/costs/costs_internal.h"

static int map_arena(struct costs_run *run, struct arena *arena, size_t bytes,
    struct memory_policy policy, struct err *err)
{
    *arena =
        (struct arena){.area_bytes = arena_pages(bytes), .areas = ARENA_PLACES, .policy = policy};
    const int code = arena_map(arena, run->stage.crew, run->stage.topology, err);
    return code || !run->options.strict ? code : arena_check_strict(arena, err);
}

static bool home_used(const struct costs_plan *plan, enum costs_home home)
{
    for (size_t i = 0; i < plan->prices; i++)
        if (plan->price[i].home == home && !*costs_why_not(plan, &plan->price[i]))
            return true;
    return false;
}

/* Where the requester's node has no memory, contenders take what there is. */
static struct memory_policy contended_policy(const struct costs_plan *plan)
{
    const struct memory_policy anywhere = {.node = MEMORY_ANY_NODE};
    return *plan->node[HOME_LOCAL].why ? anywhere : plan->node[HOME_LOCAL].policy;
}

static int prepare_memory(struct costs_run *run, struct err *err)
{
    const struct costs_plan *const plan = run->plan;
    int code = 0;
    for (int i = 0; i < COSTS_HOMES && !code; i++)
        if (home_used(plan, (enum costs_home)i))
            code = map_arena(
                run, &run->home[i], walk_area_bytes(plan->line_bytes), plan->node[i].policy, err);
    if (!code && plan->holds)
        code = map_arena(run, &run->contended, (size_t)COSTS_APART_BYTES * (run->stage.threads + 1),
            contended_policy(plan), err);
    return code;
}

/* Between the requester and the owners of lines, whose distances the prices depend on. */
static int prepare_canary(struct costs_run *run, struct err *err)
{
    struct canary *const canary = &run->stage.canary;
    unsigned thread[DISTANCE_COUNT] = {0}, cpu[DISTANCE_COUNT] = {0}, n = 0;
    for (int d = 0; d < DISTANCE_COUNT; d++)
        if (run->plan->place[d].owner != COSTS_NOBODY) {
            thread[n] = (unsigned)run->plan->place[d].owner;
            cpu[n] = run->stage.cpu[thread[n]];
            n++;
        }
    canary_init(canary, run->stage.topology, cpu, n);
    for (unsigned i = 0; i < canary->pairs; i++)
        for (int side = 0; side < 2; side++)
            canary->pair[i][side] = thread[canary->pair[i][side]];
    return canary_map(
        canary, run->stage.crew, run->stage.topology, contended_policy(run->plan).node, err);
}

int costs_prepare(struct costs_run *run, struct err *err)
{
    const int code = prepare_canary(run, err);
    return code ? code : prepare_memory(run, err);
}
