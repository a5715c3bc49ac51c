/* SPDX-License-Identifier: MIT
 * From a request to requesters, targets and points. */
#include "probes/costs/memory_plan.h"

#include "probes/costs/costs_walk.h"
#include "probes/plan/place.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

/* Cpus that differ in none of these are as far from every node, and as fast. */
static bool is_alike(const struct topology_cpu *a, const struct topology_cpu *b)
{
    return a->node == b->node && a->package == b->package && a->kind == b->kind;
}

static bool is_new(const struct memory_plan *plan, const struct topology_cpu *cpu)
{
    for (size_t i = 0; i < plan->cpus.count; i++)
        if (is_alike(topology_cpu(plan->topology, plan->cpus.cpu[i]), cpu))
            return false;
    return true;
}

static int choose_cpus(
    struct memory_plan *plan, const struct memory_request *request, struct err *err)
{
    const struct topology *const t = plan->topology;
    struct cpuset listed = {0};
    const int code = request->cpus.count ? place_listed(t, &request->cpus, &listed, err) : 0;
    const size_t most = code ? 0 : request->cpus.count ? listed.count : t->cpus;
    plan->cpus.cpu = calloc(most + 1, sizeof *plan->cpus.cpu);
    for (size_t i = 0; plan->cpus.cpu && i < most; i++) {
        const struct topology_cpu *const cpu =
            listed.count ? topology_cpu(t, listed.cpu[i]) : &t->cpu[i];
        if (cpu->allowed && is_new(plan, cpu))
            plan->cpus.cpu[plan->cpus.count++] = cpu->cpu;
    }
    cpuset_fini(&listed);
    if (code)
        return code;
    if (!plan->cpus.cpu)
        return err_set(err, -ENOMEM, "out of memory for the plan");
    return plan->cpus.count ? 0 : err_set(err, -ENODEV, "this process may not run on any cpu");
}

static struct memory_target target_of(
    const struct topology_node *node, const struct memory_request *request)
{
    struct memory_target t = {
        .policy = {.node = node ? (int)node->node : MEMORY_ANY_NODE, .pages = request->pages}};
    if (!node)
        return t;
    snprintf(t.name, sizeof t.name, "%u", node->node);
    snprintf(t.home, sizeof t.home, "node %u", node->node);
    if (node->memory_bytes == 0)
        snprintf(t.why, sizeof t.why, "has no memory");
    else if (!node->allowed)
        snprintf(t.why, sizeof t.why, "has memory that this process may not use");
    return t;
}

static int list_targets(
    struct memory_plan *plan, const struct memory_request *request, struct err *err)
{
    const struct topology *const t = plan->topology;
    plan->target = calloc(t->nodes + 1, sizeof *plan->target);
    if (!plan->target)
        return err_set(err, -ENOMEM, "out of memory for the plan");
    if (request->node >= 0 && !topology_node(t, (unsigned)request->node))
        return err_set(
            err, -ENODEV, "--home: there is no node %d; see 'numaprobe topo'", request->node);
    for (size_t i = 0; i < t->nodes; i++)
        if (request->node < 0 || t->node[i].node == (unsigned)request->node)
            plan->target[plan->targets++] = target_of(&t->node[i], request);
    if (t->nodes == 0)
        plan->target[plan->targets++] = target_of(NULL, request);
    return 0;
}

static int list_points(struct memory_plan *plan, struct err *err)
{
    const struct memory_target *none = NULL;
    plan->point = calloc(plan->cpus.count * plan->targets + 1, sizeof *plan->point);
    if (!plan->point)
        return err_set(err, -ENOMEM, "out of memory for the plan");
    for (unsigned cpu = 0; cpu < plan->cpus.count; cpu++)
        for (size_t i = 0; i < plan->targets; i++)
            if (*plan->target[i].why)
                none = &plan->target[i];
            else
                plan->point[plan->points++] = (struct memory_point){cpu, i};
    return plan->points
               ? 0
               : err_set(err, -ENODEV, "no memory can be measured: %s %s", none->home, none->why);
}

int memory_plan_build(const struct memory_request *request, const struct topology *topology,
    struct memory_plan *plan, struct err *err)
{
    enum { LINE_USUAL = 64 }; /* where the size is unknown: what most processors have */
    *plan = (struct memory_plan){.topology = topology,
        .line_bytes = topology->line_bytes > LINE_USUAL ? topology->line_bytes : LINE_USUAL};
    int code = choose_cpus(plan, request, err);
    if (!code)
        code = list_targets(plan, request, err);
    return code ? code : list_points(plan, err);
}

void memory_plan_fini(struct memory_plan *plan)
{
    free(plan->point);
    free(plan->target);
    cpuset_fini(&plan->cpus);
    *plan = (struct memory_plan){0};
}

/* The position of an OS node in the topology; `nodes` when there is none. */
static size_t place_of(const struct topology *t, int node)
{
    size_t i = 0;
    while (i < t->nodes && (int)t->node[i].node != node)
        i++;
    return i;
}

unsigned memory_plan_stated(const struct memory_plan *plan, const struct memory_point *point)
{
    const struct topology *const t = plan->topology;
    const size_t from = place_of(t, topology_cpu(t, plan->cpus.cpu[point->cpu])->node);
    const size_t to = place_of(t, plan->target[point->target].policy.node);
    return t->latency_ns && from < t->nodes && to < t->nodes ? t->latency_ns[from * t->nodes + to]
                                                             : 0;
}
