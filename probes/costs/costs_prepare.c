/* SPDX-License-Identifier: MIT
 * What a price list needs before its first block: threads, clock, canary, and memory on its nodes.
 */
#include "probes/costs/costs_internal.h"

#include <errno.h>
#include <string.h>

enum { GAP_SAMPLE_NS = 1000 /* of private work, by which its rate is found */ };

/* Things that must happen on a pinned thread. */
struct errand {
    struct costs_run *run;
    struct costs_arena *arena;
    unsigned thread;
    int code;
    struct err *err;
};

static void prepare_clock(void *context, unsigned thread)
{
    struct costs_run *run = context;
    if (thread == 0)
        clock_calibrate(&run->clock);
}

/* Each thread its own, since cores may differ in speed. */
static void prepare_thread(void *context, unsigned thread)
{
    struct costs_run *run = context;
    run->software[thread] = counters_open_software(run->plan->cpus.cpu[thread]);
    if (run->plan->holds)
        run->steps_a_ns[thread] =
            (double)trial_gap_steps(&run->clock, GAP_SAMPLE_NS) / GAP_SAMPLE_NS;
}

static void map_arena(void *context, unsigned thread)
{
    struct errand *e = context;
    struct costs_arena *const a = e->arena;
    const size_t bytes = a->area_bytes * COSTS_AREAS;
    if (thread != e->thread)
        return;
    e->code = memory_new(bytes, a->policy, (void **)&a->memory, e->err);
    if (!e->code)
        e->code = memory_verify(a->memory, bytes, a->policy, &a->verified, e->err);
}

/* First touch should come from the node itself: where binding is forbidden nothing else decides. */
static unsigned thread_near(const struct costs_run *run, int node)
{
    for (unsigned i = 0; i < run->threads; i++)
        if (topology_cpu(run->topology, run->plan->cpus.cpu[i])->node == node)
            return i;
    return 0;
}

static int new_arena(struct costs_run *run, struct costs_arena *arena, size_t bytes,
    struct memory_policy policy, struct err *err)
{
    enum { PAGE = 4096 };
    arena->area_bytes = (bytes + PAGE - 1) / PAGE * PAGE;
    arena->policy = policy;
    struct errand e = {
        .run = run, .arena = arena, .thread = thread_near(run, policy.node), .err = err};
    crew_run(run->crew, map_arena, &e);
    if (!e.code && run->options.strict && strcmp(arena->verified, "unverified") == 0)
        return err_set(err, -EPERM,
            "--strict: the kernel does not tell where the memory lies (move_pages and numa_maps "
            "are refused); run without --strict, or with CAP_SYS_PTRACE");
    return e.code;
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
            code = new_arena(
                run, &run->home[i], walk_area_bytes(plan->line_bytes), plan->node[i].policy, err);
    if (!code && plan->holds)
        code = new_arena(run, &run->contended, (size_t)COSTS_APART_BYTES * (run->threads + 1),
            contended_policy(plan), err);
    return code;
}

/* The requester and whoever owns lines, of whose distances the prices are made. */
static int prepare_canary(struct costs_run *run, struct err *err)
{
    unsigned thread[DISTANCE_COUNT] = {0}, cpu[DISTANCE_COUNT] = {0}, n = 0;
    for (int d = 0; d < DISTANCE_COUNT; d++)
        if (run->plan->place[d].owner != COSTS_NOBODY) {
            thread[n] = (unsigned)run->plan->place[d].owner;
            cpu[n] = run->plan->cpus.cpu[thread[n]];
            n++;
        }
    const int code =
        canary_init(&run->canary, run->topology, cpu, n, contended_policy(run->plan), err);
    for (unsigned i = 0; i < run->canary.pairs; i++)
        for (int side = 0; side < 2; side++)
            run->canary.pair[i][side] = thread[run->canary.pair[i][side]];
    return code;
}

int costs_prepare(struct costs_run *run, struct machine *machine, struct err *err)
{
    int code = crew_new(machine, run->plan->cpus.cpu, run->threads, &run->crew, err);
    if (code)
        return code;
    crew_run(run->crew, prepare_clock, run);
    crew_run(run->crew, prepare_thread, run);
    code = prepare_canary(run, err);
    return code ? code : prepare_memory(run, err);
}
