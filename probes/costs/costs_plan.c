/* SPDX-License-Identifier: MIT
 * From a request to the list of prices and the points of the holding curve. */
#include "probes/costs/costs_plan.h"

#include "base/compare.h"
#include "probes/costs/costs_groups.h"
#include "probes/costs/costs_places.h"
#include "probes/plan/place.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

const char *const costs_op_name[COSTS_OPS + 1] = {"load", "store", "add", "cas", "swap", "none"};

/* Where the size is unknown: what most processors have. */
enum { LINE_USUAL = 64 };

unsigned costs_owner(const struct costs_plan *plan, const struct price_point *price)
{
    return price->distance == DISTANCE_COUNT ? 0 : (unsigned)plan->place[price->distance].owner;
}

int costs_third(const struct costs_plan *plan, const struct price_point *price)
{
    return price->state == LINE_SHARED ? plan->place[price->distance].third : COSTS_NOBODY;
}

/* By default all allowed cpus, as `--place compact` orders them: cores before siblings. */
static int choose_cpus(struct costs_plan *plan, const struct costs_request *request,
    const struct topology *t, struct err *err)
{
    if (request->cpus.count)
        return place_listed(t, &request->cpus, &plan->cpus, err);
    size_t allowed = 0;
    for (size_t i = 0; i < t->cpus; i++)
        allowed += t->cpu[i].allowed;
    return place_chosen(t, PLACE_COMPACT, allowed, &plan->cpus, err);
}

/* Whether `index` is among the bits chosen, which are all where none is. */
static bool is_chosen(unsigned chosen, int index)
{
    return !chosen || chosen >> index & 1;
}

const char *costs_why_not(const struct costs_plan *plan, const struct price_point *price)
{
    static const bool flushes[LINE_STATES] = {
        [LINE_EXCLUSIVE] = true, [LINE_SHARED] = true, [LINE_INVALID] = true};
    if (*plan->node[price->home].why)
        return plan->node[price->home].why;
    if (flushes[price->state] && !arch_can_flush())
        return "no instruction known here takes a line out of the caches";
    if (price->distance == DISTANCE_COUNT)
        return "";
    const struct costs_place *const place = &plan->place[price->distance];
    return *place->why ? place->why : price->state == LINE_SHARED ? place->why_third : "";
}

/* Adds the prices of one op in one state and home, one for each possible owner of the line. */
static void add_places(struct costs_plan *plan, struct price_point price)
{
    price.distance = DISTANCE_COUNT;
    if (price.state == LINE_INVALID)
        plan->price[plan->prices++] = price;
    for (int d = 0; d < DISTANCE_COUNT && price.state != LINE_INVALID; d++) {
        price.distance = (enum distance)d;
        plan->price[plan->prices++] = price;
    }
}

static int list_prices(
    struct costs_plan *plan, const struct costs_request *request, struct err *err)
{
    plan->price =
        calloc((size_t)COSTS_OPS * LINE_STATES * DISTANCE_COUNT * COSTS_HOMES, sizeof *plan->price);
    if (!plan->price)
        return err_set(err, -ENOMEM, "out of memory for the plan");
    for (int h = 0; h < COSTS_HOMES; h++)
        for (int o = 0; o < COSTS_OPS; o++)
            for (int s = 0; s < LINE_STATES; s++)
                if (plan->node[h].asked && is_chosen(request->ops, o) &&
                    is_chosen(request->states, s))
                    add_places(plan, (struct price_point){.op = walk_find(costs_op_name[o]),
                                         .state = (enum line_state)s,
                                         .home = (enum costs_home)h});
    return 0;
}

/* Ascending, each once. */
static int copy_gaps(struct costs_plan *plan, const double *gap_ns, size_t gaps, struct err *err)
{
    plan->gap_ns = calloc(gaps, sizeof *plan->gap_ns);
    if (!plan->gap_ns)
        return err_set(err, -ENOMEM, "out of memory for the plan");
    memcpy(plan->gap_ns, gap_ns, gaps * sizeof *gap_ns);
    qsort(plan->gap_ns, gaps, sizeof *plan->gap_ns, order_doubles);
    for (size_t i = 0; i < gaps; i++)
        if (i == 0 || plan->gap_ns[i] != plan->gap_ns[plan->gaps - 1])
            plan->gap_ns[plan->gaps++] = plan->gap_ns[i];
    return 0;
}

static size_t count_groups(const struct costs_plan *plan)
{
    size_t count = 0;
    for (size_t i = 0; i < plan->groups; i++)
        count += !*plan->group[i].why;
    return count;
}

static void choose_hold_ops(struct costs_plan *plan, unsigned asked)
{
    for (int i = 0; i < HOLD_OPS; i++)
        if ((asked ? asked : 1u) >> i & 1)
            plan->hold_op[plan->hold_ops++] = walk_find(hold_op_name[i]);
}

static void add_group_points(
    struct costs_plan *plan, const struct walk *op, const struct hold_group *group)
{
    for (size_t i = 0; i < 2 * plan->gaps && !*group->why; i++)
        plan->hold[plan->holds++] = (struct hold_point){
            .group = group, .op = op, .gap_ns = plan->gap_ns[i / 2], .alone = i % 2};
}

static int list_holds(struct costs_plan *plan, struct err *err)
{
    plan->hold =
        calloc(2 * plan->hold_ops * count_groups(plan) * plan->gaps + 1, sizeof *plan->hold);
    if (!plan->hold)
        return err_set(err, -ENOMEM, "out of memory for the plan");
    for (size_t o = 0; o < plan->hold_ops; o++)
        for (size_t g = 0; g < plan->groups; g++)
            add_group_points(plan, plan->hold_op[o], &plan->group[g]);
    return 0;
}

static int plan_curve(struct costs_plan *plan, const struct costs_request *request,
    const struct topology *topology, struct err *err)
{
    static const double usual[] = {0, 10, 20, 40, 80, 110, 160, 220, 320, 640};
    if (request->no_gap)
        return 0;
    const int code = request->gaps ? copy_gaps(plan, request->gap_ns, request->gaps, err)
                                   : copy_gaps(plan, usual, sizeof usual / sizeof *usual, err);
    if (code)
        return code;
    choose_hold_ops(plan, request->hold_ops);
    if (costs_choose_groups(plan, topology, request->contenders))
        return err_set(err, -ENOMEM, "out of memory for the contenders");
    if (count_groups(plan) == 0)
        plan->why_no_hold = plan->cpus.count < 2 ? "one cpu has no other cpu to hold a line against"
                                                 : "there are no such contenders here";
    return list_holds(plan, err);
}

int costs_plan_build(const struct costs_request *request, const struct topology *topology,
    struct costs_plan *plan, struct err *err)
{
    *plan = (struct costs_plan){.why_no_hold = ""};
    plan->line_bytes = topology->line_bytes > LINE_USUAL ? topology->line_bytes : LINE_USUAL;
    int code = choose_cpus(plan, request, topology, err);
    if (!code) {
        costs_choose_places(plan, topology, request->cpus.count > 0);
        costs_choose_nodes(plan, topology, request->homes);
    }
    if (!code)
        code = list_prices(plan, request, err);
    return code ? code : plan_curve(plan, request, topology, err);
}

void costs_plan_fini(struct costs_plan *plan)
{
    for (size_t i = 0; i < plan->groups; i++)
        free(plan->group[i].member);
    free(plan->price);
    free(plan->hold);
    free(plan->gap_ns);
    cpuset_fini(&plan->cpus);
    *plan = (struct costs_plan){0};
}
