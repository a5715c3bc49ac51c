/* SPDX-License-Identifier: MIT
 * Groups of contenders: by number, by distance, by domain. The same cpus are one group, however
 * they were found: they are measured once. */
#include "probes/costs/costs_groups.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a group is being made of: the plan, and which of its cpus are in. */
struct draft {
    struct costs_plan *plan;
    const struct topology *topology;
    bool *in; /* by index into the plan's cpus */
};

static const struct topology_cpu *cpu_at(const struct draft *d, size_t index)
{
    return topology_cpu(d->topology, d->plan->cpus.cpu[index]);
}

static int take_members(const struct draft *d, struct hold_group *group)
{
    const size_t n = d->plan->cpus.count;
    unsigned *cpu = calloc(n, sizeof *cpu);
    group->member = calloc(n, sizeof *group->member);
    if (!cpu || !group->member) {
        free(cpu);
        return -ENOMEM;
    }
    for (size_t i = 0; i < n; i++)
        if (d->in[i]) {
            cpu[group->threads] = d->plan->cpus.cpu[i];
            group->member[group->threads++] = (unsigned)i;
        }
    group->distance = topology_farthest(d->topology, cpu, group->threads);
    free(cpu);
    return 0;
}

static const struct hold_group *find_same(const struct costs_plan *plan, const struct hold_group *g)
{
    for (size_t i = 0; i < plan->groups; i++) {
        const struct hold_group *const other = &plan->group[i];
        if (!*other->why && other->threads == g->threads &&
            memcmp(other->member, g->member, g->threads * sizeof *g->member) == 0)
            return other;
    }
    return NULL;
}

/* Rows have the number of threads and the farthest distance of a group, and not its name. */
static const struct hold_group *find_indistinct(
    const struct costs_plan *plan, const struct hold_group *g)
{
    for (size_t i = 0; i < plan->groups; i++) {
        const struct hold_group *const other = &plan->group[i];
        if (!*other->why && other->threads == g->threads && other->distance == g->distance)
            return other;
    }
    return NULL;
}

/* Adds a group of those that are in; `why` is "" unless there is no such group. */
static int add_group(struct draft *d, const char *name, const char *why)
{
    struct hold_group group = {.distance = DISTANCE_SAME};
    snprintf(group.name, sizeof group.name, "%s", name);
    snprintf(group.why, sizeof group.why, "%s", why);
    const int code = *why ? 0 : take_members(d, &group);
    const struct hold_group *const same = *why || code ? NULL : find_same(d->plan, &group);
    const struct hold_group *const indistinct =
        *why || code ? NULL : find_indistinct(d->plan, &group);
    if (same)
        snprintf(group.why, sizeof group.why, "the same cpus as '%s'", same->name);
    else if (indistinct)
        snprintf(group.why, sizeof group.why,
            "as many cpus, as far apart, as '%s', from which rows do not distinguish them",
            indistinct->name);
    d->plan->group[d->plan->groups++] = group;
    return code;
}

static int add_count(struct draft *d, size_t threads)
{
    char name[HOLD_GROUP_NAME];
    for (size_t i = 0; i < d->plan->cpus.count; i++)
        d->in[i] = i < threads;
    snprintf(name, sizeof name, "%zu cpus", threads);
    return add_group(d, name, "");
}

static int add_counts(struct draft *d)
{
    const size_t all = d->plan->cpus.count;
    int code = 0;
    for (size_t k = 2; k < all && !code; k *= 2)
        code = add_count(d, k);
    return code || all < 2 ? code : add_count(d, all);
}

static int add_distances(struct draft *d)
{
    int code = 0;
    for (int i = DISTANCE_SMT; i < DISTANCE_COUNT && !code; i++) {
        const struct costs_place *const place = &d->plan->place[i];
        for (size_t k = 0; k < d->plan->cpus.count; k++)
            d->in[k] = k == 0 || (int)k == place->owner;
        code = add_group(d, distance_name((enum distance)i), place->why);
    }
    return code;
}

/* Lets all cpus in that share the domain with one of the two; the second may be missing. Returns
 * how many. */
static size_t take_domains(struct draft *d, enum topology_kind kind, int first, int second)
{
    size_t count = 0;
    for (size_t i = 0; i < d->plan->cpus.count; i++) {
        const int domain = topology_index(cpu_at(d, i), kind);
        d->in[i] =
            domain >= 0 && (domain == topology_index(cpu_at(d, (size_t)first), kind) ||
                               (second != COSTS_NOBODY &&
                                   domain == topology_index(cpu_at(d, (size_t)second), kind)));
        count += d->in[i];
    }
    return count;
}

static int add_one_l3(struct draft *d)
{
    const size_t threads = take_domains(d, TOPOLOGY_L3, 0, COSTS_NOBODY);
    return add_group(d, "one L3",
        threads == 0  ? "no L3 is known here"
        : threads < 2 ? "one cpu alone is behind the L3"
                      : "");
}

/* The owner behind another L3, in the same package where there is one. */
static int find_other_l3(const struct draft *d)
{
    static const enum distance places[] = {DISTANCE_PACKAGE, DISTANCE_REMOTE};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        const int owner = d->plan->place[places[i]].owner;
        if (owner != COSTS_NOBODY && cpu_at(d, (size_t)owner)->l3 >= 0)
            return owner;
    }
    return COSTS_NOBODY;
}

static int add_two_l3s(struct draft *d)
{
    const int other = find_other_l3(d);
    const bool known = cpu_at(d, 0)->l3 >= 0;
    take_domains(d, TOPOLOGY_L3, 0, other);
    return add_group(d, "two L3s",
        !known                  ? "no L3 is known here"
        : other == COSTS_NOBODY ? "no cpu is behind another L3"
                                : "");
}

static int add_two_packages(struct draft *d)
{
    const struct costs_place *const other = &d->plan->place[DISTANCE_REMOTE];
    if (other->owner != COSTS_NOBODY)
        take_domains(d, TOPOLOGY_PACKAGE, 0, other->owner);
    return add_group(d, "two packages", other->why);
}

static int add_domains(struct draft *d)
{
    int code = add_one_l3(d);
    if (!code)
        code = add_two_l3s(d);
    return code ? code : add_two_packages(d);
}

int costs_choose_groups(
    struct costs_plan *plan, const struct topology *topology, unsigned contenders)
{
    static int (*const add[HOLD_CONTENDERS])(struct draft *) = {[CONTEND_COUNTS] = add_counts,
        [CONTEND_DISTANCES] = add_distances,
        [CONTEND_DOMAINS] = add_domains};
    const unsigned asked = contenders ? contenders : 1u << CONTEND_COUNTS;
    struct draft d = {
        .plan = plan, .topology = topology, .in = calloc(plan->cpus.count, sizeof *d.in)};
    int code = d.in ? 0 : -ENOMEM;
    for (int i = 0; i < HOLD_CONTENDERS && !code; i++)
        if (asked >> i & 1)
            code = add[i](&d);
    free(d.in);
    return code;
}
