/* SPDX-License-Identifier: MIT
 * From a request to a plan: where, how and, in plan_points.c, what. */
#include "probes/plan/plan.h"

#include "base/args.h"
#include "base/debug.h"
#include "probes/plan/place.h"
#include "probes/plan/plan_points.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

const char *const mode_names[MODE_COUNT] = {"throughput", "latency"};

enum { SHARDS = 64 };

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
    default: /* the summer, thread 0, has no shard; it reads those of the others */
        return point->op->splits && thread > 0 ? thread - 1 : thread;
    }
}

static int choose_cpus(struct plan *plan, const struct plan_request *request,
    const struct topology *topology, struct err *err)
{
    if (!request->cpus.count)
        return place_chosen(topology, request->place, request->threads, &plan->cpus, err);
    if (request->place)
        return err_set(err, -EINVAL,
            "--place: cannot be used with --cpus, which names the cpus; leave one out");
    const size_t count = request->cpus.count;
    if (request->threads && request->threads != count)
        return err_set(err, -EINVAL,
            "--threads: %" PRIu64 ", but --cpus names %zu; leave --threads out", request->threads,
            count);
    return place_listed(topology, &request->cpus, &plan->cpus, err);
}

static int choose_memory(struct plan *plan, const struct plan_request *request,
    const struct topology *topology, struct err *err)
{
    plan->memory.pages = request->pages;
    const int code = place_memory(topology, &plan->cpus, request->memory, &plan->memory.node, err);
    place_node_name(plan->memory.node, plan->mem_node);
    return code;
}

/* At least a shard for each thread: two threads on one counter would be true sharing. */
static int choose_shards(struct plan *plan, const struct plan_request *request, struct err *err)
{
    const size_t least = plan->cpus.count;
    plan->shards = (unsigned)(request->shards ? request->shards : least > SHARDS ? least : SHARDS);
    if (plan->shards < least)
        return err_set(err, -EINVAL, "--shards: '%u' is out of range; accepted: %zu to %d",
            plan->shards, least, PLAN_SHARDS_MAX);
    return 0;
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
    *plan = (struct plan){.mode = request->mode, .gap_ns = request->gap_ns};
    int code = choose_cpus(plan, request, topology, err);
    if (!code)
        code = choose_memory(plan, request, topology, err);
    if (!code)
        code = choose_shards(plan, request, err);
    if (code)
        return code;
    topology_apart(topology, plan->cpus.cpu, plan->cpus.count, plan->apart);
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
    for (size_t i = 0; i < plan->requests; i++)
        words_fini(&plan->layouts[i]);
    free(plan->layouts);
    *plan = (struct plan){0};
}
