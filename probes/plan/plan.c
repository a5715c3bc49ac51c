/* SPDX-License-Identifier: MIT
 * From the words of a command line to a plan: where, how and, in plan_points.c, what. */
#include "probes/plan/plan.h"

#include "base/args.h"
#include "base/debug.h"
#include "probes/plan/place.h"
#include "probes/plan/plan_points.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const mode_names[MODE_COUNT] = {"throughput", "latency"};

enum { SHARDS = 64, SHARDS_MAX = 1 << 16, THREADS_MAX = CPUSET_MAX };

unsigned plan_role(const struct point *point, unsigned thread)
{
    switch (point->shape->cast) {
    case CAST_ONE_WRITER:
        return thread > 0;
    case CAST_PAIRS:
        return thread % 2;
    default:
        return point->op->splits && thread == 0;
    }
}

unsigned plan_shard(const struct point *point, unsigned thread)
{
    switch (point->shape->cast) {
    case CAST_ONE_WRITER:
        return 0;
    case CAST_PAIRS:
        return thread / 2;
    default: /* the summer's own shard is the first one; it works on none of its own */
        return point->op->splits && thread > 0 ? thread - 1 : thread;
    }
}

static int choose_cpus(struct plan *plan, const struct plan_request *request,
    const struct topology *topology, struct err *err)
{
    uint64_t threads = 0;
    int code = request->threads
                   ? args_u64("--threads", request->threads, 1, THREADS_MAX, &threads, err)
                   : 0;
    if (code)
        return code;
    if (!request->cpus)
        return place_named(topology, request->place, threads, &plan->cpus, err);
    if (request->place)
        return err_set(err, -EINVAL,
            "--place: cannot go with --cpus, which already says where; leave one out");
    code = place_listed(topology, request->cpus, &plan->cpus, err);
    if (!code && threads && threads != plan->cpus.count)
        return err_set(err, -EINVAL, "--threads: %s, but --cpus names %zu; leave --threads out",
            request->threads, plan->cpus.count);
    return code;
}

static int choose_memory(struct plan *plan, const struct plan_request *request,
    const struct topology *topology, struct err *err)
{
    int code = place_memory(topology, &plan->cpus, request->mem_node, &plan->memory.node, err);
    if (code)
        return code;
    if (plan->memory.node == MEMORY_INTERLEAVE)
        snprintf(plan->mem_node, sizeof plan->mem_node, "interleave");
    else if (plan->memory.node >= 0)
        snprintf(plan->mem_node, sizeof plan->mem_node, "%d", plan->memory.node);
    code = args_choice("--pages", "page size", request->pages ? request->pages : "4k",
        memory_pages_name, PAGES_COUNT, err);
    plan->memory.pages = code > 0 ? (enum memory_pages)code : PAGES_4K;
    return code < 0 ? code : 0;
}

/* A shard for each thread at least: two threads on one counter would be true sharing. */
static int choose_shards(struct plan *plan, const struct plan_request *request, struct err *err)
{
    const uint64_t least = plan->cpus.count;
    uint64_t shards = least > SHARDS ? least : SHARDS;
    const int code = request->shards
                         ? args_u64("--shards", request->shards, least, SHARDS_MAX, &shards, err)
                         : 0;
    plan->shards = (unsigned)shards;
    return code;
}

static int choose_mode(struct plan *plan, const struct plan_request *request, struct err *err)
{
    const int mode = args_choice("--mode", "mode", request->mode ? request->mode : "throughput",
        mode_names, MODE_COUNT, err);
    if (mode < 0)
        return mode;
    plan->mode = (enum mode)mode;
    const int code =
        request->gap ? args_duration_ns("--gap", request->gap, 1, &plan->gap_ns, err) : 0;
    if (!code && plan->gap_ns > 1e5)
        return err_set(err, -EINVAL,
            "--gap: %s is too long; at most 100us, a part of the measured window", request->gap);
    return code;
}

static void debug_plan(const struct plan *plan)
{
    if (!debug_is_on(DEBUG_PLAN))
        return;
    char *const cpus = cpuset_format(plan->cpus.cpu, plan->cpus.count);
    debug(DEBUG_PLAN, "cpus %s, memory on node %s, %u shards, %zu points", cpus ? cpus : "?",
        *plan->mem_node ? plan->mem_node : "?", plan->shards, plan->points);
    free(cpus);
    for (size_t i = 0; i < plan->points; i++)
        debug(DEBUG_PLAN, "point %zu: %s of %s%s, align %u, %zu bytes", i, plan->point[i].op->name,
            plan->point[i].shape->name, plan->point[i].twin, plan->point[i].shape->align_bytes,
            plan->point[i].shape->object_bytes);
}

int plan_build(const struct plan_request *request, const struct topology *topology,
    struct plan *plan, struct err *err)
{
    *plan = (struct plan){0};
    int code = choose_cpus(plan, request, topology, err);
    if (!code)
        code = choose_memory(plan, request, topology, err);
    if (!code)
        code = choose_mode(plan, request, err);
    if (!code)
        code = choose_shards(plan, request, err);
    if (code)
        return code;
    plan->distance = topology_farthest(topology, plan->cpus.cpu, plan->cpus.count);
    code = plan_add_points(plan, request, err);
    debug_plan(plan);
    return code;
}

void plan_fini(struct plan *plan)
{
    for (size_t i = 0; i < plan->shapes; i++)
        free(plan->shape[i]);
    free(plan->shape);
    free(plan->point);
    cpuset_fini(&plan->cpus);
    *plan = (struct plan){0};
}
