/* SPDX-License-Identifier: MIT
 * probes/costs/costs_plan: which prices each machine has places for, by which cpus, and why not the
 * others.
 */
#include "tests/test.h"

#include "probes/costs/costs_plan.h"
#include "tests/probes.h"

#include <stdbool.h>

static struct costs_plan plan_on(const struct here *here, struct costs_request request)
{
    struct costs_plan plan;
    struct err err = {0};
    if (costs_plan_build(&request, &here->topology, &plan, &err))
        fail_msg("%s", err.text);
    return plan;
}

static unsigned cpu_of(const struct costs_plan *plan, int index)
{
    assert_true(index >= 0 && (size_t)index < plan->cpus.count);
    return plan->cpus.cpu[index];
}

static size_t measurable(const struct costs_plan *plan)
{
    size_t n = 0;
    for (size_t i = 0; i < plan->prices; i++)
        n += !*costs_why_not(plan, &plan->price[i]);
    return n;
}

/* Whoever a price is measured by, its cpus stand to each other as it says. */
static void assert_places(const struct here *here, const struct costs_plan *plan)
{
    const struct topology_cpu *const requester = topology_cpu(&here->topology, plan->cpus.cpu[0]);
    for (size_t i = 0; i < plan->prices; i++) {
        const struct price_point *const p = &plan->price[i];
        if (*costs_why_not(plan, p) || p->distance == DISTANCE_COUNT)
            continue;
        const unsigned owner = cpu_of(plan, (int)costs_owner(plan, p));
        const struct topology_cpu *const o = topology_cpu(&here->topology, owner);
        assert_true(o->allowed);
        assert_int_equal(topology_distance(requester, o), p->distance);
        if (p->state != LINE_SHARED)
            continue;
        const unsigned third = cpu_of(plan, costs_third(plan, p));
        const struct topology_cpu *const t = topology_cpu(&here->topology, third);
        assert_true(topology_distance(o, t) > DISTANCE_SMT);
        assert_true(topology_distance(requester, t) > DISTANCE_SMT);
        assert_true(topology_distance(requester, t) >= p->distance);
    }
}

static void a_large_machine_has_all_places(void **state)
{
    (void)state;
    struct here here = here_open("pack:2 numa:1 l3:2 core:2 pu:2");
    struct costs_plan plan = plan_on(&here, (struct costs_request){0});
    /* 5 ops in 3 states by 5 owners, and in memory; 2 homes */
    assert_int_equal(plan.prices, 5 * (3 * 5 + 1) * 2);
    assert_int_equal(measurable(&plan), plan.prices);
    assert_places(&here, &plan);
    static const unsigned owner[] = {0, 1, 2, 4, 8}, third[] = {2, 2, 4, 6, 10};
    for (int d = 0; d < DISTANCE_COUNT; d++) {
        assert_int_equal(cpu_of(&plan, plan.place[d].owner), owner[d]);
        assert_int_equal(cpu_of(&plan, plan.place[d].third), third[d]);
    }
    assert_int_equal(plan.node[HOME_LOCAL].policy.node, 0);
    assert_int_equal(plan.node[HOME_REMOTE].policy.node, 1);
    costs_plan_fini(&plan);
    here_close(&here);
}

static void one_cpu_has_itself_and_memory(void **state)
{
    (void)state;
    struct here here = here_open("pack:1 core:1 pu:1");
    struct costs_plan plan = plan_on(&here, (struct costs_request){0});
    assert_int_equal(measurable(&plan), 5 * 3); /* modified and exclusive here, and in memory */
    assert_places(&here, &plan);
    for (int d = DISTANCE_SMT; d < DISTANCE_COUNT; d++) {
        assert_int_equal(plan.place[d].owner, COSTS_NOBODY);
        assert_true(*plan.place[d].why);
    }
    assert_string_equal(plan.place[DISTANCE_SAME].why_third, "needs a second core to share with");
    assert_true(*plan.node[HOME_REMOTE].why);
    assert_int_equal(plan.holds, 0);
    assert_true(*plan.why_no_hold);
    costs_plan_fini(&plan);
    here_close(&here);
}

static void two_cpus_share_here_only(void **state)
{
    (void)state;
    struct here here = here_open("pack:1 l3:1 core:2 pu:1");
    struct costs_plan plan = plan_on(
        &here, (struct costs_request){
                   .ops = 1 << 0 /* load */, .states = 1 << LINE_SHARED, .homes = 1 << HOME_LOCAL});
    assert_int_equal(plan.prices, DISTANCE_COUNT);
    for (size_t i = 0; i < plan.prices; i++) {
        const bool is_here = plan.price[i].distance == DISTANCE_SAME;
        assert_int_equal(*costs_why_not(&plan, &plan.price[i]) == '\0', is_here);
    }
    assert_string_equal(
        plan.place[DISTANCE_L3].why_third, "needs a third core, no nearer than the owner");
    costs_plan_fini(&plan);
    here_close(&here);
}

/* A copy in the requester's own L3 would make the price of a line in the other package. */
static void a_third_holder_is_no_nearer_than_the_owner(void **state)
{
    (void)state;
    struct here here = here_open("pack:2 l3:1 core:2 pu:1");
    struct costs_plan plan = plan_on(&here, (struct costs_request){.cpus = CPUS(0, 1, 2)});
    assert_int_equal(cpu_of(&plan, plan.place[DISTANCE_L3].third), 2);
    assert_int_equal(plan.place[DISTANCE_REMOTE].third, COSTS_NOBODY);
    assert_places(&here, &plan);
    costs_plan_fini(&plan);
    plan = plan_on(&here, (struct costs_request){.cpus = CPUS(3, 0, 1)});
    assert_int_equal(cpu_of(&plan, 0), 3);
    assert_int_equal(cpu_of(&plan, plan.place[DISTANCE_REMOTE].owner), 0);
    assert_int_equal(cpu_of(&plan, plan.place[DISTANCE_REMOTE].third), 1);
    assert_string_equal(plan.place[DISTANCE_L3].why, "none of the cpus listed");
    costs_plan_fini(&plan);
    here_close(&here);
}

static void siblings_are_no_other_holders(void **state)
{
    (void)state;
    struct here here = here_open("pack:1 l3:1 core:2 pu:2");
    struct costs_plan plan = plan_on(&here, (struct costs_request){.cpus = CPUS(0, 1)});
    assert_int_equal(cpu_of(&plan, plan.place[DISTANCE_SMT].owner), 1);
    assert_int_equal(plan.place[DISTANCE_SAME].third, COSTS_NOBODY);
    assert_int_equal(plan.place[DISTANCE_SMT].third, COSTS_NOBODY);
    costs_plan_fini(&plan);
    here_close(&here);
}

static void memory_is_where_the_machine_has_it(void **state)
{
    (void)state;
    struct here here = here_open("data/topologies/lab-x86-memless.xml");
    struct costs_plan plan = plan_on(&here, (struct costs_request){.cpus = CPUS(2)});
    assert_true(*plan.node[HOME_LOCAL].why);
    assert_int_equal(plan.node[HOME_REMOTE].policy.node, 0);
    assert_int_equal(measurable(&plan), 5 * 3);
    costs_plan_fini(&plan);
    here_close(&here);
    here = here_open("data/topologies/lab-x86-cxl.xml"); /* node 2 is memory alone, and farthest */
    plan = plan_on(&here, (struct costs_request){.cpus = CPUS(0)});
    assert_int_equal(plan.node[HOME_LOCAL].policy.node, 0);
    assert_int_equal(plan.node[HOME_REMOTE].policy.node, 2);
    assert_string_equal(plan.node[HOME_REMOTE].name, "2");
    costs_plan_fini(&plan);
    here_close(&here);
}

static void every_recorded_machine_has_a_plan(void **state)
{
    (void)state;
    static const char *const machines[] = {"four-nodes", "lab-arm-2n-l3", "lab-x86-2n-smt",
        "lab-x86-4n-ring", "lab-x86-snc", "lab-x86-hmat", "memory-only-nodes", "no-cache-vm",
        "private-l3-vm", "two-packages-smt"};
    for (size_t i = 0; i < sizeof machines / sizeof *machines; i++) {
        char path[80];
        snprintf(path, sizeof path, "data/topologies/%s.xml", machines[i]);
        struct here here = here_open(path);
        struct costs_plan plan = plan_on(&here, (struct costs_request){0});
        print_message("# %s: %zu of %zu prices\n", machines[i], measurable(&plan), plan.prices);
        assert_true(measurable(&plan) >= 5 * 3);
        assert_places(&here, &plan);
        costs_plan_fini(&plan);
        here_close(&here);
    }
}

static void contenders_are_2_4_8_and_all(void **state)
{
    (void)state;
    static const struct {
        const char *machine;
        unsigned groups, contenders[4];
    } cases[] = {{"pack:1 core:2 pu:1", 1, {2}}, {"pack:1 core:4 pu:1", 2, {2, 4}},
        {"pack:1 core:6 pu:1", 3, {2, 4, 6}}, {"pack:1 core:3 pu:1", 2, {2, 3}},
        {"pack:1 core:16 pu:1", 4, {2, 4, 8, 16}}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct here here = here_open(cases[i].machine);
        struct costs_plan plan =
            plan_on(&here, (struct costs_request){.gap_ns = {20, 0, 20, 5}, .gaps = 4});
        assert_int_equal(plan.groups, cases[i].groups);
        for (unsigned g = 0; g < plan.groups; g++)
            assert_int_equal(plan.group[g].threads, cases[i].contenders[g]);
        assert_int_equal(plan.gaps, 3); /* each once, ascending */
        assert_true(plan.gap_ns[0] == 0 && plan.gap_ns[1] == 5 && plan.gap_ns[2] == 20);
        assert_int_equal(plan.holds, 2 * plan.groups * plan.gaps);
        for (size_t h = 0; h < plan.holds; h += 2) {
            assert_false(plan.hold[h].alone);
            assert_true(plan.hold[h + 1].alone);
            assert_true(plan.hold[h].gap_ns == plan.hold[h + 1].gap_ns);
            assert_ptr_equal(plan.hold[h].group, plan.hold[h + 1].group);
        }
        costs_plan_fini(&plan);
        here_close(&here);
    }
}

static void assert_group(
    const struct costs_plan *plan, size_t at, const char *name, unsigned threads, const char *why)
{
    const struct hold_group *const g = &plan->group[at];
    assert_string_equal(g->name, name);
    assert_string_equal(g->why, why);
    if (!*why)
        assert_int_equal(g->threads, threads);
    for (unsigned i = 1; i < g->threads; i++)
        assert_true(g->member[i - 1] < g->member[i] && g->member[i] < plan->cpus.count);
}

enum { WHERE = 1 << CONTEND_DISTANCES | 1 << CONTEND_DOMAINS };

static void contenders_are_at_each_distance_and_fill_domains(void **state)
{
    (void)state;
    struct here here = here_open("pack:2 numa:1 l3:2 core:2 pu:2");
    struct costs_plan plan =
        plan_on(&here, (struct costs_request){.contenders = WHERE, .hold_ops = 7, .gaps = 1});
    assert_int_equal(plan.groups, 7);
    assert_group(&plan, 0, "same core", 2, "");
    assert_group(&plan, 1, "same L3", 2, "");
    assert_group(&plan, 2, "same package", 2, "");
    assert_group(&plan, 3, "other package", 2, "");
    assert_group(&plan, 4, "one L3", 4, "");
    assert_group(&plan, 5, "two L3s", 8, "");
    assert_group(&plan, 6, "two packages", 16, "");
    assert_int_equal(plan.group[4].distance, DISTANCE_L3);
    assert_int_equal(plan.group[5].distance, DISTANCE_PACKAGE);
    assert_int_equal(plan.holds, 3 * 7 * 2);
    assert_string_equal(plan.hold[0].op->name, "add");
    assert_string_equal(plan.hold[7 * 2].op->name, "rmw");
    assert_string_equal(plan.hold[7 * 4].op->name, "store");
    for (unsigned i = 0; i < plan.group[5].threads; i++) /* both L3s are in one package */
        assert_int_equal(
            topology_cpu(&here.topology, plan.cpus.cpu[plan.group[5].member[i]])->package, 0);
    costs_plan_fini(&plan);
    here_close(&here);
}

static void contenders_that_are_not_there_have_a_reason(void **state)
{
    (void)state;
    struct here here = here_open("pack:1 l3:1 core:2 pu:1");
    struct costs_plan plan = plan_on(&here, (struct costs_request){.contenders = WHERE, .gaps = 1});
    assert_group(&plan, 0, "same core", 0, "the core has no second thread");
    assert_group(&plan, 1, "same L3", 2, "");
    assert_group(&plan, 4, "one L3", 0, "the same cpus as 'same L3'");
    assert_group(&plan, 5, "two L3s", 0, "no cpu is behind another L3");
    assert_group(&plan, 6, "two packages", 0, "there is no other package");
    assert_int_equal(plan.holds, 2);
    costs_plan_fini(&plan);
    plan = plan_on(&here, (struct costs_request){.cpus = CPUS(1), .contenders = WHERE, .gaps = 1});
    assert_int_equal(plan.holds, 0);
    assert_group(&plan, 4, "one L3", 0, "one cpu alone is behind the L3");
    assert_string_equal(plan.why_no_hold, "one cpu has no other cpu to hold a line against");
    costs_plan_fini(&plan);
    here_close(&here);
}

/* The first 8 cpus are a core of each of 8; those of two packages are 8, too. */
static void contenders_that_rows_do_not_distinguish_are_measured_once(void **state)
{
    (void)state;
    struct here here = here_open("pack:4 core:2 pu:2");
    struct costs_plan plan =
        plan_on(&here, (struct costs_request){
                           .contenders = 1 << CONTEND_COUNTS | 1 << CONTEND_DOMAINS, .gaps = 1});
    assert_group(&plan, 2, "8 cpus", 8, "");
    assert_string_equal(plan.group[6].name, "two packages");
    assert_string_equal(plan.group[6].why,
        "as many cpus, as far apart, as '8 cpus', from which rows do not distinguish them");
    assert_int_equal(plan.holds, 2 * 4);
    costs_plan_fini(&plan);
    here_close(&here);
}

static void lists_choose(void **state)
{
    (void)state;
    struct here here = here_open("pack:1 l3:1 core:2 pu:1");
    struct costs_plan plan =
        plan_on(&here, (struct costs_request){.ops = 1 << 3 /* cas */ | 1 << 0 /* load */,
                           .states = 1 << LINE_INVALID,
                           .homes = 1 << HOME_LOCAL,
                           .no_gap = true});
    assert_int_equal(plan.prices, 2);
    assert_string_equal(plan.price[0].op->name, "load"); /* in the order of the price list */
    assert_string_equal(plan.price[1].op->name, "cas");
    assert_int_equal(plan.holds, 0);
    assert_string_equal(plan.why_no_hold, ""); /* it was not asked for */
    costs_plan_fini(&plan);
    plan = plan_on(&here, (struct costs_request){.ops = COSTS_NO_OP, .gap_ns = {0}, .gaps = 1});
    assert_int_equal(plan.prices, 0);
    assert_int_equal(plan.holds, 2);
    costs_plan_fini(&plan);
    here_close(&here);
}

static void cpus_that_are_not_there_are_refused(void **state)
{
    (void)state;
    struct here here = here_open("pack:1 core:2 pu:1");
    const struct costs_request request = {.cpus = CPUS(0, 9)};
    struct costs_plan plan;
    struct err err = {0};
    const int code = costs_plan_build(&request, &here.topology, &plan, &err);
    assert_refused(code, -ENODEV, &err, "--cpus: there is no cpu 9");
    costs_plan_fini(&plan);
    here_close(&here);
}
