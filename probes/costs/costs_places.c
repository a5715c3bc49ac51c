/* SPDX-License-Identifier: MIT
 * Choosing owners, third cpus and nodes, or the reasons why there are none. */
#include "probes/costs/costs_places.h"

#include "probes/plan/place.h"

#include <stdio.h>

typedef const struct topology_cpu *place;

static place cpu_at(const struct costs_plan *plan, const struct topology *t, int index)
{
    return topology_cpu(t, plan->cpus.cpu[index]);
}

/* The first of the plan's cpus at that distance from the requester. */
static int find_owner(
    const struct costs_plan *plan, const struct topology *t, enum distance distance)
{
    const place requester = cpu_at(plan, t, 0);
    for (size_t i = 0; i < plan->cpus.count; i++)
        if (topology_distance(requester, cpu_at(plan, t, (int)i)) == distance)
            return (int)i;
    return COSTS_NOBODY;
}

/* The other holder must not bring the line nearer to the requester than its owner is. Chooses of
 * such cpus the one that is nearest to the requester, then to the owner. A sibling of either is not
 * another holder: it shares their caches. */
static int find_third(
    const struct costs_plan *plan, const struct topology *t, int owner, enum distance distance)
{
    const place requester = cpu_at(plan, t, 0), holder = cpu_at(plan, t, owner);
    int best = COSTS_NOBODY, least = 0;
    for (size_t i = 1; i < plan->cpus.count; i++) {
        const place p = cpu_at(plan, t, (int)i);
        const enum distance near = topology_distance(requester, p);
        const enum distance own = topology_distance(holder, p);
        const int rank = (int)near * DISTANCE_COUNT + (int)own;
        if (near <= DISTANCE_SMT || near < distance || own <= DISTANCE_SMT ||
            (best != COSTS_NOBODY && rank >= least))
            continue;
        best = (int)i;
        least = rank;
    }
    return best;
}

static bool exists_anywhere(const struct topology *t, place requester, enum distance distance)
{
    for (size_t i = 0; i < t->cpus; i++)
        if (topology_distance(requester, &t->cpu[i]) == distance)
            return true;
    return false;
}

static void explain_absence(struct costs_place *p, const struct topology *t, place requester,
    enum distance distance, bool listed)
{
    static const char *const none[DISTANCE_COUNT] = {
        [DISTANCE_SAME] = "", /* the requester is always there */
        [DISTANCE_SMT] = "the core has no second thread",
        [DISTANCE_L3] = "the L3 has no second core",
        [DISTANCE_PACKAGE] = "the package has no core behind another L3",
        [DISTANCE_REMOTE] = "there is no other package",
    };
    if (exists_anywhere(t, requester, distance))
        snprintf(p->why, sizeof p->why, "%s",
            listed ? "none of the cpus listed" : "this process may use no such cpu");
    else if (distance == DISTANCE_L3 && requester->l3 < 0)
        snprintf(p->why, sizeof p->why, "no L3 is known here");
    else
        snprintf(p->why, sizeof p->why, "%s", none[distance]);
}

void costs_choose_places(struct costs_plan *plan, const struct topology *t, bool listed)
{
    for (int d = 0; d < DISTANCE_COUNT; d++) {
        struct costs_place *const p = &plan->place[d];
        *p = (struct costs_place){.third = COSTS_NOBODY};
        p->owner = find_owner(plan, t, (enum distance)d);
        if (p->owner == COSTS_NOBODY) {
            explain_absence(p, t, cpu_at(plan, t, 0), (enum distance)d, listed);
            continue;
        }
        p->third = find_third(plan, t, p->owner, (enum distance)d);
        if (p->third == COSTS_NOBODY)
            snprintf(p->why_third, sizeof p->why_third, "%s",
                d == DISTANCE_SAME ? "needs a second core to share with"
                                   : "needs a third core, no nearer than the owner");
    }
}

static void choose_node(struct costs_plan *plan, const struct topology *t, enum costs_home home)
{
    struct costs_node *const n = &plan->node[home];
    const struct cpuset requester = {.cpu = plan->cpus.cpu, .count = 1};
    const struct memory_place wanted = {.kind = home == HOME_REMOTE ? MEMORY_REMOTE : MEMORY_LOCAL};
    struct err err;
    int node = MEMORY_ANY_NODE;
    if (place_memory(t, &requester, wanted, &node, &err)) {
        if (home == HOME_REMOTE)
            snprintf(n->why, sizeof n->why, "no other node has memory that this process may use");
        else
            snprintf(n->why, sizeof n->why, "cpu %u is on a node without memory", *requester.cpu);
        return;
    }
    n->policy = (struct memory_policy){.node = node, .pages = PAGES_4K};
    if (node >= 0)
        snprintf(n->name, sizeof n->name, "%d", node);
}

void costs_choose_nodes(struct costs_plan *plan, const struct topology *topology, unsigned homes)
{
    for (int i = 0; i < COSTS_HOMES; i++) {
        plan->node[i].asked = !homes || homes >> i & 1;
        choose_node(plan, topology, (enum costs_home)i);
    }
}
